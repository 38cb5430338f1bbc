"""What is due from a class teacher now: slips to issue, pupils not back, events, things, visitors."""

from datetime import datetime

from core import db
from core.i18n import N_
from core.navigation import HomeAct, HomeItem, HomePage, HomeSection
from core.permissions import Actor
from core.registrations import hosting
from core.registrations.rulebook import reception
from plugins.school_gate.deposit_policies import KEPT
from plugins.school_gate.events import rights as event_rights
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.homes import items
from plugins.school_gate.leave import queries
from plugins.school_gate.leave.facts import (
    ASKED,
    COMING,
    MEANS,
    OUT,
    OVERDUE,
    READY,
    REFUSED,
    TO_STAMP,
)
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.rights import teaches
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import deposits, timetable
from plugins.school_gate.queries.deposits import DepositFilter

_COVERED = frozenset(
    {"/approvals", "/my-visitors", "/school-gate/events", "/school-gate/my-deposits"}
    | {"/", "/school-gate/leave"}
)
_ACTS = (
    HomeAct(
        label=N_("New leave slip"), path="/school-gate/leave/new?kind=leave", icon="add", main=True
    ),
    HomeAct(
        label=N_("Boarder going out"), path="/school-gate/leave/new?kind=boarder", icon="leave"
    ),
    HomeAct(
        label=N_("Permission to come in"), path="/school-gate/leave/new?kind=entry", icon="enter"
    ),
    HomeAct(label=N_("Class event"), path="/school-gate/events/new", icon="calendar"),
)


async def page(actor: Actor, at: datetime) -> HomePage:
    """Return what waits for a class teacher; who has no class yet is told how they get one."""
    if not teaches(actor):
        hint = N_(
            "You are no class teacher yet. The office links your account to you in the directory, "
            "and you to your class in the roster."
        )
        return HomePage(sections=(await items.signatures(actor, at),), hint=hint, covers=_COVERED)
    await settle(at)
    lines = await queries.of_own_class(actor, at=at)
    running = queries.standing_in(lines, TO_STAMP, READY, COMING, OUT)
    return HomePage(
        acts=_ACTS,
        covers=_COVERED,
        sections=(
            items.missing(queries.standing_in(lines, OVERDUE), at),
            await _visitors(actor, at),
            items.section(
                "to-issue",
                N_("Leave slips to issue"),
                [_to_issue(one, at) for one in queries.standing_in(lines, ASKED)],
            ),
            items.section(
                "refused",
                N_("Refused by the grade office"),
                [_refused(one, at) for one in queries.standing_in(lines, REFUSED)],
            ),
            await _events(actor, at),
            await _things(actor, at),
            await items.signatures(actor, at),
            items.section(
                "running",
                N_("Slips that are running"),
                [items.slip(one, at) for one in running],
                path="/school-gate/leave",
                shown=True,
            ),
        ),
    )


def _to_issue(line: SlipLine, at: datetime) -> HomeItem:
    if line.slip.contacted:
        spoken = N_(
            "Parent spoken to: {who}, {means}",
            who=line.row["contact_with"],
            means=MEANS[line.row["contact_means"]],
        )
        act = HomeAct(
            label=N_("Issue"), path=f"/school-gate/leave/{line.id}/issue", post=True, icon="check"
        )
        return items.slip(line, at, act, spoken)
    act = HomeAct(label=N_("Contact and issue"), path=f"/school-gate/leave/{line.id}", icon="phone")
    return items.slip(line, at, act, N_("The parent was not spoken to yet."))


def _refused(line: SlipLine, at: datetime) -> HomeItem:
    act = HomeAct(label=N_("Look at the slip"), path=f"/school-gate/leave/{line.id}")
    return items.slip(line, at, act, N_("Why: {reason}", reason=line.row["refuse_reason"]))


async def _events(actor: Actor, at: datetime) -> HomeSection:
    found: list[HomeItem] = []
    if event_rights.teaches(actor):
        rows = await db.fetch(
            "SELECT v.id, v.title, v.starts_at, v.state, q.state AS asked"
            " FROM school_gate_event v JOIN school_gate_class c ON c.id = v.school_class"
            " LEFT JOIN approval_request q ON q.id = v.approval"
            " WHERE c.teacher = {} AND v.ends_at >= {}"
            " AND (v.state = 'draft' OR (v.state = 'asked' AND q.state = 'sent_back'))"
            " ORDER BY v.starts_at, v.id",
            actor.host_id,
            at,
        )
        for row in rows:
            back = row["state"] != "draft"
            found.append(
                HomeItem(
                    title=row["title"],
                    path=f"/school-gate/events/{row['id']}",
                    act=HomeAct(
                        label=N_("Complete and submit"), path=f"/school-gate/events/{row['id']}"
                    ),
                    lines=(items.clock_time(row["starts_at"], at),),
                    badge=(N_("Sent back"), "bad", "undo") if back else None,
                )
            )
    return items.section("events", N_("Class events to submit"), found, path="/school-gate/events")


async def _things(actor: Actor, at: datetime) -> HomeSection:
    rules: SchoolRules = (await timetable.in_force(at)).values
    kept, _ = await deposits.deposits(actor, DepositFilter(state=KEPT), at=at, rules=rules)
    found = [
        HomeItem(
            title=one.pupil_name,
            path=f"/school-gate/deposits/{one.id}",
            act=HomeAct(label=N_("Tell the pupil"), path=f"/school-gate/deposits/{one.id}"),
            lines=(
                N_(
                    "{what}, {pieces} pieces, since {time}",
                    what=one.what,
                    pieces=one.pieces,
                    time=items.clock_time(one.kept_at, at),
                ),
            ),
            initial=True,
        )
        for one in kept
        if one.told_at is None
    ]
    return items.section(
        "things",
        N_("Things at the lodge to tell my pupils of"),
        found,
        path="/school-gate/my-deposits",
    )


async def _visitors(actor: Actor, at: datetime) -> HomeSection:
    here = await hosting.own_visitors(actor, now=at, times=await reception(at))
    act = HomeAct(label=N_("Answer"), path="/my-visitors")
    found = [
        items.visit(card, at, act)
        for card in here
        if card.state != "inside" and card.consent != "given"
    ]
    found = [HomeItem(title=i.title, path="/my-visitors", act=i.act, lines=i.lines) for i in found]
    return items.section(
        "visitors", N_("Visitors who wait for you"), found, level="danger", path="/my-visitors"
    )
