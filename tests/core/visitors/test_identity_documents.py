"""Document numbers: the standard's examples, what blocks, what only warns, what is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.visitors.identity_documents import (
    KINDS,
    DocumentKind,
    Particulars,
    Problem,
    check,
    check_letter,
    mask,
    normalise,
    particulars,
)

TODAY = date(2026, 11, 21)
ID = DocumentKind.RESIDENT_ID
VALID = [
    (ID, "11010519491231002X"),
    (ID, "440524188001010014"),
    (DocumentKind.RESIDENCE_PERMIT_HMT, "810000199408230021"),
    (DocumentKind.RESIDENCE_PERMIT_HMT, "830000199201300022"),
    (DocumentKind.RESIDENCE_PERMIT_HMT, "820000199001010010"),
    (DocumentKind.FOREIGN_PERMANENT_RESIDENT, "911156199001010010"),
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


def codes(kind, number, **how) -> list[str]:
    return [problem.code for problem in check(kind, number, today=TODAY, **how)]


def blocked(kind, number, **how) -> bool:
    return any(problem.blocking for problem in check(kind, number, today=TODAY, **how))


@pytest.mark.parametrize(("kind", "number"), VALID)
def test_valid_numbers_raise_no_doubt(kind, number):
    if number == "440524188001010014":  # the standard's example, born in 1880
        assert codes(kind, number) == ["document_age"]
    else:
        assert codes(kind, number) == []
    assert not blocked(kind, number)


@pytest.mark.parametrize(("kind", "number"), VALID)
@pytest.mark.parametrize("place", range(18))
def test_any_single_wrong_character_is_found(kind, number, place):
    for digit in "0123456789X" if place == 17 else "0123456789":
        if digit != number[place]:
            wrong = number[:place] + digit + number[place + 1 :]
            assert codes(kind, wrong)
            assert blocked(ID, wrong)


def test_neighbours_in_the_wrong_order_are_found():
    number = "110105194912310021"[:17] + "X"
    for place in range(16):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            assert blocked(ID, swapped)


def test_a_month_that_does_not_exist_is_refused_though_its_check_digit_fits():
    number = "110105194913310024"
    number = number[:17] + check_letter(number)
    assert codes(ID, number) == ["document_birth_date"]
    assert blocked(ID, number)
    assert blocked(ID, "110105194913310024")


def test_a_wrong_check_digit_is_kept_after_checking_by_eye_and_marked():
    wrong = "110105194912310021"
    assert blocked(ID, wrong)
    assert not blocked(ID, wrong, checked_by_eye=True)
    assert codes(ID, wrong, checked_by_eye=True) == ["document_checksum"]
    assert codes(ID, "1101051949123100", checked_by_eye=True) == ["document_shape"]


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        (DocumentKind.RESIDENCE_PERMIT_HMT, "810000199408230022", "document_checksum"),
        (DocumentKind.RESIDENCE_PERMIT_HMT, "11010519491231002X", "document_shape"),
        (DocumentKind.FOREIGN_PERMANENT_RESIDENT, "911156199001010011", "document_checksum"),
        (DocumentKind.FOREIGN_PERMANENT_RESIDENT, "AB1234", "document_shape"),
        (DocumentKind.TEMPORARY_ID, "110105194912310021", "document_checksum"),
        (DocumentKind.DRIVING_LICENCE, "110105194912310021", "document_checksum"),
        (DocumentKind.DRIVING_LICENCE, "12345", "document_shape"),
        (DocumentKind.PASSPORT, "E1", "document_shape"),
        (DocumentKind.HK_MACAU_PERMIT, "X12345678", "document_shape"),
        (DocumentKind.TAIWAN_PERMIT, "1234567", "document_shape"),
        (DocumentKind.TEMPORARY_ID, "990105194912310026", "document_checksum"),
    ],
)
def test_every_other_kind_only_warns(kind, number, code):
    assert code in codes(kind, number)
    assert not blocked(kind, number)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (DocumentKind.FOREIGN_PERMANENT_RESIDENT, "USA123456789012"),
        (DocumentKind.PASSPORT, "E12345678"),
        (DocumentKind.PASSPORT, "EA1234567"),
        (DocumentKind.PASSPORT, "K01234567"),
        (DocumentKind.HK_MACAU_PERMIT, "H12345678"),
        (DocumentKind.HK_MACAU_PERMIT, "M1234567801"),
        (DocumentKind.TAIWAN_PERMIT, "12345678"),
        (DocumentKind.TAIWAN_PERMIT, "0012345678B"),
        (DocumentKind.DRIVING_LICENCE, "11010519491231002X"),
        (DocumentKind.DRIVING_LICENCE, "440300123456"),
        (DocumentKind.MILITARY, "军字第12345号"),
        (DocumentKind.WORK_CARD, "NO.2023-001"),
        (DocumentKind.STUDENT_CARD, "1"),
        (DocumentKind.OTHER, "甲-7"),
    ],
)
def test_usual_numbers_of_other_kinds_raise_no_doubt(kind, number):
    assert normalise(kind, number) == number
    assert codes(kind, number) == []


def test_a_missing_number_is_blocked_for_every_kind():
    for kind in DocumentKind:
        assert blocked(kind, "")


def test_an_unknown_province_and_a_wrong_kind_only_warn():
    def numbered(start: str) -> str:
        number = start + "19900101001"
        return number + check_letter(number)

    assert codes(ID, numbered("990101")) == ["document_kind_doubtful"]
    assert codes(ID, numbered("770101")) == ["document_division"]
    assert codes(ID, "810000199408230021") == ["document_kind_doubtful"]
    assert not blocked(ID, numbered("770101"))
    future = "11010520270101001"
    assert codes(ID, future + check_letter(future)) == ["document_age"]


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105-19491231-002X",
        "110105194912310 02×",
        "11010519491231002Х",
        "11010519491231002х",
        "\ufeff110105\u200b19491231\u3000002X\n",
    ],
)
def test_a_number_has_one_form_however_it_was_typed(typed):
    assert normalise(ID, typed) == "11010519491231002X"


def test_other_kinds_keep_their_dashes():
    assert normalise(DocumentKind.WORK_CARD, " no.２０２３－ 001") == "NO.2023-001"


@pytest.mark.parametrize(
    ("kind", "number", "told"),
    [
        (ID, "11010519491231002X", Particulars(date(1949, 12, 31), "female")),
        (ID, "440524188001010014", Particulars(date(1880, 1, 1), "male")),
        (
            DocumentKind.RESIDENCE_PERMIT_HMT,
            "810000199408230021",
            Particulars(date(1994, 8, 23), "female"),
        ),
        (ID, "110105194912310021", Particulars()),
        (ID, "1101051949123100", Particulars()),
        (DocumentKind.PASSPORT, "11010519491231002X", Particulars()),
    ],
)
def test_birth_date_and_sex_come_from_a_right_number_only(kind, number, told):
    assert particulars(kind, number) == told


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "**************002X"),
        ("E12345678", "*****5678"),
        ("12345678", "****5678"),
        ("1234567", "*****67"),
        ("12345", "***45"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_no_beginning_and_at_most_four(number, shown):
    assert mask(number) == shown


@given(st.sampled_from(DocumentKind), ANY_TEXT, st.booleans())
def test_no_text_breaks_any_kind(kind, text, by_eye):
    number = normalise(kind, text)
    assert normalise(kind, number) == number
    problems = check(kind, number, today=TODAY, checked_by_eye=by_eye)
    assert all(isinstance(problem, Problem) and str(problem.message) for problem in problems)
    particulars(kind, number)
    assert len(mask(number)) == len(number)


def test_every_kind_has_a_name_and_a_code_of_the_police():
    assert set(KINDS) == set(DocumentKind)
    assert KINDS[ID].police_code == "111"
    assert all(len(kind.police_code) == 3 and kind.label.msgid for kind in KINDS.values())
