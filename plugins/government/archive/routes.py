"""Pages of the archive: what is to be filed, files, one item's file, hand-overs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import DomainError, InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.permissions import Actor
from core.privacy.queries import is_held
from plugins.government import clocks, sealing
from plugins.government.archive import holding, listing, policies, queries, seeing, services
from plugins.government.archive.facts import CHECKS, FILED, GONE, KEPT, KINDS, OWN_CHECKS, STATES
from plugins.government.archive.rights import DESTROY, KEEP
from plugins.government.archive.tables import HandOver
from plugins.government.facts import MATTER
from plugins.government.inputs import (
    Flash,
    Form,
    Query,
    number_in,
    pages_of,
    typed,
    uuid_in,
    whole_in,
)
from plugins.government.matters import queries as matters
from plugins.government.matters import states
from plugins.government.offices import room, rooms

HANDED, ANY = "handed", "any"
_LISTS = (FILED, KEPT, GONE, HANDED)
_MOST_PAGES = 999


@get("/archive", requires=KEEP)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List what is to be filed, or files by year, kind and category."""
    return await _all(typed(request), actor, now)


async def _all(
    query: Mapping[str, str],
    actor: Actor,
    now: datetime,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    site_id = await room(query, actor, KEEP)
    state = query.get("list", "")
    state = state if state in _LISTS else ""
    page = number_in(query, "page")
    text = query.get("text", "").strip()[:60]
    state, found, total = await _listed(query, site_id, state, text, actor, now, page)
    return Template(
        "government/archive/all.html",
        context={
            "query": query,
            "list": state,
            "lines": found,
            "kinds": KINDS,
            "states": STATES,
            "stages": states.STAGES,
            "site_id": site_id,
            "rooms": await rooms(actor, KEEP),
            "shown": {name: STATES[name] for name in _LISTS if name != HANDED}
            | {HANDED: N_("Hand-overs to the archives office")},
            "total": total,
            "page": page,
            "pages": pages_of(total, queries.PAGE),
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


def _chosen(query: Mapping[str, str], state: str) -> queries.Chosen:
    kind = query.get("kind", "")
    return queries.Chosen(
        text=query.get("text", "").strip()[:60],
        state=state,
        kind=kind if kind in KINDS else "",
        year=whole_in(query, "year"),
    )


async def _listed(
    query: Mapping[str, str],
    site_id: UUID,
    state: str,
    text: str,
    actor: Actor,
    now: datetime,
    page: int,
) -> tuple[str, list[dict[str, Any]], int]:
    """Return which list is shown, one page of it and how many there are."""
    if state == HANDED:
        return state, *await _handed(site_id, actor, now, page)
    chosen = _chosen(query, state) if state else queries.Chosen(text=text)
    # Whoever looks for one file does not know where it lies by now.
    total = await queries.how_many(site_id, actor, now, chosen) if state or text else 0
    if state or total:
        return state or ANY, await queries.files(site_id, actor, now, chosen, page=page), total
    return "", *await queries.to_file(site_id, actor, now, page=page, text=text)


async def _handed(
    site_id: UUID, actor: Actor, now: datetime, page: int
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of hand-overs, without those that somebody may not see as a whole."""
    rows, total = await queries.hand_overs(site_id, page=page)
    return [one for one in rows if await seeing.whole_hand_over(one["id"], actor, now)], total


@post("/archive/hand-overs", requires=KEEP)
async def hand_over(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Hand the ticked files over to the archives office, or all of the list at once."""
    site_id = await room(data, actor, KEEP)
    names = [name.removeprefix("file-") for name in data if name.startswith("file-")]
    ids = {one for name in names if (one := uuid_in({"id": name}, "id")) is not None}
    if data.get("all") == "yes":
        found = await queries.files(site_id, actor, now, _chosen(data, FILED))
        ids = {one["id"] for one in found}
    try:
        made = await services.hand_over(
            site_id, ids, taken_by=data.get("taken_by", ""), actor=actor, at=now
        )
    except InvalidInputError as error:
        return await _all({**data, "list": FILED}, actor, now, error.problems)
    except DomainError as error:
        flash("error", error.message)
        return Redirect(f"/government/archive?list={FILED}&site={site_id}", status_code=303)
    flash("success", N_("The files were handed over. Print the list and let both sign it."))
    return Redirect(f"/government/archive/hand-overs/{made}", status_code=303)


@get("/archive/hand-overs/{list_id:uuid}", requires=KEEP)
async def show_hand_over(
    list_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the list of a hand-over."""
    row, lines = await _handed_over(list_id, actor, now)
    return Template(
        "government/archive/hand_over.html", context={"row": row, "lines": lines, "kinds": KINDS}
    )


@get("/archive/hand-overs/{list_id:uuid}/paper", requires=KEEP)
async def print_hand_over(
    list_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Return the list of a hand-over as a paper, to be signed by both sides."""
    row, lines = await _handed_over(list_id, actor, now)
    return Response(
        await listing.paper(row, lines, now),
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="hand-over-{row.number}.pdf"',
            "cache-control": "private, no-store",
        },
    )


async def _handed_over(
    list_id: UUID, actor: Actor, now: datetime
) -> tuple[HandOver, list[dict[str, Any]]]:
    row = await HandOver.objects().get(HandOver.id == list_id)
    if (
        row is None
        or not actor.may_at(KEEP, row.site)
        or not await seeing.whole_hand_over(list_id, actor, now)
    ):
        raise NotFoundError
    chosen = queries.Chosen(hand_over=list_id)
    return row, await queries.files(row.site, actor, now, chosen)


@get("/matters/{matter_id:uuid}/file", requires=(KEEP, DESTROY))
async def show_file(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show an item's file, or what it would be with its check-list."""
    return await _file(matter_id, {}, {}, actor, now)


async def _file(
    matter_id: UUID,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    matter = await matters.matter(matter_id, actor, now)
    row = await queries.file_of(matter_id)
    if row is None and not states.may("archive", matter.stage):
        raise NotFoundError
    filing = await queries.filing(matter_id, matter.stage, matter.row["close_reason"])
    ticked = [name for name in CHECKS if values.get(f"check-{name}")]
    if row is None:
        lines = policies.paged(await queries.made_contents(matter_id), _pages(values))
    else:
        lines = queries.contents_of(row)
    rules = (await clocks.in_force(now)).values
    return Template(
        "government/archive/file.html",
        context={
            "matter": matter,
            "line": matter.line,
            "file": row,
            "kind_reason": sealing.unseal(
                row.kind_reason_cipher, queries.TABLE, "kind_reason_cipher", row.id
            )
            if row
            else "",
            "usual": policies.kind_of(filing.papers),
            "filing": filing,
            "kinds": KINDS,
            "states": STATES,
            "stages": states.STAGES,
            "checks": CHECKS,
            "own_checks": OWN_CHECKS,
            "known": policies.own_checks(filing),
            "ticked": ticked,
            "missing": policies.missing(filing, ticked) if errors.get("checks") else (),
            "lines": lines,
            "years": {
                "ordinary": rules.keep_ordinary_years,
                "dedicated": rules.keep_dedicated_years,
            },
            "values": values,
            "errors": errors,
            "held": await is_held(MATTER, matter_id),
            "whys": holding.WHYS,
            "may_keep": actor.may_at(KEEP, matter.line.site_id),
        },
        status_code=422 if errors else 200,
    )


def _pages(values: Mapping[str, str]) -> list[int]:
    """Return how many pages each line of the contents has, as typed; 1 for nonsense."""
    counts: list[int] = []
    while (name := f"pages-{len(counts)}") in values:
        counts.append(min(max(whole_in(values, name), 1), _MOST_PAGES))
    return counts


@post("/matters/{matter_id:uuid}/file", requires=KEEP)
async def file_item(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Put an item into its file, or place or lift a legal hold on it."""
    back = f"/government/matters/{matter_id}/file"
    try:
        if data.get("act") == "hold":
            await holding.place(matter_id, data.get("why", ""), actor=actor, at=now)
            flash("success", N_("The legal hold stands: nothing of the item is destroyed."))
        elif data.get("act") == "lift":
            await holding.lift(matter_id, actor=actor, at=now)
            flash("success", N_("The legal hold on the item was lifted."))
        else:
            made = await services.file_item(
                matter_id,
                kind=data.get("kind", ""),
                kind_reason=data.get("kind_reason", "")[:500],
                for_ever=data.get("for_ever") == "yes",
                pages=_pages(data),
                ticked=[name for name in CHECKS if data.get(f"check-{name}")],
                actor=actor,
                at=now,
            )
            flash("success", N_("Filed as {number}.", number=made.number))
    except InvalidInputError as error:
        return await _file(matter_id, data, error.problems, actor, now)
    except NotFoundError:
        raise
    except DomainError as error:
        flash("warning", error.message)
        back = f"/government/matters/{matter_id}"
    return Redirect(back, status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        show_all,
        hand_over,
        show_hand_over,
        print_hand_over,
        show_file,
        file_item,
    ],
)
