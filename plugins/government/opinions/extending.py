"""More time for an item (GOV-31): asked for, approved by the head, told; reasons of delay."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.approvals.facts import ApprovalFacts, StepPlan
from core.deadlines import extending as core_extending
from core.deadlines import services as deadlines
from core.deadlines.facts import CALENDAR
from core.decisions import Decision, Deny
from core.documents.deliveries import METHODS
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.matters import access, services, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import holding, papers, policies, queries
from plugins.government.opinions.facts import (
    DELAY_REASONS,
    EXTENSION_REASONS,
    ExtendFacts,
)
from plugins.government.opinions.tables import DelayReason, Extension
from plugins.government.rights import DIRECTOR, HANDLE
from plugins.government.signing.services import PAGE
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

_TABLE, _DELAYS = "government_extension", "government_delay_reason"
_FIELDS = {"too_long": "days", "reason_missing": "reason"}  # of a refusal by its code
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
STATES: dict[str, Message] = {
    ASKED: N_("Waits for the head's approval"),
    GRANTED: N_("More time granted"),
    REFUSED: N_("More time refused"),
}


async def of_matter(matter_id: UUID) -> list[Extension]:
    """Return the extensions of an item, the latest first."""
    return (
        await Extension.objects()
        .where(Extension.matter == matter_id)
        .order_by(Extension.asked_at, ascending=False)
    )


def note_of(row: Extension | DelayReason) -> str:
    """Return the free text beside a reason, opened."""
    table = _TABLE if isinstance(row, Extension) else _DELAYS
    return sealing.unseal(row.note_cipher, table, "note_cipher", row.id)


async def facts_of(row: Matter, days: int, reason: str, at: datetime) -> ExtendFacts:
    """Return what asking for more time is judged by."""
    before = await of_matter(row.id)
    clock = await queries.clock_named(row.id, clocks.HANDLE, at=at)
    running = clock if clock is not None and clock.state == "running" else None
    return ExtendFacts(
        days=days,
        most=(await clocks.in_force(at)).values.extend_days,
        granted=sum(one.state == GRANTED for one in before),
        asked=any(one.state == ASKED for one in before),
        reason=reason if reason in EXTENSION_REASONS else "",
        due=running.due if running is not None else None,
        today=site_time(at).date(),
    )


def _refuse(decision: Decision) -> None:
    """Raise what a refusal is: a field's error where it is one field's."""
    if isinstance(decision, Deny):
        field = _FIELDS.get(decision.code)
        if field is not None:
            raise InvalidInputError({field: decision.reason})
        raise RefusedError(decision)


async def ask(
    matter_id: UUID,
    *,
    days: int,
    reason: str,
    note: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> UUID:
    """Ask the head of the body that holds the item for more time."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        await holding.require_speaks_for(row.holder, actor, matter_id)
        _refuse(policies.may_extend(await facts_of(row, days, reason, at)))
        clock_id = await clocks.running(matter_id, clocks.HANDLE)
        clock = await queries.clock_named(matter_id, clocks.HANDLE, at=at)
        if clock_id is None or clock is None:
            raise WrongStateError(N_("No clock runs for closing this item."))
        request = await core_extending.ask(
            clock_id,
            length=days,
            unit=CALENDAR,
            reason=EXTENSION_REASONS[reason].dump(),
            steps=[await _head(row)],
            actor=actor,
            at=at,
            plugins=plugins,
            confidential=bool(row.secret),
            page=PAGE,
        )
        found = uuid4()
        await Extension.insert(
            Extension(
                id=found,
                matter=row.id,
                unit=row.holder,
                request=request,
                state=ASKED,
                days=days,
                reason=reason,
                note_cipher=sealing.seal(note.strip(), _TABLE, "note_cipher", found),
                due_before=clock.due,
                asked_at=at,
                asked_by_name=actor.name,
            )
        )
        await services.change(row, "extend_ask", {}, actor=actor, at=at, days=days, reason=reason)
        await timeline.note(
            row.id,
            "extend_ask",
            N_("{days} more days asked for: {reason}", days=days, reason=EXTENSION_REASONS[reason]),
            actor=actor,
            at=at,
            body=note.strip(),
        )
    return found


async def reword(
    found: Extension, *, days: int, reason: str, note: str, actor: Actor, at: datetime
) -> tuple[Message, dict[str, str]]:
    """Change what was asked for and sent back; joins the caller's transaction.

    Returns what the request says and carries from now on.
    """
    row = await services.take(found.matter, actor, at)
    await holding.require_speaks_for(found.unit, actor, row.id)
    judged = await facts_of(row, days, reason, at)
    _refuse(policies.may_extend(replace(judged, asked=False)))
    found.days, found.reason = days, reason
    found.note_cipher = sealing.seal(note.strip(), _TABLE, "note_cipher", found.id)
    await found.save([Extension.days, Extension.reason, Extension.note_cipher])
    said = EXTENSION_REASONS[reason]
    return said, core_extending.payload_of(length=days, unit=CALENDAR, reason=said.dump())


async def _head(row: Matter) -> StepPlan:
    """Return who approves: the head of the handling body, the director for the office itself."""
    if row.holder is not None and (await units.unit(row.holder)).kind != OFFICE:
        heads = tuple(one[0] for one in await units.staff(row.holder, head=True))
        if heads:
            return StepPlan(label=N_("Head of the body"), users=heads)
    return StepPlan(label=N_("Director approves"), roles=(DIRECTOR,))


async def _asked(request: ApprovalFacts) -> Extension | None:
    found = await Extension.objects().get(Extension.request == request.id)
    return found if found is not None and found.state == ASKED else None


async def granted(request: ApprovalFacts) -> None:
    """Note that more time was granted; the office's own clock follows within its own limit."""
    found = await _asked(request)
    if found is None:
        return
    signer = Actor(kind="system", name=request.decided_by)
    row = await services.take(found.matter, signer, request.at)
    if await clocks.running(row.id, clocks.HANDLE) is None:
        # Its opinion was given or it was closed while this waited: there is no time to be extended.
        await refused(request)
        return
    found.state, found.decided_at, found.decided_by_name = GRANTED, request.at, request.decided_by
    found.document = await papers.extension_notice(row, found, actor=signer, at=request.at)
    await found.save()
    rules = (await clocks.in_force(request.at)).values
    own = await clocks.running(row.id, clocks.HANDLE_INTERNAL)
    more = min(found.days, rules.internal_total_days - rules.internal_handle_days)
    if own is not None and more > 0:
        await deadlines.extend(
            own,
            length=more,
            unit=CALENDAR,
            reason=EXTENSION_REASONS[found.reason].dump(),
            actor=signer,
            at=request.at,
            approval=request.id,
        )
    await timeline.note(
        row.id,
        "extend",
        N_(
            "The time to close it is extended by {days} days: {reason}",
            days=found.days,
            reason=EXTENSION_REASONS[found.reason],
        ),
        actor=signer,
        at=request.at,
        shown_to=timeline.PETITIONER,
    )


async def refused(request: ApprovalFacts) -> None:
    """Note that more time was not granted."""
    found = await _asked(request)
    if found is None:
        return
    found.state, found.decided_at, found.decided_by_name = REFUSED, request.at, request.decided_by
    await found.save()
    signer = Actor(kind="system", name=request.decided_by)
    withdrawn = request.state == "withdrawn"
    text = (
        N_("The request for more time is over") if withdrawn else N_("More time was not granted.")
    )
    await timeline.note(found.matter, "extend_refuse", text, actor=signer, at=request.at)


async def tell(
    extension_id: UUID, *, on: date | None, method: str, actor: Actor, at: datetime
) -> None:
    """Record that the petitioner was told of the extension and its reason."""
    async with db.writing():
        found = await Extension.objects().get(Extension.id == extension_id)
        if found is None:
            raise NotFoundError
        row = await services.take(found.matter, actor, at)
        await holding.require_speaks_for(found.unit, actor, row.id)
        await found.refresh()
        problems: dict[str, Message] = {}
        if method not in METHODS:
            problems["method"] = N_("Please choose one of the options.")
        today = site_time(at).date()
        if on is None or on > today or on < site_time(found.asked_at).date():
            problems["on"] = N_("This day cannot be right.")
        if problems:
            raise InvalidInputError(problems)
        if found.state != GRANTED or found.told_on is not None:
            raise WrongStateError(N_("There is nothing to tell any more."))
        found.told_on, found.told_method, found.told_by_name = on, method, actor.name
        await found.save()
        await services.change(row, "extend_tell", {}, actor=actor, at=at, on=on, method=method)
        text = N_("The petitioner was told of the extension")
        await timeline.note(row.id, "extend_tell", text, actor=actor, at=at)


async def report_delay(
    matter_id: UUID, *, reason: str, note: str, actor: Actor, at: datetime
) -> bool:
    """Tell who assigned the item why it cannot be closed in time; say whether that came in time."""
    problems: dict[str, Message] = {}
    if reason not in DELAY_REASONS:
        problems["reason"] = N_("Please choose one of the options.")
    if not note.strip():
        problems["note"] = N_("Say what is still to be done and until when.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        await holding.require_speaks_for(row.holder, actor, matter_id)
        clock = await queries.clock_named(matter_id, clocks.HANDLE, at=at)
        if clock is None or clock.state not in ("running", "paused"):
            raise WrongStateError(N_("No clock runs for closing this item."))
        today = site_time(at).date()
        in_time = clock.due is None or today <= clock.due
        found = uuid4()
        await DelayReason.insert(
            DelayReason(
                id=found,
                matter=row.id,
                unit=row.holder,
                reason=reason,
                note_cipher=sealing.seal(note.strip(), _DELAYS, "note_cipher", found),
                due=clock.due,
                in_time=in_time,
                at=at,
                by_name=actor.name,
            )
        )
        await services.change(row, "delay", {}, actor=actor, at=at, reason=reason, in_time=in_time)
        text = N_("Cannot be closed in time: {reason}", reason=DELAY_REASONS[reason])
        await timeline.note(row.id, "delay", text, actor=actor, at=at, body=note.strip())
    return in_time


async def delays(matter_id: UUID) -> list[DelayReason]:
    """Return the reasons of delay told for an item, the latest first."""
    return (
        await DelayReason.objects()
        .where(DelayReason.matter == matter_id)
        .order_by(DelayReason.at, ascending=False)
    )


async def see_delay(delay_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Note that the office has read a reason of delay; return its item."""
    async with db.writing():
        found = await DelayReason.objects().get(DelayReason.id == delay_id)
        if found is None:
            raise NotFoundError
        await access.require_act(found.matter, actor, at)
        await access.require_at(found.matter, HANDLE, actor)
        if found.seen_at is None:
            found.seen_at, found.seen_by_name = at, actor.name
            await found.save()
        matter_id: UUID = found.matter
    return matter_id
