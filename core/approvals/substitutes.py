"""Substitutes: who signs instead of whom, for how long."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import Holder, accounts_of
from core.approvals import policies
from core.approvals.queries import ADMIN
from core.approvals.seating import local_day
from core.approvals.tables import ApprovalSubstitute
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import EMAIL, IN_APP, notify
from core.permissions import Actor


async def appoint(
    principal: UUID,
    substitute: UUID,
    *,
    first_day: date,
    last_day: date,
    actor: Actor,
    at: datetime,
    kind: str = "",
    reason: str = "",
) -> UUID:
    """Let somebody sign instead of somebody, from a day to a day, both included.

    Everybody appoints their own substitute; who administers approvals appoints those of others.
    """
    _permit(principal, actor)
    decision = policies.may_substitute(principal, substitute)
    if isinstance(decision, Deny):
        raise RefusedError(decision)
    problems: dict[str, Message] = {}
    if last_day < first_day:
        problems["last_day"] = N_("The last day is before the first.")
    elif last_day < local_day(at):
        problems["last_day"] = N_("This day is over.")
    async with db.writing():
        known = {one.id: one for one in await accounts_of({principal, substitute})}
        if substitute not in known:
            problems["substitute"] = N_("Please choose one of the options.")
        if problems:
            raise InvalidInputError(problems)
        if principal not in known:
            raise NotFoundError
        if await _is_named(principal, substitute, kind, first_day, last_day):
            named = N_("{name} is named for some of these days already.",
                       name=known[substitute].name)  # fmt: skip
            raise InvalidInputError({"first_day": named})
        row = ApprovalSubstitute(
            id=uuid4(),
            principal=principal,
            principal_name=known[principal].name,
            substitute=substitute,
            substitute_name=known[substitute].name,
            first_day=first_day,
            last_day=last_day,
            kind=kind,
            reason=reason.strip()[:300],
            created_at=at,
        )
        await ApprovalSubstitute.insert(row)
        await record(
            actor,
            "approval.appoint",
            "approval_substitute",
            row.id,
            at=at,
            after={
                "principal": row.principal_name,
                "substitute": row.substitute_name,
                "first_day": first_day,
                "last_day": last_day,
                "kind": kind,
            },
        )
        await _tell(row, known[substitute], at=at)
    return row.id


async def _is_named(
    principal: UUID, substitute: UUID, kind: str, first_day: date, last_day: date
) -> bool:
    return await ApprovalSubstitute.exists().where(
        ApprovalSubstitute.principal == principal,
        ApprovalSubstitute.substitute == substitute,
        ApprovalSubstitute.kind == kind,
        ApprovalSubstitute.first_day <= last_day,
        ApprovalSubstitute.last_day >= first_day,
        ApprovalSubstitute.voided_at.is_null(),
    )


async def _tell(row: ApprovalSubstitute, one: Holder, *, at: datetime) -> None:
    """Tell a substitute for whom they sign, and on which days."""
    key, subject = f"substitute:{row.id}", N_("You are named as a substitute")
    await notify(
        key=key,
        channel=IN_APP,
        subject=subject,
        body=N_(
            "You sign instead of {name} from {first} to {last}.",
            name=row.principal_name,
            first=str(row.first_day),
            last=str(row.last_day),
        ),
        at=at,
        user=one.id,
        url="/approvals",
    )
    if one.email:
        await notify(
            key=f"{key}:mail",
            channel=EMAIL,
            subject=subject,
            body=N_("You sign instead of somebody for a while. Sign in to see for whom."),
            at=at,
            address=one.email,
            url="/approvals",
            locale=one.locale,
        )


async def end(appointment_id: UUID, *, actor: Actor, at: datetime) -> ApprovalSubstitute:
    """End a substitution now and return it; what was signed under it stays signed."""
    async with db.writing():
        row = await ApprovalSubstitute.objects().get(
            (ApprovalSubstitute.id == appointment_id) & ApprovalSubstitute.voided_at.is_null()
        )
        if row is None:
            raise NotFoundError
        _permit(row.principal, actor)
        await ApprovalSubstitute.update({ApprovalSubstitute.voided_at: at}).where(
            ApprovalSubstitute.id == appointment_id
        )
        await record(actor, "approval.end_substitute", "approval_substitute", appointment_id, at=at)
    return row


def _permit(principal: UUID, actor: Actor) -> None:
    if actor.kind != "system" and actor.id != principal and not actor.may(ADMIN):
        raise NotFoundError


async def of_principal(principal: UUID, *, at: datetime) -> list[ApprovalSubstitute]:
    """Return who signs instead of somebody, now or later, the earliest first."""
    return (
        await ApprovalSubstitute.objects()
        .where(
            ApprovalSubstitute.principal == principal,
            ApprovalSubstitute.last_day >= local_day(at),
            ApprovalSubstitute.voided_at.is_null(),
        )
        .order_by(ApprovalSubstitute.first_day)
    )


async def of_substitute(substitute: UUID, *, at: datetime) -> list[ApprovalSubstitute]:
    """Return for whom somebody signs, now or later, the earliest first."""
    return (
        await ApprovalSubstitute.objects()
        .where(
            ApprovalSubstitute.substitute == substitute,
            ApprovalSubstitute.last_day >= local_day(at),
            ApprovalSubstitute.voided_at.is_null(),
        )
        .order_by(ApprovalSubstitute.first_day)
    )


async def everybodys(*, at: datetime, limit: int = 500) -> list[ApprovalSubstitute]:
    """Return every substitution that holds now or later, the earliest first; the caller asks who may."""
    return (
        await ApprovalSubstitute.objects()
        .where(ApprovalSubstitute.last_day >= local_day(at), ApprovalSubstitute.voided_at.is_null())
        .order_by(ApprovalSubstitute.first_day)
        .order_by(ApprovalSubstitute.principal_name)
        .limit(limit)
    )
