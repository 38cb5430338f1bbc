"""Substitutes: who signs instead of whom, for how long."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import accounts_of
from core.approvals import policies
from core.approvals.queries import ADMIN
from core.approvals.seating import local_day
from core.approvals.tables import ApprovalSubstitute
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_, Message
from core.log.services import record
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
    return row.id


async def end(appointment_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End a substitution now; what was signed under it stays signed."""
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
