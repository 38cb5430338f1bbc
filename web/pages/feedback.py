"""How it was: the visitor's page behind a link, and the desk's list of what visitors said."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core import typed
from core.errors import InvalidInputError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import feedback
from core.registrations import feedback_queries as queries
from core.registrations.feedback_queries import READ, Filter
from core.settings import Settings
from core.sites import queries as sites
from core.sites.tables import Site
from web import link_guard
from web.current import Current
from web.plugins import WebPlugins

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
PAGE = 50
WORDS = {
    5: N_("Very good"),
    4: N_("Good"),
    3: N_("So-so"),
    2: N_("Poor"),
    1: N_("Very poor"),
}
REMARK = Field(
    name="remark",
    label=N_("What should we know? (optional)"),
    kind="textarea",
    max_length=1000,
)
NOTE = Field(
    name="note", label=N_("What was done"), kind="textarea", required=True, max_length=1000
)


# -- the visitor's page


@get("/f/{secret:str}", public=True)
async def ask(
    secret: FromPath[str], now: NamedDependency[datetime], current: NamedDependency[Current]
) -> Template:
    """Ask how the visit was; whoever answered already is thanked."""
    asked = await link_guard.opened(feedback.asked(secret, at=now), current)
    return _page(secret, asked, {}, {})


def _page(
    secret: str,
    asked: feedback.Asked,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    return Template(
        "feedback/ask.html",
        context={
            "secret": secret,
            "asked": asked,
            "words": WORDS,
            "remark": REMARK,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/f/{secret:str}", public=True)
async def give(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take what the visitor says, once."""
    await link_guard.sending(current)
    asked = await link_guard.opened(feedback.asked(secret, at=now), current)
    said = read([REMARK], data)
    problems = dict(said.problems)
    rating = data.get("rating", "")
    if rating not in {str(one) for one in queries.RATINGS}:
        problems["rating"] = N_("Please choose how it was.")
    if problems:
        return _page(secret, asked, data, problems)
    try:
        await feedback.give(
            secret, rating=int(rating), remark=said.values["remark"], at=now, plugins=plugins
        )
    except WrongStateError as error:
        flash("info", error.message)
    return Redirect(f"/f/{secret}", status_code=303)


# -- the desk's list


@get("/feedback", requires=READ)
async def show_all(
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    show: FromQuery[str] = "",
    site: FromQuery[str] = "",
    rating: FromQuery[str] = "",
    day: FromQuery[str] = "",
    until: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Show what visitors said: first those who were unhappy and wait to be followed up."""
    page = min(max(page, 1), 10_000)
    places = await sites.sites(actor)
    chosen = next((one for one in places if one.code == site), None)
    since, ends = typed.span(day, until, settings.zone)
    wanted = Filter(
        only_open=show != "all",
        site_id=chosen.id if chosen is not None else None,
        rating=int(rating) if rating in {str(one) for one in queries.RATINGS} else None,
        since=since,
        until=ends,
    )
    return await _list(wanted, places, actor, page=page, query={
        name: value
        for name, value in {
            "show": show, "site": site, "rating": rating, "day": day, "until": until,
            "page": str(page) if page > 1 else "",
        }.items()
        if value
    })  # fmt: skip


async def _list(
    wanted: Filter,
    places: list[Site],
    actor: Actor,
    *,
    page: int = 1,
    query: Mapping[str, str],
    failed: UUID | None = None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    said, total = await queries.said(wanted, actor=actor, page=page, size=PAGE)
    return Template(
        "feedback/list.html",
        context={
            "said": said,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": query,
            "all": not wanted.only_open,
            "figures": await queries.figures(
                Filter(site_id=wanted.site_id, since=wanted.since, until=wanted.until), actor=actor
            ),
            "words": WORDS,
            "places": [(place.code, place.name) for place in places],
            "note": NOTE,
            "failed": failed,
            "values": values or {},
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


@post("/feedback/{feedback_id:uuid}/follow-up", requires=READ)
async def follow_up(
    feedback_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Note what was done about an unhappy visitor."""
    said = read([NOTE], data)
    try:
        if said.problems:
            raise InvalidInputError(said.problems)
        await feedback.follow_up(feedback_id, note=said.values["note"], actor=actor, at=now)
    except InvalidInputError as error:
        places = await sites.sites(actor)
        return await _list(
            Filter(only_open=True), places, actor, query={}, failed=feedback_id, values=data,
            errors=error.problems,
        )  # fmt: skip
    flash("success", N_("Noted."))
    return Redirect("/feedback", status_code=303)


visitors = Router(path="", route_handlers=[ask, give], exception_handlers=link_guard.HANDLERS)
router = Router(path="", route_handlers=[show_all, follow_up])
