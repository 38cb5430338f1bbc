"""Typed texts: what is taken, in which form, and what is refused with which code."""

import contextlib
import csv
import io
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    TextError,
    as_typed_text,
    clean_block,
    clean_line,
    fold_width,
    guard_formula,
    is_usual_plate,
    mask_phone,
    normalise_phone,
    normalise_plate,
    parse_chinese_date,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
TODAY = date(2026, 11, 21)


def code_of(act, *values) -> str:
    with pytest.raises(TextError) as refused:
        act(*values)
    assert str(refused.value.message)
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("  张伟民 ", "张伟民"),
        ("张\u3000伟\t民\r\n", "张 伟 民"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("艾克拜尔·买买提", "艾克拜尔·买买提"),
        ("𬱖䶮㛃", "𬱖䶮㛃"),
        ("\u202d138\u2068 0000\u2069 1234\u202c", "138 0000 1234"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("admin\u202egnp.exe", "admingnp.exe"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u3164\u115f\u2800 ", ""),
        ("１２３，ＡＢＣ", "１２３，ＡＢＣ"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(typed, taken):
    assert clean_line(typed, 50) == taken


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\x00b", "control_character"),
        ("a\x1bb", "control_character"),
        ("a\x1cb", "control_character"),
        ("张\x9bb", "control_character"),
        ("a\x7f", "control_character"),
        ("a\ud800", "not_text"),
        ("a\uffff", "not_text"),
        ("a" + "\u0301\u0323" * 5, "not_text"),
        ("a" * 51, "too_long"),
        ("张" * 51, "too_long"),
        ("\u200b" * 100_000, "too_long"),
    ],
)
def test_a_hostile_line_is_refused_with_its_code(typed, code):
    assert code_of(clean_line, typed, 50) == code
    assert code_of(clean_block, typed, 50) == code


def test_the_length_counts_what_is_kept():
    assert clean_line(" " + "张" * 50 + "\u200b", 50) == "张" * 50


def test_a_block_keeps_its_lines_and_drops_heaps_of_empty_ones():
    assert clean_block(" 一 \r\n二\r\r\r\r三\u2028 四\t五\n\n", 50) == "一\n二\n\n三\n四 五"


@given(ANY_TEXT)
def test_cleaned_text_is_clean(text):
    for clean in (clean_line, clean_block):
        try:
            once = clean(text, 60)
        except TextError:
            continue
        assert clean(once, 60) == once
        assert unicodedata.is_normalized("NFC", once)
        assert once == once.strip()
        assert "\x00" not in once
        assert not {unicodedata.bidirectional(letter) for letter in once} & {
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        }  # fmt: skip
        assert once.encode("utf-8").decode("utf-8") == once


def test_a_heap_of_a_million_marks_costs_no_time():
    start = time.thread_time()
    assert code_of(clean_line, "a" + "\u0301\u0323" * 500_000, 100) == "too_long"
    assert code_of(clean_block, "a" + "\u0301\u0323" * 20_000, 20_000) == "not_text"
    assert time.thread_time() - start < 0.5


def test_full_width_signs_are_folded():
    assert fold_width("１３８（００）ＡｂＸ－　。") == "138(00)AbX- ."


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("13800001234", "13800001234"),
        (" 138 0000 1234 ", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("138－0000—1234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("＋８６－13800001234", "13800001234"),
        ("（+86）13800001234", "13800001234"),
        ("0086 13800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("\u202d13800001234\u202c", "13800001234"),
        ("010-23456789", "010-23456789"),
        ("01023456789", "010-23456789"),
        ("（０７５５）２３４５６７８９", "0755-23456789"),
        ("0755 2345 6789", "0755-23456789"),
        ("0512-6234567", "0512-6234567"),
        ("+86 755 23456789", "0755-23456789"),
        ("+86 (0755) 23456789", "0755-23456789"),
        ("86-10-23456789", "010-23456789"),
        ("0755-23456789-801", "0755-23456789-801"),
        ("0755-2345678-8", "0755-2345678-8"),
        ("0755-23456789转801", "0755-23456789-801"),
        ("0755 23456789 ext. 801", "0755-23456789-801"),
        ("400-123-4567", "4001234567"),
        ("400 1234567 转 3", "4001234567-3"),
        ("110", "110"),
        ("8023", "8023"),
        ("23456789", "23456789"),
        ("+44 20 7946 0000", "+442079460000"),
        ("00852 9876 5432", "+85298765432"),
        ("+1 (415) 555-0100", "+14155550100"),
    ],
)
def test_a_phone_number_gets_its_one_form(typed, taken):
    assert normalise_phone(typed) == taken
    assert normalise_phone(taken) == taken


@pytest.mark.parametrize(
    "typed",
    ["", "12", "abc", "1380000123", "138000012345", "23800001234", "138000O1234", "+0123456789",
     "13800001234/13900001234", "13800001234-801", "张伟", "=1+1", "1" * 10_000, "٠١٢٣٤٥٦٧٨٩٠"],
)  # fmt: skip
def test_what_is_no_phone_number_is_refused(typed):
    assert code_of(normalise_phone, typed) == "phone"


@given(ANY_TEXT | st.from_regex(r"[0-9+()\- ０-９転转x]{0,30}", fullmatch=True))
def test_a_phone_number_has_one_form_whatever_was_typed(text):
    try:
        once = normalise_phone(text)
    except TextError:
        return
    assert normalise_phone(once) == once
    assert once.isascii()


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800005678", "138****5678"),
        ("0755-23456789", "0755-****6789"),
        ("0512-6234567", "0512-***4567"),
        ("0755-23456789-801", "0755-****6789-***"),
        ("+447911123456", "*********3456"),
        ("4001234567", "******4567"),
        ("4001234567-3", "******4567-*"),
        ("8023", "****"),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_at_most_its_last_four(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("粤B·12345", "粤B12345"),
        ("粤b 12345", "粤B12345"),
        ("粵B12345", "粤B12345"),
        ("粤Ｂ１２３４５", "粤B12345"),
        ("粤BD12345", "粤BD12345"),
        ("京A12345D", "京A12345D"),
        ("粤B1234学", "粤B1234学"),
        ("粤Z1234港", "粤Z1234港"),
        ("使123456", "使123456"),
        ("WJ粤12345", "WJ粤12345"),
    ],
)
def test_a_usual_plate_gets_its_one_form(typed, taken):
    assert normalise_plate(typed) == taken
    assert is_usual_plate(taken)


def test_an_unusual_plate_is_taken_and_only_known_as_such():
    for plate in ("AB 123 CD", "粤B123456789", "沪12345", "粤B1234"):
        assert not is_usual_plate(normalise_plate(plate))


@pytest.mark.parametrize("typed", ["", "·", "粤B<1234>", "=粤B12345", "A" * 16])
def test_what_is_no_plate_is_refused(typed):
    assert code_of(normalise_plate, typed) == "plate"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1+1",
        "＠x",
        "\ufeff=1",
        "\tx",
    ],
)
def test_a_formula_is_made_a_text(cell):
    assert guard_formula(cell) == "'" + cell
    file = io.StringIO()
    csv.writer(file).writerow([guard_formula(cell)])
    file.seek(0)
    assert next(csv.reader(io.StringIO(file.getvalue(), newline="")))[0][0] == "'"


@pytest.mark.parametrize("cell", ["5-10", "2026-11", "3/4", "007", "362501197003121016", "1E5"])
def test_what_excel_takes_for_a_number_or_a_day_stays_the_text_it_is(cell):
    assert as_typed_text(cell) == f'="{cell}"'


@pytest.mark.parametrize(
    "cell", ["2026-11-21", "13907940001", "120", "2026-000412", "0794-5551234"]
)
def test_dates_phones_and_numbers_are_not_touched(cell):
    assert as_typed_text(cell) == cell


@pytest.mark.parametrize("cell", ["", "张伟", "a=b", "13800001234", "2026-11-21", "'=1"])
def test_other_cells_stay_as_they_are(cell):
    assert guard_formula(cell) == cell


@pytest.mark.parametrize(
    "typed",
    ["2026-11-21", "2026.11.21", "2026/11/21", "20261121", "2026年11月21日", "2026年11月21号",
     "11.21", "11-21", "11/21", "11月21日", "今天", "今日", " today ", "２０２６－１１－２１",
     "2026。11。21", "2026 年 11 月 21 日"],
)  # fmt: skip
def test_the_many_ways_to_write_a_date(typed):
    assert parse_chinese_date(typed, TODAY) == TODAY


def test_days_near_today_have_names():
    for name, day in (("明天", 22), ("后天", 23), ("大後天", 24), ("昨天", 20), ("前天", 19)):
        assert parse_chinese_date(name, TODAY) == date(2026, 11, day)


def test_a_day_without_a_year_is_this_years_or_when_looking_ahead_the_next():
    assert parse_chinese_date("1.5", TODAY) == date(2026, 1, 5)
    assert parse_chinese_date("1.5", TODAY, ahead=True) == date(2027, 1, 5)
    assert parse_chinese_date("11.21", TODAY, ahead=True) == TODAY
    assert parse_chinese_date("2.29", date(2027, 3, 1), ahead=True) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "typed",
    ["", "2026-02-29", "2026-13-01", "1849-01-01", "26-11-21", "11.31", "0.5", "明年", "2026-11",
     "202611210", "2.29", "2026-11.21x", "１" * 500],
)  # fmt: skip
def test_what_is_no_date_is_refused(typed):
    assert code_of(parse_chinese_date, typed, TODAY) == "date"


@given(ANY_TEXT)
def test_no_text_raises_anything_but_a_text_error(text):
    for act in (normalise_plate, normalise_phone, lambda one: parse_chinese_date(one, TODAY)):
        with contextlib.suppress(TextError):
            act(text)
    assert len(fold_width(text)) == len(text)
    assert guard_formula(text).endswith(text)
