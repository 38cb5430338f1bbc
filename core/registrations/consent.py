"""The host's answer (CORE-5): asked by link or by phone, noted with time, means and who gave it.

A link opens one question only, expires, and tells its reader who waits, for whom, why: no phone, no
document. What is stored is the answer, when, by whom, by which means.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.accounts.tables import User
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.hosts.tables import Host
from core.i18n import N_
from core.links import services as links
from core.notices.services import EMAIL, IN_APP, notify
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.registrations.rulebook import reception
from core.registrations.tables import Registration

PURPOSE = "consent"
OWN = "core:appointment:own"
MEANS = ("phone", "link", "in_person", "appointment")
_OPEN = (states.EXPECTED, states.WAITING, states.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the host is asked, as the page behind the link shows it."""

    registration_id: UUID
    visitor_name: str
    organisation: str
    head_count: int
    reason: str
    host_name: str
    waiting_since: datetime
    consent: str
    answered_at: datetime | None
    answered_by: str
    open: bool


async def ask(
    registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins
) -> tuple[str, list[str]]:
    """Ask the host; return the link's path and the channels by which it was sent, perhaps none.

    An earlier link to the same question is taken back.
    """
    async with db.writing():
        row = await moves.take(registration_id, "ask_consent", actor=actor)
        _still_open(row)
        minutes = (await reception(at)).consent_link_minutes
        await links.revoke(row.id, PURPOSE, at=at)
        secret = await links.create(PURPOSE, row.id, expires=at + timedelta(minutes=minutes), at=at)
        path = f"/c/{secret}"
        sent = await _send(row, path, at)
        changed: dict[str, Any] = {"consent_asked_at": at}
        if row.consent == "none":
            changed["consent"] = "asked"
        await moves.write(
            row,
            "ask_consent",
            changed,
            actor=actor,
            at=at,
            plugins=plugins,
            note={"sent": sent},
        )
    return path, sent


async def _send(row: Registration, path: str, at: datetime) -> list[str]:
    """Queue the question for the host; an e-mail says only that somebody waits."""
    if row.host is None:
        return []
    host = await Host.objects().where(Host.id == row.host).first()
    if host is None:
        return []
    subject = N_("A visitor asks for you")
    body = N_("Somebody waits at the desk and asks for you. Please say whether you receive them.")
    key = f"consent/{row.id}/{at:%Y%m%d%H%M%S}"
    sent = []
    user = await User.objects().where(User.host == host.id, User.active.eq(True)).first()
    if user is not None:
        await notify(
            key=f"{key}/app",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user.id,
            link=path,
        )
        sent.append(IN_APP)
    if host.email:
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
        sent.append(EMAIL)
    return sent


async def note(
    registration_id: UUID,
    *,
    given: bool,
    by: str,
    means: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    answered_at: datetime | None = None,
) -> None:
    """Note the answer that the desk got: who gave it, when, on the phone, in person, or ahead."""
    problems = {}
    if not by:
        problems["by"] = N_("Say who answered.")
    if means not in ("phone", "in_person", "appointment"):
        problems["means"] = N_("Please choose one of the options.")
    if answered_at is not None and answered_at > at + timedelta(minutes=1):
        problems["answered_at"] = N_("This time is still to come.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await moves.take(registration_id, "note_consent", actor=actor)
        await _write(
            row,
            given=given,
            by=by,
            means=means,
            moment=answered_at or at,
            actor=actor,
            at=at,
            plugins=plugins,
        )


async def question(secret: str, *, at: datetime) -> Question:
    """Return what a link asks, or raise NotFoundError."""
    row = await _behind(secret, at)
    members = await judging.party(row)
    return Question(
        registration_id=row.id,
        visitor_name=members[0].name,
        organisation=members[0].organisation,
        head_count=row.head_count,
        reason=row.reason,
        host_name=await judging.host_name(row),
        waiting_since=row.arrived_at or row.created_at,
        consent=row.consent,
        answered_at=row.consent_at,
        answered_by=row.consent_by,
        open=row.state in _OPEN,
    )


async def answer(
    secret: str,
    *,
    given: bool,
    at: datetime,
    plugins: Plugins,
    remark: str = "",
    seen: str | None = None,
) -> None:
    """Note the answer given by whoever holds the link; it may be changed while the visitor waits.

    `remark` is logged for the desk. With `seen`, the answer that stood on the page, an answer given
    meanwhile by somebody else raises StaleError instead of being overwritten unseen.
    """
    async with db.writing():
        waiting = await _behind(secret, at)
        by = await judging.host_name(waiting)
        actor = Actor(kind="link", name=by)
        row = await moves.take(waiting.id, "note_consent", actor=actor)
        if seen is not None and row.consent != seen:
            raise StaleError
        await _write(
            row,
            given=given,
            by=by,
            means="link",
            remark=remark,
            moment=at,
            actor=actor,
            at=at,
            plugins=plugins,
        )
        await links.mark_used(secret, at=at)


async def answer_as_host(
    registration_id: UUID,
    *,
    given: bool,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remark: str = "",
    seen: str | None = None,
) -> None:
    """Note the answer that a host with an account gives for their own visitor, as by link."""
    async with db.writing():
        await db.fetch("SELECT id FROM registration WHERE id = {} FOR UPDATE", registration_id)
        row = await Registration.objects().where(Registration.id == registration_id).first()
        own = row is not None and row.host is not None and row.host == actor.host_id
        if row is None or not own or not actor.may(OWN):
            raise NotFoundError
        if seen is not None and row.consent != seen:
            raise StaleError
        await _write(
            row,
            given=given,
            by=await judging.host_name(row),
            means="link",
            remark=remark,
            moment=at,
            actor=actor,
            at=at,
            plugins=plugins,
        )


async def _behind(secret: str, at: datetime) -> Registration:
    registration_id = await links.open(secret, PURPOSE, at=at)
    row = await Registration.objects().where(Registration.id == registration_id).first()
    if row is None:
        raise NotFoundError
    return row


async def _write(
    row: Registration,
    *,
    given: bool,
    by: str,
    means: str,
    moment: datetime,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remark: str = "",
) -> None:
    _still_open(row)
    changed = {
        "consent": "given" if given else "refused",
        "consent_at": moment,
        "consent_means": means,
        "consent_by": by,
    }
    said = {"consent": changed["consent"], "consent_by": by}
    if remark:
        said["remark"] = remark
    await moves.write(row, "note_consent", changed, actor=actor, at=at, plugins=plugins, note=said)


def _still_open(row: Registration) -> None:
    if row.state not in _OPEN:
        raise WrongStateError(N_("The visitor waits no more; the answer cannot be changed now."))
