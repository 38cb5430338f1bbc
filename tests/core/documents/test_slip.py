import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from PIL import Image

from core.documents import slip as slips
from core.i18n import LOCALES
from tests.core.documents import papers

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DPI = 150
MM = DPI / 25.4


def test_slip_is_one_a4_page_with_the_same_number_on_both_parts_and_across_the_cut():
    pdf = slips.slip_pdf(papers.a_slip())
    assert papers.page_sizes_mm(pdf) == [(210.0, 297.0)]
    assert papers.text(pdf).count("2026-000123") == 3


def test_both_parts_carry_their_own_code():
    slip = papers.a_slip()
    (picture,) = papers.pictures(slips.slip_pdf(slip), DPI)
    found = sorted(papers.codes(picture), key=lambda code: code[2])
    assert [code[0] for code in found] == [slip.pass_token, slip.stub_token]
    for _, left, top, right, bottom in found:
        assert (right - left) / MM >= 26
        assert (bottom - top) / MM >= 26


def dashed_line(grey):
    """Return the height of the one line of strokes and gaps with white above and below it."""

    def inked(y):
        return [
            value < 200 for value in grey.crop((int(36 * MM), y, int(80 * MM), y + 1)).tobytes()
        ]

    rows = [
        y
        for y in range(6, grey.height - 6)
        if sum(a != b for a, b in pairwise(inked(y))) > 20
        and not any(any(inked(y + away)) for away in (-6, -5, -4, 4, 5, 6))
    ]
    assert rows
    assert rows[-1] - rows[0] <= 2
    return rows[0]


def test_parts_torn_apart_can_each_be_read():
    slip = papers.a_slip()
    (picture,) = papers.pictures(slips.slip_pdf(slip), DPI)
    cut = dashed_line(picture.convert("L"))
    above = picture.crop((0, 0, picture.width, cut))
    below = picture.crop((0, cut, picture.width, picture.height))
    assert [code[0] for code in papers.codes(above)] == [slip.pass_token]
    assert [code[0] for code in papers.codes(below)] == [slip.stub_token]


@pytest.mark.parametrize("paper", ["a4", "thermal"])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_label_and_rule_is_printed_in_every_language(paper, locale):
    slip = papers.a_slip(locale=locale, guard="李卫国", footer="门卫室 010-88886666")
    words = papers.text(slips.slip_pdf(slip, paper))
    fields = [slip.visitor, slip.unit, slip.document, slip.document_number, slip.party, slip.plate]
    fields += [slip.goods, slip.reason, slip.office, slip.host, slip.consent, slip.entered]
    fields += [slip.leave_by, slip.guard, slip.footer, slip.organisation, *slip.rules]
    left_out = {"thermal": {"visitor_signature", "slip_note", "sex", "phone", "date"}, "a4": set()}
    fields += [word for name, word in slip.labels.items() if name not in left_out[paper]]
    for field in fields:
        assert "".join(field.split()) in words, field


def test_thermal_strip_is_eighty_millimetres_wide_and_both_codes_can_be_read():
    slip = papers.a_slip()
    pdf = slips.slip_pdf(slip, "thermal")
    ((width, height),) = papers.page_sizes_mm(pdf)
    assert width == 80.0
    assert height < 400
    (picture,) = papers.pictures(pdf, 203)
    black_and_white = picture.convert("1")  # as a thermal printer prints
    found = sorted(papers.codes(black_and_white.convert("RGB")), key=lambda code: code[2])
    assert [code[0] for code in found] == [slip.pass_token, slip.stub_token]
    assert papers.text(pdf).count("2026-000123") == 2


def test_what_is_unknown_stays_blank_to_be_written_by_hand():
    bare = papers.a_slip(
        sex="", unit="", document="", document_number="", phone="", party="", plate="", goods="",
        office="", host="", consent="", entered="", leave_by="", rules=(),
    )  # fmt: skip
    pdf = slips.slip_pdf(bare)
    assert papers.page_sizes_mm(pdf) == [(210.0, 297.0)]
    assert "".join(bare.labels["plate"].split()) in papers.text(pdf)


@pytest.mark.parametrize("paper", ["a4", "thermal"])
def test_overlong_text_breaks_neither_the_page_nor_the_codes(paper):
    long = "很长的说明，" * 100
    wide = "Wwwwwwwwwwwwwwwwwwwwwwwwwww" * 20
    slip = papers.a_slip(
        visitor=wide, unit=long, reason=long, goods=long, host=wide, office=long, rules=(long[:200],) * 4
    )  # fmt: skip
    pdf = slips.slip_pdf(slip, paper)
    assert len(papers.page_sizes_mm(pdf)) == 1
    (picture,) = papers.pictures(pdf, DPI)
    assert sorted(code[0] for code in papers.codes(picture)) == sorted(
        [slip.pass_token, slip.stub_token]
    )


def test_unmasked_document_number_is_never_printed():
    with pytest.raises(ValueError, match="mask"):
        papers.a_slip(document_number="11010519491231002X")
    with pytest.raises(ValueError, match="mask"):
        papers.a_slip(document_number="E12345678")


def test_forgotten_label_is_named():
    words = dict(slips.labels("en"))
    del words["plate"]
    with pytest.raises(ValueError, match="plate"):
        papers.a_slip(labels=words)


def test_words_of_a_plugin_replace_the_usual_ones():
    words = {**slips.labels("zh_Hans"), "title": "校外人员入校登记单"}
    assert "校外人员入校登记单" in papers.text(slips.slip_pdf(papers.a_slip(labels=words)))


def test_same_slip_at_the_same_time_is_the_same_file():
    slip = papers.a_slip()
    assert slips.slip_pdf(slip, made_at=AT) == slips.slip_pdf(slip, made_at=AT)


def test_preview_shows_the_same_codes():
    slip = papers.a_slip()
    with Image.open(io.BytesIO(slips.slip_png(slip, ppi=DPI))) as picture:
        read = [code[0] for code in papers.codes(picture.convert("RGB"))]
    assert sorted(read) == sorted([slip.pass_token, slip.stub_token])
