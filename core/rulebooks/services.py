"""Adopting rulebook versions and finding the one in force."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from core import clock, db
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_, Message
from core.log.services import changes, record
from core.permissions import Actor
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, Setting
from core.rulebooks.tables import RulebookVersion


def checked(rulebook: Rulebook, values: Mapping[str, Any]) -> Any:
    """Return the struct of these values; InvalidInputError names each field out of bounds."""
    problems: dict[str, Message] = {}
    clean: dict[str, Any] = {}
    for item, about in rulebook.settings():
        if item.name not in values:
            continue
        try:
            clean[item.name] = _value(about, values[item.name])
        except ValueError:
            problems[item.name] = _problem(about)
    if problems:
        raise InvalidInputError(problems)
    struct = rulebook.struct(**clean)
    if rulebook.check is not None and (unfit := rulebook.check(struct)):
        raise InvalidInputError(unfit)
    return struct


def _value(about: Setting, value: Any) -> Any:
    if about.kind == "int":
        number = int(value)
        if (about.minimum is not None and number < about.minimum) or (
            about.maximum is not None and number > about.maximum
        ):
            raise ValueError(number)
        return number
    if about.kind == "bool":
        return value in (True, "yes", "true", "1", "on")
    if about.kind == "lines":
        lines = value.splitlines() if isinstance(value, str) else value
        return tuple(line.strip() for line in lines if line.strip())
    text = str(value).strip()
    if about.kind == "time":
        return datetime.strptime(text, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a time of day
    if about.kind == "choice" and text not in {name for name, _ in about.choices}:
        raise ValueError(text)
    return text


def _problem(about: Setting) -> Message:
    if about.kind == "int" and about.minimum is not None and about.maximum is not None:
        return N_(
            "A whole number from {minimum} to {maximum}.",
            minimum=about.minimum,
            maximum=about.maximum,
        )
    if about.kind == "time":
        return N_("A time of day like 06:30.")
    return N_("This value is not possible here.")


async def adopt(
    rulebook: Rulebook,
    values: Mapping[str, Any],
    *,
    effective_from: datetime,
    note: str,
    actor: Actor,
    at: datetime,
) -> RulebookVersion:
    """Adopt a version that is in force from `effective_from`, never in the past."""
    struct = checked(rulebook, values)
    if effective_from < at:
        raise InvalidInputError({"effective_from": N_("A version cannot take effect in the past.")})
    stored = {item.name: getattr(struct, item.name) for item in fields(struct)}
    async with db.writing():
        before = await queries.latest(rulebook.plugin)
        taken = await RulebookVersion.exists().where(
            RulebookVersion.plugin == rulebook.plugin,
            RulebookVersion.effective_from == clock.to_ms(effective_from),
            RulebookVersion.voided_at.is_null(),
        )
        if taken:
            raise InvalidInputError(
                {"effective_from": N_("Another version takes effect at this moment.")}
            )
        version = RulebookVersion(
            plugin=rulebook.plugin,
            number=await queries.last_number(rulebook.plugin) + 1,
            settings=json.dumps(stored, ensure_ascii=False),
            effective_from=clock.to_ms(effective_from),
            adopted_by=actor.id,
            adopted_by_name=actor.name,
            adopted_at=at,
            note=note,
        )
        await version.save()
        old, new = changes(
            json.loads(before.settings) if before else {}, json.loads(version.settings)
        )
        await record(
            actor,
            "rulebook.adopt",
            "rulebook",
            f"{rulebook.plugin}/{version.number}",
            at=at,
            before=old,
            after={**new, "effective_from": effective_from.isoformat(), "note": note},
        )
        db.after_commit(queries.forget)
    return version


async def withdraw(plugin: str, number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Void a version that has not taken effect yet."""
    async with db.writing():
        version = (
            await RulebookVersion.objects()
            .where(RulebookVersion.plugin == plugin, RulebookVersion.number == number)
            .first()
        )
        if version is None or version.voided_at or version.effective_from <= clock.to_ms(at):
            raise WrongStateError(N_("Only a version that is not yet in force can be withdrawn."))
        version.voided_at = at
        await version.save([RulebookVersion.voided_at])
        await record(
            actor,
            "rulebook.withdraw",
            "rulebook",
            f"{plugin}/{number}",
            at=at,
            after={"reason": reason},
        )
        db.after_commit(queries.forget)
