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
from core.gate import finding, presence, queries
from core.gate.facts import HolderCard
from core.gate.queries import ConflictLine, ScanLine
from core.i18n import N_, Message
from core.permissions import Actor
from core.sites import queries as sites
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
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A conflict with whose pass it is and the scans that cannot both be right."""

    line: ConflictLine
    title: Message
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
    places = [
        site.id
        for site in await sites.sites(actor, with_closed=True)
        if actor.may_at(CONFLICT, site.id)
    ]
    lines = await queries.open_conflicts(places)
    events = [event for line in lines for event in (line.first_event, line.second_event) if event]
    scans = await queries.scans(events)
    cards = await queries.holders([line.pass_id for line in lines if line.pass_id], plugins)
    shown = [
        Shown(
            line=line,
            title=KINDS.get(line.kind, Message(line.kind)),
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
            "names": await finding.names_in(list(scans.values())),
            "wrong_id": wrong[0] if wrong else None,
            "wrong": wrong[1] if wrong else "",
        },
        status_code=422 if wrong else 200,
    )


router = Router(path="", route_handlers=[show, close])
