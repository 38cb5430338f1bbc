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
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from core.documents import word_page
from core.documents.word_page import BODY, HEADING, TITLE, run
from core.documents.word_table import Row, register, rows

Part = Mapping[str, Any]
_RED = RGBColor(0xD8, 0x00, 0x0F)


def docx(parts: Sequence[Part]) -> bytes:
    """Return the document of these parts; what is not known is left out."""
    document = Document()
    form = next((part for part in parts if part["role"] == "form"), None)
    tabular = form is not None or any(part["role"] in ("row", "register") for part in parts)
    letter = any(part["role"] in ("to", "office", "mark") for part in parts)
    shape = word_page.Shape(
        form=form is not None or (tabular and not letter),
        wide=bool(form and form.get("wide")),
        marked=any(part["role"] == "mark" for part in parts),
        signers=tuple(form["signers"]) if form else (),
    )
    room = word_page.shape(document, shape)
    writer = _Writer(document, form=shape.form, room=room)
    for part in parts:
        writer.add(part)
    writer.end_rows()
    document.core_properties.author = ""
    document.core_properties.title = next((p["text"] for p in parts if p["role"] == "title"), "")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Adds one part after another; rows that follow each other become one table."""

    def __init__(self, document: Doc, *, form: bool, room: float) -> None:
        self._document = document
        self._room = room
        self._size = 11.0 if form else 16.0
        self._rows: list[Row] = []
        self._by_role: dict[str, Callable[[Part], object]] = {
            "unit": self._unit,
            "note": lambda part: self._line(part["text"], size=10.5),
            "mark": self._mark,
            "title": self._title,
            "number": self._number,
            "to": lambda part: self._line(f"{part['text']}："),
            "para": lambda part: self._line(part["text"], indent=True),
            "heading": self._heading,
            "enclosure": self._enclosure,
            "office": self._office,
            "date": self._date,
            "sign": self._sign,
            "cc": lambda part: (
                self._line(f"抄送：{part['text']}", size=14) if part["text"] else None
            ),
            "register": self._register,
            "line": lambda part: self._line(part["text"], align=ALIGN.CENTER, size=14),
            "ends": lambda part: self._line("　".join(part["text"]), align=ALIGN.LEFT, size=14),
            "cut": lambda part: self._line(
                f"✂ {'- ' * 12}{part['text']}{' -' * 12}", size=9, align=ALIGN.CENTER
            ),
        }

    def add(self, part: Part) -> None:
        """Write one part."""
        if part["role"] == "row":
            self._rows.append(Row(tuple(part["cells"]), tuple(part.get("widths", ()))))
            return
        self.end_rows()
        if write := self._by_role.get(part["role"]):
            write(part)

    def end_rows(self) -> None:
        """Write the rows gathered so far as tables."""
        if self._rows:
            rows(self._document, self._rows, self._room)
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
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(28.95 if self._size > 12 else 18)
        if indent:
            form.first_line_indent = Pt(2 * (size or self._size))
        run(paragraph, text, size or self._size, font)
        return paragraph

    def _unit(self, part: Part) -> None:
        if part["text"]:
            self._line(part["text"], align=ALIGN.CENTER, size=13)

    def _mark(self, part: Part) -> None:
        paragraph = self._line(part["text"], align=ALIGN.CENTER, size=32, font=TITLE)
        paragraph.paragraph_format.line_spacing = 1.2
        paragraph.runs[0].font.color.rgb = _RED

    def _title(self, part: Part) -> None:
        size = 22.0 if self._size > 12 else 20.0
        paragraph = self._line(part["text"], align=ALIGN.CENTER, size=size, font=TITLE)
        paragraph.paragraph_format.line_spacing = 1.3

    def _number(self, part: Part) -> None:
        if self._size > 12:
            self._line(part["text"], align=ALIGN.CENTER)
        elif part["text"]:
            self._line(f"编号：{part['text']}", align=ALIGN.RIGHT, size=10.5)

    def _heading(self, part: Part) -> None:
        font = HEADING if part["level"] == 1 else "楷体"
        self._line(part["text"], indent=True, font=font).paragraph_format.keep_with_next = True

    def _enclosure(self, part: Part) -> None:
        start = "附件：" if part["n"] == 1 else "　　　"
        self._line(f"{start}{part['n']}. {part['text']}", indent=True)

    def _office(self, part: Part) -> None:
        """Write who issues it, with room for a seal above, right of the middle as on the paper."""
        paragraph = self._line(part["text"], align=ALIGN.RIGHT)
        form = paragraph.paragraph_format
        form.space_before, form.right_indent = Pt(2 * 28.95), Pt(2 * self._size)
        form.keep_with_next = True

    def _date(self, part: Part) -> None:
        day = part["text"] or "　　　　年　　月　　日"
        paragraph = self._line(day, align=ALIGN.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(4 * self._size)

    def _sign(self, part: Part) -> None:
        paragraph = self._line(
            "".join(f"{label}：　　　　　　　　" for label in part["labels"]),
            size=12,
            align=ALIGN.LEFT,
        )
        paragraph.paragraph_format.space_before = Pt(12)

    def _register(self, part: Part) -> None:
        register(
            self._document,
            part["heads"],
            part["lines"],
            widths=part.get("widths", ()),
            centred=bool(part.get("centred")),
            room=self._room,
        )
