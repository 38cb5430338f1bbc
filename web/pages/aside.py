"""What gates without network delivered and nobody can count unseen: read, settled by name (SCH-20)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError
from core.gate import finding, queries, settling
from core.gate.presence import CONFLICT_PERMISSION
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.sites import queries as sites
from web.plugins import WebPlugins

WHY = {
    "device_revoked": N_("The device had been shut out when it delivered this"),
    "forged": N_("The device let somebody in by a code that is no genuine pass"),
    "key_unknown": N_("The pass was signed by a key that was withdrawn"),
    "clock": N_("The device could not tell when this was"),
    "wrong_site": N_("The pass belongs to another site"),
    "malformed": N_("What the device sent cannot be understood"),
    "fork": N_("A device sent two different scans under one number"),
}
WHAT_TO_DO = {
    "device_revoked": N_(
        "Ask who was on duty. If the scan is true, count it; if the device was in wrong hands, do not."
    ),
    "forged": N_("Find out who came in, and with what. It cannot be counted for any pass."),
    "key_unknown": N_("Find out whose pass it was and have it printed anew."),
    "clock": N_("Ask when it was. If it is true, count it; it is taken as of the time shown."),
    "wrong_site": N_("Look whether the person is on record at the right site."),
    "malformed": N_("Show it to the administrator. Load the device's gate page anew."),
    "fork": N_(
        "Both scans are counted. Perhaps the device was restored from a copy, or somebody copied it: "
        "shut it out and enrol it anew."
    ),
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/conflicts/aside", requires=CONFLICT_PERMISSION)
async def show(actor: NamedDependency[Actor], plugins: NamedDependency[WebPlugins]) -> Template:
    """List what nobody has settled yet."""
    return await _page(actor, plugins)


@post("/conflicts/aside/{aside_id:uuid}", requires=CONFLICT_PERMISSION)
async def settle(
    aside_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Settle one with its explanation."""
    note = data.get("note", "").strip()[:500]
    count = data.get("as") == "counted"
    try:
        settled = await settling.settle(
            aside_id,
            count=count,
            alike=bool(data.get("alike")),
            note=note,
            actor=actor,
            at=now,
            plugins=plugins,
            zone=settings.zone,
        )
    except InvalidInputError as error:
        return await _page(actor, plugins, wrong=(aside_id, error.problems["note"]))
    said = N_("{count} scans are counted.") if count else N_("{count} scans are settled.")
    flash("success", Message(said.msgid, {"count": settled}))
    return Redirect("/conflicts/aside", status_code=303)


async def may_settle_at(actor: Actor) -> list[UUID]:
    """Return the sites whose conflicts the actor may close."""
    return [
        site.id
        for site in await sites.sites(actor, with_closed=True)
        if actor.may_at(CONFLICT_PERMISSION, site.id)
    ]


async def _page(
    actor: Actor, plugins: WebPlugins, wrong: tuple[UUID, Message] | None = None
) -> Template:
    lines = await settling.open_lines(await may_settle_at(actor))
    return Template(
        "passes/aside.html",
        context={
            "lines": lines,
            "why": WHY,
            "what_to_do": WHAT_TO_DO,
            "alike": Counter((line.device_id, line.code) for line in lines),
            "gates": await finding.gate_names({line.gate_id for line in lines}),
            "cards": await queries.holders([one.pass_id for one in lines if one.pass_id], plugins),
            "wrong_id": wrong[0] if wrong else None,
            "wrong": wrong[1] if wrong else "",
        },
        status_code=422 if wrong else 200,
    )


router = Router(path="", route_handlers=[show, settle])
