"""The editable copy of a paper: a .docx made of what the house library noted while drawing it.

The copy follows the template as it is in force, an administrator's too, and is written with python-docx
directly: no second template has to be kept in step, and no text passes through a template language.
Fonts are named, not embedded: offices have 仿宋, 黑体 and 宋体 on their machines.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

Part = Mapping[str, Any]
BODY, HEADING, TITLE = "仿宋", "黑体", "方正小标宋简体"
_RED = RGBColor(0xD8, 0x00, 0x0F)
_CONTROL = dict.fromkeys(range(32))


def docx(parts: Sequence[Part]) -> bytes:
    """Return the document of these parts; what is not known is left out."""
    document = Document()
    form = any(part["role"] in ("row", "register") for part in parts)
    _page(document, form=form, wide=any(part.get("wide") for part in parts))
    writer = _Writer(document, form=form)
    for part in parts:
        writer.add(part)
    writer.end_rows()
    document.core_properties.author = ""
    document.core_properties.title = next((p["text"] for p in parts if p["role"] == "title"), "")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Doc, *, form: bool, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    margins = (22, 20, 25, 18) if form else (37, 35, 28, 26)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(margins[0]), Mm(margins[1])
    section.left_margin, section.right_margin = Mm(margins[2]), Mm(margins[3])


class _Writer:
    """Adds one part after another; rows that follow each other become one table."""

    def __init__(self, document: Doc, *, form: bool) -> None:
        self._document = document
        self._size = 11.0 if form else 16.0
        self._rows: list[tuple[str, str]] = []
        self._by_role: dict[str, Callable[[Part], object]] = {
            "mark": self._mark,
            "title": self._title,
            "number": self._number,
            "to": lambda part: self._line(f"{part['text']}："),
            "para": lambda part: self._line(part["text"], indent=True),
            "heading": self._heading,
            "enclosure": self._enclosure,
            "office": lambda part: self._line(part["text"], align=ALIGN.RIGHT),
            "date": lambda part: self._line(f"{part['text']}　　　　", align=ALIGN.RIGHT),
            "sign": self._sign,
            "cc": lambda part: (
                self._line(f"抄送：{part['text']}", size=14) if part["text"] else None
            ),
            "register": self._register,
        }

    def add(self, part: Part) -> None:
        """Write one part."""
        if part["role"] == "row":
            self._rows.append((part["label"], part["text"]))
            return
        self.end_rows()
        if write := self._by_role.get(part["role"]):
            write(part)

    def end_rows(self) -> None:
        """Write the rows gathered so far as a table."""
        if self._rows:
            table = self._document.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in self._rows:
                cells = table.add_row().cells
                cells[0].width, cells[1].width = Mm(38), Mm(129)
                _run(cells[0].paragraphs[0], label, 10.5, HEADING)
                _run(cells[1].paragraphs[0], value, 11, BODY)
            self._rows = []

    def _line(
        self,
        text: str,
        *,
        indent: bool = False,
        align: ALIGN | None = None,
        size: float | None = None,
        font: str = BODY,
    ) -> Paragraph:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = align if align is not None else ALIGN.JUSTIFY
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = Pt(28.95 if self._size > 12 else 18)
        if indent and self._size > 12:
            form.first_line_indent = Pt(2 * (size or self._size))
        _run(paragraph, text, size or self._size, font)
        return paragraph

    def _mark(self, part: Part) -> None:
        paragraph = self._line(part["text"], align=ALIGN.CENTER, size=32, font=TITLE)
        paragraph.paragraph_format.line_spacing = 1.2
        paragraph.runs[0].font.color.rgb = _RED

    def _title(self, part: Part) -> None:
        size = 22.0 if self._size > 12 else 20.0
        paragraph = self._line(part["text"], align=ALIGN.CENTER, size=size, font=TITLE)
        paragraph.paragraph_format.line_spacing = 1.3

    def _number(self, part: Part) -> None:
        align = ALIGN.CENTER if self._size > 12 else ALIGN.RIGHT
        self._line(part["text"], align=align)

    def _heading(self, part: Part) -> None:
        self._line(part["text"], indent=True, font=HEADING if part["level"] == 1 else "楷体")

    def _enclosure(self, part: Part) -> None:
        start = "附件：" if part["n"] == 1 else "　　　"
        self._line(f"{start}{part['n']}. {part['text']}", indent=True)

    def _sign(self, part: Part) -> None:
        self._line("".join(f"{label}：　　　　　　　　" for label in part["labels"]), size=12)

    def _register(self, part: Part) -> None:
        heads, lines = part["heads"], part["lines"]
        table = self._document.add_table(rows=1, cols=len(heads), style="Table Grid")
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            _run(cell.paragraphs[0], head, 10.5, HEADING)
        for line in lines:
            for cell, text in zip(table.add_row().cells, line, strict=False):
                _run(cell.paragraphs[0], text, 10.5, BODY)


def _run(paragraph: Paragraph, text: str, size: float, font: str) -> None:
    for at, line in enumerate(str(text).split("\n")):
        run = paragraph.add_run(line.translate(_CONTROL))
        if at < str(text).count("\n"):
            run.add_break()
        run.font.size = Pt(size)
        run.font.name = "Times New Roman"
        # Without it the font of Chinese signs is not set.
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
