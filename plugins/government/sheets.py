"""Lists as files: one sheet as CSV or XLSX, with headings in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from litestar import Response

from core.i18n import N_, Message
from core.reports import export
from core.reports.export import Content, Sheet

FORMS = ("csv", "xlsx")
Cell = Message | Content
_SIGNED = (N_("Filled in by"), N_("Checked by"), N_("Responsible officer"))


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
    unit: str = "",
    about: str = "",
    signed: bool = False,
) -> Response[bytes]:
    """Return a list as a file; what one may not see is not in `rows`.

    `about` says of which time it is; `unit` made it; a `signed` one has a place for who answers for it.
    """
    sheet = Sheet(
        title=f"{title.translate(locale)} {about}".strip(),
        notes=[export.made_by(unit, locale, at)],
        columns=[one.translate(locale) for one in columns],
        rows=[[_content(cell, locale) for cell in row] for row in rows],
        foot=to_sign(locale) if signed else (),
    )
    return Response(
        await export.made(sheet, form, at=at),
        media_type=export.CSV if form == "csv" else export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="{name}.{form}"',
            "cache-control": "no-store",
        },
    )


def to_sign(locale: str) -> tuple[str, ...]:
    """Return the line on which a table is signed: who filled it in, checked it, answers for it."""
    named = (f"{one.translate(locale)}：" if locale != "en" else f"{one}: " for one in _SIGNED)
    return ("　　　　　　　　".join(named),)


def _content(cell: Cell, locale: str) -> Content:
    if isinstance(cell, Message):
        return cell.translate(locale)
    return cell.date() if isinstance(cell, datetime) else cell
