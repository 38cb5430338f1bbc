"""Nobody waits unnoticed (CORE-18): after a while the host is told, then the desk; each once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.accounts.tables import User
from core.hosts.tables import Host
from core.i18n import N_, Message
from core.notices.services import EMAIL, IN_APP, notify
from core.permissions import Role
from core.registrations import moves, states
from core.registrations.rulebook import reception

_WAITING = (
    "SELECT id, site, number, host, state, consent, arrived_at, created_at FROM registration"
    " WHERE state IN ('waiting', 'held') AND created_at > {} AND created_at <= {}"
)
_A_DAY = timedelta(days=1)  # what is older was forgotten on the board, and nobody stands there


async def alert(*, at: datetime, roles: Mapping[str, Role]) -> int:
    """Tell hosts, then the desk, of visitors who wait too long by now; return how many notices.

    Whoever is held waits for a decision, and so does one whose host cannot be told: then the desk is
    told as soon as the host would be.
    """
    times = await reception(at)
    amber = timedelta(minutes=times.waiting_amber_minutes)
    red = timedelta(minutes=times.waiting_red_minutes)
    told = 0
    for row in await db.fetch(_WAITING, at - _A_DAY, at - min(amber, red)):
        waited = at - (row["arrived_at"] or row["created_at"])
        minutes = int(waited.total_seconds() // 60)
        async with db.writing():
            reached = None
            if waited >= amber and row["state"] == states.WAITING:
                reached = await _tell_host(row, minutes, at)
                told += reached or 0
            nobody_else = waited >= amber and reached is None
            if waited >= red or nobody_else:
                told += await _tell_desk(row, minutes, at, roles)
    return told


async def _tell_host(row: Mapping[str, Any], minutes: int, at: datetime) -> int | None:
    """Tell the host and return how many notices are new; None where there is no way to."""
    if row["host"] is None or row["consent"] == "refused":
        return None
    host = await Host.objects().where(Host.id == row["host"]).first()
    if host is None or not host.active:
        return None
    user = await User.objects().where(User.host == host.id, User.active.eq(True)).first()
    if user is None and not host.email:
        return None
    subject = N_("A visitor is waiting for you")
    body = N_("Somebody has waited at the desk for {minutes} minutes.", minutes=minutes)
    key = f"waiting/{row['id']}/host"
    new = 0
    if user is not None:
        new += await notify(
            key=f"{key}/app",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user.id,
            url="/my-visitors",
        )
    if host.email:
        new += await notify(
            key=f"{key}/mail",
            channel=EMAIL,
            subject=subject,
            body=body,
            at=at,
            address=host.email,
            locale=user.locale if user is not None else "",
        )
    return new


async def _tell_desk(
    row: Mapping[str, Any], minutes: int, at: datetime, roles: Mapping[str, Role]
) -> int:
    subject, body = _for_the_desk(row, minutes)
    new = 0
    for user_id in await deciding(row["site"], roles):
        new += await notify(
            key=f"waiting/{row['id']}/{row['state']}/{user_id}",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user_id,
            url=f"/registrations/{row['id']}",
        )
    return new


def _for_the_desk(row: Mapping[str, Any], minutes: int) -> tuple[Message, Message]:
    number = row["number"]
    if row["state"] == states.HELD:
        return (
            N_("A visitor waits for a decision"),
            N_(
                "Number {number} has been held for {minutes} minutes.",
                number=number,
                minutes=minutes,
            ),
        )
    return (
        N_("A visitor has waited too long"),
        N_(
            "Number {number} has waited for {minutes} minutes. Call the host.",
            number=number,
            minutes=minutes,
        ),
    )


async def deciding(site_id: UUID, roles: Mapping[str, Role]) -> list[UUID]:
    """Return the accounts of those who decide at a site: the desk and its superiors."""
    able: Collection[str] = [
        name for name, role in roles.items() if moves.DECIDE in role.permissions
    ]
    if not able:
        return []
    places = ", ".join("{}" for _ in able)
    rows = await db.fetch(
        'SELECT DISTINCT u.id FROM account u JOIN account_role r ON r."user" = u.id'  # noqa: S608
        f" WHERE u.active = {{}} AND r.role IN ({places}) AND (r.site IS NULL OR r.site = {{}})",
        True,
        *able,
        site_id,
    )
    return [row["id"] for row in rows]
