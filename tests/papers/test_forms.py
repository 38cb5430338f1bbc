"""What every printed form must stand, read back from its PDF: nothing lost, cut, alone or foreign."""

import re
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest

from core.documents import drawing
from core.plugins import Plugins, installed
from tests.papers import sheet
from tests.papers.sheet import PARTS

KINDS = {one.name: one for one in Plugins(installed(PARTS)).register_document_kinds()}
WORDS = re.compile(
    r"\bNone\b|\bnone\b|\bnull\b|\bTrue\b|\bFalse\b|\bd\.\w+|\{\w*\}|[0-9a-f]{8}-[0-9a-f]{4}-"
)


@cache
def drawn(name, variant):
    """The pages of a kind: text and the boxes of its signs, in millimetres from the left top."""
    data, office = next((d, o) for n, d, o in sheet.variants(KINDS[name]) if n == variant)
    pages = []
    with pypdfium2.PdfDocument(drawing.pdf(sheet.sheet(KINDS[name], data, office))) as document:
        for page in document:
            words, (wide, high) = page.get_textpage(), page.get_size()
            boxes = [words.get_rect(n) for n in range(words.count_rects())]
            pages.append(
                (
                    words.get_text_range(),
                    [
                        (
                            left / 72 * 25.4,
                            (high - top) / 72 * 25.4,
                            right / 72 * 25.4,
                            (high - low) / 72 * 25.4,
                        )
                        for left, low, right, top in boxes
                    ],
                    (wide / 72 * 25.4, high / 72 * 25.4),
                )
            )
    return pages


@pytest.mark.parametrize("variant", [1, 2, 3])
@pytest.mark.parametrize("name", KINDS)
def test_no_form_says_what_only_programs_say_or_prints_where_printers_cannot(name, variant):
    for text, boxes, (wide, high) in drawn(name, variant):
        assert not WORDS.search(text), WORDS.search(text)
        assert text.strip(), "an empty page"
        for left, top, right, low in boxes:
            assert left >= 8, text
            assert right <= wide - 8, text
            assert top >= 8, text
            assert low <= high - 8, text


LETTERS = [
    name
    for name, kind in KINDS.items()
    if "sign-off(" in drawing.shipped(kind) and "letter.with" in drawing.shipped(kind)
]


@pytest.mark.parametrize("name", LETTERS)
def test_the_signature_of_a_letter_never_stands_alone_on_a_page(name):
    """However long the text is: the last page says more than who signs and when."""
    kind = KINDS[name]
    field = next((one for one in kind.fields if not isinstance(one.sample, str)), None)
    if field is None or not field.sample or not isinstance(field.sample[0], str):
        pytest.skip("its length does not change")
    for lines in range(10, 22, 4):
        data = {**kind.sample, field.name: ("信访人反映的情况已经核实。",) * lines}
        with pypdfium2.PdfDocument(drawing.pdf(sheet.sheet(kind, data, "临川市信访局"))) as made:
            text = made[len(made) - 1].get_textpage().get_text_range()
        rest = re.sub(r"临川市信访局|2026年11月23日|（盖章）|—|\d|抄送.*|\s", "", text)
        assert rest, f"{lines} lines"


@pytest.mark.parametrize("name", KINDS)
def test_no_line_ends_within_a_day_of_the_month_or_a_papers_number(name):
    for text, _, _ in drawn(name, 2):
        lines = [line.strip() for line in text.splitlines()]
        for line, after in pairwise(lines):
            assert not (re.search(r"20\d\d$", line) and after.startswith("年")), (line, after)
            assert not (re.search(r"\d月$", line) and re.match(r"\d{1,2}日", after)), (line, after)
            assert not (line.endswith("〕") and re.match(r"\d+号", after)), (line, after)
