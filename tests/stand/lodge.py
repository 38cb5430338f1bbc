"""A plugin with badges whose holders lie in a table, and policies such as a domain has."""

from collections.abc import Mapping, Sequence
from datetime import time

from core import db, hookimpl
from core.decisions import Allow, Decision, Deny, gravest
from core.gate.facts import OUT, HolderCard, PassFacts, PassKind, ScanFacts
from core.i18n import N_

KIND = "lodge.badge"


@hookimpl
def register_pass_kinds() -> Sequence[PassKind]:
    return [PassKind(name=KIND, label=N_("Badge"), plugin="lodge")]


@hookimpl
async def collect_holders(passes: Sequence[PassFacts]) -> Mapping[str, HolderCard]:
    mine = {one.holder_id: one.pass_id for one in passes if one.kind == KIND}
    if not mine:
        return {}
    places = ", ".join(["{}"] * len(mine))
    rows = await db.fetch(
        f"SELECT id, name, organisation, photo FROM visitor WHERE id IN ({places})",
        *mine,
    )
    return {
        mine[row["id"]]: HolderCard(
            name=row["name"],
            lines=(row["organisation"],),
            details={"boarder": "yes" if len(row["name"]) % 2 else "no"},
        )
        for row in rows
    }


@hookimpl
async def check_scan(scan: ScanFacts) -> Decision | None:
    if scan.scanned.kind != KIND or scan.holder is None:
        return None
    return gravest([_hours(scan), _weekday(scan), _boarder(scan)])


def _hours(scan: ScanFacts) -> Decision:
    if time(0, 0) <= scan.at.time():
        return Allow()
    return Deny("closed", N_("The gate is closed."), "SCH-1")


def _weekday(scan: ScanFacts) -> Decision:
    if scan.at.isoweekday() <= 7:
        return Allow()
    return Deny("holiday", N_("The gate is closed."), "SCH-6")


def _boarder(scan: ScanFacts) -> Decision:
    assert scan.holder is not None
    if scan.direction == OUT and scan.holder.details["boarder"] == "never":
        return Deny("boarder", N_("Boarders stay."), "SCH-6")
    return Allow()
