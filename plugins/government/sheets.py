"""Lists as files: one sheet as CSV or XLSX, with headings in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from litestar import Response

from core.i18n import Message
from core.reports import export
from core.reports.export import Content, Sheet

FORMS = ("csv", "xlsx")
Cell = Message | Content | date | None


def wanted(query: Mapping[str, str]) -> str:
    """Return the form of file that an address asks for; empty for a page."""
    return query.get("format", "") if query.get("format") in FORMS else ""


async def answer(
    title: Message,
    columns: Sequence[Message],
    rows: Sequence[Sequence[Cell]],
    *,
    form: str,
    name: str,
    locale: str,
    at: datetime,
) -> Response[bytes]:
    """Return a list as a file; what one may not see is not in `rows`."""
    sheet = Sheet(
        title=title.translate(locale),
        columns=[one.translate(locale) for one in columns],
        rows=[[_content(cell, locale) for cell in row] for row in rows],
    )
    return Response(
        await export.made(sheet, form, at=at),
        media_type=export.CSV if form == "csv" else export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="{name}.{form}"',
            "cache-control": "no-store",
        },
    )


def _content(cell: Cell, locale: str) -> Content:
    if cell is None:
        return ""
    if isinstance(cell, Message):
        return cell.translate(locale)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell
