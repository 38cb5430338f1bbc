"""The monthly tables: the months, one month's tables, checked, sent and received; as files and print."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports import export
from core.reports.facts import MONTH, Period, period
from core.reports.queries import change
from core.settings import Settings
from core.text import TextError, clean_block
from plugins.government import sheets
from plugins.government.figures import facts, files, monthly, services
from plugins.government.figures.reports import FIGURES
from plugins.government.figures.tables import MonthlyTables
from plugins.government.inputs import Flash, Form, Query, day_in, typed
from plugins.government.offices import room, rooms
from plugins.government.papers.filling import office_of

TABLES_READ = "government:monthly:read"
TABLES_CHECK = "government:monthly:check"
TABLES_RECEIVE = "government:monthly:receive"
_BACK = 14
STATES: dict[str, Message] = {
    services.CHECKED: N_("Checked by the head of the room"),
    services.SENT: N_("Sent to the head of the bureau"),
    services.RECEIVED: N_("Received by the head of the bureau"),
}


def _month(text: str) -> date:
    found = day_in({"day": f"{text}-01"}, "day")
    if found is None:
        raise NotFoundError
    return found


@get("/figures", requires=(TABLES_READ, FIGURES))
async def show_all(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """List the months with how far their tables are, and the reports of any period."""
    query = typed(request)
    months: list[dict[str, Any]] = []
    site_id = None
    this = period(MONTH, site_time(now).date(), settings.zone)
    last = min(day_in({"day": f"{query.get('last', '')}-01"}, "day") or this.first, this.first)
    if actor.may(TABLES_READ):
        site_id = await room(query, actor, TABLES_READ)
        rows = await MonthlyTables.objects().where(MonthlyTables.site == site_id)
        kept = {row.month: row for row in rows}
        month = period(MONTH, last, settings.zone)
        for _ in range(_BACK):
            months.append(
                {"first": month.first, "kept": kept.get(month.first), "runs": month == this}
            )
            month = month.previous
    return Template(
        "government/figures/list.html",
        context={
            "months": months,
            "earlier": (months[-1]["first"] - date.resolution) if months else None,
            "is_last": last == this.first,
            "states": STATES,
            "site_id": site_id,
            "rooms": await rooms(actor, TABLES_READ),
            "query": typed(request),
        },
    )


@get("/figures/{month:str}", requires=TABLES_READ)
async def show(
    request: Query,
    month: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show the tables of a month as counted now, or give them as CSV or XLSX."""
    query = typed(request)
    site_id = await room(query, actor, TABLES_READ)
    whole = period(MONTH, _month(month), settings.zone)
    content = await monthly.counted(whole, site_id)
    row = await services.kept(site_id, whole.first)
    office = await office_of(site_id)
    if query.get("format") in ("csv", "xlsx"):
        # What was checked is what leaves the house; before that, what is counted now.
        given = monthly.load(row.content) if row else content
        return await _file(
            given, whole, query["format"], now, locale, office=office, checked=row is not None
        )
    return Template(
        "government/figures/month.html",
        context={
            **_context(content, row, whole, site_id, actor, now, query),
            "office": office,
        },
    )


def _context(
    content: monthly.Content,
    row: MonthlyTables | None,
    whole: Period,
    site_id: UUID,
    actor: Actor,
    now: datetime,
    query: dict[str, str],
) -> dict[str, Any]:
    kept = monthly.load(row.content) if row else None
    totals = content.totals
    return {
        "month": whole,
        "query": {"site": str(site_id), **query},
        "site_id": site_id,
        "row": row,
        "states": STATES,
        "counted": facts.COUNTED,
        "tables": [
            (table, name, monthly.lines(content, table)) for table, name in facts.TABLES.items()
        ],
        "tiles": [
            {
                "label": facts.COUNTED[name],
                "value": totals[monthly.NOW].get(name, 0),
                "before": totals[monthly.BEFORE].get(name, 0),
                "year": totals[monthly.YEAR].get(name, 0),
                "grown": [
                    change(totals[monthly.NOW].get(name, 0), totals[which].get(name, 0))
                    for which in (monthly.BEFORE, monthly.YEAR)
                ],
            }
            for name in facts.COUNTED
        ],
        "total": totals[monthly.NOW],
        "faults": [facts.TABLES[name] for name in content.faults],
        "difference": monthly.difference(kept, content) if kept else {},
        "over": whole.last < site_time(now).date(),
        "may_check": actor.may_at(TABLES_CHECK, site_id),
        "may_receive": actor.may_at(TABLES_RECEIVE, site_id),
        "previous": whole.previous.first,
        "following": whole.following.first,
        "is_last": whole.last >= site_time(now).date(),
    }


async def _file(
    content: monthly.Content,
    whole: Period,
    form: str,
    now: datetime,
    locale: str,
    *,
    office: str,
    checked: bool,
) -> Response[bytes]:
    def translate(text: Message | str) -> str:
        return text.translate(locale) if isinstance(text, Message) else text

    title = translate(N_("Monthly tables of petitions: {month}", month=f"{whole.first:%Y-%m}"))
    note = (
        N_("As checked by the head of the room")
        if checked
        else N_("As counted now; not checked yet")
    )
    notes = [export.made_by(office, locale, now), translate(note)]
    sheet = replace(files.sheet(content, title, notes, translate), foot=sheets.to_sign(locale))
    return Response(
        await export.made(sheet, form, at=now),
        media_type=export.CSV if form == "csv" else export.XLSX,
        headers={
            "content-disposition": (f'attachment; filename="petitions-{whole.first:%Y-%m}.{form}"'),
            "cache-control": "no-store",
        },
    )


@post("/figures/{month:str}/{act:str}", requires=(TABLES_CHECK, TABLES_RECEIVE))
async def do(
    month: FromPath[str],
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Check a month's tables, send them, or confirm that they were received."""
    first = _month(month)
    permission = TABLES_RECEIVE if act == "receive" else TABLES_CHECK
    if act not in ("check", "send", "receive") or not actor.may(permission):
        raise NotFoundError
    site_id = await room(data, actor, permission)
    back = Redirect(f"/government/figures/{month}?site={site_id}", status_code=303)
    try:
        if act == "check":
            remark = clean_block(data.get("remark", ""), 500)
            await services.check(site_id, first, remark=remark, actor=actor, at=now)
            flash("success", N_("The tables are checked and kept as they stand."))
        elif act == "send":
            await services.send(site_id, first, actor=actor, at=now)
            flash("success", N_("The tables were sent to the head of the bureau."))
        else:
            await services.receive(site_id, first, actor=actor, at=now)
            flash("success", N_("Noted that you have the tables."))
    except (TextError, WrongStateError) as error:
        flash("error", error.message)
    return back


router = Router(path="/government", route_handlers=[show_all, show, do])
