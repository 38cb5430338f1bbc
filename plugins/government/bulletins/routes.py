"""Pages of bulletins: the list, one with figures and text, the acts on it; a unit's own list."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.approvals import queries as approvals
from core.approvals import remarks
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.assessing import queries as assessing
from plugins.government.bulletins import filling, forms, issuing, papers, queries, services
from plugins.government.bulletins.chains import SIGNERS
from plugins.government.bulletins.facts import KINDS, STATES, URGENT, parts_of
from plugins.government.bulletins.rights import READ_BULLETINS, WRITE_BULLETINS
from plugins.government.bulletins.tables import Bulletin
from plugins.government.figures.facts import COUNTED
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, pages_of, typed
from plugins.government.matters import access
from plugins.government.offices import room, rooms
from plugins.government.rights import UNIT
from plugins.government.signing.policies import SAID
from plugins.government.units.queries import units_of

Page = Response[Any] | Template
_CHANGED = N_(
    "What is on record changed since the figures were counted. They were counted anew: compare the"
    " text with them, then submit it again."
)


@get("/bulletins", requires=READ_BULLETINS)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the bulletins, urgent information that is open on top."""
    return await _list(typed(request), actor, now)


async def _list(
    query: dict[str, str],
    actor: Actor,
    now: datetime,
    values: dict[str, str] | None = None,
    errors: dict[str, Any] | None = None,
) -> Template:
    site_id = await room(query, actor, READ_BULLETINS)
    kind = query.get("kind", "") if query.get("kind") in KINDS and not errors else ""
    page = number_in(query, "page")
    found, total = await queries.bulletins(actor, site_id, at=now, kind=kind, page=page)
    today = site_time(now).date()
    return Template(
        "government/bulletins/list.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": pages_of(total, queries.PAGE),
            "query": query,
            "kinds": KINDS,
            "states": STATES,
            "urgent": await queries.open_urgent(actor, site_id, at=now),
            "rooms": await rooms(actor, READ_BULLETINS),
            "site_id": site_id,
            "may_write": actor.may_at(WRITE_BULLETINS, site_id),
            "fields_": forms.beginning(),
            "values": values or {"day": today.isoformat()},
            "errors": errors or {},
            "month": (today.replace(day=1) - date.resolution).strftime("%Y-%m"),
        },
        status_code=422 if errors else 200,
    )


@post("/bulletins", requires=WRITE_BULLETINS)
async def begin(data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Page:
    """Begin a bulletin and go on to its text."""
    cleaned = read(forms.beginning(), data)
    day = day_in(cleaned.values, "day")
    problems = dict(cleaned.problems)
    if day is None and "day" not in problems:
        problems["day"] = N_("Please choose a day.")
    matter_id = None
    if number := cleaned.values["matter"]:
        matter_id = await _numbered(number, actor, now)
        if matter_id is None:
            problems["matter"] = N_("There is no item of this number.")
    if problems or day is None:
        return await _list(dict(data), actor, now, dict(cleaned.values), problems)
    made = await services.begin(
        cleaned.values["kind"],
        site_id=await room(data, actor, WRITE_BULLETINS),
        day=day,
        actor=actor,
        at=now,
        matter_id=matter_id,
    )
    return Redirect(f"/government/bulletins/{made}", status_code=303)


async def _numbered(number: str, actor: Actor, now: datetime) -> UUID | None:
    seen, args = await access.seen_by(actor, now)
    rows = await db.fetch(
        f"SELECT m.id FROM government_matter m WHERE m.number = {{}} AND {seen}", number, *args
    )
    return rows[0]["id"] if rows else None


@post("/bulletins/units", requires=WRITE_BULLETINS)
async def begin_for_units(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Begin the month's bulletin to every county and department."""
    site_id = await room(data, actor, WRITE_BULLETINS)
    month = day_in({"day": f"{data.get('month', '')}-01"}, "day")
    back = Redirect(f"/government/bulletins?kind=units&site={site_id}", status_code=303)
    if month is None:
        flash("error", N_("Please choose a month."))
        return back
    try:
        made = await services.begin_for_units(site_id=site_id, month=month, actor=actor, at=now)
        flash("success", N_("{count} bulletins were begun.", count=len(made)))
    except DomainError as error:
        flash("error", error.message)
    return back


@get("/bulletins/{bulletin_id:uuid}", requires=READ_BULLETINS)
async def show(
    bulletin_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one bulletin."""
    return await _page(bulletin_id, actor, now)


async def _page(
    bulletin_id: UUID,
    actor: Actor,
    now: datetime,
    values: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
) -> Template:
    row = await queries.bulletin(bulletin_id, actor, now)
    approval = await services.approval_state(row)
    writable = row.state == "draft" or approval == "sent_back"
    return Template(
        "government/bulletins/bulletin.html",
        context={
            **drawn(row),
            "approval": approval,
            "waits_for_me": approval == "open" and row.approval in await _mine(actor, now),
            "votes": (await remarks.votes([row.approval])).get(row.approval, ())
            if row.approval is not None and approval == "sent_back"
            else (),
            "said_words": SAID,
            "may_write": writable and actor.may_at(WRITE_BULLETINS, row.site),
            "may_follow": actor.may_at(WRITE_BULLETINS, row.site) or actor.roles & SIGNERS.keys(),
            "may_close": row.kind == URGENT
            and row.state == "issued"
            and row.follows is None
            and actor.may_at(WRITE_BULLETINS, row.site),
            "fields_": forms.writing(row.kind),
            "values": values or services.texts(row),
            "errors": errors or {},
            "follow_ups": await queries.follow_ups(row.id),
        },
        status_code=422 if errors else 200,
    )


async def _mine(actor: Actor, now: datetime) -> set[UUID]:
    return {one.id for one in await approvals.waiting_for(actor, at=now)}


def drawn(row: Bulletin) -> dict[str, Any]:
    """Return what a bulletin's page shows to whoever may read it."""
    return {
        "row": row,
        "kind": KINDS[row.kind],
        "states": STATES,
        "texts": services.texts(row),
        "parts": parts_of(row.kind),
        "found": filling.load(row.figures),
        "counted": COUNTED,
    }


@post("/bulletins/{bulletin_id:uuid}", requires=WRITE_BULLETINS)
async def write(
    bulletin_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Page:
    """Keep the text; with `do=submit` ask for the signatures, too."""
    row = await queries.bulletin(bulletin_id, actor, now)
    cleaned = read(forms.writing(row.kind), data)
    values, problems = dict(cleaned.values), dict(cleaned.problems)
    if not problems:
        try:
            await services.write(bulletin_id, values, actor=actor, at=now)
            if data.get("do") != "submit":
                flash("success", N_("The text was kept."))
            elif await services.batch_counted_again(bulletin_id, actor=actor, at=now):
                flash("warning", _CHANGED)
            else:
                await issuing.submit(bulletin_id, actor=actor, at=now, plugins=plugins)
                flash("success", N_("The bulletin is with the signers."))
            return Redirect(f"/government/bulletins/{bulletin_id}", status_code=303)
        except InvalidInputError as error:
            problems = dict(error.problems)
        except DomainError as error:
            flash("error", error.message)
            return Redirect(f"/government/bulletins/{bulletin_id}", status_code=303)
    return await _page(bulletin_id, actor, now, values, problems)


@post("/bulletins/{bulletin_id:uuid}/{act:str}", requires=WRITE_BULLETINS)
async def do(
    bulletin_id: FromPath[UUID],
    act: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Count anew, carry an urgent information on, or close its event."""
    row = await queries.bulletin(bulletin_id, actor, now)
    shown = bulletin_id
    try:
        if act == "count":
            await services.count_again(bulletin_id, actor=actor, at=now)
            flash("success", N_("The figures were counted anew."))
        elif act == "follow":
            shown = await services.begin(
                URGENT,
                site_id=row.site,
                day=site_time(now).date(),
                actor=actor,
                at=now,
                follows=bulletin_id,
            )
        elif act == "close":
            await services.close(bulletin_id, actor=actor, at=now)
            flash("success", N_("The event is closed."))
        else:
            raise NotFoundError
    except NotFoundError:
        raise
    except DomainError as error:
        flash("error", error.message)
    return Redirect(f"/government/bulletins/{shown}", status_code=303)


@get("/bulletins/{bulletin_id:uuid}/paper", requires=READ_BULLETINS)
async def paper(
    bulletin_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
) -> Response[bytes]:
    """Return the issued paper, or before that what it would look like."""
    row = await queries.bulletin(bulletin_id, actor, now)
    if row.document is None:
        return await papers.preview(row, services.texts(row), at=now)
    return await papers.pdf(row, actor=actor, at=now, plugins=plugins)


@get("/unit/bulletins", requires=UNIT)
async def show_mine(request: Query, actor: NamedDependency[Actor]) -> Template:
    """List what was issued to the reader's units."""
    query = typed(request)
    page = number_in(query, "page")
    found, total = await queries.of_my_units(actor, page=page)
    return Template(
        "government/bulletins/mine.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": pages_of(total, queries.PAGE),
            "query": query,
            "kinds": KINDS,
            "commended": await assessing.of_units(await units_of(actor)),
        },
    )


@get("/unit/bulletins/{bulletin_id:uuid}", requires=UNIT)
async def show_one_of_mine(
    bulletin_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show a bulletin to the reader's unit, and note that it was read."""
    row = await queries.issued_to(bulletin_id, actor)
    await services.confirm_read(row.id, actor=actor, at=now)
    return Template("government/bulletins/one_of_mine.html", context=drawn(row))


@get("/unit/bulletins/{bulletin_id:uuid}/paper", requires=UNIT)
async def paper_of_mine(
    bulletin_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
) -> Response[bytes]:
    """Return the paper of a bulletin to the reader's unit."""
    row = await queries.issued_to(bulletin_id, actor)
    return await papers.pdf(row, actor=actor, at=now, plugins=plugins)


router = Router(
    path="/government",
    route_handlers=[
        show_all,
        begin,
        begin_for_units,
        show,
        write,
        do,
        paper,
        show_mine,
        show_one_of_mine,
        paper_of_mine,
    ],
)
