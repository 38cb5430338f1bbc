"""A draft of a rulebook run over the past: exactly what differs is found, and nothing is written."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import db, hookimpl
from core.appointments import services as appointments
from core.appointments.policies import Window
from core.appointments.rulebook import RULEBOOK as APPOINTMENTS
from core.backup.services import tables
from core.decisions import Allow, Deny
from core.errors import InvalidInputError
from core.i18n import N_
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.registrations import consent, holding, leaving
from core.registrations.rulebook import RULEBOOK as RECEPTION
from core.registrations.rulebook import Reception
from core.registrations.services import admit
from core.rulebooks import queries, rehearsal, services
from core.rulebooks.facts import Case, Outcome, Rehearsal, Rulebook, Span, outcome_of, setting
from core.rulebooks.own_rehearsals import Stay, judge_stay
from tests.core.registrations.reception import (
    ADMIN,
    CHIEF,
    GUARD,
    MONDAY,
    a_person,
    a_place,
    a_site,
    arrive,
)

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)
PAST = Span(since=MONDAY - HOUR, until=MONDAY + 24 * HOUR)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())
    queries.forget()


async def visit(place, name, *, waited, stayed=None, at=MONDAY, **given):
    """Register somebody, admit them after `waited` minutes, let them leave after `stayed` more."""
    one = await arrive(place, a_person(name=name, phone="", number=""), at=at, **given)
    then = at + timedelta(minutes=waited)
    acting = {"actor": GUARD, "plugins": place.plugins}
    await consent.note(one.id, given=True, by="张明", means="phone", at=then, **acting)
    await admit(one.id, at=then, **acting)
    if stayed is not None:
        await leaving.leave(one.id, at=then + timedelta(minutes=stayed), **acting)
    return one


async def rehearse(book, values, plugins=None, span=PAST):
    found = await rehearsal.rehearse(book, values, span, plugins=plugins or Plugins({}))
    return {one.rehearsal.name: one for one in found}


def said(one):
    return [(d.case.title, d.before.code, d.after.code) for d in one.differences]


@pytest.mark.rule("CORE-24")
async def test_other_thresholds_show_who_would_have_been_alerted_otherwise(database):
    place = await a_place()
    brief = await visit(place, "快", waited=3)
    middle = await visit(place, "中", waited=12)
    long = await visit(place, "久", waited=25)
    turned = await arrive(place, a_person(name="被拒", phone="", number=""))
    await holding.refuse(
        turned.id,
        reason="不见",
        actor=CHIEF,
        at=MONDAY + timedelta(minutes=30),
        plugins=place.plugins,
    )
    before = {t: await db.fetch(f'SELECT * FROM "{t._meta.tablename}"') for t in tables()}
    found = (
        await rehearse(RECEPTION, {"waiting_amber_minutes": "2", "waiting_red_minutes": "28"})
    )["core.waiting"]
    assert (found.judged, found.changed, found.uncertain) == (4, 2, 0)
    assert sorted(said(found)) == sorted(
        [(brief.number, "none", "amber"), (long.number, "red", "amber")]
    )
    assert middle.number not in str(said(found))
    assert {(a.code, b.code): n for (a, b), n in found.changes.items()} == {
        ("none", "amber"): 1, ("red", "amber"): 1
    }  # fmt: skip
    # Those who came in one minute stand in no order.
    paths = {one.case.path for one in found.differences}
    assert paths == {f"/registrations/{brief.id}", f"/registrations/{long.id}"}
    assert before == {t: await db.fetch(f'SELECT * FROM "{t._meta.tablename}"') for t in tables()}


async def test_a_shorter_stay_flags_those_without_an_agreed_end_only(database):
    place = await a_place()
    usual = await visit(place, "久坐", waited=0, stayed=100)
    await visit(place, "约好", waited=0, stayed=100, expected_leave_at=MONDAY + 5 * HOUR)
    await visit(place, "短", waited=0, stayed=20)
    found = (await rehearse(RECEPTION, {"stay_minutes": "60"}))["core.staying"]
    assert (found.judged, found.uncertain) == (3, 0)
    assert said(found) == [(usual.number, "in_time", "overdue")]


async def test_the_same_values_change_nothing_and_each_case_is_judged_by_the_version_of_its_time(
    database,
):
    place = await a_place()
    await visit(place, "先", waited=0, stayed=100)
    at = MONDAY + HOUR
    await services.adopt(
        RECEPTION, {"stay_minutes": 60}, effective_from=at, note="试", actor=ADMIN, at=at
    )
    queries.forget()
    late = await visit(place, "后", waited=0, stayed=100, at=MONDAY + 2 * HOUR)
    same = (await rehearse(RECEPTION, {}))["core.staying"]
    assert [(d.case.title, d.version) for d in same.differences] == [
        ((await first_number()), "core/0")
    ]  # the draft is today's version: the one before it decided otherwise
    wider = (await rehearse(RECEPTION, {"stay_minutes": "120"}))["core.staying"]
    assert [(d.case.title, d.version, d.before.code, d.after.code) for d in wider.differences] == [
        (late.number, "core/1", "overdue", "in_time")
    ]


async def first_number():
    return (await db.fetch("SELECT number FROM registration ORDER BY number LIMIT 1"))[0]["number"]


async def test_appointments_that_could_not_be_made_under_the_draft_are_listed(database):
    place = await a_place()
    for days, hours in ((1, 2), (20, 2), (2, 9)):
        start = MONDAY + timedelta(days=days)
        await appointments.propose(
            appointments.Proposal(
                site_id=place.site_id, person=a_person(), host_id=place.host_id,
                purpose="core.visit", reason="谈",
                window=Window(starts_at=start, ends_at=start + hours * HOUR),
            ),
            actor=ADMIN, at=MONDAY, plugins=place.plugins,
        )  # fmt: skip
    found = (await rehearse(APPOINTMENTS, {"days_ahead": "10", "longest_hours": "8"}))[
        "core.agreeing"
    ]
    assert (found.judged, found.uncertain) == (3, 0)
    assert sorted((d.before.verdict, d.after.code) for d in found.differences) == [
        ("allow", "ends_at"), ("allow", "starts_at")
    ]  # fmt: skip
    assert "10" in str(found.differences[0].after.text)


async def test_only_the_time_and_the_sites_asked_for_are_decided_again(database):
    place = await a_place()
    await visit(place, "快", waited=3)
    other, _ = await a_site("west", "西校区")
    for span in (
        Span(since=MONDAY + HOUR, until=MONDAY + 2 * HOUR),
        Span(since=MONDAY - HOUR, until=MONDAY + HOUR, sites=frozenset({other})),
        Span(since=MONDAY - HOUR, until=MONDAY + HOUR, sites=frozenset()),
    ):
        found = await rehearse(RECEPTION, {"waiting_amber_minutes": "1"}, span=span)
        assert all(one.judged == 0 for one in found.values())
    here = Span(since=MONDAY - HOUR, until=MONDAY + HOUR, sites=frozenset({place.site_id}))
    found = await rehearse(RECEPTION, {"waiting_amber_minutes": "1"}, span=here)
    assert found["core.waiting"].changed == 1


async def test_values_out_of_bounds_are_named(database):
    with pytest.raises(InvalidInputError) as caught:
        await rehearse(RECEPTION, {"stay_minutes": "0", "waiting_amber_minutes": "x"})
    assert set(caught.value.problems) == {"stay_minutes", "waiting_amber_minutes"}


# -- a plugin's own


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many may come."""

    most: int = setting(3, label=N_("Most"), minimum=0, maximum=9)


BOOK = Rulebook(plugin="inn", title=N_("Inn"), struct=Limits)


def may_stay(guests, limits):
    return Deny("full", N_("Full."), "X-1") if guests > limits.most else Allow()


def an_inn(guests, recorded=None):
    """A plugin whose policy lets in at most `most`; `recorded` overrides what was noted of case n."""

    async def cases(span):
        for number, many in enumerate(guests):
            noted = outcome_of(may_stay(many, Limits()), N_("Fine."))
            yield Case(
                at=MONDAY,
                title=str(number),
                facts=many,
                recorded=(recorded or {}).get(number, noted),
            )

    @hookimpl
    def register_rulebooks():
        return [BOOK]

    @hookimpl
    def register_rehearsals():
        return [
            Rehearsal(
                rulebook="inn", name="inn.stay", label=N_("Guests"), cases=cases,
                judge=lambda facts, values, version: outcome_of(may_stay(facts, values), N_("Fine.")),
            )
        ]  # fmt: skip

    return Plugins(
        {
            "inn": SimpleNamespace(
                register_rulebooks=register_rulebooks, register_rehearsals=register_rehearsals
            )
        }
    )


async def test_a_plugins_policy_is_asked_again_and_what_a_person_decided_is_uncertain(database):
    by_hand = Outcome(code="by_hand", text=N_("By hand."))
    plugins = an_inn([1, 2, 3, 4], recorded={1: by_hand, 3: by_hand})
    found = (await rehearse(BOOK, {"most": "1"}, plugins))["inn.stay"]
    assert (found.judged, found.changed, found.uncertain) == (4, 2, 2)
    assert [(d.case.title, d.certain) for d in found.differences] == [("1", False), ("2", True)]


async def test_every_difference_is_found_and_no_other(sqlite_database):
    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(0, 10), max_size=30), st.integers(0, 9))
    def same_as_by_hand(guests, most):
        wanted = [str(n) for n, many in enumerate(guests) if (many > 3) != (many > most)]
        got.append((guests, most, wanted))

    got = []
    same_as_by_hand()
    for guests, most, wanted in got:
        found = (await rehearse(BOOK, {"most": str(most)}, an_inn(guests)))["inn.stay"]
        assert [d.case.title for d in found.differences] == wanted
        assert found.changed == sum(found.changes.values()) == len(wanted)


async def test_long_lists_are_cut_and_still_counted(sqlite_database, monkeypatch):
    monkeypatch.setattr(rehearsal, "MOST", 5)
    found = (await rehearse(BOOK, {"most": "0"}, an_inn([1] * 12)))["inn.stay"]
    assert (found.changed, len(found.differences)) == (12, 5)


def test_judging_reads_nothing_but_its_facts():
    facts = Stay(arrived_at=MONDAY, left_at=MONDAY + HOUR, agreed_until=None)
    assert judge_stay(facts, Reception(stay_minutes=59), "x").code == "overdue"
    assert judge_stay(facts, Reception(stay_minutes=60), "x").code == "in_time"
