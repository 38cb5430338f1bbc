"""Nobody waits unnoticed: the host is told, then the desk, each once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.accounts.tables import User, UserRole
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.i18n import Message
from core.notices.tables import Notice
from core.registrations import consent, correcting, waiting
from core.registrations.rulebook import RULEBOOK
from core.registrations.services import admit
from core.rulebooks import services as rulebooks
from core.visitors import watch
from tests.core.registrations.reception import (
    ADMIN,
    CHIEF,
    GUARD,
    MONDAY,
    a_person,
    a_site,
    arrive,
)


async def an_account(*roles, site=None, host=None, active=True):
    user = User(id=uuid4(), login=uuid4().hex[:8], name="某人", host=host, created_at=MONDAY,
                active=active)  # fmt: skip
    await User.insert(user)
    for role in roles:
        await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role, site=site))
    return user.id


async def look(place, minutes):
    """Look who waits too long after so many minutes; return who was told now."""
    before = {n.key for n in await Notice.objects()}
    at = MONDAY + timedelta(minutes=minutes)
    told = await waiting.alert(at=at, roles=place.plugins.register_roles())
    new = [n for n in await Notice.objects() if n.key not in before]
    assert len(new) == told
    return {(n.channel, n.user) for n in new}


@pytest.mark.rule("CORE-18", "CORE-11")
async def test_the_host_is_told_after_ten_minutes_the_desk_after_twenty_each_once(place):
    host = await an_account("host", host=place.host_id)
    desk = await an_account("desk")
    chief = await an_account("duty_officer", site=place.site_id)
    await an_account("gatekeeper")
    await an_account("desk", active=False)
    east, _ = await a_site("east", "东校区")
    await an_account("desk", site=east)
    done = await arrive(place)
    assert await look(place, 9) == set()
    assert await look(place, 10) == {("in_app", host), ("email", None)}
    assert await look(place, 12) == set()
    assert await look(place, 20) == {("in_app", desk), ("in_app", chief)}
    assert await look(place, 60) == set()
    everything = " ".join(
        Message.load(n.subject).translate("zh_Hans") + Message.load(n.body).translate("zh_Hans")
        for n in await Notice.objects()
    )
    assert "王小明" not in everything
    assert done.number in everything


async def test_without_a_way_to_the_host_the_desk_is_told_when_the_host_would_be(place):
    desk = await an_account("desk")
    await arrive(place, host_id=None, host_text="后勤处")
    assert await look(place, 10) == {("in_app", desk)}
    assert await look(place, 20) == set()


async def test_whoever_is_held_waits_for_the_desk(place):
    desk = await an_account("desk")
    await watch.add(a_person(), action="barred", reason="闹事", until=None, actor=CHIEF, at=MONDAY)
    assert (await arrive(place)).state == "held"
    assert await look(place, 10) == {("in_app", desk)}


async def test_nobody_is_told_of_who_is_inside_gone_or_was_registered_a_day_ago(place):
    desk = await an_account("desk")
    done = await arrive(place)
    await consent.note(
        done.id, given=True, by="张明", means="phone", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    await admit(done.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    gone = await arrive(place, a_person("李雷", "13900000000", ""), document_shown=True)
    await correcting.cancel(gone.id, reason="走了", actor=GUARD, at=MONDAY, plugins=place.plugins)
    await arrive(place, a_person("韩梅", "13900000001", ""))
    assert await look(place, 24 * 60 + 1) == set()
    assert desk


async def test_a_host_who_refused_or_left_is_not_reminded_and_the_desk_is_told(place):
    desk = await an_account("desk")
    done = await arrive(place)
    await consent.note(
        done.id, given=False, by="张明", means="phone", actor=GUARD, at=MONDAY,
        plugins=place.plugins,
    )  # fmt: skip
    await arrive(place, a_person("李雷", "13900000000", ""))
    entry = HostEntry(name="张明", email="zhang@school.test", active=False)
    await hosts.change(place.host_id, entry, actor=ADMIN, at=MONDAY)
    assert await look(place, 10) == {("in_app", desk)}
    assert await Notice.count() == 2


async def test_the_thresholds_are_those_of_the_rulebook(place):
    await rulebooks.adopt(
        RULEBOOK, {"waiting_amber_minutes": 3, "waiting_red_minutes": 5},
        effective_from=MONDAY, note="", actor=ADMIN, at=MONDAY,
    )  # fmt: skip
    desk = await an_account("desk")
    await arrive(place)
    assert await look(place, 2) == set()
    assert await look(place, 3) == {("email", None)}
    assert await look(place, 5) == {("in_app", desk)}
