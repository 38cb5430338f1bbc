"""Things due as the first pages show them: slips, signatures, visits, things kept; reads only."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.approvals import queries as approvals
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.navigation import HomeAct, HomeItem, HomeSection
from core.permissions import Actor
from core.registrations.judging import site_time
from core.registrations.queries import Card
from plugins.school_gate.leave.facts import KINDS, STANDINGS
from plugins.school_gate.leave.queries import SlipLine

FEW = 8


def clock_time(moment: datetime, at: datetime) -> str:
    """Return a moment as the site's clock shows it, with the day when it is not today's."""
    local = site_time(moment)
    return local.strftime("%H:%M" if local.date() == site_time(at).date() else "%m-%d %H:%M")


def section(
    name: str,
    title: Message,
    items: Sequence[HomeItem],
    *,
    level: str = "warning",
    path: str = "",
    shown: bool = False,
    total: int | None = None,
) -> HomeSection:
    """Return a section of the first few; the rest is counted and stands behind `path`."""
    named = tuple(items[:FEW]) if path else tuple(items)
    return HomeSection(
        name=name,
        title=title,
        items=named,
        level=level,
        path=path,
        more=max(len(items), total or 0) - len(named),
        shown=shown,
    )


def slip(line: SlipLine, at: datetime, act: HomeAct | None = None, *more: Message) -> HomeItem:
    """Return a slip: whose, why, from when until when; without an act also how it stands."""
    starts, ends = clock_time(line.row["starts_at"], at), clock_time(line.row["ends_at"], at)
    back = line.row["expected_back_at"]
    if back:
        window = N_(
            "{start} to {end}, back by {back}", start=starts, end=ends, back=clock_time(back, at)
        )
    else:
        window = N_("{start} to {end}", start=starts, end=ends)
    return HomeItem(
        title=line.pupil_name,
        path=f"/school-gate/leave/{line.id}",
        act=act,
        lines=(
            N_("{class_name} · {kind}", class_name=line.class_name, kind=KINDS[line.slip.kind]),
            line.slip.reason,
            window,
            *more,
        ),
        photo=photo_path(line.photo),
        initial=True,
        badge=None if act else STANDINGS[line.standing],
    )


def missing(lines: Iterable[SlipLine], at: datetime, path: str = "") -> HomeSection:
    """Return the pupils who are out with a slip and not back in time."""
    call = N_("Look at the slip")
    found = [
        slip(one, at, HomeAct(label=call, path=f"/school-gate/leave/{one.id}")) for one in lines
    ]
    return section("missing", N_("Not back in time"), found, level="danger", path=path)


async def signatures(actor: Actor, at: datetime) -> HomeSection:
    """Return what waits for the reader's signature."""
    found = [
        HomeItem(
            title=one.title,
            path=f"/approvals/{one.id}",
            act=HomeAct(label=N_("Read and sign"), path=f"/approvals/{one.id}", icon="edit"),
            lines=(
                N_(
                    "{who}, {time}",
                    who=one.requester_name,
                    time=clock_time(one.created_at, at),
                ),
            ),
        )
        for one in await approvals.waiting_for(actor, at=at)
    ]
    return section("signatures", N_("Waiting for my signature"), found, path="/approvals")


def visit(card: Card, at: datetime, act: HomeAct, since: datetime | None = None) -> HomeItem:
    """Return a visit: who, to whom, why, and since when."""
    whom = " ".join(filter(None, (card.department, card.host_name)))
    moment = since or card.arrived_at or card.created_at
    return HomeItem(
        title=card.visitor_name,
        path=f"/registrations/{card.id}",
        act=act,
        badge=(N_("Waits too long"), "bad", "clock") if card.level == "red" else None,
        lines=(
            N_("to {whom}: {reason}", whom=whom, reason=card.reason) if whom else card.reason,
            card.decision_reason or "",
            N_("{number}, since {time}", number=card.number, time=clock_time(moment, at)),
        ),
    )
