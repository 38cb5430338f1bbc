"""The form of what is not said face to face: letters, calls, what other platforms sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from plugins.government.facts import GROUP, LETTER, ONLINE, PHONE, REPEAT, SUPERIOR, size_of
from plugins.government.inputs import uuid_in
from plugins.government.intake import forms
from plugins.government.intake.desk import Screened
from plugins.government.intake.desk_forms import (
    Choices,
    attachment,
    read_screened,
)
from plugins.government.intake.facts import DETAILS, Reception
from plugins.government.intake.once import contact_of
from plugins.government.people.facts import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of entry: the fields of its channel, what its page is called, whether scans come with it."""

    channel: str
    own: tuple[Field, ...]
    title: Message
    own_title: Message
    who_title: Message
    hint: Message | None = None
    scans: Message | None = None


SORTS = {
    sort.channel: sort
    for sort in (
        Sort(
            channel=LETTER,
            own=forms.LETTER,
            title=N_("Enter a letter"),
            own_title=N_("The letter itself"),
            who_title=N_("1. Who writes"),
            scans=N_("Scans of letter and envelope"),
        ),
        Sort(
            channel=PHONE,
            own=forms.CALL,
            title=N_("Enter a call"),
            own_title=N_("The call itself"),
            who_title=N_("1. Who calls"),
        ),
        Sort(
            channel=ONLINE,
            own=forms.BY_HAND,
            title=N_("Enter what came by internet"),
            own_title=N_("Where it was written"),
            who_title=N_("1. Who writes"),
            hint=N_(
                "From a website, a mailbox, a microblog or WeChat: it then runs like a letter."
            ),
            scans=N_("Pictures of what was written, and what came with it"),
        ),
        Sort(
            channel=SUPERIOR,
            own=forms.ASSIGNED,
            title=N_("Enter what a superior body assigned"),
            own_title=N_("Who assigned it, until when"),
            who_title=N_("1. Who petitions"),
            hint=N_("Who signs, and where the answer goes, depends on where it comes from."),
            scans=N_("Scans of the letter that assigned it"),
        ),
    )
}


def fields(choices: Choices, own: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return every field of an entry; `own` are those of its channel."""
    return (*own, forms.ANONYMOUS, forms.JOINT_LETTER, *choices.fields)


def read_entry(
    data: Mapping[str, str],
    choices: Choices,
    own: tuple[Field, ...],
    *,
    channel: str,
    site_id: Any,
    known: Person | None,
    own_name: str,
    today: date,
    suggested: str,
) -> tuple[Reception, Screened, dict[str, str], dict[str, Message]]:
    """Return what an entry says, its cleaned values, and the problems found.

    The caller adds what only its channel knows, then refuses when there are problems. A letter,
    call or message without a name is entered like others (GOV-4).
    """
    anonymous = bool(data.get("anonymous"))
    plain = forms.unmasked(data, known)
    if anonymous:
        plain |= {"name": "—"}
    typed = forms.cleaned(fields(choices, own), plain)
    values, problems = dict(typed.values), dict(typed.problems)
    attach_to, again = attachment(data)
    if attach_to is not None:
        problems.pop("title", None)
        problems.pop("purpose", None)
        values["title"] = values["title"] or "—"
        values["purpose"] = values["purpose"] or "other"
    if anonymous:
        problems.pop("name", None)
    person = None if anonymous else forms.person_of(values, problems, today=today)
    heads = forms.number(values, "heads", problems, least=1, most=100_000) or 1
    representatives = forms.representatives_of(values["representatives"], problems)
    screened = read_screened(values, problems)
    if again is not None:
        values["frequency"] = REPEAT
    values["frequency"] = values["frequency"] or suggested
    if size_of(heads) == GROUP and channel == LETTER:
        values["joint_letter"] = "yes"
    reception = Reception(
        site_id=site_id,
        channel=channel,
        matter=forms.matter_of(
            {**values, "purpose": values["purpose"] or "other"},
            channel=channel,
            site_id=site_id,
            same_as=again,
        ),
        person=person,
        petitioner_id=None if anonymous else uuid_in(data, "petitioner"),
        attach_to=attach_to,
        contact_id=contact_of(data),
        heads=heads,
        frequency=values["frequency"],
        representatives=representatives,
        receivers=(own_name,),
        summary="\n".join(filter(None, (values["demand"], values["facts"]))),
        details={name: values[name] for name in DETAILS if values.get(name)},
    )
    return reception, screened, values, problems


def refuse(problems: Mapping[str, Message]) -> None:
    """Raise InvalidInputError when something is wrong."""
    if problems:
        raise InvalidInputError(problems)
