"""The letter of each working morning, through a real mail server and by the injected clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core import clock, db
from core.approvals import services as approvals
from core.approvals.facts import NewRequest, StepPlan
from core.i18n import N_
from core.notices import smtp
from core.notices.outbox import Outbox
from core.notices.rulebook import RULEBOOK
from core.permissions import SYSTEM
from core.rulebooks import queries as rulebooks
from core.rulebooks import services as adopting
from web.digest import Digests

ZONE_HOURS = 8


def shanghai(day, hour, minute=0):
    return datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=UTC) + timedelta(
        hours=hour - ZONE_HOURS, minutes=minute
    )


@pytest.fixture(autouse=True)
def _clock():
    rulebooks.forget()
    yield
    clock.CLOCK.reset()


@pytest.fixture
async def office(app, client_as, plugins, settings, mailbox, site):
    return Office(
        client_as,
        plugins,
        replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port),
        mailbox,
    )


class Office:
    """People with addresses, what waits for them, and the server's mornings."""

    def __init__(self, client_as, plugins, settings, mailbox):
        self.client_as, self.plugins, self.settings, self.mailbox = (
            client_as, plugins, settings, mailbox,
        )  # fmt: skip
        self.digests = Digests(plugins, settings)

    async def person(self, address, role="desk", locale="zh_Hans"):
        client = await self.client_as(role)
        await db.execute(
            "UPDATE account SET email = {}, locale = {} WHERE id = {}",
            address, locale, client.user_id,
        )  # fmt: skip
        return client

    async def wait_for(self, client):
        await approvals.open_request(
            NewRequest(
                kind="x.y", record_kind="x", record="1", title=N_("canary-title"),
                steps=(StepPlan(label=N_("Signature"), users=(client.user_id,)),),
            ),
            actor=SYSTEM, at=clock.now(), plugins=self.plugins,
        )  # fmt: skip

    async def morning(self, at, digests=None):
        """Let the server work at a moment; return how many letters it wrote."""
        clock.CLOCK.travel(at, running=False)
        return await (digests or self.digests).send(at=at)

    async def post(self):
        channels = {"email": smtp.channel(self.settings)}
        box = Outbox(self.plugins, channels, base_url=self.settings.base_url, locale="zh_Hans")
        clock.CLOCK.advance(timedelta(seconds=1))
        while await box.work_once():
            pass
        came = {}
        for [to], letter in self.mailbox.letters:
            came.setdefault(to, []).append(letter)
        return came


@pytest.mark.rule("CORE-11")
async def test_each_working_morning_says_what_is_due_in_the_readers_language_without_content(
    office,
):
    one = await office.person("li@office.test")
    two = await office.person("lee@office.test", locale="en")
    idle = await office.person("idle@office.test")
    await office.wait_for(one)
    await office.wait_for(one)
    await office.wait_for(two)
    assert await office.morning(shanghai("2026-11-23", 8, 29)) == 0, "before the hour"
    assert await office.morning(shanghai("2026-11-23", 8, 30)) == 2
    assert await office.morning(shanghai("2026-11-23", 8, 31)) == 0, "once a day"
    letters = await office.post()
    digests = {
        to: [one for one in found if "今日待办" in one["Subject"] or "due today" in one["Subject"]]
        for to, found in letters.items()
    }
    [chinese], [english] = digests["li@office.test"], digests["lee@office.test"]
    assert "等我签字：2" in chinese.get_content().replace(" ", "")
    assert "https://laifang.test/approvals" in chinese.get_content()
    assert "Waiting for my signature: 1" in english.get_content()
    assert "canary" not in chinese.as_string()
    assert "idle@office.test" not in letters
    assert idle.user_id


async def test_no_letter_comes_on_a_day_off_and_one_comes_on_a_weekend_that_is_worked(office):
    one = await office.person("li@office.test")
    await office.wait_for(one)
    for free in ("2026-11-22", "2026-10-01"):
        assert await office.morning(shanghai(free, 9)) == 0
    assert await office.morning(shanghai("2026-10-10", 9)) == 1
    assert await office.morning(shanghai("2026-11-23", 9)) == 1


async def test_a_second_server_or_one_started_again_writes_nothing_twice(office):
    one = await office.person("li@office.test")
    await office.wait_for(one)
    assert await office.morning(shanghai("2026-11-23", 8, 30)) == 1
    again = Digests(office.plugins, office.settings)
    assert await office.morning(shanghai("2026-11-23", 8, 40), again) == 0
    assert await office.morning(shanghai("2026-11-24", 14), again) == 0, "too late for this morning"


async def test_who_does_not_want_it_switches_it_off_under_their_account(office):
    one = await office.person("li@office.test")
    await office.wait_for(one)
    page = await one.get("/account")
    assert "早间提醒" in page.text
    await one.post("/account/digest", data={"wanted": "no"})
    assert await office.morning(shanghai("2026-11-23", 9)) == 0
    clock.CLOCK.reset()
    await one.post("/account/digest", data={"wanted": "yes"})
    assert await office.morning(shanghai("2026-11-24", 9)) == 1


async def test_the_administrator_sets_the_hour_or_switches_it_off_for_all(office):
    one = await office.person("li@office.test")
    await office.wait_for(one)

    async def adopt(at, **values):
        clock.CLOCK.travel(at, running=False)
        await adopting.adopt(RULEBOOK, values, effective_from=at, note="x", actor=SYSTEM, at=at)

    await adopt(shanghai("2026-11-22", 9), digest_at="07:00")
    assert await office.morning(shanghai("2026-11-23", 7)) == 1
    await adopt(shanghai("2026-11-23", 12), digest="no")
    assert await office.morning(shanghai("2026-11-24", 9)) == 0
