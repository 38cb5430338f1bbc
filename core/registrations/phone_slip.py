"""The slip on the visitor's own phone, and what its link's holder may see; no stub is expected back.

A link opens one visit and expires some days after it. Its holder sees the visit as the visitor knows
it: no phone or document number, no remark of the desk, no reason of a hold.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.appointments.rulebook import visits_ahead
from core.errors import NotFoundError
from core.links import services as links
from core.log.services import record
from core.passes import services as passes
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, slips, states
from core.registrations.facts import Detail
from core.registrations.tables import Feedback, Registration
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor

PURPOSE = "slip"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSlip:
    """A visit as its visitor sees it. `token` is empty where there is no pass that is good."""

    registration_id: UUID
    number: str
    state: str
    visitor_name: str
    head_count: int
    site_name: str
    gate_name: str
    host_name: str
    office: str
    purpose: str
    plate: str
    arrived_at: datetime
    entered_at: datetime | None
    expected_leave_at: datetime | None
    left_at: datetime | None
    token: str
    details: list[Detail]
    badge_lines: list[str]
    house_rules: tuple[str, ...]
    rated: bool

    @property
    def may_rate(self) -> bool:
        """Whether the visitor can say how it was."""
        return not self.rated and self.state in RATED_IN

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to this visit."""
        return self.state not in states.OPEN or self.state == states.LEFT


RATED_IN = frozenset({states.INSIDE, states.LEFT, states.CLOSED, states.REFUSED})


async def share(registration_id: UUID, *, actor: Actor, at: datetime) -> str:
    """Make a link to a visit's slip for the visitor's phone and return its secret.

    While the visitor waits or is inside, the visit's pass is issued with it.
    """
    async with db.writing():
        row = await moves.take(registration_id, "share", actor=actor)
        if row.state in slips.MAY_HAVE_SLIP:
            await slips.pass_for(row, actor=actor, at=at)
        open_days = timedelta(days=(await visits_ahead(at)).link_days)
        ends = max(row.expected_leave_at or at, at) + open_days
        secret = await links.create(PURPOSE, row.id, expires=ends, at=at)
        await record(actor, "registration.share", "registration", row.id, at=at)
    return secret


async def behind(secret: str, *, at: datetime, plugins: Plugins) -> PhoneSlip:
    """Return the slip that a link opens, or raise NotFoundError."""
    return await of_visit(await links.open(secret, PURPOSE, at=at), at=at, plugins=plugins)


async def of_visit(registration_id: UUID, *, at: datetime, plugins: Plugins) -> PhoneSlip:
    """Return the slip of a visit for whoever was let see it."""
    row = await Registration.objects().where(Registration.id == registration_id).first()
    if row is None or row.state == states.VOIDED:
        raise NotFoundError
    visitor = await Visitor.objects().where(Visitor.id == row.visitor).first()
    if visitor is None or visitor.erased_at is not None:
        raise NotFoundError
    site = await Site.objects().where(Site.id == row.site).first()
    gate = await Gate.objects().where(Gate.id == row.gate).first() if row.gate else None
    host_name, office = await slips.host_lines(row)
    details, _ = await plugins.collect_registration_details(await judging.facts_of(row, at=at))
    lines, _ = await plugins.collect_badge_lines(passes.VISIT, row.visitor)
    return PhoneSlip(
        registration_id=row.id,
        number=row.number,
        state=row.state,
        visitor_name=visitor.name,
        head_count=row.head_count,
        site_name=site.name if site is not None else "",
        gate_name=gate.name if gate is not None else "",
        host_name=host_name,
        office=office,
        purpose=row.purpose,
        plate=row.plate,
        arrived_at=row.arrived_at or row.created_at,
        entered_at=row.entered_at,
        expected_leave_at=row.expected_leave_at,
        left_at=row.left_at,
        token=await _token(row),
        details=details,
        badge_lines=lines,
        house_rules=(await visits_ahead(at)).house_rules,
        rated=await Feedback.exists().where(Feedback.registration == row.id),
    )


async def _token(row: Registration) -> str:
    if row.state not in slips.MAY_HAVE_SLIP:
        return ""
    pass_id = await slips.current_pass(row.id)
    return await passes.token_of(pass_id) if pass_id is not None else ""
