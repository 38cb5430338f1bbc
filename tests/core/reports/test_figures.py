"""Periods, and figures that reconcile whatever was counted."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import N_
from core.reports.facts import KINDS, Balance, Cell, Dimension, Measure, period, span
from core.reports.figures import Hidden, table_of

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_periods_begin_where_people_expect():
    day = date(2026, 11, 25)  # a Wednesday
    bounds = {kind: (p.first, p.last) for kind in KINDS if (p := period(kind, day, ZONE))}
    assert bounds["week"] == (date(2026, 11, 23), date(2026, 11, 29))
    assert bounds["month"] == (date(2026, 11, 1), date(2026, 11, 30))
    assert bounds["quarter"] == (date(2026, 10, 1), date(2026, 12, 31))
    assert bounds["year"] == (date(2026, 1, 1), date(2026, 12, 31))
    assert period("day", day, ZONE).since.isoformat() == "2026-11-24T16:00:00+00:00"


@given(st.sampled_from(KINDS[:-1]), DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(kind, day):
    here = period(kind, day, ZONE)
    assert here.first <= day <= here.last
    assert here.previous.last + timedelta(days=1) == here.first
    assert here.following.first == here.last + timedelta(days=1)
    assert here.previous.following == here
    assert here.a_year_before.kind == kind
    assert 350 <= (here.first - here.a_year_before.first).days <= 372


@given(DAYS, st.integers(0, 900))
def test_the_steps_of_a_range_cover_it_once(first, more):
    here = span(first, first + timedelta(days=more), ZONE)
    days = [step.first + timedelta(n) for step in here.steps for n in range(step.days)]
    assert days == [first + timedelta(n) for n in range(more + 1)]
    assert here.previous.days == here.days == here.following.days


@pytest.mark.parametrize(
    ("kind", "day", "first"),
    [
        ("day", date(2028, 2, 29), date(2027, 2, 28)),
        ("week", date(2026, 12, 31), date(2025, 12, 22)),  # week 53; 2025 has 52
        ("month", date(2028, 2, 29), date(2027, 2, 1)),
        ("quarter", date(2026, 11, 25), date(2025, 10, 1)),
    ],
)
def test_the_same_period_of_last_year(kind, day, first):
    assert period(kind, day, ZONE).a_year_before.first == first


# -- tables

WEEK = period("week", date(2026, 11, 25), ZONE)
WEEKDAYS = [(WEEK.first + timedelta(n)).isoformat() for n in range(7)]
BY_DAY = Dimension(name="day", label=N_("Day"), time=True)
BY_KIND = Dimension(name="kind", label=N_("Kind"), values=(("b", N_("B")), ("a", N_("A"))))
OPENED = Measure(name="opened", label=N_("Opened"))
MEASURES = (
    OPENED,
    Measure(name="closed", label=N_("Closed")),
    Measure(name="open", label=N_("Open")),
    Measure(name="share", label=N_("Share"), how="share", of="closed", per="opened"),
    Measure(name="median", label=N_("Median"), how="median", of="minutes"),
    Measure(name="p90", label=N_("p90"), how="p90", of="minutes"),
)
BALANCE = (Balance(terms={"opened": 1, "closed": -1, "open": -1}),)


@st.composite
def a_cell(draw):
    closed, still_open = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    minutes = draw(st.dictionaries(st.integers(0, 40), st.integers(1, 5), max_size=5))
    return Cell(
        keys={"day": draw(st.sampled_from(WEEKDAYS)), "kind": draw(st.sampled_from("abcd"))},
        sums={"opened": closed + still_open, "closed": closed, "open": still_open},
        spread={"minutes": minutes},
    )


CELLS = st.lists(a_cell(), max_size=40)


@given(CELLS, st.sampled_from([BY_DAY, BY_KIND]))
def test_lines_add_up_to_the_total_and_opened_less_closed_is_open(cells, dimension):
    table = table_of(cells, WEEK, dimension, MEASURES, balances=BALANCE)
    assert not table.faults
    for place in range(3):
        assert sum(row.values[place] for row in table.rows) == table.total[place]
    for line in (*(row.values for row in table.rows), table.total):
        assert line[0] - line[1] == line[2]
    flat = [v for c in cells for v, n in c.spread["minutes"].items() for _ in range(n)]
    if flat:
        assert table.total[4] == sorted(flat)[(len(flat) - 1) // 2]
        assert sum(v <= table.total[5] for v in flat) * 10 >= len(flat) * 9
    else:
        assert table.total[4] is table.total[5] is None


@given(CELLS)
def test_a_split_breaks_every_line_down_without_loss(cells):
    table = table_of(cells, WEEK, BY_DAY, (OPENED,), split=BY_KIND)
    for line in (*(row.values for row in table.rows), table.total):
        assert sum(line[:-1]) == line[-1]
    order = [column.key for column in table.columns[:-1]]
    assert order == sorted(order, key=lambda k: ({"b": 0, "a": 1}.get(k, 2), k))


def test_figures_that_do_not_balance_are_told_by_line_and_total():
    wrong = Cell(keys={"day": WEEKDAYS[1], "kind": "a"}, sums={"opened": 3, "closed": 1, "open": 1})
    right = Cell(keys={"day": WEEKDAYS[2], "kind": "a"}, sums={"opened": 2, "closed": 1, "open": 1})
    table = table_of([wrong, right], WEEK, BY_DAY, MEASURES, balances=BALANCE)
    assert table.faults == (WEEKDAYS[1], "")


def test_every_day_of_the_period_has_its_line_even_an_empty_one():
    table = table_of([], WEEK, BY_DAY, MEASURES)
    assert [row.key for row in table.rows] == WEEKDAYS
    assert table.total[0] == 0
    assert table.total[4] is None


@given(CELLS, st.sampled_from([BY_DAY, BY_KIND]))
def test_small_counts_are_hidden_and_cannot_be_found_out_from_the_rest(cells, dimension):
    plain = table_of(cells, WEEK, dimension, MEASURES)
    table = table_of(cells, WEEK, dimension, MEASURES, suppress_below=5)
    hidden = [row for row in table.rows if row.values[0] is Hidden.SMALL]
    for row in table.rows:
        if row not in hidden:
            assert row.values == plain.row(row.key).values
            assert not any(0 < value < 5 for value in row.values[:3])
    if hidden and table.total[0] is not Hidden.SMALL:
        assert len(hidden) > 1
        for place in range(3):
            rest = table.total[place] - sum(
                row.values[place] for row in table.rows if row not in hidden
            )
            assert rest == 0 or rest >= 5
    if table.total[0] is not Hidden.SMALL:
        assert not any(0 < value < 5 for value in table.total[:3])


@given(CELLS, st.sampled_from([BY_DAY, BY_KIND]))
def test_whatever_measure_is_asked_for_the_same_lines_are_hidden(cells, dimension):
    """Else one view would show what another hides, and the rest of its column give the third."""
    hidden = set()
    for measures in (MEASURES, *((one,) for one in MEASURES[:3])):
        table = table_of(cells, WEEK, dimension, measures, suppress_below=5, judged_by=MEASURES)
        assert all(len(row.values) == len(measures) for row in table.rows)
        lines = [row.key for row in table.rows if row.values[0] is Hidden.SMALL]
        hidden.add((tuple(lines), table.total[0] is Hidden.SMALL))
    assert len(hidden) == 1
