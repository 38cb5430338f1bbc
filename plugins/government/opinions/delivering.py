"""Opinions delivered or told, and how they were taken (GOV-32); the delivery starts the petitioner's window.

Deliveries themselves are core.documents': a paper is delivered once, wherever that is looked at.
"""

from datetime import date, datetime
from uuid import UUID

from core import db
from core.decisions import Deny
from core.documents import deliveries
from core.documents.facts import Delivery
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.matters import services, states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import holding, policies, queries
from plugins.government.opinions.facts import (
    HANDLING,
    ISSUED,
    LED_TO,
    LEVELS,
    REHANDLED,
    REVOKE,
    TAKEN,
    TOLD_BY,
    UNHAPPY,
)
from plugins.government.opinions.tables import Opinion


async def _issued(opinion_id: UUID, actor: Actor, at: datetime) -> tuple[Matter, Opinion]:
    row = await services.take(await queries.matter_of(opinion_id), actor, at)
    found = await Opinion.objects().get(Opinion.id == opinion_id)
    if found is None:
        raise NotFoundError
    await holding.require_speaks_for(found.unit, actor, row.id)
    if found.state != ISSUED:
        raise WrongStateError(N_("This opinion is not issued yet."))
    return row, found


async def deliver(opinion_id: UUID, delivery: Delivery, *, actor: Actor, at: datetime) -> None:
    """Note how an opinion's paper reached the petitioner; their time to ask for review begins."""
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        if found.document is None:
            raise WrongStateError(N_("There is no paper of this opinion."))
        if (await queries.opinion(opinion_id)).delivered is not None:
            raise WrongStateError(N_("Its delivery is on record already."))
        await deliveries.note(found.document, delivery, actor=actor, at=at)
        day = site_time(delivery.at).date()
        await services.change(
            row,
            "opinion_deliver",
            {},
            actor=actor,
            at=at,
            level=found.level,
            on=day,
            method=delivery.method,
            refused=delivery.refused,
        )
        await timeline.note(
            row.id,
            "opinion_deliver",
            N_("{level} delivered on {day}", level=LEVELS[found.level], day=day.isoformat()),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
        await _begin_window(row, found, day, actor=actor, at=at)


async def void(opinion_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take back a delivery that was noted wrongly: the petitioner's time has not begun by it."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say what was noted wrongly.")})
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        opinions = await queries.of_matter(row.id)
        last = queries.latest(opinions)
        if last is None or last.id != opinion_id or last.delivered is None:
            raise WrongStateError(N_("Its delivery is not on record."))
        if last.taken or row.stage not in (states.OPINION, states.REVIEWED, states.FINAL):
            raise WrongStateError(
                N_("More is on record that followed from it: it cannot be taken back any more.")
            )
        await deliveries.void(last.delivered.id, reason, actor=actor, at=at)
        if found.level in queries.WINDOWS:
            window = queries.WINDOWS[found.level]
            await clocks.cancel(row.id, window, reason="noted_wrongly", actor=actor, at=at)
        await services.change(row, "opinion_undeliver", {}, actor=actor, at=at, level=found.level)
        await timeline.note(
            row.id,
            "opinion_undeliver",
            N_(
                "{level}: its delivery was noted wrongly and is taken back",
                level=LEVELS[found.level],
            ),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )


async def tell(
    opinion_id: UUID, *, on: date | None, means: str, note: str, actor: Actor, at: datetime
) -> None:
    """Record that what came of an item was told orally; the paper still has to be delivered."""
    problems: dict[str, Message] = {}
    if means not in TOLD_BY:
        problems["means"] = N_("Please choose one of the options.")
    if not note.strip():
        problems["note"] = N_("Please fill this in.")
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        if on is None or not (found.issued_on or on) <= on <= site_time(at).date():
            problems["on"] = N_("This day cannot be right.")
        if problems:
            raise InvalidInputError(problems)
        found.told_on, found.told_means, found.told_by_name = on, means, actor.name
        await found.save()
        await services.change(row, "opinion_tell", {}, actor=actor, at=at, on=on, means=means)
        await timeline.note(
            row.id,
            "opinion_tell",
            N_(
                "What came of it was told on {day}: {means}",
                day=on.isoformat() if on else "",
                means=TOLD_BY[means],
            ),
            actor=actor,
            at=at,
            body=note.strip(),
        )


async def _begin_window(
    row: Matter, found: Opinion, day: date, *, actor: Actor, at: datetime
) -> None:
    """Let the petitioner's time run from the delivery, unless the outcome leaves nothing to ask."""
    if found.level not in queries.WINDOWS or found.outcome == REVOKE:
        return
    if row.stage not in (states.OPINION, states.REVIEWED):
        return
    await clocks.start(
        row.id,
        queries.WINDOWS[found.level],
        number=row.number,
        site_id=row.site,
        event=N_("{level} delivered", level=LEVELS[found.level]),
        actor=actor,
        at=at,
        day=day,
    )


async def record_taken(
    opinion_id: UUID,
    *,
    taken: str,
    note: str,
    led_to: str,
    consent: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Record how the petitioner took an opinion and what that led to; re-handled goes back at once."""
    problems: dict[str, Message] = {}
    if taken not in TAKEN:
        problems["taken"] = N_("Say how it was taken.")
    if taken == UNHAPPY and led_to not in LED_TO:
        problems["led_to"] = N_("Say what follows: heard again, handled again, or told of review.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        if found.told_on is None and (await queries.opinion(opinion_id)).delivered is None:
            raise WrongStateError(N_("First record that it was delivered or told."))
        led_to = led_to if taken == UNHAPPY else ""
        if led_to == REHANDLED and (found.level != HANDLING or row.stage != states.OPINION):
            raise InvalidInputError({"led_to": N_("It cannot be handled again at this stage.")})
        found.taken, found.taken_at, found.led_to = taken, at, led_to
        found.taken_cipher = sealing.seal(note.strip(), queries.TABLE, "taken_cipher", found.id)
        found.publish_consent = consent
        await found.save()
        await services.change(
            row,
            "opinion_taken",
            {},
            actor=actor,
            at=at,
            taken=taken,
            led_to=led_to,
            consent=consent,
        )
        await timeline.note(
            row.id,
            "opinion_taken",
            N_("How it was taken: {taken}", taken=TAKEN[taken]),
            actor=actor,
            at=at,
            body=note.strip(),
        )
        if led_to == REHANDLED:
            await _again(row, found, actor=actor, at=at)


async def _again(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> None:
    """Send an item back to be handled again; the window against the opinion ends with it."""
    await services.move(row, "send_back", actor=actor, at=at)
    await clocks.cancel(row.id, clocks.REVIEW_WINDOW, reason="handled_again", actor=actor, at=at)
    if found.unit is not None:
        await holding.give(row, found.unit, "undertaking", actor=actor, at=at)
    await clocks.start(
        row.id,
        clocks.REDO,
        number=row.number,
        site_id=row.site,
        event=N_("The petitioner is not content; the item is handled again"),
        actor=actor,
        at=at,
    )
    await timeline.note(
        row.id,
        "opinion_redo",
        N_("The item is handled again."),
        actor=actor,
        at=at,
        shown_to=timeline.PETITIONER,
    )


async def publish(opinion_id: UUID, *, circle: str, actor: Actor, at: datetime) -> None:
    """Record that a result was made known in a limited circle, with the petitioner's consent."""
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        decision = policies.may_publish(consent=found.publish_consent, circle=circle)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        found.published_on = site_time(at).date()
        found.circle_cipher = sealing.seal(circle.strip(), queries.TABLE, "circle_cipher", found.id)
        await found.save()
        await services.change(row, "opinion_publish", {}, actor=actor, at=at, level=found.level)
        await timeline.note(
            row.id,
            "opinion_publish",
            N_("The result was made known in a limited circle, with consent."),
            actor=actor,
            at=at,
            body=circle.strip(),
        )
