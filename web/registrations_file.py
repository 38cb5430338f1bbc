"""The list of registrations as a file for a spreadsheet; who took it along is in the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from litestar import Response

from core import db
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.registrations.queries import Card
from core.reports import export
from core.reports.export import Content, Sheet
from web.drawing import state_look

COLUMNS = (
    N_("Number"),
    N_("Visitor"),
    N_("Organisation"),
    N_("People"),
    N_("Purpose"),
    N_("Reason"),
    N_("Host"),
    N_("Department"),
    N_("Came"),
    N_("In"),
    N_("Out"),
    N_("State"),
    N_("Number plate"),
)


async def note_export(count: int, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody took so many registrations along."""
    async with db.writing():
        await record(actor, "registration.export", at=at, after={"count": count})


async def file_of(
    cards: Sequence[Card], labels: Mapping[str, Message], form: str, *, locale: str, at: datetime
) -> Response[bytes]:
    """Return the registrations as CSV or XLSX: what the list shows, no phone and no document."""
    title = N_("Registrations").translate(locale)
    sheet = Sheet(
        title=title,
        notes=[export.made_by("", locale, at)],
        columns=[column.translate(locale) for column in COLUMNS],
        rows=[_row(card, labels, locale) for card in cards],
    )
    return Response(
        await export.made(sheet, form, at=at),
        media_type=export.CSV if form == "csv" else export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="registrations-{at:%Y%m%d}.{form}"',
            "cache-control": "no-store",
        },
    )


def _row(card: Card, labels: Mapping[str, Message], locale: str) -> list[Content]:
    purpose = labels.get(card.purpose)
    return [
        card.number,
        card.visitor_name,
        card.organisation,
        card.head_count,
        purpose.translate(locale) if purpose is not None else card.purpose,
        card.reason,
        card.host_name,
        card.department,
        _when(card.arrived_at or card.created_at),
        _when(card.entered_at),
        _when(card.left_at),
        state_look("overdue" if card.overdue else card.state)[0].translate(locale),
        card.plate,
    ]


def _when(moment: datetime | None) -> datetime | None:
    return site_time(moment) if moment is not None else None
