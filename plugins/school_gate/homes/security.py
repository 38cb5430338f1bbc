"""What is due from the security office now: incidents, visits to decide, long stays, signatures."""

from datetime import datetime

from core.gate import queries as gate
from core.i18n import N_
from core.incidents import queries as incidents
from core.navigation import HomeAct, HomeItem, HomePage, HomeSection
from core.permissions import Actor
from core.registrations import queries as registrations
from core.registrations.rulebook import reception
from core.sites.queries import sites
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.homes import items
from plugins.school_gate.leave import queries as leave
from plugins.school_gate.leave.facts import OVERDUE
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import slips, stays, timetable

_COVERED = frozenset(
    {"/approvals", "/board", "/incidents", "/school-gate/stays", "/school-gate/boarders"}
    | {"/school-gate/slips"}
)
_ACTS = (
    HomeAct(label=N_("Note an incident"), path="/incidents/new", icon="add", main=True),
    HomeAct(label=N_("Board"), path="/board", icon="bell"),
    HomeAct(label=N_("Roll call"), path="/roll-call", icon="people"),
)


async def page(actor: Actor, at: datetime) -> HomePage:
    """Return what waits for the security office, the gravest first."""
    await settle(at)
    slips_open = await leave.open_slips(actor, at=at)
    return HomePage(
        acts=_ACTS,
        covers=_COVERED,
        sections=(
            await _incidents(actor, at),
            *await visits(actor, at, waiting=True),
            items.missing(leave.standing_in(slips_open, OVERDUE), at, path="/school-gate/boarders"),
            await items.signatures(actor, at),
            *await _stays(actor, at),
            await _conflicts(actor),
            await missing_stubs(actor, at),
        ),
    )


async def _incidents(actor: Actor, at: datetime) -> HomeSection:
    found, total = await incidents.incidents(actor, state="open")
    lines = [
        HomeItem(
            title=N_("Incident {number}", number=one.number),
            path=f"/incidents/{one.id}",
            act=HomeAct(label=N_("Go on"), path=f"/incidents/{one.id}"),
            lines=(
                " · ".join(filter(None, (one.gate_name, one.spot))),
                N_(
                    "{done} of {steps} steps done, since {time}",
                    done=one.steps_done,
                    steps=one.steps,
                    time=items.clock_time(one.happened_at, at),
                ),
            ),
        )
        for one in found
    ]
    return items.section(
        "incidents",
        N_("Incidents in progress"),
        lines,
        level="danger",
        path="/incidents?status=open",
        total=total,
    )


async def visits(actor: Actor, at: datetime, *, waiting: bool = False) -> list[HomeSection]:
    """Return visits to be decided and visitors who stay too long; `waiting`: also who waits too long."""
    times = await reception(at)
    held: list[HomeItem] = []
    late: list[HomeItem] = []
    overdue: list[HomeItem] = []
    for site in await sites(actor):
        if not actor.may_at(registrations.READ, site.id):
            continue
        here = await registrations.open_at(site.id, actor=actor, now=at, times=times)
        held += [
            items.visit(
                one, at, HomeAct(label=N_("Decide"), path=f"/registrations/{one.id}", icon="hand")
            )
            for one in here["held"]
        ]
        late += [
            items.visit(one, at, HomeAct(label=N_("Find out"), path=f"/registrations/{one.id}"))
            for one in here["waiting"]
            if waiting and one.level == "red"
        ]
        overdue += [
            items.visit(
                one,
                at,
                HomeAct(label=N_("Find out"), path=f"/registrations/{one.id}"),
                one.entered_at,
            )
            for one in here["inside"]
            if one.overdue
        ]
    return [
        items.section("held", N_("Visits to be decided"), held, level="danger", path="/board"),
        items.section(
            "late", N_("Visitors who wait too long"), late, level="danger", path="/board"
        ),
        items.section("overdue", N_("Visitors who stay too long"), overdue, path="/board"),
    ]


async def _stays(actor: Actor, at: datetime) -> list[HomeSection]:
    rules: SchoolRules = (await timetable.in_force(at)).values
    looks = (
        (policies.NOTIFIED, N_("Long stays to be registered"), N_("Register"), "warning"),
        (stays.OVER, N_("Long stays that are over"), N_("End or extend"), "danger"),
    )
    sections: list[HomeSection] = []
    for view, title, act, level in looks:
        found, total = await stays.stays(actor, at=at, rules=rules, view=view)
        lines = [
            HomeItem(
                title=one.person,
                path=f"/school-gate/stays/{one.id}",
                act=HomeAct(label=act, path=f"/school-gate/stays/{one.id}"),
                lines=(
                    policies.KINDS[one.kind],
                    " · ".join(filter(None, (one.place, one.host))),
                    N_("until {day}", day=str(one.last_day)) if one.last_day else "",
                ),
                initial=True,
            )
            for one in found
        ]
        path = f"/school-gate/stays?view={view}"
        name = f"stays-{view}"
        sections.append(items.section(name, title, lines, level=level, path=path, total=total))
    return sections


async def _conflicts(actor: Actor) -> HomeSection:
    wanted = [site.id for site in await sites(actor) if actor.may_at("core:gate:conflict", site.id)]
    count = len(await gate.open_conflicts(wanted))
    lines = [
        HomeItem(
            title=N_("{count} conflicts between scans", count=count),
            path="/conflicts",
            act=HomeAct(label=N_("Explain and close"), path="/conflicts"),
            lines=(N_("Two records of the gates that cannot both be right, or scans missing."),),
        )
    ]
    return items.section("conflicts", N_("Conflicts"), lines if count else [])


async def missing_stubs(actor: Actor, at: datetime) -> HomeSection:
    """Return the visits that ended without their stub (SCH-8)."""
    found = [
        HomeItem(
            title=one.person,
            path=f"/registrations/{one.id}",
            act=HomeAct(label=N_("Take back or explain"), path=f"/registrations/{one.id}"),
            lines=(
                N_(
                    "{number}, left at {time}",
                    number=one.number,
                    time=items.clock_time(one.left_at, at) if one.left_at else "—",
                ),
            ),
        )
        for one in await slips.slips(actor, slips.MISSING)
    ]
    return items.section(
        "stubs", N_("Slips whose stub is missing"), found, path="/school-gate/slips"
    )
