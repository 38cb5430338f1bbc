"""What is due from the guards now: how the gates stand, who waits, who may be let go, what to hand out."""

from datetime import datetime

from core.gate.photos import photo_path
from core.i18n import N_
from core.navigation import HomeAct, HomeItem, HomePage, HomeSection
from core.permissions import Actor
from core.registrations import queries as registrations
from core.registrations.judging import site_time
from core.registrations.rulebook import reception
from core.shifts import queries as shifts
from core.sites.tables import Gate
from plugins.school_gate.deposit_policies import KEPT, is_collection_time
from plugins.school_gate.events import queries as events
from plugins.school_gate.events.facts import APPROVED
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.homes import items, security
from plugins.school_gate.leave import queries as leave
from plugins.school_gate.leave.facts import LEAVE, OVERDUE, READY
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import deposits, timetable
from plugins.school_gate.queries.deposits import DepositFilter
from plugins.school_gate.queries.today import said
from plugins.school_gate.registered import RECORD_GATE

_COVERED = frozenset(
    {"/approvals", "/board", "/shifts", "/school-gate/deposits", "/school-gate/slips"}
    | {"/school-gate/gates", "/school-gate/boarders"}
)
_ACTS = (
    HomeAct(label=N_("Scan at the gate"), path="/gate", icon="qr", main=True),
    HomeAct(label=N_("Receive a visitor"), path="/desk", icon="door"),
    HomeAct(label=N_("Pupil without a badge"), path="/school-gate/no-badge", icon="hand"),
    HomeAct(label=N_("Hand over the shift"), path="/shifts", icon="key"),
)


async def page(actor: Actor, at: datetime) -> HomePage:
    """Return what waits at the gates and the lodge of a guard's sites."""
    await settle(at)
    gates = await timetable.gates_of(actor, RECORD_GATE)
    lines = [one for one in await leave.open_slips(actor, at=at) if one.slip.issued]
    return HomePage(
        acts=_ACTS,
        covers=_COVERED,
        sections=(
            await _handovers(actor),
            await _unclosed(gates, at),
            await _waiting(actor, at),
            *await security.visits(actor, at),
            items.missing(leave.standing_in(lines, OVERDUE), at),
            _to_release(leave.standing_in(lines, READY), at),
            await _events(gates, at),
            await _to_hand_out(actor, at),
            await security.missing_stubs(actor, at),
            await items.signatures(actor, at),
            await _gates(gates, at),
        ),
    )


async def _handovers(actor: Actor) -> HomeSection:
    found = [
        HomeItem(
            title=one.name,
            path=f"/shifts/{one.gate_id}",
            act=HomeAct(label=N_("Take over and sign"), path=f"/shifts/{one.gate_id}", icon="edit"),
            lines=(N_("{who} hands over", who=one.holder_name),),
        )
        for one in await shifts.posts(actor)
        if one.offered is not None
        and one.holder != actor.id
        and actor.may_at(shifts.WRITE, one.site_id)
    ]
    title = N_("Handovers that wait for your signature")
    return items.section("handovers", title, found, level="danger")


async def _unclosed(gates: list[Gate], at: datetime) -> HomeSection:
    found: list[HomeItem] = []
    for gate in gates:
        now = await timetable.gate_now(gate.id, gate.site, site_time(at))
        if now.state.unclosed:
            path = f"/school-gate/gates/{gate.id}"
            found.append(
                HomeItem(
                    title=gate.name,
                    path=path,
                    act=HomeAct(label=N_("Record the closing"), path=path, icon="lock"),
                    lines=(N_("An opening is recorded without its closing."),),
                )
            )
    return items.section("unclosed", N_("Gates whose closing is not recorded"), found)


async def _gates(gates: list[Gate], at: datetime) -> HomeSection:
    found: list[HomeItem] = []
    for gate in gates:
        path = f"/school-gate/gates/{gate.id}"
        now = await timetable.gate_now(gate.id, gate.site, site_time(at))
        found.append(
            HomeItem(
                title=gate.name,
                path=path,
                act=HomeAct(label=N_("Record opening or closing"), path=path, icon="gate"),
                lines=(said(now),),
            )
        )
    return items.section("gates", N_("How the gates stand"), found, shown=True)


async def _waiting(actor: Actor, at: datetime) -> HomeSection:
    times = await reception(at)
    found: list[HomeItem] = []
    for site in sorted({gate.site for gate in await timetable.gates_of(actor, RECORD_GATE)}):
        if not actor.may_at(registrations.READ, site):
            continue
        here = await registrations.open_at(site, actor=actor, now=at, times=times)
        for one in here["waiting"]:
            path = f"/registrations/{one.id}"
            act = HomeAct(label=N_("Ask the host"), path=path, icon="phone")
            if one.consent == "given":
                act = HomeAct(label=N_("Let in"), path=path, icon="enter")
            found.append(items.visit(one, at, act))
    return items.section("waiting", N_("Visitors who wait"), found, path="/desk")


def _to_release(lines: list[leave.SlipLine], at: datetime) -> HomeSection:
    found: list[HomeItem] = []
    for one in lines:
        if one.slip.kind != LEAVE or one.slip.released:
            continue
        act = HomeAct(
            label=N_("Who collects, and sign"),
            path=f"/school-gate/leave/{one.id}/release",
            icon="people",
        )
        found.append(items.slip(one, at, act))
    return items.section(
        "to-release", N_("Pupils who may go now"), found, path="/school-gate/leave/gate"
    )


async def _events(gates: list[Gate], at: datetime) -> HomeSection:
    found: list[HomeItem] = []
    for site in sorted({gate.site for gate in gates}):
        for one in await events.of_site_now(site, at):
            if one.state != APPROVED:
                continue
            gate = one.gate_id or next(g.id for g in gates if g.site == site)
            path = f"/school-gate/events/{one.id}/gate?gate={gate}"
            text = N_(
                "{starts} to {ends}: {came} of {guests} parents came",
                starts=one.admits_from.strftime("%H:%M"),
                ends=one.ends_at.strftime("%H:%M"),
                came=one.came,
                guests=one.guests,
            )
            found.append(
                HomeItem(
                    title=f"{one.class_name} {one.title}",
                    path=path,
                    act=HomeAct(label=N_("Tick parents on the list"), path=path, icon="tick"),
                    lines=(text,),
                )
            )
    return items.section("events", N_("Class events now"), found)


async def _to_hand_out(actor: Actor, at: datetime) -> HomeSection:
    rules: SchoolRules = (await timetable.in_force(at)).values
    is_open = is_collection_time(site_time(at), rules)
    found, total = await deposits.deposits(
        actor, DepositFilter(state=KEPT if is_open else "overdue"), at=at, rules=rules
    )
    lines = [
        HomeItem(
            title=one.pupil_name,
            path=f"/school-gate/deposits/{one.id}",
            act=HomeAct(label=N_("Hand out"), path=f"/school-gate/deposits/{one.id}", icon="inbox"),
            lines=(
                one.class_name,
                f"{one.what} ×{one.pieces}" + (f" [{one.shelf}]" if one.shelf else ""),
            ),
            photo=photo_path(one.photo),
            initial=True,
            badge=(N_("Too long at the lodge"), "bad", "overdue") if one.overdue else None,
        )
        for one in found
    ]
    title = N_("Things to hand out now") if is_open else N_("Things that nobody collected")
    return items.section("things", title, lines, path="/school-gate/deposits", total=total)
