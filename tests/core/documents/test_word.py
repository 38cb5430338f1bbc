"""The editable copy: pages, page numbers, heads of registers and everything that the paper says."""

import io
import re

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from core.documents import drawing, word
from core.plugins import Plugins, installed
from tests.papers.sheet import sheet

KINDS = {one.name: one for one in Plugins(installed(("government",))).register_document_kinds()}
# Slips to be torn off and lists of rules are printed, not edited.
OPEN = re.compile(r"[\s　_—\-□✂：:，。、；（）()\d]+")


def both(name):
    """Return the text of a kind's PDF and its editable copy."""
    kind = KINDS[name]
    drawn = sheet(kind, dict(kind.sample), "临川市人民来访接待室")
    with pypdfium2.PdfDocument(drawing.pdf(drawn)) as paper:
        printed = "\n".join(page.get_textpage().get_text_range() for page in paper)
    return printed, docx.Document(io.BytesIO(word.docx(drawing.parts(drawn))))


def text_of(copy):
    cells = [cell.text for table in copy.tables for row in table.rows for cell in row.cells]
    feet = [line.text for one in copy.sections for line in one.footer.paragraphs]
    return OPEN.sub("", "".join([line.text for line in copy.paragraphs] + cells + feet))


@pytest.mark.rule("CORE-12")
@pytest.mark.parametrize(
    "name",
    ["government.interview_record", "government.approval_sheet", "government.weekly_batch"],
)
def test_the_copy_of_a_form_says_all_that_the_form_says(name):
    printed, copy = both(name)
    words = [OPEN.sub("", one) for one in re.split(r"[\s，。；：、（）]+", printed)]
    said = text_of(copy)
    assert [one for one in words if len(one) > 3 and one not in said] == []


@pytest.mark.rule("CORE-12")
def test_letters_bear_their_page_number_right_on_odd_and_left_on_even_pages():
    _, copy = both("government.acceptance")
    section = copy.sections[0]
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        [line] = foot.paragraphs
        assert "PAGE" in line._p.xml
        assert line._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
    assert copy.settings.odd_and_even_pages_header_footer


@pytest.mark.rule("CORE-12")
def test_the_heads_of_a_register_stand_on_every_page_and_its_columns_are_as_wide_as_printed():
    _, copy = both("government.weekly_batch")
    table = copy.tables[-1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    widths = [column.width.mm for column in table.columns]
    assert len({round(one) for one in widths}) > 2
    section = copy.sections[0]
    room = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    assert sum(widths) == pytest.approx(room, abs=1)
