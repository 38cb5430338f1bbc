"""Passes: found by code, holder or visit, looked at, revoked, replaced, printed."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core import clock
from core.errors import NotFoundError
from core.forms import Field, read
from core.gate import finding, queries
from core.gate.finding import PassLine, Wanted
from core.i18n import N_, Message
from core.passes import printing
from core.passes import services as issuing
from core.passes.qr import qr_png
from core.permissions import Actor
from web import drawing
from web.pages.pass_keys import ADMIN
from web.plugins import WebPlugins

READ, ISSUE, REVOKE = finding.READ, "core:pass:issue", "core:pass:revoke"
CONFLICT = "core:gate:conflict"
REASON = Field(name="reason", label=N_("Why"), required=True, max_length=200)
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/passes", requires=READ)
async def show_all(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    q: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    status: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template | Redirect:
    """List passes, the latest first; a scanned code leads to its pass."""
    at = clock.to_ms(now)
    text = q.strip()[:400]
    if text and (pass_id := await finding.by_code(text)):
        return Redirect(f"/passes/{pass_id}", status_code=303)
    kinds = _kinds(plugins)
    wanted = Wanted(
        kind=kind if kind in kinds else "", state=status if status in finding.STATES else ""
    )
    page = min(max(page, 1), 10_000)
    if text:
        lines = await finding.by_words(text, wanted, actor=actor, plugins=plugins, at_ms=at)
        page, total = 1, len(lines)
    else:
        lines, total = await finding.passes(
            wanted, actor=actor, plugins=plugins, at_ms=at, page=page
        )
    parameters = {"q": text, "kind": wanted.kind, "status": wanted.state, "page": page}
    return Template(
        "passes/passes.html",
        context={
            "lines": lines,
            "states": {line.id: line.state(at) for line in lines},
            "kinds": kinds,
            "total": total,
            "page": page,
            "pages": 1 if text else max(1, -(-total // finding.PAGE)),
            "query": {k: v for k, v in parameters.items() if v not in ("", 1)},
            "state_options": [(name, drawing.state_look(name)[0]) for name in finding.STATES],
            "may_see_keys": actor.may(ADMIN),
            "may_see_conflicts": actor.may(CONFLICT),
        },
    )


@get("/passes/{pass_id:str}", requires=READ)
async def show(
    pass_id: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show one pass with its scans."""
    return await _page(pass_id, actor, now, plugins)


@post("/passes/{pass_id:str}/revoke", requires=REVOKE)
async def revoke(
    pass_id: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make a pass worthless."""
    await _own(pass_id, REVOKE, actor, plugins)
    typed = read([REASON], data)
    if typed.problems:
        return await _page(pass_id, actor, now, plugins, typed.values, typed.problems)
    await issuing.revoke(pass_id, reason=typed.values["reason"], actor=actor, at=now)
    flash("success", N_("The pass is revoked. Every gate refuses it from now on."))
    return Redirect(f"/passes/{pass_id}", status_code=303)


@post("/passes/{pass_id:str}/replace", requires=REVOKE)
async def replace(
    pass_id: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Replace a pass and show the new print; every older one is refused."""
    line = await _own(pass_id, REVOKE, actor, plugins)
    issued = await issuing.reissue(
        pass_id, actor=actor, at=now, reason=data.get("reason", "").strip()[:200]
    )
    return _print(line, issued.token, plugins, is_new=True)


@post("/passes/{pass_id:str}/print", requires=ISSUE)
async def print_again(
    pass_id: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show a pass's code for another print."""
    line = await _own(pass_id, ISSUE, actor, plugins)
    token = await printing.print_again(pass_id, actor=actor, at=now)
    return _print(line, token, plugins, is_new=False)


async def _own(pass_id: str, permission: str, actor: Actor, plugins: WebPlugins) -> PassLine:
    """Return a pass of a site where the actor may do this; NotFoundError for any other."""
    line = await finding.one(pass_id, actor=actor, plugins=plugins)
    if not actor.may_at(permission, line.site_id):
        raise NotFoundError
    return line


async def _page(
    pass_id: str,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
) -> Template:
    line = await finding.one(pass_id, actor=actor, plugins=plugins)
    scans = await queries.scans_of_pass(line.id)
    return Template(
        "passes/pass.html",
        context={
            "line": line,
            "state": line.state(clock.to_ms(now)),
            "kinds": _kinds(plugins),
            "scans": scans,
            "names": await finding.names_in(scans),
            "may_revoke": actor.may_at(REVOKE, line.site_id),
            "may_print": actor.may_at(ISSUE, line.site_id),
            "may_see_visit": actor.may_at("core:registration:read", line.site_id),
            "reason": REASON,
            "values": values or {},
            "errors": problems or {},
        },
        status_code=422 if problems else 200,
    )


def _print(line: PassLine, token: str, plugins: WebPlugins, *, is_new: bool) -> Template:
    picture = b64encode(qr_png(token)).decode()
    return Template(
        "passes/print.html",
        context={
            "line": line,
            "kinds": _kinds(plugins),
            "is_new": is_new,
            "picture": f"data:image/png;base64,{picture}",
        },
    )


def _kinds(plugins: WebPlugins) -> dict[str, Message]:
    """Return what each kind of pass is called."""
    named = {kind.name: kind.label for kind in plugins.register_pass_kinds()}
    return {issuing.VISIT: N_("Visit"), **named}


router = Router(path="", route_handlers=[show_all, show, revoke, replace, print_again])
