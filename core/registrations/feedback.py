"""How visitors found it (CORE-19): given once by link, and followed up where somebody was unhappy.

Stored: a rating from 1 to 5, a remark, and what was done about it. The log has the rating, not the
remark; erasing the visitor empties the remark.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.appointments import telling
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.links import services as links
from core.log.services import record
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import phone_slip
from core.registrations.feedback_queries import RATINGS, READ
from core.registrations.tables import Feedback, Registration
from core.sites.tables import Site

PURPOSE = "feedback"
_VISITOR = Actor(kind="link", name="visitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The visit that somebody is asked about. `rating` is what they said already."""

    registration_id: UUID
    site_id: UUID
    site_name: str
    visited_at: datetime
    open: bool
    rating: int | None


async def asked(secret: str, *, at: datetime) -> Asked:
    """Return the visit that a link asks about, or raise NotFoundError; the slip's own link does too."""
    row = await _behind(secret, at)
    site = await Site.objects().where(Site.id == row.site).first()
    given = await Feedback.select(Feedback.rating).where(Feedback.registration == row.id).first()
    return Asked(
        registration_id=row.id,
        site_id=row.site,
        site_name=site.name if site is not None else "",
        visited_at=row.entered_at or row.created_at,
        open=row.state in phone_slip.RATED_IN,
        rating=given["rating"] if given else None,
    )


async def _behind(secret: str, at: datetime) -> Registration:
    """Return the visit that a link for it, for its slip or for its appointment opens."""
    for purpose in (PURPOSE, phone_slip.PURPOSE, telling.VISITOR):
        try:
            record_id = await links.open(secret, purpose, at=at)
        except NotFoundError:
            continue
        column = Registration.appointment if purpose == telling.VISITOR else Registration.id
        row = (
            await Registration.objects()
            .where(column == record_id)
            .order_by(Registration.created_at, ascending=False)
            .first()
        )
        if row is not None:
            return row
    raise NotFoundError


async def give(secret: str, *, rating: int, remark: str, at: datetime, plugins: Plugins) -> None:
    """Note how a visitor found it; said once, it stands."""
    if rating not in RATINGS:
        raise InvalidInputError({"rating": N_("Please choose one of the options.")})
    async with db.writing():
        row = await _behind(secret, at)
        await db.fetch("SELECT id FROM registration WHERE id = {} FOR UPDATE", row.id)
        if row.state not in phone_slip.RATED_IN:
            raise WrongStateError(N_("You can say how it was once your visit has begun."))
        if await Feedback.exists().where(Feedback.registration == row.id):
            raise WrongStateError(N_("You have told us already. Thank you."))
        given = Feedback(id=uuid4(), registration=row.id, rating=rating, remark=remark, at=at)
        await Feedback.insert(given)
        await record(
            _VISITOR, "feedback.give", "feedback", given.id, at=at, after={"rating": rating}
        )
        await links.mark_used(secret, at=at)
        payload = {"rating": str(rating), "purpose": row.purpose}
        await tell(plugins, "feedback.give", row.id, at=at, site_id=row.site, payload=payload)


async def follow_up(feedback_id: UUID, *, note: str, actor: Actor, at: datetime) -> None:
    """Note what was done about what a visitor said; a later note replaces it and the log keeps both."""
    if not note:
        raise InvalidInputError({"note": N_("Say what was done.")})
    async with db.writing():
        await db.fetch("SELECT id FROM feedback WHERE id = {} FOR UPDATE", feedback_id)
        row = await Feedback.objects().where(Feedback.id == feedback_id).first()
        if row is None:
            raise NotFoundError
        visit = await Registration.select(Registration.site).where(
            Registration.id == row.registration
        )
        if not actor.may_at(READ, visit[0]["site"]):
            raise NotFoundError
        before = {"follow_up": row.follow_up} if row.follow_up else {}
        await Feedback.update(
            {
                Feedback.followed_up_at: at,
                Feedback.followed_up_by: actor.name[:100],
                Feedback.follow_up: note,
            }
        ).where(Feedback.id == feedback_id)
        await record(
            actor,
            "feedback.follow_up",
            "feedback",
            feedback_id,
            at=at,
            before=before,
            after={"follow_up": note},
        )
