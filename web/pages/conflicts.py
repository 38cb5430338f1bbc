"""Conflicts that the scans show, for the duty officer: looked at, explained, closed (SCH-20)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError
from core.gate import finding, presence, queries, settling
from core.gate.conflict_rows import OF_DEVICES
from core.gate.facts import HolderCard
from core.gate.queries import ConflictLine, ScanLine
from core.i18n import N_, Message
from core.permissions import Actor
from web.pages.aside import may_settle_at
from web.plugins import WebPlugins

CONFLICT = presence.CONFLICT_PERMISSION
KINDS = {
    "double_entry": N_("Came in twice without going out between"),
    "exit_without_entry": N_("Went out without having come in"),
    "entry_after_revocation": N_("Came in after the pass was revoked"),
    "second_single_entry": N_("Used a pass for one entry a second time"),
    "gap": N_("Scans of a device are missing"),
    "fork": N_("A device sent two different scans under one number"),
    "clock": N_("The clock of a device was wrong"),
    "old_print": N_("Came in with a print that a newer one had replaced"),
    "visit": N_("A gate without network let a visitor pass whom the desk did not expect so"),
    "emptied": N_("A device was enrolled anew while scans waited on it"),
}
WHAT_TO_DO = {
    "gap": N_(
        "Ask who was on duty whether the device was cleaned or lost. Each missing scan may be somebody "
        "who came in or went out."
    ),
    "fork": N_(
        "Both scans are counted. Perhaps the device was restored from a copy, or somebody copied it: "
        "shut it out and enrol it anew."
    ),
    "clock": N_(
        "Set the device's clock. The times of its scans were put right by the server's clock."
    ),
    "old_print": N_("The old print should have been handed in. Find out who used it."),
    "visit": N_("Look at the visit, and ask the guard why the visitor passed."),
    "emptied": N_(
        "If the device does not deliver them yet, its scans are lost: ask the guard who came and went."
    ),
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A conflict with whose pass it is and the scans that cannot both be right.

    `device` is the one that it is about, `detail` what else is known: the numbers that are missing.
    """

    line: ConflictLine
    title: Message
    what_to_do: Message | None
    device: str
    detail: Message | None
    holder: HolderCard | None
    scans: list[ScanLine]


@get("/conflicts", requires=CONFLICT)
async def show(actor: NamedDependency[Actor], plugins: NamedDependency[WebPlugins]) -> Template:
    """List what nobody has explained yet."""
    return await _page(actor, plugins)


@post("/conflicts/{conflict_id:uuid}/close", requires=CONFLICT)
async def close(
    conflict_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Close a conflict with its explanation."""
    note = data.get("note", "").strip()[:500]
    try:
        await presence.close_conflict(conflict_id, note=note, actor=actor, at=now)
    except InvalidInputError as error:
        return await _page(actor, plugins, wrong=(conflict_id, error.problems["note"]))
    flash("success", N_("The conflict is closed."))
    return Redirect("/conflicts", status_code=303)


async def _page(
    actor: Actor, plugins: WebPlugins, wrong: tuple[UUID, Message] | None = None
) -> Template:
    places = await may_settle_at(actor)
    lines = await queries.open_conflicts(places)
    events = [event for line in lines for event in (line.first_event, line.second_event) if event]
    scans = await queries.scans(events)
    cards = await queries.holders([line.pass_id for line in lines if line.pass_id], plugins)
    names = await finding.device_names({d for line in lines if (d := _device(line)) is not None})
    shown = [
        Shown(
            line=line,
            title=KINDS.get(line.kind, Message(line.kind)),
            what_to_do=WHAT_TO_DO.get(line.kind),
            device=names.get(_device(line) or UUID(int=0), ""),
            detail=_detail(line),
            holder=cards.get(line.pass_id or ""),
            scans=[
                scans[event] for event in (line.first_event, line.second_event) if event in scans
            ],
        )
        for line in lines
    ]
    return Template(
        "passes/conflicts.html",
        context={
            "conflicts": shown,
            "aside": await settling.count_open(places),
            "names": await finding.names_in(list(scans.values())),
            "wrong_id": wrong[0] if wrong else None,
            "wrong": wrong[1] if wrong else "",
        },
        status_code=422 if wrong else 200,
    )


def _device(line: ConflictLine) -> UUID | None:
    """Return the device that a conflict is about; its key names it."""
    if line.kind not in OF_DEVICES:
        return None
    return UUID(line.key.partition("/")[2][:36])


def _detail(line: ConflictLine) -> Message | None:
    if line.kind == "gap":
        first, _, last = line.note.partition("-")
        if first == last:
            return N_("Number {number} is missing.", number=first)
        return N_("Numbers {first} to {last} are missing.", first=first, last=last)
    if line.kind == "emptied":
        return N_("{count} scans waited on it.", count=line.note)
    return None


router = Router(path="", route_handlers=[show, close])
