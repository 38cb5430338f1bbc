"""Incidents on both engines: opened on the spot, worked through, corrected, closed, erased."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from PIL import Image

from core import db, hookimpl
from core.asking import PluginError
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_
from core.incidents import amending, queries, services, steps
from core.incidents.facts import IncidentKind, IncidentStep, Opening
from core.log.tables import LogEntry
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy import services as privacy
from core.privacy.crypto import Keyring
from core.registrations import consent, leaving
from core.registrations.services import admit
from core.sites.tables import Gate, Site
from tests.core.registrations import reception

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WRITE, READ = "core:incident:write", "core:incident:read"
SEEN = "一名男子在大厅高声叫喊，推倒椅子"


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


@pytest.fixture(autouse=True)
def _store(tmp_path, monkeypatch):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path))


def someone(name, *permissions, **given):
    return Actor(kind="user", id=uuid4(), name=name, permissions=frozenset(permissions), **given)


GUARD, OTHER = someone("门卫老周", WRITE), someone("门卫小吴", WRITE)
CHIEF = someone("值班长孙", WRITE, READ)


@pytest.fixture
def plugins():
    return Plugins({})


@pytest.fixture
async def place(database):
    site, gate = Site(id=uuid4(), code="main", name="主楼"), uuid4()
    await Site.insert(site)
    await Gate.insert(Gate(id=gate, site=site.id, code="south", name="南门"))
    return site.id, gate


async def opened(place, plugins, kind="core.disorder", by=GUARD, **given):
    site, gate = place
    opening = Opening(site_id=site, gate_id=gate, kind=kind, seen=SEEN, **given)
    return await services.open_incident(opening, actor=by, at=MONDAY, plugins=plugins)


async def work_through(incident_id, by=GUARD, at=MONDAY):
    for step in (await queries.shown(incident_id, actor=by)).steps:
        call = {"called": "派出所", "called_at": at} if step.call else {}
        await steps.do_step(incident_id, step.id, actor=by, at=at, **call)


@pytest.mark.rule("CORE-16")
async def test_an_incident_is_opened_with_the_steps_its_kind_prescribes(place, plugins):
    incident_id = await opened(place, plugins, spot="大厅")
    shown = await queries.shown(incident_id, actor=GUARD)
    assert shown.number == "2026-0001"
    assert (shown.seen, shown.gate_name, shown.spot) == (SEEN, "南门", "大厅")
    assert [str(step.label) for step in shown.steps] == [
        "Stay calm, keep others away",
        "Call a colleague or the duty officer",
        "Call the police (110) if somebody is in danger",
        "Keep pictures and names of witnesses",
    ]
    entry = await LogEntry.objects().where(LogEntry.act == "incident.open").first()
    assert entry.actor_name == "门卫老周"


@pytest.mark.rule("CORE-16")
async def test_a_call_is_noted_with_whom_and_when(place, plugins):
    incident_id = await opened(place, plugins, kind="core.illness")
    call = (await queries.shown(incident_id, actor=GUARD)).steps[0]
    at = MONDAY + timedelta(minutes=4)
    with pytest.raises(InvalidInputError) as problem:
        await steps.do_step(incident_id, call.id, actor=GUARD, at=at)
    assert "called" in problem.value.problems
    with pytest.raises(InvalidInputError) as problem:
        await steps.do_step(
            incident_id,
            call.id,
            actor=GUARD,
            at=at,
            called="120",
            called_at=at + timedelta(hours=1),
        )
    assert "called_at" in problem.value.problems
    minute = MONDAY + timedelta(minutes=2)
    await steps.do_step(
        incident_id, call.id, actor=GUARD, at=at, called="120 急救中心", called_at=minute
    )
    done = (await queries.shown(incident_id, actor=GUARD)).steps[0]
    assert (done.called, done.called_at, done.done_at, done.done_by_name) == (
        "120 急救中心",
        minute,
        at,
        "门卫老周",
    )


@pytest.mark.rule("CORE-16")
async def test_an_incident_closes_only_when_every_step_is_done_or_explained(place, plugins):
    incident_id = await opened(place, plugins, kind="core.lost_badge")
    shown = (await queries.shown(incident_id, actor=GUARD)).steps
    close = {"actor": GUARD, "at": MONDAY, "plugins": plugins}
    with pytest.raises(RefusedError) as refused:
        await services.close(incident_id, result="补发", **close)
    assert refused.value.code == "steps_open"
    for step in shown[:2]:
        await steps.do_step(incident_id, step.id, actor=GUARD, at=MONDAY)
    with pytest.raises(InvalidInputError):
        await steps.leave_out_step(incident_id, shown[2].id, reason=" ", actor=GUARD, at=MONDAY)
    await steps.leave_out_step(incident_id, shown[2].id, reason="已找到", actor=GUARD, at=MONDAY)
    with pytest.raises(RefusedError) as refused:
        await services.close(incident_id, result=" ", **close)
    assert refused.value.code == "result_missing"
    await services.close(incident_id, result="在食堂找到", **close)
    with pytest.raises(WrongStateError):
        await steps.do_step(incident_id, shown[0].id, actor=GUARD, at=MONDAY)
    await amending.add_note(incident_id, "次日回访", actor=GUARD, at=MONDAY)
    await services.reopen(incident_id, reason="又丢了", actor=GUARD, at=MONDAY)
    assert (await queries.shown(incident_id, actor=OTHER)).state == "open"


@pytest.mark.rule("CORE-8", "CORE-16")
async def test_a_correction_keeps_the_earlier_text_and_logs_who_and_why(place, plugins):
    incident_id = await opened(place, plugins)
    with pytest.raises(InvalidInputError):
        await amending.correct(
            incident_id, seen="x", reason="", actor=GUARD, at=MONDAY, plugins=plugins
        )
    await amending.correct(
        incident_id,
        seen="一名女子高声叫喊",
        kind="core.refusal_to_leave",
        reason="看错了",
        actor=GUARD,
        at=MONDAY,
        plugins=plugins,
    )
    shown = await queries.shown(incident_id, actor=GUARD)
    assert shown.seen == "一名女子高声叫喊"
    assert [(n.kind, n.text, n.reason) for n in shown.notes] == [("correction", SEEN, "看错了")]
    assert "Call the host" in [str(step.label) for step in shown.steps]
    assert "Keep pictures and names of witnesses" not in [str(step.label) for step in shown.steps]
    entry = await LogEntry.objects().where(LogEntry.act == "incident.correct").first()
    assert '"kind": "core.disorder"' in entry.before
    assert "看错了" in entry.after
    assert SEEN not in entry.before + entry.after


async def test_no_text_of_an_incident_lies_in_the_clear(place, plugins):
    incident_id = await opened(place, plugins, kind="core.illness")
    await work_through(incident_id)
    await amending.add_note(incident_id, "家属已到", actor=GUARD, at=MONDAY)
    await services.close(incident_id, result="送医", actor=GUARD, at=MONDAY, plugins=plugins)
    stored = ""
    for table in ("incident", "incident_step", "incident_note", "log_entry", "outbox_event"):
        stored += str(await db.fetch(f'SELECT * FROM "{table}"'))
    for text in (SEEN, "派出所", "家属已到", "送医"):
        assert text not in stored


@pytest.mark.rule("CORE-14")
async def test_incidents_are_seen_by_permission_and_others_do_not_know_of_them(place, plugins):
    incident_id = await opened(place, plugins, kind="core.other")
    for who in (someone("访客"), Actor(kind="anonymous")):
        with pytest.raises(NotFoundError):
            await queries.shown(incident_id, actor=who)
        assert (await queries.incidents(who))[1] == 0
    elsewhere = replace(CHIEF, site_ids=frozenset({uuid4()}))
    with pytest.raises(NotFoundError):
        await queries.shown(incident_id, actor=elsewhere)
    assert (await queries.incidents(elsewhere))[1] == 0
    assert (await queries.incidents(OTHER))[1] == 1
    await work_through(incident_id)
    await services.close(incident_id, result="已处理", actor=GUARD, at=MONDAY, plugins=plugins)
    with pytest.raises(NotFoundError):  # closed, and somebody else's
        await queries.shown(incident_id, actor=OTHER)
    assert [(await queries.incidents(who))[1] for who in (OTHER, GUARD, CHIEF)] == [0, 1, 1]
    assert (await queries.incidents(CHIEF, state="open"))[1] == 0
    assert (await queries.incidents(CHIEF, kind="core.other", site_id=place[0]))[1] == 1
    auditor = someone("审计", READ)
    with pytest.raises(NotFoundError):  # reads, does not write
        await amending.add_note(incident_id, "x", actor=auditor, at=MONDAY)
    await services.void(incident_id, reason="误报", actor=CHIEF, at=MONDAY)
    assert (await queries.shown(incident_id, actor=CHIEF)).state == "voided"


async def test_what_is_missing_or_not_here_is_said_beside_the_field(place, plugins):
    site, _gate = place
    tomorrow = MONDAY + timedelta(days=1)
    wrong = Opening(
        site_id=site, gate_id=uuid4(), kind="x", seen=" ", happened_at=tomorrow,
        registration_id=uuid4(),
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as problem:
        await services.open_incident(wrong, actor=GUARD, at=MONDAY, plugins=plugins)
    assert set(problem.value.problems) == {"gate", "kind", "seen", "happened_at", "registration"}
    assert not await LogEntry.exists().where(LogEntry.act == "incident.open")


async def test_a_plugin_brings_kinds_and_a_name_twice_stops_the_start(place):
    def plugin(name):
        @hookimpl
        def register_incident_kinds():
            step = IncidentStep(name="tell", label=N_("Call the host"), call=True)
            return [IncidentKind(name=name, label=N_("Disorder"), steps=(step,), plugin="hall")]

        return SimpleNamespace(register_incident_kinds=register_incident_kinds)

    plugins = Plugins({"hall": plugin("hall.leak")})
    incident_id = await opened(place, plugins, kind="hall.leak")
    assert len((await queries.shown(incident_id, actor=GUARD)).steps) == 1
    plugins.switch_off({place[0]: frozenset({"hall"})})
    assert "hall.leak" not in [kind.name for kind in steps.kinds(plugins, place[0])]
    with pytest.raises(PluginError):
        Plugins({"hall": plugin("core.illness")}).register_incident_kinds()


async def test_an_old_page_does_not_close_what_changed_since(place, plugins):
    incident_id = await opened(place, plugins, kind="core.other")
    seen = await queries.shown(incident_id, actor=GUARD)
    await work_through(incident_id)
    with pytest.raises(StaleError):
        await services.close(
            incident_id, result="好", actor=OTHER, at=MONDAY, plugins=plugins, version=seen.version
        )


async def test_a_photo_is_attached_and_seen_only_with_its_incident(place, plugins):
    incident_id = await opened(place, plugins)
    other_id = await opened(place, plugins)
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    photo = await amending.attach_photo(incident_id, data.getvalue(), actor=GUARD, at=MONDAY)
    assert (await queries.shown(incident_id, actor=GUARD)).photos == (photo,)
    assert await queries.photo_of(incident_id, photo, actor=GUARD) == photo
    for where, who in ((other_id, GUARD), (incident_id, someone("访客"))):
        with pytest.raises(NotFoundError):
            await queries.photo_of(where, photo, actor=who)
    with pytest.raises(NotFoundError):
        await amending.attach_photo(incident_id, data.getvalue(), actor=someone("访客"), at=MONDAY)


@pytest.mark.rule("CORE-21")
async def test_an_erased_visitors_incidents_keep_kind_and_times_only(database, plugins):
    place = await reception.a_place(plugins)
    done = await reception.arrive(place)
    here = (place.site_id, place.gate_id)
    incident_id = await opened(here, plugins, kind="core.other", registration_id=done.id)
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    await amending.attach_photo(incident_id, data.getvalue(), actor=GUARD, at=MONDAY)
    await work_through(incident_id)
    await amending.add_note(incident_id, "家长已赶到", actor=GUARD, at=MONDAY)
    await services.close(incident_id, result="由家长接走", actor=GUARD, at=MONDAY, plugins=plugins)
    exported, failed = await privacy.export_person(
        done.visitor_id, plugins=plugins, actor=reception.ADMIN, at=MONDAY
    )
    assert not failed
    values = [d.value for part in exported for d in part.details]
    assert {SEEN, "家长已赶到", "由家长接走"} <= set(values)
    await leave_of(done.id, plugins)
    await privacy.erase_visitor(
        done.visitor_id, reason="本人要求", plugins=plugins, actor=reception.ADMIN, at=MONDAY
    )
    shown = await queries.shown(incident_id, actor=CHIEF)
    assert (shown.seen, shown.photos, shown.kind) == ("", (), "core.other")
    assert [step.called for step in shown.steps] == [""]
    assert shown.steps[0].done_at is not None


async def leave_of(registration_id, plugins):
    act = {"actor": reception.GUARD, "at": MONDAY, "plugins": plugins}
    await consent.note(registration_id, given=True, means="phone", by="张明", **act)
    await admit(registration_id, **act)
    await leaving.leave(registration_id, **act)
