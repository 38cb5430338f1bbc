"""The clocks of an item by name, their rules from the rulebook in force (GOV-26, 31, 33).

Rooms start and stop clocks by these names; the deadlines room counts, warns and proves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from core import db
from core.deadlines import services as deadlines
from core.deadlines.facts import (
    CALENDAR,
    FORWARD,
    INTERNAL,
    NO_ROLL,
    STATUTORY,
    WORKING,
    DeadlineRule,
    NewDeadline,
    Rung,
)
from core.deadlines.queries import Clock, of_record
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.rulebooks import queries as rulebooks
from core.rulebooks.facts import InForce
from plugins.government.facts import MATTER
from plugins.government.rights import CLERK, DEPUTY, DIRECTOR, HEAD
from plugins.government.rulebook import RULEBOOK, GovernmentRules
from plugins.government.rulebook.sources import (
    ARTICLE_22,
    ARTICLE_22_23,
    ARTICLE_23,
    ARTICLE_34,
    ARTICLE_35,
    ARTICLE_36,
    LOCAL_4,
    LOCAL_12,
    PRACTICE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One clock that items know: how long, in what, whose window it is, who is warned."""

    label: Message
    days: Callable[[GovernmentRules], int]
    basis: str
    track: str = STATUTORY
    unit: str = CALENDAR
    window: bool = False
    roles: tuple[str, ...] = (CLERK, HEAD)


INFORM, ANSWER, HANDLE, HANDLE_INTERNAL = "inform", "answer", "handle", "handle_internal"
OBJECT, REPORT, REVIEW_WINDOW, REVIEW = "object", "report", "review_window", "review"
REREVIEW_WINDOW, REREVIEW = "rereview_window", "rereview"
REDO, REPORT_UP = "redo", "report_up"
CLOCKS: dict[str, Named] = {
    INFORM: Named(
        label=N_("Inform the petitioner or forward"),
        days=lambda rules: rules.inform_days,
        basis=ARTICLE_22_23,
    ),
    ANSWER: Named(
        label=N_("Answer a simple matter"),
        days=lambda rules: rules.simple_answer_days,
        basis=LOCAL_4,
        track=INTERNAL,
    ),
    HANDLE: Named(
        label=N_("Close the item"),
        days=lambda rules: rules.handle_days,
        basis=ARTICLE_34,
    ),
    HANDLE_INTERNAL: Named(
        label=N_("Close the item by the office's own limit"),
        days=lambda rules: rules.internal_handle_days,
        basis=LOCAL_12,
        track=INTERNAL,
    ),
    OBJECT: Named(
        label=N_("The unit's time to object"),
        days=lambda rules: rules.object_days,
        basis=ARTICLE_23,
        unit=WORKING,
        window=True,
        roles=(),
    ),
    REPORT: Named(
        label=N_("The unit's result is due"),
        days=lambda rules: rules.transfer_days,
        basis=ARTICLE_22,
        track=INTERNAL,
    ),
    REVIEW_WINDOW: Named(
        label=N_("The petitioner's time to ask for a review"),
        days=lambda rules: rules.review_window_days,
        basis=ARTICLE_35,
        window=True,
    ),
    REVIEW: Named(
        label=N_("Answer the review"),
        days=lambda rules: rules.review_days,
        basis=ARTICLE_35,
    ),
    REREVIEW_WINDOW: Named(
        label=N_("The petitioner's time to ask for a re-review"),
        days=lambda rules: rules.review_window_days,
        basis=ARTICLE_36,
        window=True,
    ),
    REREVIEW: Named(
        label=N_("Answer the re-review"),
        days=lambda rules: rules.review_days,
        basis=ARTICLE_36,
    ),
    REDO: Named(
        label=N_("Handle the item anew"),
        days=lambda rules: rules.redo_days,
        basis=PRACTICE,
    ),
    REPORT_UP: Named(
        label=N_("Report to the body that assigned the item"),
        days=lambda rules: rules.handle_days,
        basis=ARTICLE_22,
        track=INTERNAL,
    ),
}


def ladder(rules: GovernmentRules) -> tuple[Rung, ...]:
    """Return to whom a duty that is overdue is escalated, after how many working hours."""
    rungs = (
        (rules.escalate_deputy_hours, DEPUTY),
        (rules.escalate_director_hours, DIRECTOR),
    )
    return tuple(Rung(after_hours=hours, roles=(role,)) for hours, role in rungs if hours)


async def in_force(at: datetime) -> InForce:
    """Return the petition rulebook's version in force."""
    return await rulebooks.in_force(RULEBOOK, at)


def new(
    matter_id: UUID,
    name: str,
    *,
    number: str,
    site_id: UUID,
    event: Message,
    rules: InForce,
    day: date,
    owner: UUID | None = None,
    length: int | None = None,
) -> NewDeadline:
    """Return a named clock as the deadlines room starts it, by a version of the rulebook.

    `length`: so many days instead of those of the settings, where a day was named.
    """
    named = CLOCKS[name]
    values: GovernmentRules = rules.values
    rolls = values.windows_roll if named.window else values.duties_roll
    return NewDeadline(
        record_kind=MATTER,
        record=str(matter_id),
        name=f"government.{name}",
        track=named.track,
        label=N_("{clock} ({number})", clock=named.label, number=number),
        event=event,
        rule=DeadlineRule(
            name=f"government.{name}",
            length=length or named.days(values),
            unit=named.unit,
            roll=FORWARD if rolls else NO_ROLL,
            basis=named.basis,
            version=rules.name,
        ),
        started_on=day,
        site_id=site_id,
        owner=owner,
        roles=named.roles,
        ladder=() if named.window else ladder(values),
        url=f"/government/matters/{matter_id}",
    )


async def start(
    matter_id: UUID,
    name: str,
    *,
    number: str,
    site_id: UUID,
    event: Message,
    actor: Actor,
    at: datetime,
    day: date | None = None,
    owner: UUID | None = None,
    length: int | None = None,
) -> UUID:
    """Start a named clock on an item, counting from today unless told; joins the transaction."""
    return await deadlines.start(
        new(
            matter_id,
            name,
            number=number,
            site_id=site_id,
            event=event,
            rules=await in_force(at),
            day=day or site_time(at).date(),
            owner=owner,
            length=length,
        ),
        actor=actor,
        at=at,
    )


async def of_matter(matter_id: UUID, *, at: datetime) -> list[Clock]:
    """Return all clocks of an item, also those that stopped; named without the item's number."""
    found = await of_record(MATTER, matter_id, at=at)
    return [replace(clock, label=own_label(clock.label)) for clock in found]


def own_label(label: Message) -> Message:
    """Return what a clock is called on the page of its item."""
    clock = label.values.get("clock")
    return clock if isinstance(clock, Message) else label


async def running(matter_id: UUID, name: str) -> UUID | None:
    """Return the clock of this name that still runs or is paused."""
    rows = await db.fetch(
        "SELECT id FROM deadline WHERE record_kind = {} AND record = {} AND name = {}"
        " AND state IN ('running', 'paused')",
        MATTER,
        str(matter_id),
        f"government.{name}",
    )
    return rows[0]["id"] if rows else None


async def latest(matter_id: UUID, name: str) -> tuple[UUID, str] | None:
    """Return the clock of this name that was started last, and its state."""
    rows = await db.fetch(
        "SELECT id, state FROM deadline WHERE record_kind = {} AND record = {} AND name = {}"
        " ORDER BY created_at DESC, CASE WHEN state IN ('running', 'paused') THEN 0 ELSE 1 END, id"
        " LIMIT 1",
        MATTER,
        str(matter_id),
        f"government.{name}",
    )
    return (rows[0]["id"], rows[0]["state"]) if rows else None


async def finish(
    matter_id: UUID, *names: str, actor: Actor, at: datetime, on: date | None = None
) -> None:
    """Stop clocks because what they waited for was done, today unless told; others are left alone."""
    for name in names:
        found = await running(matter_id, name)
        if found is not None:
            await deadlines.finish(found, actor=actor, at=at, on=on)


async def cancel(matter_id: UUID, *names: str, reason: str, actor: Actor, at: datetime) -> None:
    """Stop clocks that no longer mean anything; `reason` is a code."""
    for name in names:
        found = await running(matter_id, name)
        if found is not None:
            await deadlines.cancel(found, reason=reason, actor=actor, at=at)


async def cancel_all(matter_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Stop all clocks of an item that is closed; those of the office's duties count as done."""
    for clock in await of_matter(matter_id, at=at):
        name = clock.name.removeprefix("government.")
        if clock.state not in ("running", "paused") or name not in CLOCKS:
            continue
        if CLOCKS[name].window:
            await deadlines.cancel(clock.id, reason=reason, actor=actor, at=at)
        else:
            await deadlines.finish(clock.id, actor=actor, at=at)


async def lapse(name: str, day: date, *, actor: Actor, at: datetime) -> None:
    """Stop the windows of a name that ended before a day: nobody used them, nothing is overdue."""
    rows = await db.fetch(
        "SELECT id FROM deadline WHERE record_kind = {} AND name = {} AND state = 'running'"
        " AND due < {} LIMIT 500",
        MATTER,
        f"government.{name}",
        day,
    )
    for row in rows:
        async with db.writing():
            await deadlines.cancel(row["id"], reason="over", actor=actor, at=at)
