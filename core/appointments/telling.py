"""What hosts are told of appointments, and how long the links of one stay open.

A notice names no visitor: it says that there is news and where to read it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from core.accounts.tables import User
from core.appointments.rulebook import visits_ahead
from core.appointments.tables import Appointment
from core.hosts.tables import Host
from core.i18n import N_, Message
from core.links import services as links
from core.notices.services import EMAIL, IN_APP, notify

VISITOR, HOST = "appointment", "appointment_answer"  # the purposes of an appointment's links


async def closing(row: Appointment, *, at: datetime) -> datetime:
    """Return until when the visitor's links to an appointment stay open."""
    return row.ends_at + timedelta(days=(await visits_ahead(at)).link_days)


async def keep_links_open(row: Appointment, *, at: datetime) -> None:
    """Let the visitor's link follow an appointment that was moved; the host's is given anew."""
    await links.prolong(row.id, VISITOR, expires=await closing(row, at=at))
    await links.revoke(row.id, HOST, at=at)


async def ask_host(row: Appointment, *, at: datetime) -> None:
    """Tell the host that somebody proposes a visit; a letter has a link that answers."""
    await _tell(
        row,
        "ask",
        N_("Somebody would like to visit you"),
        N_("An appointment is proposed. Please say whether it suits you."),
        at=at,
        answer_by_link=True,
    )


async def tell_host_it_is_off(row: Appointment, *, at: datetime) -> None:
    """Tell the host that an appointment is called off."""
    await links.revoke(row.id, HOST, at=at)
    await _tell(
        row,
        "off",
        N_("An appointment is called off"),
        N_("A visitor of yours does not come at the agreed time."),
        at=at,
    )


async def _tell(
    row: Appointment,
    what: str,
    subject: Message,
    body: Message,
    *,
    at: datetime,
    answer_by_link: bool = False,
) -> None:
    if row.host is None:
        return
    host = await Host.objects().where(Host.id == row.host).first()
    if host is None or not host.active:
        return
    key = f"appointment/{row.id}/{what}/{row.version}"
    user = await account_of(host.id)
    if user is not None:
        await notify(
            key=f"{key}/app",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user.id,
            url=f"/appointments/{row.id}",
        )
    if host.email:
        path = ""
        if answer_by_link:
            await links.revoke(row.id, HOST, at=at)
            secret = await links.create(HOST, row.id, expires=row.ends_at, at=at)
            path = f"/c/{secret}"
        await notify(
            key=f"{key}/mail",
            channel=EMAIL,
            subject=subject,
            body=body,
            at=at,
            address=host.email,
            link=path,
            locale=user.locale if user is not None else "",
        )


async def account_of(host_id: UUID) -> User | None:
    """Return the account of a host, if they have one that is active."""
    return await User.objects().where(User.host == host_id, User.active.eq(True)).first()
