"""Opinions delivered and how they were taken (GOV-32); the delivery starts the petitioner's window."""

import json
from datetime import datetime
from uuid import UUID

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.signatures import clean as clean_signature
from core.text import TextError
from plugins.government import clocks, sealing
from plugins.government.matters import services, states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import holding, policies, queries
from plugins.government.opinions.facts import (
    HANDED,
    HANDLING,
    ISSUED,
    LED_TO,
    LEFT,
    LEVELS,
    METHODS,
    REGISTERED_LETTER,
    REHANDLED,
    REVOKE,
    SUBSTITUTE,
    TAKEN,
    UNHAPPY,
    Delivered,
)
from plugins.government.opinions.tables import Opinion


def problems_of(delivered: Delivered, *, issued_on: object, today: object) -> dict[str, Message]:
    """Return what is missing or impossible in a delivery, by field."""
    problems: dict[str, Message] = {}
    if delivered.method not in METHODS:
        problems["method"] = N_("Please choose one of the options.")
    if not isinstance(delivered.on, type(today)) or not issued_on <= delivered.on <= today:  # type: ignore[operator]
        problems["on"] = N_("This day cannot be right.")
    if delivered.refused or delivered.method == LEFT:
        if not delivered.witness.strip():
            problems["witness"] = N_("Name who witnessed it.")
    elif delivered.method in (HANDED, SUBSTITUTE) and not delivered.receiver.strip():
        problems["receiver"] = N_("Say who received it.")
    if delivered.method == REGISTERED_LETTER and not delivered.tracking.strip():
        problems["tracking"] = N_("Give the number of the registered letter.")
    return problems


async def _issued(opinion_id: UUID, actor: Actor, at: datetime) -> tuple[Matter, Opinion]:
    row = await services.take(await queries.matter_of(opinion_id), actor, at)
    found = await Opinion.objects().get(Opinion.id == opinion_id)
    if found is None:
        raise NotFoundError
    await holding.require_speaks_for(found.unit, actor, row.id)
    if found.state != ISSUED:
        raise WrongStateError(N_("This opinion is not issued yet."))
    return row, found


async def deliver(opinion_id: UUID, delivered: Delivered, *, actor: Actor, at: datetime) -> None:
    """Record how an opinion reached the petitioner; their time to ask for review begins."""
    try:
        signature = clean_signature(delivered.signature)
    except TextError as error:
        raise InvalidInputError({"signature": error.message}) from error
    async with db.writing():
        row, found = await _issued(opinion_id, actor, at)
        if found.delivered_on is not None:
            raise WrongStateError(N_("Its delivery is on record already."))
        today = site_time(at).date()
        problems = problems_of(delivered, issued_on=found.issued_on, today=today)
        if problems:
            raise InvalidInputError(problems)
        packed = json.dumps(
            {
                "receiver": delivered.receiver.strip(),
                "witness": delivered.witness.strip(),
                "tracking": delivered.tracking.strip(),
                "signature": signature,
            },
            ensure_ascii=False,
        )
        found.delivered_on, found.delivery_method = delivered.on, delivered.method
        found.delivery_refused, found.delivery_signed = delivered.refused, bool(signature)
        found.delivery_cipher = sealing.seal(packed, queries.TABLE, "delivery_cipher", found.id)
        found.delivered_by_name = actor.name
        await found.save()
        await services.change(
            row,
            "opinion_deliver",
            {},
            actor=actor,
            at=at,
            level=found.level,
            on=delivered.on,
            method=delivered.method,
            refused=delivered.refused,
        )
        await timeline.note(
            row.id,
            "opinion_deliver",
            N_(
                "{level} delivered on {day}",
                level=LEVELS[found.level],
                day=delivered.on.isoformat(),
            ),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
        await _begin_window(row, found, actor=actor, at=at)


async def _begin_window(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> None:
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
        day=found.delivered_on,
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
        if found.delivered_on is None:
            raise WrongStateError(N_("First record that it was delivered."))
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
