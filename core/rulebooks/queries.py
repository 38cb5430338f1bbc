"""Which rulebook version is in force, read once and kept for some seconds."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from core import clock
from core.rulebooks.facts import InForce, Rulebook
from core.rulebooks.tables import RulebookVersion

KEPT_SECONDS = 5.0


@dataclass(slots=True)
class _Kept:
    read_at: float
    versions: list[RulebookVersion]


_kept: dict[str, _Kept] = {}


def forget() -> None:
    """Read the versions anew at the next question."""
    _kept.clear()


async def versions(plugin: str) -> list[RulebookVersion]:
    """Return every version of a plugin's rulebook, newest first, withdrawn ones too."""
    return (
        await RulebookVersion.objects()
        .where(RulebookVersion.plugin == plugin)
        .order_by(RulebookVersion.number, ascending=False)
    )


async def latest(plugin: str) -> RulebookVersion | None:
    """Return the version that takes effect last."""
    return (
        await RulebookVersion.objects()
        .where(RulebookVersion.plugin == plugin, RulebookVersion.voided_at.is_null())
        .order_by(RulebookVersion.effective_from, ascending=False)
        .first()
    )


async def last_number(plugin: str) -> int:
    """Return the highest number given so far, 0 for none."""
    return (await versions(plugin) or [RulebookVersion(number=0)])[0].number


def struct_of(rulebook: Rulebook, settings: str) -> Any:
    """Return the struct of stored settings; fields added since then take their defaults."""
    stored = json.loads(settings)
    known = {item.name for item in fields(rulebook.struct)}
    return rulebook.struct(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
    )


async def in_force(rulebook: Rulebook, at: datetime) -> InForce:
    """Return the version in force at a moment; before any was adopted, the defaults (`/0`)."""
    kept = _kept.get(rulebook.plugin)
    if kept is None or clock.monotonic() - kept.read_at > KEPT_SECONDS:
        kept = _Kept(clock.monotonic(), await versions(rulebook.plugin))
        _kept[rulebook.plugin] = kept
    moment = clock.to_ms(at)
    fitting = [v for v in kept.versions if v.voided_at is None and v.effective_from <= moment]
    if not fitting:
        return InForce(name=f"{rulebook.plugin}/0", values=rulebook.struct(), effective_from=None)
    version = max(fitting, key=lambda v: v.effective_from)
    return InForce(
        name=f"{rulebook.plugin}/{version.number}",
        values=struct_of(rulebook, version.settings),
        effective_from=clock.from_ms(version.effective_from),
    )
