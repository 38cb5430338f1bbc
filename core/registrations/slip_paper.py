"""The slip on paper: what stands on it, made once, kept as issued, printed again the same.

Kept with the visit's documents until its personal data is erased. The document number is masked.
"""

from datetime import datetime
from typing import get_args
from uuid import UUID

from core.clock import to_ms
from core.documents import services as documents
from core.documents import slip as drawing
from core.documents.slip import Paper, SlipDocument
from core.documents.tables import IssuedDocument
from core.documents.typst import in_turn
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.passes import services as passes
from core.passes.tables import Pass
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, slips
from core.registrations.slips import Slip
from core.registrations.tables import Registration
from core.visitors.forms import SEXES
from core.visitors.queries import VisitorCard, visitor

PAPERS: tuple[str, ...] = get_args(Paper)
_MEANS = {
    "phone": N_("{by} agreed by phone, {time}"),
    "link": N_("{by} agreed by link, {time}"),
    "in_person": N_("{by} agreed in person, {time}"),
    "appointment": N_("{by} agreed ahead, {time}"),
}


def _kind(paper: str) -> str:
    return f"slip_{paper}"


async def print_slip(
    registration_id: UUID,
    paper: Paper,
    *,
    organisation: str,
    locale: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> bytes:
    """Make the slip on this paper, or return it as it was made; its pass is issued with the first."""
    slip = await slips.issue(registration_id, actor=actor, at=at, plugins=plugins)
    made = await _made(slip.registration.id, slip.pass_id, paper)
    if made is not None:
        return (await documents.reprint(made))[1]
    document = await _document(slip, organisation=organisation, locale=locale, actor=actor)

    async def draw(_: IssuedDocument) -> bytes:
        return await in_turn(drawing.slip_pdf, document, paper, made_at=at)

    _, pdf = await documents.issue(
        _kind(paper),
        draw,
        year=judging.site_time(at).year,
        title=slip.registration.number,
        record_kind="registration",
        record_id=slip.registration.id,
        actor=actor,
        at=at,
    )
    return pdf


async def printed(registration_id: UUID, paper: str, *, actor: Actor) -> tuple[str, bytes]:
    """Return the number of a visit and its slip as printed last on this paper; NotFoundError for none."""
    row = await Registration.objects().where(Registration.id == registration_id).first()
    if row is None or paper not in PAPERS:
        raise NotFoundError
    moves.permit(actor, moves.WRITE, row.site)
    document = (
        await IssuedDocument.objects()
        .where(
            IssuedDocument.kind == _kind(paper),
            IssuedDocument.record == registration_id,
            IssuedDocument.sha256 != "",
        )
        .order_by(IssuedDocument.issued_at, ascending=False)
        .first()
    )
    if document is None:
        raise NotFoundError
    return row.number, (await documents.reprint(document.id))[1]


async def papers(registration_id: UUID) -> list[str]:
    """Return on which papers the slip of a visit was printed."""
    rows = await IssuedDocument.select(IssuedDocument.kind).where(
        IssuedDocument.record == registration_id,
        IssuedDocument.kind.is_in([_kind(paper) for paper in PAPERS]),
        IssuedDocument.sha256 != "",
    )
    kinds = {row["kind"] for row in rows}
    return [paper for paper in PAPERS if _kind(paper) in kinds]


async def _made(registration_id: UUID, pass_id: str, paper: str) -> UUID | None:
    """Return the paper that bears this pass, if it was made."""
    issued = await Pass.select(Pass.issued_at).where(Pass.id == pass_id).first()
    rows = await IssuedDocument.objects().where(
        IssuedDocument.kind == _kind(paper),
        IssuedDocument.record == registration_id,
        IssuedDocument.sha256 != "",
        IssuedDocument.voided_at.is_null(),
    )
    since = issued["issued_at"] if issued else 0
    return next((row.id for row in rows if to_ms(row.issued_at) >= since), None)


async def _document(slip: Slip, *, organisation: str, locale: str, actor: Actor) -> SlipDocument:
    row = slip.registration
    card = await visitor(row.visitor)
    entered = judging.site_time(row.entered_at) if row.entered_at else None
    leave = judging.site_time(row.expected_leave_at) if row.expected_leave_at else None
    arrived = judging.site_time(row.arrived_at or row.created_at)
    name, office = await slips.host_lines(row)
    shown = row.document_shown
    return SlipDocument(
        organisation=organisation,
        number=row.number,
        date=f"{arrived:%Y-%m-%d %H:%M}",
        visitor=card.name,
        sex=_sex(card, locale),
        unit=card.organisation,
        document=card.document_label.translate(locale) if shown and card.document_label else "",
        document_number=card.document if shown else "",
        phone=card.phone,
        party=str(row.head_count),
        plate=row.plate,
        goods=row.goods,
        reason=row.reason,
        office=office,
        host=name,
        consent=_consent(row, locale),
        entered=f"{entered:%H:%M}" if entered else "",
        leave_by=f"{leave:%H:%M}" if leave else "",
        guard=actor.name,
        rules=tuple(_sentence(d.label, d.value, locale) for d in slip.details),
        badge_lines=tuple(slip.badge_lines),
        pass_token=slip.token,
        stub_token=await passes.stub_token_of(slip.pass_id),
        labels=drawing.labels(locale),
        locale=locale,
    )


def _sex(card: VisitorCard, locale: str) -> str:
    label = dict(SEXES).get(card.sex)
    return label.translate(locale) if label is not None else ""


def _consent(row: Registration, locale: str) -> str:
    if row.consent != "given" or row.consent_at is None:
        return ""
    said = _MEANS[row.consent_means].msgid
    values: dict[str, str | int | Message] = {
        "by": row.consent_by,
        "time": f"{judging.site_time(row.consent_at):%H:%M}",
    }
    return Message(said, values).translate(locale)


def _sentence(label: Message, value: str, locale: str) -> str:
    """Return a plugin's line; one without a value is a sentence of its own, such as a house rule."""
    text = label.translate(locale)
    return N_("{label}: {value}", label=text, value=value).translate(locale) if value else text
