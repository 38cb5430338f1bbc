"""Due dates: the field's own examples, a year of random cases from their proofs, a naive count beside."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import policies, proofs, shipped
from core.deadlines.calendar import Calendar
from core.deadlines.facts import (
    DeadlineRule,
    Extension,
    OfficeHours,
    Pause,
    ProofStep,
    Rung,
)
from core.i18n import Message

CALENDAR = Calendar(day for year in shipped.years() for day in shipped.days_of(year))
ZONE = ZoneInfo("Asia/Shanghai")
D = date.fromisoformat
NAIVE = datetime.fromisoformat("2026-01-01")


def rule(length, unit="working", **given):
    return DeadlineRule(name="handle", length=length, unit=unit, **given)


def due(started, length, unit="working", pauses=(), extensions=(), **given):
    return policies.reckon(
        rule(length, unit, **given), D(started), CALENDAR, pauses, extensions
    ).due


@pytest.mark.rule("CORE-10")
@pytest.mark.parametrize(
    ("started", "days", "expected"),
    [
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2026-12-28", 3, "2026-12-31"),
    ],
)
def test_working_days_skip_holidays_and_count_make_up_days(started, days, expected):
    assert due(started, days) == D(expected)


@pytest.mark.rule("CORE-10")
def test_calendar_days_run_through_holidays_and_roll_only_when_told():
    assert due("2026-09-16", 15, "calendar") == D("2026-10-01")
    assert due("2026-09-16", 15, "calendar", roll="forward") == D("2026-10-08")
    assert due("2026-08-02", 60, "calendar") == D("2026-10-01")
    assert due("2026-08-02", 60, "calendar", roll="forward") == D("2026-10-08")
    more = Extension(length=30, unit="calendar", granted_on=D("2026-09-28"), reason="情况复杂")
    assert due("2026-08-02", 60, "calendar", extensions=[more]) == D("2026-10-31")


@pytest.mark.rule("CORE-25")
def test_a_date_in_a_year_not_announced_is_marked():
    reckoned = policies.reckon(rule(60, "calendar"), D("2026-12-01"), CALENDAR)
    assert reckoned.due == D("2027-01-30")
    assert reckoned.provisional
    assert "not announced" in str(proofs.explain(reckoned.proof[-1]))
    assert not policies.reckon(rule(3), D("2026-12-28"), CALENDAR).provisional
    assert policies.reckon(rule(3), D("2029-12-24"), CALENDAR).provisional


def test_the_shipped_years_have_the_days_of_the_notices():
    counts = {
        year: (
            sum(d.kind == "off" for d in shipped.days_of(year)),
            sum(d.kind == "work" for d in shipped.days_of(year)),
            {d.provisional for d in shipped.days_of(year)},
        )
        for year in shipped.years()
    }
    assert counts == {2025: (28, 5, {False}), 2026: (33, 6, {False}), 2027: (13, 0, {True})}
    for year in (2025, 2026):  # a make-up day is a weekend's
        assert all(d.day.weekday() >= 5 for d in shipped.days_of(year) if d.kind == "work")
    working = sum(CALENDAR.is_working(D("2026-01-01") + timedelta(days=n)) for n in range(365))
    assert working == 261 - 13 + 0  # the weekdays less the 13 statutory days


@pytest.mark.parametrize(
    ("start", "expected"),
    [("next_day", "2026-10-07"), ("same_day", "2026-10-06"), ("next_working_day", "2026-10-12")],
)
def test_the_rule_says_which_day_is_the_first(start, expected):
    assert due("2026-10-02", 5, "calendar", start=start) == D(expected)


def test_a_pause_moves_the_date_by_its_days_and_one_without_end_stops_the_clock():
    pause = Pause(first=D("2026-03-10"), until=D("2026-03-20"), reason="鉴定")
    assert due("2026-03-02", 30, "calendar") == D("2026-04-01")
    assert due("2026-03-02", 30, "calendar", pauses=[pause]) == D("2026-04-11")
    endless = replace(pause, until=None)
    reckoned = policies.reckon(rule(30, "calendar"), D("2026-03-02"), CALENDAR, [endless])
    assert reckoned.due is None
    assert policies.replay(reckoned.proof) is None
    assert "2026-03-10" in str(proofs.explain(reckoned.proof[-1]))
    after = Pause(first=D("2026-05-01"), until=None, reason="之后")
    assert due("2026-03-02", 30, "calendar", pauses=[after]) == D("2026-04-01")


def naive(rule, started, pauses, extensions):
    """Count on one's fingers: list the days that count, and take the nth."""
    first = started if rule.start == "same_day" else started + timedelta(days=1)
    if rule.start == "next_working_day":
        while not CALENDAR.is_working(first):
            first += timedelta(days=1)
    position = first - timedelta(days=1)
    for length, unit in [(rule.length, rule.unit), *((e.length, e.unit) for e in extensions)]:
        days = [position + timedelta(days=n) for n in range(1, 900)]
        days = [d for d in days if not any(p.first <= d < p.until for p in pauses)]
        if unit == "working":
            days = [d for d in days if CALENDAR.is_working(d)]
        position = days[length - 1]
    rolls = rule.roll == "forward" and not CALENDAR.is_working(position)
    while rolls and (
        not CALENDAR.is_working(position)
        or any(one.first <= position < one.until for one in pauses)
    ):
        position += timedelta(days=1)
    return position


def a_random_case(rng):
    started = D("2025-12-20") + timedelta(days=rng.randint(0, 365))
    made = DeadlineRule(
        name="handle",
        length=rng.choice([1, 2, 3, 5, 7, 10, 15, 30, 60, 90]),
        unit=rng.choice(["calendar", "working"]),
        start=rng.choice(["next_day", "same_day", "next_working_day"]),
        roll=rng.choice(["none", "forward"]),
    )
    pauses = []
    for _ in range(rng.choice([0, 0, 1, 2])):
        first = started + timedelta(days=rng.randint(0, 80))
        pauses.append(
            Pause(first=first, until=first + timedelta(days=rng.randint(1, 40)), reason="鉴定")
        )
    extensions = [
        Extension(
            length=rng.choice([1, 10, 30]),
            unit=rng.choice(["calendar", "working"]),
            granted_on=started,
            reason="情况复杂",
        )
        for _ in range(rng.choice([0, 0, 1, 2]))
    ]
    return made, started, pauses, extensions


@pytest.mark.rule("CORE-10", "CORE-25")
def test_a_year_of_random_cases_is_recomputed_from_their_proofs():
    rng = random.Random(20261121)
    for _ in range(2000):
        made, started, pauses, extensions = a_random_case(rng)
        reckoned = policies.reckon(made, started, CALENDAR, pauses, extensions)
        assert reckoned.due == naive(made, started, pauses, extensions)
        stored = proofs.load(proofs.dump(reckoned.proof))
        assert stored == reckoned.proof
        assert policies.replay(stored) == reckoned.due
        for locale in ("en", "zh_Hans"):
            assert all(proofs.explain(step).translate(locale) for step in stored)


def test_a_proof_that_was_tampered_with_leads_to_no_date():
    more = Extension(length=3, unit="working", granted_on=D("2026-02-20"), reason="x")
    proof = policies.reckon(rule(10), D("2026-02-09"), CALENDAR, (), [more]).proof
    changes = 0
    for at, step in enumerate(proof):
        forged = [
            replace(step, last=step.last + timedelta(days=1)),
            replace(step, first=step.first - timedelta(days=1)),
        ]
        if step.days:
            forged.append(replace(step, days=step.days + 1))
        for one in forged:
            if step.kind == "start" and one.first != step.first:
                continue  # when it began is what the proof rests on
            with pytest.raises(policies.ProofError):
                policies.replay([*proof[:at], one, *proof[at + 1 :]])
            changes += 1
        if step.kind not in {"unconfirmed", "roll"}:
            with pytest.raises(policies.ProofError):
                policies.replay([*proof[:at], *proof[at + 1 :]])
    assert changes > 20
    for broken in ([], [ProofStep(kind="count", first=D("2026-01-01"), last=D("2026-01-01"))]):
        with pytest.raises(policies.ProofError):
            policies.replay(broken)


days = st.dates(date(2025, 1, 1), date(2026, 6, 30))


@given(started=days, length=st.integers(1, 120), more=st.integers(1, 60))
def test_one_more_day_is_never_earlier(started, length, more):
    for unit in ("calendar", "working"):
        short = policies.reckon(rule(length, unit), started, CALENDAR).due
        long = policies.reckon(rule(length + more, unit), started, CALENDAR).due
        assert long > short


@given(started=days, length=st.integers(1, 60))
def test_a_working_due_date_is_a_working_day_and_so_is_a_rolled_one(started, length):
    assert CALENDAR.is_working(policies.reckon(rule(length), started, CALENDAR).due)
    rolled = policies.reckon(rule(length, "calendar", roll="forward"), started, CALENDAR)
    assert CALENDAR.is_working(rolled.due)
    assert rolled.due >= rolled.counted_to


@given(
    started=days,
    length=st.integers(5, 60),
    after=st.integers(1, 4),
    paused=st.integers(1, 50),
)
def test_calendar_days_are_put_off_by_exactly_the_days_of_a_pause(started, length, after, paused):
    first = started + timedelta(days=after)
    pause = Pause(first=first, until=first + timedelta(days=paused), reason="x")
    plain = policies.reckon(rule(length, "calendar"), started, CALENDAR).due
    put_off = policies.reckon(rule(length, "calendar"), started, CALENDAR, [pause]).due
    assert (put_off - plain).days == paused


@pytest.mark.rule("CORE-10")
def test_warnings_are_amber_at_five_days_and_red_at_two():
    made, last = rule(10, "calendar"), D("2026-06-12")
    levels = [
        policies.level(last, last - timedelta(days=n), made, CALENDAR) for n in (6, 5, 3, 2, 0, -1)
    ]
    assert levels == ["calm", "amber", "amber", "red", "red", "overdue"]
    assert policies.level(None, last, made, CALENDAR) == "calm"
    working = replace(made, warn_unit="working")
    assert policies.level(D("2026-10-09"), D("2026-09-30"), working, CALENDAR) == "red"


@pytest.mark.rule("CORE-10")
def test_what_is_to_be_done_falls_in_working_hours_and_no_warning_comes_too_late():
    ladder = (Rung(after_hours=0, roles=("chief",)), Rung(after_hours=10, roles=("head",)))
    items = policies.agenda(D("2026-10-08"), rule(5), ladder, CALENDAR, OfficeHours(), ZONE)
    shown = [(item.name, item.moment.strftime("%m-%d %H:%M")) for item in items]
    assert shown == [
        ("amber", "09-30 09:00"),  # five days before lies in the holidays
        ("red", "09-30 09:00"),
        ("overdue", "10-09 09:00"),
        ("rung0", "10-09 09:00"),
        ("rung1", "10-10 12:00"),  # 7 hours on Friday, 3 on the Saturday that is worked
    ]


@given(
    start=st.datetimes(NAIVE, NAIVE + timedelta(days=300)),
    minutes=st.integers(0, 60 * 60),
)
def test_working_time_passes_in_working_hours_only(start, minutes):
    hours = OfficeHours()
    moment = start.replace(second=0, microsecond=0, tzinfo=ZONE)
    reached = CALENDAR.later(moment, timedelta(minutes=minutes), hours)
    worked, at = 0, moment
    while at < reached:
        inside = any(a <= at.time() < b for a, b in hours.periods)
        worked += inside and CALENDAR.is_working(at.date())
        at += timedelta(minutes=1)
    assert worked == minutes
    assert CALENDAR.is_working(reached.date())
    assert any(a <= reached.time() <= b for a, b in hours.periods)


def test_an_impossible_rule_cannot_be_made():
    for wrong in ({"length": 0}, {"unit": "weeks"}, {"start": "soon"}, {"roll": "back"}):
        with pytest.raises(ValueError):
            DeadlineRule(**({"name": "x", "length": 5} | wrong))


def test_a_table_without_working_days_is_refused_and_not_searched_for_ever():
    endless = Calendar(
        replace(shipped.days_of(2026)[0], day=D("2026-01-01") + timedelta(days=n))
        for n in range(800)
    )
    with pytest.raises(ValueError):
        endless.working_from(D("2026-01-02"))
    with pytest.raises(ValueError):
        endless.later(datetime.combine(D("2026-01-02"), time(9), ZONE), timedelta(1), OfficeHours())


@pytest.mark.rule("CORE-10", "CORE-25")
@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        ("2026-10-03", "2026-10-06", "2026-10-08"),  # it ends among the days off
        ("2026-10-03", "2026-10-15", "2026-10-15"),
        ("2026-10-08", "2026-10-11", "2026-10-12"),  # a Sunday gives way to the Monday
        ("2026-10-09", "2026-10-20", "2026-10-08"),  # nothing was left to be counted
    ],
)
def test_a_day_off_gives_way_to_the_next_day_on_which_the_clock_does_not_rest(
    first, until, expected
):
    rolled = rule(15, "calendar", roll="forward")  # 1 October is the last day counted
    pause = Pause(first=D(first), until=D(until), reason="听证")
    found = policies.reckon(rolled, D("2026-09-16"), CALENDAR, [pause])
    assert (found.due, found.counted_to) == (D(expected), D("2026-10-01"))
    assert policies.replay(found.proof) == D(expected)
    said = "".join(
        one.translate("zh_Hans") for one in proofs.plainly(found.proof, event=Message(""), basis="")
    )
    assert expected in said
    assert "听证" not in said, "why it rested is not told"


@pytest.mark.rule("CORE-10", "CORE-25")
@pytest.mark.parametrize("first", ["2026-10-02", "2026-10-05", "2026-10-08"])
def test_a_clock_that_rests_when_its_last_day_would_roll_stands_still(first):
    rolled = rule(15, "calendar", roll="forward")
    pause = Pause(first=D(first), until=None, reason="听证")
    found = policies.reckon(rolled, D("2026-09-16"), CALENDAR, [pause])
    assert found.due is None
    assert policies.replay(found.proof) is None
    assert found.proof[-1].kind == "stopped"
