"""How the chain of holders is drawn: for who works with it, and for the public."""

from datetime import UTC, datetime, timedelta

import pytest

from core.holding.facts import Chain, First, Holder, SpanLine
from tests.browser.style_page import environment, frame

TAKEN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
OFFICE, COUNTY = Holder("office", "1", "市信访局"), Holder("county", "7", "东山县 <b>")


def a_span(holder, since, until, how, days, **given):
    plain = {"loop": False, "person_name": "", "reason": "", "by_name": ""}
    return SpanLine(
        holder=holder,
        since=TAKEN + timedelta(days=since),
        until=None if until is None else TAKEN + timedelta(days=until),
        how=how,
        days=days,
        **(plain | given),
    )


CHAIN = Chain(
    spans=(
        a_span(OFFICE, 0, 2, "take", 2),
        a_span(COUNTY, 2, 12, "pass_on", 10, person_name="王五", by_name="小李"),
        a_span(OFFICE, 12, None, "return", 9, reason="不属本单位职权"),
    ),
    age=21,
    returns=1,
    loops=0,
    first=First(holder=OFFICE, since=TAKEN, person=None, person_name="王五", person_label="东山县"),
    ended_at=None,
)


def drawn(**given):
    made = environment("zh_Hans")
    made.filters["day"] = lambda moment: moment.strftime("%Y-%m-%d")
    source = (
        '{% from "macros/holding.html" import chain_of_holders with context %}'
        "{{ chain_of_holders(chain, reasons) }}"
    )
    return made.from_string(source).render(frame(chain=CHAIN, **({"reasons": True} | given)))


@pytest.mark.rule("GOV-54")
def test_the_chain_shows_each_holder_with_its_days_and_why_it_went_on():
    page = drawn()
    assert [part in page for part in ("21 天", "10 天", "9 天", "退回 1 次")] == [True] * 4
    assert "不属本单位职权" in page
    assert "首办责任" in page
    assert "王五" in page
    assert "<b>" not in page
    assert page.count("holding-now") == 1


def test_the_public_reads_units_and_days_but_no_reason_and_no_name():
    page = drawn(reasons=False)
    assert "10 天" in page
    assert not [word for word in ("不属", "王五", "小李") if word in page]
