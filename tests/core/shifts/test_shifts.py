"""Shifts on both engines: taken over, handed over with both signatures, relieved, left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core import db, hookimpl
from core.accounts import passwords
from core.accounts import services as accounts
from core.accounts.limits import TooOftenError
from core.accounts.pins import set_pin
from core.accounts.tables import User
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.incidents.facts import Opening
from core.incidents.services import open_incident
from core.log.tables import LogEntry
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.settings import load
from core.shifts import handovers, policies, queries, services
from core.shifts.facts import OpenItem
from core.shifts.tables import Shift, ShiftHandover
from tests.core.registrations import reception

SEVEN = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # seven in the morning in Shanghai
HOUR = timedelta(hours=1)
WRITE, READ = "core:shift:write", "core:shift:read"


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


def a_guard(name):
    return Actor(kind="user", id=uuid4(), name=name, permissions=frozenset({WRITE}))


ZHOU, WU, ZHAO = a_guard("老周"), a_guard("小吴"), a_guard("老赵")


class Shelf:
    """Things kept at the gate, as a plugin tells of them."""

    def __init__(self):
        self.kept = []
        self.broken = False

        @hookimpl
        async def collect_open_items(site_id, gate_id, at):
            if self.broken:
                raise RuntimeError("the shelf is gone")
            return [
                OpenItem(kind="shelf.item", label=N_("Things kept"), reference=thing, text=thing)
                for thing in self.kept
            ]

        self.plugin = SimpleNamespace(collect_open_items=collect_open_items)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def plugins(shelf):
    return Plugins({"shelf": shelf.plugin})


@pytest.fixture
async def place(database, plugins):
    return await reception.a_place(plugins)


@pytest.mark.rule("CORE-17")
async def test_a_handover_records_what_is_open_and_both_sign(place, plugins, shelf):
    gate = place.gate_id
    visit = await reception.arrive(place)
    act = {"actor": reception.GUARD, "at": reception.MONDAY, "plugins": plugins}
    from core.registrations import consent
    from core.registrations.services import admit

    await consent.note(visit.id, given=True, means="phone", by="张明", **act)
    await admit(visit.id, **act)
    shelf.kept = ["3 号柜：书包", "5 号柜：雨伞"]
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    await open_incident(
        Opening(site_id=place.site_id, kind="core.other", seen="水管漏水"),
        actor=SYSTEM, at=SEVEN, plugins=plugins,
    )  # fmt: skip
    three = SEVEN + 8 * HOUR
    offered = await handovers.offer(
        gate, actor=ZHOU, at=three, plugins=plugins, keys="大门 2 把", remarks="路灯坏了"
    )
    shelf.kept = ["5 号柜：雨伞", "6 号柜：快递"]
    later = three + timedelta(minutes=5)
    await handovers.accept(offered, actor=WU, at=later, plugins=plugins, remarks="钥匙只有 1 把")
    record = await queries.handover(offered, ZHAO)
    assert [item.kind for item in record.items] == [
        "core.inside", "core.incident", "shelf.item", "shelf.item",
    ]  # fmt: skip
    assert record.items[0].text.endswith("王**")
    assert [item.text for item in record.came_up] == ["6 号柜：快递"]
    assert [item.text for item in record.settled] == ["3 号柜：书包"]
    assert (record.keys, record.remarks, record.incoming_remarks) == (
        "大门 2 把", "路灯坏了", "钥匙只有 1 把",
    )  # fmt: skip
    assert (record.outgoing_name, record.outgoing_at) == ("老周", three)
    assert (record.incoming_name, record.incoming_at) == ("小吴", later)
    assert record.state == "signed"
    assert (await queries.post(gate, WU)).holder == WU.id
    first, second = await Shift.objects().order_by(Shift.began_at)
    assert first.ended_at == second.began_at == later
    acts = {row["act"] for row in await LogEntry.select(LogEntry.act)}
    assert {"shift.take_over", "shift.offer", "shift.accept"} <= acts


async def test_the_record_names_nobody_in_the_clear(place, plugins, shelf):
    shelf.kept = ["3 号柜：李雷的书包"]
    await services.take_over(place.gate_id, actor=ZHOU, at=SEVEN, plugins=plugins)
    stored = str(await db.fetch("SELECT * FROM shift_handover")) + str(
        await db.fetch("SELECT * FROM log_entry")
    )
    assert "李雷" not in stored


@pytest.mark.rule("CORE-17")
async def test_a_taken_post_is_not_taken_again_and_nobody_hands_over_for_another(place, plugins):
    gate = place.gate_id
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    for who, code in ((ZHOU, "on_duty_already"), (WU, "post_taken")):
        with pytest.raises(RefusedError) as refused:
            await services.take_over(gate, actor=who, at=SEVEN, plugins=plugins)
        assert refused.value.code == code
    with pytest.raises(WrongStateError):
        await handovers.offer(gate, actor=WU, at=SEVEN, plugins=plugins)
    with pytest.raises(WrongStateError):
        await services.leave(gate, actor=WU, at=SEVEN, plugins=plugins)
    offered = await handovers.offer(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    with pytest.raises(RefusedError) as refused:
        await handovers.accept(offered, actor=ZHOU, at=SEVEN, plugins=plugins)
    assert refused.value.code == "same_person"
    with pytest.raises(NotFoundError):
        await handovers.withdraw(offered, actor=WU, at=SEVEN)
    await handovers.withdraw(offered, actor=ZHOU, at=SEVEN)
    with pytest.raises(WrongStateError):
        await handovers.accept(offered, actor=WU, at=SEVEN, plugins=plugins)


async def test_a_second_offer_replaces_the_first(place, plugins):
    gate = place.gate_id
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    first = await handovers.offer(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    second = await handovers.offer(gate, actor=ZHOU, at=SEVEN + HOUR, plugins=plugins, keys="1")
    with pytest.raises(WrongStateError):
        await handovers.accept(first, actor=WU, at=SEVEN + HOUR, plugins=plugins)
    await handovers.accept(second, actor=WU, at=SEVEN + HOUR, plugins=plugins)
    with pytest.raises(WrongStateError):
        await handovers.accept(second, actor=ZHAO, at=SEVEN + HOUR, plugins=plugins)


@pytest.mark.rule("CORE-17")
async def test_who_went_without_signing_is_relieved_with_a_reason(place, plugins):
    gate = place.gate_id
    with pytest.raises(WrongStateError):
        await services.relieve(gate, reason="无人", actor=WU, at=SEVEN, plugins=plugins)
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    await handovers.offer(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    with pytest.raises(InvalidInputError):
        await services.relieve(gate, reason=" ", actor=WU, at=SEVEN, plugins=plugins)
    await services.relieve(gate, reason="老周送医", actor=WU, at=SEVEN + HOUR, plugins=plugins)
    signed = await ShiftHandover.objects().where(
        ShiftHandover.state == "signed", ShiftHandover.outgoing_shift.is_not_null()
    )
    record = await queries.handover(signed[0].id, WU)
    assert (record.reason, record.outgoing_name, record.outgoing_means) == ("老周送医", "老周", "")
    assert (await queries.post(gate, WU)).offered is None


async def test_a_post_may_stay_empty_and_is_taken_again(place, plugins):
    gate = place.gate_id
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    await services.leave(gate, actor=ZHOU, at=SEVEN + 4 * HOUR, plugins=plugins, remarks="锁门")
    assert (await queries.post(gate, WU)).holder is None
    await services.take_over(gate, actor=ZHOU, at=SEVEN + 20 * HOUR, plugins=plugins)
    assert [line.end_kind for line in await queries.chain(gate, WU)] == ["", "left"]


async def test_a_part_that_cannot_say_what_is_open_is_named_on_the_record(place, plugins, shelf):
    shelf.broken = True
    await services.take_over(place.gate_id, actor=ZHOU, at=SEVEN, plugins=plugins)
    row = await ShiftHandover.objects().first()
    assert (await queries.handover(row.id, ZHOU)).failed_parts == "shelf"


@pytest.mark.rule("CORE-17")
async def test_the_incoming_signs_on_the_outgoings_device_by_pin(place, plugins):
    passwords.configure(replace(load(), password_memory_kib=8, password_rounds=1))
    roles = plugins.register_roles()
    ids = {}
    for login, role in (("xiaowu", "gatekeeper"), ("visitor", "host")):
        ids[login], _ = await accounts.create_user(
            actor=SYSTEM, at=SEVEN, login=login, name=login, roles=[(role, None)],
            known_roles=roles, password="correct horse battery",
        )  # fmt: skip
        await set_pin(ids[login], "2580", actor=SYSTEM, at=SEVEN)
    gate = place.gate_id
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    offered = await handovers.offer(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    names = [one.name for one in await queries.reliefs(place.site_id, roles)]
    assert names == ["xiaowu"]
    sign = {"actor": ZHOU, "at": SEVEN, "plugins": plugins}
    with pytest.raises(InvalidInputError):
        await handovers.accept_by_pin(offered, ids["xiaowu"], "1111", **sign)
    with pytest.raises(InvalidInputError):  # the right PIN of somebody who is no guard
        await handovers.accept_by_pin(offered, ids["visitor"], "2580", **sign)
    with pytest.raises(NotFoundError):  # not on somebody else's device
        await handovers.accept_by_pin(offered, ids["xiaowu"], "2580", **{**sign, "actor": ZHAO})
    await handovers.accept_by_pin(offered, ids["xiaowu"], "2580", **sign)
    record = await queries.handover(offered, ZHOU)
    assert (record.incoming_name, record.incoming_means) == ("xiaowu", "pin")
    assert (await User.objects().get(User.login == "xiaowu")).id == ids["xiaowu"]


async def test_guessing_pins_is_stopped(place, plugins):
    gate = place.gate_id
    await services.take_over(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    offered = await handovers.offer(gate, actor=ZHOU, at=SEVEN, plugins=plugins)
    for pin in range(1000, 1005):
        with pytest.raises(InvalidInputError):
            await handovers.accept_by_pin(
                offered, WU.id, str(pin), actor=ZHOU, at=SEVEN, plugins=plugins
            )
    with pytest.raises(TooOftenError):
        await handovers.accept_by_pin(offered, WU.id, "1005", actor=ZHOU, at=SEVEN, plugins=plugins)


@pytest.mark.rule("CORE-14")
async def test_posts_exist_for_those_who_work_or_read_there(place, plugins):
    stranger = Actor(kind="user", id=uuid4(), name="访客")
    elsewhere = replace(WU, site_ids=frozenset({uuid4()}))
    for who in (stranger, elsewhere):
        assert await queries.posts(who) == []
        with pytest.raises(NotFoundError):
            await services.take_over(place.gate_id, actor=who, at=SEVEN, plugins=plugins)
    reader = Actor(kind="user", id=uuid4(), name="审计", permissions=frozenset({READ}))
    assert len(await queries.posts(reader)) == 1
    with pytest.raises(NotFoundError):
        await services.take_over(place.gate_id, actor=reader, at=SEVEN, plugins=plugins)


async def test_two_who_take_an_empty_post_at_once_are_one_on_duty(place, plugins):
    import asyncio

    answers = await asyncio.gather(
        *(
            services.take_over(place.gate_id, actor=who, at=SEVEN, plugins=plugins)
            for who in (ZHOU, WU, ZHAO)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, RefusedError) for answer in answers) == 2
    assert await Shift.count().where(Shift.ended_at.is_null()) == 1
    spans = [queries.span(shift) for shift in await Shift.objects()]
    assert policies.overlaps(spans) == []
