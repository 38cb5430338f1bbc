"""A case of a plugin's own, by public interfaces alone; run beside the installed plugin, not by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from laifang_contractors.hot_work import facts, services

from core import clock, hiding, settings
from core.accounts.actors import actor_of
from core.accounts.services import create_user
from core.approvals import queries as requests
from core.approvals import services as approvals
from core.deadlines import queries as deadlines
from core.documents import issuing
from core.documents import queries as documents
from core.holding import queries as holding
from core.incidents import queries as incidents
from core.incidents import services as incident_acts
from core.incidents.facts import Opening
from core.notices import queries as notices
from core.permissions import SYSTEM
from core.plugins import Plugins, installed
from core.reports.facts import Asked, period
from core.sites import services as sites

pytestmark = pytest.mark.anyio


@pytest.fixture
async def scene(opened):
    """A building site with its office and its safety officer."""
    plugins = Plugins(installed(["contractors"]))
    at = clock.now()
    site_id = await sites.add_site(code="bau", name="工地", audience=1, actor=SYSTEM, at=at)
    roles = plugins.register_roles()

    async def somebody(name, *held):
        made = await create_user(
            actor=SYSTEM, at=at, login=name, name=name, known_roles=roles,
            roles=[(one, site_id) for one in held],
        )  # fmt: skip
        user = {"user_id": made[0], "host_id": None, "name": name, "locale": ""}
        return actor_of(user, [(one, site_id) for one in held], roles)

    with hiding.asking(plugins):
        yield (
            plugins,
            site_id,
            await somebody("office", "site_office"),
            await somebody("officer", facts.SAFETY),
        )


async def test_hot_work_is_signed_issued_told_counted_and_over(scene):
    plugins, site_id, office, officer = scene
    at = clock.now()
    work = await services.ask(site_id, "三层东侧", actor=office, at=at, plugins=plugins)
    assert (await holding.current(facts.RECORD, work)).holder == facts.SAFETY_OFFICE
    [clock_] = await deadlines.of_record(facts.RECORD, work, at=at)
    assert clock_.due > at.date()

    [waiting] = await requests.waiting_for(officer, at=at)
    said = await approvals.vote(waiting.id, "approve", actor=officer, at=at, plugins=plugins)
    assert said == "approved"

    [clock_] = await deadlines.of_record(facts.RECORD, work, at=at)
    assert clock_.state == "finished"
    assert (await holding.current(facts.RECORD, work)).holder == facts.site_office(site_id)
    [paper] = await documents.of_record(facts.RECORD, work, actor=office, kinds=[facts.PERMIT])
    assert paper.label.startswith("动火〔")
    _, pdf = await issuing.paper(paper.id, actor=office, at=at, plugins=plugins)
    assert pdf.startswith(b"%PDF")
    told, _ = await notices.inbox(office)
    assert f"/documents/{paper.id}" in {one.href for one in told}

    await services.end(work, actor=office, at=at + timedelta(hours=2))
    [report] = [one for one in plugins.register_reports() if one.name == "contractors.hot_work"]
    asked = Asked(period=period("month", at.date(), settings.load().zone), by=("state",))
    [cell] = await report.query(replace(asked, reader=office))
    assert (cell.keys, cell.sums) == ({"state": facts.DONE}, {"works": 1})


async def test_what_is_not_granted_ends_and_a_fire_is_an_incident_of_its_own_kind(scene):
    plugins, site_id, office, officer = scene
    at = clock.now()
    work = await services.ask(site_id, "地下室", actor=office, at=at, plugins=plugins)
    [waiting] = await requests.waiting_for(officer, at=at)
    await approvals.vote(
        waiting.id, "reject", actor=officer, at=at, plugins=plugins, opinion="通风不足"
    )
    assert (await deadlines.of_record(facts.RECORD, work, at=at))[0].state == "finished"
    assert await documents.of_record(facts.RECORD, work, actor=office, kinds=[facts.PERMIT]) == []
    opening = Opening(site_id=site_id, kind=facts.FIRE.name, seen="地下室冒烟")
    made = await incident_acts.open_incident(opening, actor=SYSTEM, at=at, plugins=plugins)
    shown = await incidents.shown(made, actor=SYSTEM)
    assert [one.label.msgid for one in shown.steps] == ["Raise the alarm", "Clear the place"]
