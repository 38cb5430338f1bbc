"""The tables of an editable copy: the rows of a form, and registers whose heads stand on each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as UPRIGHT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row

from core.documents.word_page import BODY, HEADING, run

_POINT = 25.4 / 72  # millimetres
_LABEL = "68pt"
_BY_HAND = Mm(14)  # what a line needs that is filled in with a pen


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form: label, value, label, value; `widths` are those of the form's columns."""

    cells: tuple[str, ...]
    widths: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns its table has: two for a line across, else those of its own cells."""
        return max(len(self.widths), 2) if len(self.cells) == 2 else len(self.cells)


def rows(document: Doc, lines: Sequence[Row], room: float) -> None:
    """Write the lines of a form; those with another number of columns make a table of their own."""
    for columns, found in groupby(lines, key=lambda line: line.columns):
        group = list(found)
        widths = next((one.widths for one in group if len(one.widths) == columns), ())
        if not widths:
            first = next((one.widths[0] for one in group if one.widths), _LABEL)
            widths = (first, "1fr") * (columns // 2)
        table = _table(document, millimetres(widths, room))
        for line in group:
            row = _row(table)
            if len(line.cells) == 2 and not line.cells[1]:
                row.height, row.height_rule = _BY_HAND, WD_ROW_HEIGHT_RULE.AT_LEAST
            for at, text in enumerate(line.cells):
                cell = row.cells[at]
                if at == 1 and len(line.cells) < columns:
                    cell = cell.merge(row.cells[columns - len(line.cells) + 1])
                elif at > 1:
                    cell = row.cells[columns - len(line.cells) + at]
                _write(cell, text, label=at % 2 == 0)


def register(
    document: Doc,
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    widths: Sequence[str],
    centred: bool,
    room: float,
) -> None:
    """Write a register; its heads are repeated on each page, no line is broken between two."""
    given = widths if len(widths) == len(heads) else ("1fr",) * len(heads)
    table = _table(document, millimetres(given, room))
    top = _row(table)
    mark = OxmlElement("w:tblHeader")
    top._tr.get_or_add_trPr().append(mark)
    for cell, head in zip(top.cells, heads, strict=True):
        _write(cell, head, label=True)
    for line in lines:
        cells = _row(table).cells
        for at, (cell, text) in enumerate(zip(cells, line, strict=False)):
            _write(cell, text, centred=centred and at > 0)


def millimetres(widths: Sequence[str], room: float) -> list[float]:
    """Return the columns' widths: points as they are, the rest shared as its fractions say."""
    fixed = {at: float(one[:-2]) * _POINT for at, one in enumerate(widths) if one.endswith("pt")}
    shares = {at: _share(one) for at, one in enumerate(widths) if at not in fixed}
    left = max(room - sum(fixed.values()), 12.0 * len(shares))
    whole = sum(shares.values()) or 1.0
    return [fixed[at] if at in fixed else left * shares[at] / whole for at in range(len(widths))]


def _share(width: str) -> float:
    try:
        return float(width.removesuffix("fr")) if width.endswith("fr") else 1.0
    except ValueError:
        return 1.0


def _table(document: Doc, widths: Sequence[float]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = column.width or Mm(20)
    return row


def _write(cell: _Cell, text: str, *, label: bool = False, centred: bool = False) -> None:
    cell.vertical_alignment = UPRIGHT.CENTER
    paragraph = cell.paragraphs[0]
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(3)
    form.line_spacing = 1.0
    if label or centred:
        paragraph.alignment = ALIGN.CENTER
    run(paragraph, text, 10.5, HEADING if label else BODY)
