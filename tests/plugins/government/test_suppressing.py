"""No count below five can be read or reckoned from what outsiders are shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.government.secrecy.suppressing import LEAST, column, named, table, with_totals

counts = st.integers(0, 12)
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=3)
)


def fits(whole, shown):
    """Say whether a table with totals agrees with what is shown."""
    return all(
        seen is None or seen == count
        for row, seen_row in zip(whole, shown, strict=True)
        for count, seen in zip(row, seen_row, strict=True)
    )


def others(counts_, shown):
    """Give every table that agrees with what is shown, its withheld cells at most two off."""
    places = [
        (r, c) for r, row in enumerate(counts_) for c, _ in enumerate(row) if shown[r][c] is None
    ]
    for changes in product((-1, 0, 1), repeat=len(places)):
        changed = [list(row) for row in counts_]
        for (r, c), change in zip(places, changes, strict=True):
            changed[r][c] += change
        if all(n >= 0 for row in changed for n in row):
            whole = with_totals(changed)
            if fits(whole, shown):
                yield whole


@pytest.mark.rule("GOV-50")
@settings(max_examples=150, deadline=None)
@given(tables)
def test_no_small_count_of_a_table_is_shown_or_can_be_reckoned(rows):
    shown = table(rows)
    whole = with_totals(rows)
    assert fits(whole, shown)
    assert not any(n is not None and 0 < n < LEAST for row in shown for n in row)
    possible = list(others(rows, shown))
    for r, row in enumerate(shown):
        for c, seen in enumerate(row):
            if seen is None:
                assert len({one[r][c] for one in possible}) > 1, (rows, shown, (r, c))


@given(st.lists(counts, min_size=1, max_size=6))
def test_no_small_count_of_a_list_can_be_reckoned_from_its_total(numbers):
    shown = column(numbers)
    assert not any(n is not None and 0 < n < LEAST for n in shown)
    withheld = shown.count(None)
    assert withheld != 1 or sum(n > 0 for n in numbers) == 0


def test_a_table_without_small_counts_is_shown_whole():
    assert table([[5, 7], [0, 9]]) == [[5, 7, 12], [0, 9, 9], [5, 16, 21]]


def test_the_cheapest_cells_are_withheld_beside_a_small_one():
    shown = table([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    assert shown[0][0] is None
    assert sum(row.count(None) for row in shown) == 4
    assert named({"东河县": 3, "西岭区": 8, "市直": 20}) == (
        {"东河县": None, "西岭区": None, "市直": 20},
        31,
    )
