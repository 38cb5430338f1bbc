"""What is due from the grade office and the discipline office now."""

from datetime import datetime, timedelta

from core.gate.photos import photo_path
from core.i18n import N_
from core.navigation import HomeAct, HomeItem, HomePage
from core.permissions import Actor
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.homes import items
from plugins.school_gate.leave import queries
from plugins.school_gate.leave.facts import MEANS, OUT, OVERDUE
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import offences, timetable
from plugins.school_gate.queries.offences import Reported


async def grade(actor: Actor, at: datetime) -> HomePage:
    """Return the slips that a grade office stamps, its signatures, and who is not back."""
    await settle(at)
    lines = await queries.open_slips(actor, at=at)
    waiting = await queries.to_stamp(actor, at=at)
    return HomePage(
        acts=(HomeAct(label=N_("Leave slips"), path="/school-gate/leave", icon="document"),),
        covers=frozenset({"/approvals", "/", "/school-gate/leave", "/school-gate/boarders"}),
        sections=(
            items.missing(queries.standing_in(lines, OVERDUE), at),
            items.section(
                "to-stamp",
                N_("Leave slips to stamp"),
                [_to_stamp(one, at) for one in waiting],
                path="" if len(waiting) <= 2 * items.FEW else "/school-gate/leave",
            ),
            await items.signatures(actor, at),
            items.section(
                "out",
                N_("Out now, expected back"),
                [items.slip(one, at) for one in queries.standing_in(lines, OUT)],
                path="/school-gate/leave",
                shown=True,
            ),
        ),
    )


def _to_stamp(line: SlipLine, at: datetime) -> HomeItem:
    act = HomeAct(
        label=N_("Stamp"), path=f"/school-gate/leave/{line.id}/stamp", post=True, icon="check"
    )
    spoken = N_(
        "Parent spoken to: {who}, {means}, {time}",
        who=line.row["contact_with"],
        means=MEANS[line.row["contact_means"]],
        time=items.clock_time(line.row["contacted_at"], at),
    )
    issued = N_("Issued by {teacher}", teacher=line.row["issued_by_name"])
    return items.slip(line, at, act, spoken, issued)


async def discipline(actor: Actor, at: datetime) -> HomePage:
    """Return the pupils reported for their badges whom nobody spoke with yet, and who is not back."""
    await settle(at)
    rules: SchoolRules = (await timetable.in_force(at)).values
    lines = await queries.open_slips(actor, at=at)
    since = at - timedelta(days=rules.offence_days)
    waiting = await offences.reported(actor, since=since)
    return HomePage(
        acts=(
            HomeAct(label=N_("Offences"), path="/school-gate/offences", icon="warning"),
            HomeAct(label=N_("Figures"), path="/school-gate/figures", icon="report"),
        ),
        covers=frozenset({"/approvals", "/", "/school-gate/offences", "/school-gate/boarders"}),
        sections=(
            items.section(
                "reported",
                N_("Pupils to speak with"),
                [_reported(one, at, rules) for one in waiting],
                path="" if len(waiting) <= 2 * items.FEW else "/school-gate/offences",
            ),
            items.missing(queries.standing_in(lines, OVERDUE), at, path="/school-gate/boarders"),
            await items.signatures(actor, at),
        ),
    )


def _reported(one: Reported, at: datetime, rules: SchoolRules) -> HomeItem:
    page = f"/school-gate/pupils/{one.pupil_id}"
    return HomeItem(
        title=one.name,
        path=page,
        act=HomeAct(label=N_("Note the talk"), path=f"{page}#speak", icon="edit"),
        lines=(
            one.class_name,
            N_(
                "{count} times in {days} days without a valid badge, the last on {time}",
                count=one.count,
                days=rules.offence_days,
                time=items.clock_time(one.last_at, at),
            ),
        ),
        photo=photo_path(one.photo),
        initial=True,
        badge=(N_("Serious"), "bad", "warning") if one.serious else None,
    )
