"""The page of an editable copy: size, margins, page numbers, and how its signs are set."""

from dataclasses import dataclass

from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

BODY, HEADING, TITLE, NUMBERS = "仿宋", "黑体", "方正小标宋简体", "宋体"
_LETTER, _FORM = (37, 35, 28, 26), (22, 20, 25, 18)  # millimetres: top, bottom, left, right
_CONTROL = dict.fromkeys(range(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What kind of page: a form or a letter, upright or wide, under a red mark, signed by whom."""

    form: bool
    wide: bool = False
    marked: bool = False
    signers: tuple[str, ...] = ()


def shape(document: Doc, wanted: Shape) -> float:
    """Give a document its page and page numbers; return the width of its text in millimetres."""
    section = document.sections[0]
    width, height = (297, 210) if wanted.wide else (210, 297)
    if wanted.wide:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    top, bottom, left, right = _FORM if wanted.form else _LETTER
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    _set_language(document)
    if wanted.form:
        section.footer_distance = Mm(10)
        _form_foot(section.footer.paragraphs[0], wanted.signers, width - left - right)
    else:
        section.footer_distance = Mm(25)
        document.settings.odd_and_even_pages_header_footer = True
        section.different_first_page_header_footer = wanted.marked
        _page_number(section.footer.paragraphs[0], ALIGN.RIGHT)
        _page_number(section.even_page_footer.paragraphs[0], ALIGN.LEFT)
    return float(width - left - right)


def _set_language(document: Doc) -> None:
    """Say that the text is Chinese: how lines break, and what spelling is looked at, follow from it."""
    normal = document.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.append(language)


def _page_number(paragraph: Paragraph, align: ALIGN) -> None:
    """Write — 1 — as letters have it: at the right of odd pages, at the left of even ones."""
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(14)
    run(paragraph, "— ", 14, NUMBERS)
    _field(paragraph, "PAGE", 14)
    run(paragraph, " —", 14, NUMBERS)


def _form_foot(paragraph: Paragraph, signers: tuple[str, ...], room: int) -> None:
    """Write who signs a form, which page it is and how many there are."""
    paragraph.style = "Normal"  # that of feet has tab stops of its own
    stops = paragraph.paragraph_format.tab_stops
    each = (room - 35) / max(len(signers), 1)
    for place, signer in enumerate(signers, 1):
        run(paragraph, f"{signer}：", 10.5, BODY)
        if place < len(signers):
            stops.add_tab_stop(Mm(each * place))
            paragraph.add_run().add_tab()
    stops.add_tab_stop(Mm(room), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run().add_tab()
    run(paragraph, "第 ", 10.5, BODY)
    _field(paragraph, "PAGE", 10.5)
    run(paragraph, " 页　共 ", 10.5, BODY)
    _field(paragraph, "NUMPAGES", 10.5)
    run(paragraph, " 页", 10.5, BODY)


def _field(paragraph: Paragraph, name: str, size: float) -> None:
    """Add a field that Word reckons: begin, name, end."""
    for kind in ("begin", "", "end"):
        part = paragraph.add_run()
        part.font.size = Pt(size)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {name} "
        part._element.append(mark)


def run(paragraph: Paragraph, text: str, size: float, font: str) -> None:
    """Add a text to a paragraph, its lines as lines, in a font of Chinese signs."""
    lines = str(text).split("\n")
    for at, line in enumerate(lines):
        part = paragraph.add_run(line.translate(_CONTROL))
        if at < len(lines) - 1:
            part.add_break()
        part.font.size = Pt(size)
        part.font.name = "Times New Roman"
        # Without it the font of Chinese signs is not set.
        part._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
