"""The figures behind pagers, sort links and axes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.drawing import STATES, VERDICTS, page_window, state_look, ticks, verdict_look, with_query


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, 3, 4, 5]),
        (1, 6, [1, 2, 3, None, 6]),
        (3, 5, [1, 2, 3, 4, 5]),
        (5, 12, [1, 2, 3, 4, 5, 6, 7, None, 12]),
        (12, 12, [1, None, 10, 11, 12]),
    ],
)
def test_pager_shows_both_ends_the_neighbours_and_no_gap_of_one(
    page: int, pages: int, shown: list[int | None]
) -> None:
    assert page_window(page, pages) == shown


@given(st.integers(1, 400), st.integers(1, 400))
def test_pager_is_rising_and_holds_the_page_itself(page: int, pages: int) -> None:
    page = min(page, pages)
    numbers = [number for number in page_window(page, pages) if number is not None]
    assert numbers == sorted(set(numbers))
    assert {1, page, pages} <= set(numbers)


def test_query_keeps_the_rest_encodes_and_drops_what_is_emptied() -> None:
    query = {"q": "王 & 子", "page": "3", "state": ""}
    assert with_query(query, page=None, sort="-name") == "?q=%E7%8E%8B+%26+%E5%AD%90&sort=-name"
    assert with_query({}, page=None) == "?"
    assert with_query({"class": ["1", "2"]}) == "?class=1&class=2"


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=40))
def test_axis_marks_hold_every_whole_number_evenly_and_are_few(values: list[int | None]) -> None:
    marks = ticks(values)
    known = [value for value in values if value is not None]
    assert marks[0] <= min([*known, 0])
    assert marks[-1] >= max([*known, 0])
    assert 0 in marks
    steps = {after - before for before, after in pairwise(marks)}
    assert len(steps) == 1
    assert min(steps) >= 1
    assert 2 <= len(marks) <= 8
    assert all(isinstance(mark, int) for mark in marks)


def test_axis_marks_of_fractions_are_written_shortly() -> None:
    assert [str(mark) for mark in ticks([0.3])] == ["0", "0.1", "0.2", "0.3"]
    assert [str(mark) for mark in ticks([2.5, 7.5])] == ["0", "2", "4", "6", "8"]


@given(st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=20))
def test_axis_marks_hold_fractions_too(values: list[float]) -> None:
    marks = ticks(values)
    assert marks[0] == 0
    assert marks[-1] >= max(values) * 0.999 - 1e-9
    assert len(marks) <= 8


def test_unknown_state_stands_for_itself_and_an_unknown_verdict_is_for_a_person() -> None:
    word, tone, _ = state_look("from a plugin")
    assert (word.msgid, tone) == ("from a plugin", "neutral")
    assert verdict_look("surprise") == VERDICTS["hold"]


def test_no_two_states_share_word_and_sign() -> None:
    shown = [(word.msgid, sign) for word, _, sign in STATES.values()]
    assert len(shown) == len(set(shown))
