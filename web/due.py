"""What is due from a person now, as cards of their first page."""

from datetime import datetime

from core import clock
from core.appointments import moves
from core.appointments import queries as appointments
from core.approvals import overview
from core.approvals import queries as approvals
from core.deadlines import personal as deadlines
from core.i18n import N_
from core.incidents import queries as incidents
from core.navigation import HomeCard
from core.notices import queries as notices
from core.permissions import Actor
from core.registrations import feedback_queries as feedback
from core.registrations import hosting
from core.registrations import queries as registrations
from core.registrations.rulebook import reception
from core.shifts import queries as shifts


async def cards(actor: Actor) -> list[HomeCard]:
    """Return the cards; those with count 0 are left out by whoever draws them."""
    now = clock.now()
    found: list[HomeCard] = [
        HomeCard(
            title=N_("Waiting for my signature"),
            count=sum(not one.page for one in await approvals.waiting_for(actor, at=now)),
            path="/approvals",
            level="warning",
            order=10,
            icon="edit",
        ),
        HomeCard(
            title=N_("Deadlines due soon or over"),
            count=deadlines.pressing(await deadlines.own(actor, at=now)),
            path="/deadlines",
            level="danger",
            order=8,
            icon="overdue",
        ),
    ]
    if actor.may(moves.READ) or actor.may(moves.OWN):
        found.append(
            HomeCard(
                title=N_("Appointments to be answered"),
                count=await appointments.unanswered(actor=actor, now=now),
                path="/appointments?view=proposed" if actor.may(moves.READ) else "/my-visitors",
                level="warning",
                order=30,
                icon="calendar",
            )
        )
    if actor.host_id is not None:
        here = await hosting.own_visitors(actor, now=now, times=await reception(now))
        found.append(
            HomeCard(
                title=N_("Visitors who wait for you"),
                count=sum(card.state != "inside" and card.consent != "given" for card in here),
                path="/my-visitors",
                level="danger",
                order=5,
                icon="people",
            )
        )
    found += await _reception(actor, now)
    if actor.may(incidents.READ):
        found.append(
            HomeCard(
                title=N_("Incidents in progress"),
                count=(await incidents.incidents(actor, state="open"))[1],
                path="/incidents?status=open",
                level="warning",
                order=15,
                icon="warning",
            )
        )
    if actor.may(shifts.WRITE):
        found.append(
            HomeCard(
                title=N_("Handovers that wait for your signature"),
                count=await shifts.waiting(actor),
                path="/shifts",
                level="danger",
                order=3,
                icon="edit",
            )
        )
    if actor.may(feedback.READ):
        found.append(
            HomeCard(
                title=N_("Unhappy visitors to follow up"),
                count=await feedback.open_count(actor=actor),
                path="/feedback",
                level="warning",
                order=50,
                icon="edit",
            )
        )
    found.append(
        HomeCard(
            title=N_("Requests whose signers must be named anew"),
            count=await overview.stuck_count(actor, at=now),
            path="/approvals/all",
            level="danger",
            order=79,
            icon="people",
        )
    )
    if actor.may("core:notice:admin"):
        counts = await notices.counts()
        found.append(
            HomeCard(
                title=N_("Notices that could not be sent"),
                count=counts["dead"] + counts["events"],
                path="/notices/all?status=dead",
                level="danger",
                order=80,
                icon="mail",
            )
        )
    return found


async def _reception(actor: Actor, now: datetime) -> list[HomeCard]:
    """Return what waits at the desk: who waits too long, is held, stays too long, is not closed."""
    due = await registrations.due(actor=actor, now=now, times=await reception(now))
    looks = {
        "late": (N_("Visitors who wait too long"), "danger", 1, "clock"),
        "held": (N_("Visits to be decided"), "danger", 2, "hand"),
        "overdue": (N_("Visitors who stay too long"), "warning", 20, "overdue"),
        "left": (N_("Visits left but not closed"), "info", 60, "document"),
    }
    return [
        HomeCard(title=title, count=due[name], path="/board", level=level, order=order, icon=icon)
        for name, (title, level, order, icon) in looks.items()
        if name in due
    ]
