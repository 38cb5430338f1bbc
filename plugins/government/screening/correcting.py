"""A registration put right; what was there before stays in the item's time line (CORE-8, GOV-14).

The log names the changed fields, never what they say.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import db
from core.errors import InvalidInputError
from core.i18n import DEFAULT_LOCALE, N_, Message
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import ACCUSATION, FREQUENCIES, PURPOSES, size_of
from plugins.government.intake import forms as intake
from plugins.government.matters import counted, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.facts import NewMatter
from plugins.government.matters.tables import Matter
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.screening import services
from plugins.government.subjects.queries import tree
from plugins.government.units import queries as units

_TABLE = "government_matter"
_TEXTS = {
    "title": ("title_cipher", intake.TITLE.label),
    "demand": ("demand_cipher", intake.DEMAND.label),
    "facts": ("facts_cipher", intake.FACTS.label),
    "place_text": ("place_cipher", intake.PLACE_TEXT.label),
    "skip_reason": ("skip_reason", N_("Why they come to a higher level")),
}
_PLAIN = {
    "purpose": ("purpose", intake.PURPOSE.label),
    "subject_id": ("subject", N_("Subject of the petition")),
    "place_id": ("place", N_("Place of the problem")),
    "heads": ("heads", intake.HEADS.label),
    "frequency": ("frequency", intake.FREQUENCY.label),
    "joint_letter": ("joint_letter", intake.JOINT_LETTER.label),
    "skip_level": ("skip_level", N_("Comes over the head of the lower body")),
    "earlier_opinion": ("earlier_opinion", N_("A handling opinion exists already")),
}
_PERSON: dict[str, Message] = {
    "name": intake.NAME.label,
    "sex": intake.SEX.label,
    "birth_year": N_("Year of birth"),
    "occupation": N_("Occupation"),
    "politics": N_("Political affiliation"),
    "belonging": intake.BELONGING.label,
    "employer": N_("Employer"),
    "address": intake.ADDRESS.label,
    "email": intake.EMAIL.label,
    "phone": intake.PHONE.label,
    "document_kind": intake.DOCUMENT_KIND.label,
    "document": intake.DOCUMENT.label,
}


def texts_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the stored texts of an item by the names of the form."""
    return {
        name: sealing.unseal(row[column], _TABLE, column, row["id"])
        for name, (column, _) in _TEXTS.items()
    }


async def correct(
    row: Matter, new: NewMatter, person: Person | None, *, actor: Actor, at: datetime
) -> list[str]:
    """Put a taken item's registration right; return the names of the changed fields.

    A report or accusation becomes confidential by it; somebody from abroad is reported (GOV-18, GOV-50).
    """
    _check(new)
    changed: dict[str, tuple[Message, str]] = {}
    values = await _matter_changes(row, new, changed)
    async with db.writing():
        await _person_changes(row, person, changed, actor=actor, at=at)
        if not changed:
            return []
        if Matter.heads in values:
            values[Matter.size] = size_of(new.heads)
        if new.purpose == ACCUSATION:
            values[Matter.secret] = True
        fields = sorted(changed)
        await matters.change(row, "correct", values, actor=actor, at=at, fields=fields)
        await counted.put_right(
            row.id,
            heads=values.get(Matter.heads),
            frequency=values.get(Matter.frequency, ""),
            actor=actor,
            at=at,
        )
        if values.get(Matter.secret):
            await counted.lead_anew(row.id)
        await timeline.note(
            row.id,
            "correct",
            N_("Registration corrected; before:"),
            actor=actor,
            at=at,
            body="\n".join(
                f"{label.translate(DEFAULT_LOCALE)}：{old or '—'}"
                for label, old in changed.values()
            ),
            shown_to=timeline.OFFICE,
        )
        if "belonging" in changed:
            await services.report_foreigner(row.id, actor=actor, at=at)
    return fields


def _check(new: NewMatter) -> None:
    problems: dict[str, Message] = {}
    if new.purpose not in PURPOSES:
        problems["purpose"] = N_("Please choose one of the options.")
    if not new.title.strip():
        problems["title"] = N_("Please fill this in.")
    if new.skip_level and not new.skip_reason.strip():
        problems["skip_reason"] = N_("Say why they come to a higher level.")
    if problems:
        raise InvalidInputError(problems)


async def _matter_changes(
    row: Matter, new: NewMatter, changed: dict[str, tuple[Message, str]]
) -> dict[Any, Any]:
    values: dict[Any, Any] = {}
    for name, (column, label) in _TEXTS.items():
        old = sealing.unseal(getattr(row, column), _TABLE, column, row.id)
        if old != getattr(new, name):
            changed[name] = (label, old)
            values[getattr(Matter, column)] = matters.sealed(row.id, column, getattr(new, name))
    for name, (column, label) in _PLAIN.items():
        old_value = getattr(row, column)
        if old_value != getattr(new, name):
            changed[column if column != "place" else "place_unit"] = (
                label,
                await _shown(name, old_value),
            )
            values[getattr(Matter, column)] = getattr(new, name)
    return values


async def _shown(name: str, value: Any) -> str:
    """Return an earlier value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (N_("Yes") if value else N_("No")).translate(DEFAULT_LOCALE)
    if name == "purpose":
        return PURPOSES[value].translate(DEFAULT_LOCALE)
    if name == "frequency":
        return FREQUENCIES[value].translate(DEFAULT_LOCALE)
    if name == "subject_id":
        return next((one.full for one in await tree(active_only=False) if one.id == value), "")
    if name == "place_id":
        return (await units.unit(value)).name
    return str(value)


async def _person_changes(
    row: Matter,
    person: Person | None,
    changed: dict[str, tuple[Message, str]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Correct who petitions; somebody unknown until now gets their name."""
    if person is None or not person.name:
        return
    if row.petitioner is None:
        found = await people.enter(person, actor=actor, at=at)
        await matters.add_person(row.id, found, "petitioner")
        await Matter.update({Matter.petitioner: found, Matter.anonymous: False}).where(
            Matter.id == row.id
        )
        changed["name"] = (_PERSON["name"], "")
        return
    before = await people.petitioner(row.petitioner)
    differing = [name for name in _PERSON if getattr(before, name) != getattr(person, name)]
    if differing:
        await people.correct(row.petitioner, person, actor=actor, at=at)
    for name in differing:
        changed[name] = (_PERSON[name], str(getattr(before, name) or ""))
