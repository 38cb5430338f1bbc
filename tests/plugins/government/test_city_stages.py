# ruff: noqa: F811 - arguments are fixtures
"""In the whole demonstration, of 3,000 items, the next act can be done at every stage."""

import re

import pytest

from core import clock, db
from core.demo import services
from core.documents.numbering import next_number
from core.registrations.judging import site_time
from plugins.government.intake.facts import SIGNS
from tests.app import new_client
from tests.demonstration import NOW, PASSWORD, wednesday  # noqa: F401 - a fixture
from tests.plugins.government.chain import sign

pytestmark = pytest.mark.anyio

OPINION = {
    "claims": "要求支付拖欠的工资",
    "facts": "经查，反映的情况部分属实。",
    "basis": "《信访工作条例》第三十二条",
    "decision": "支持其合理诉求。",
}


class Office:
    """The demonstration's staff at their pages."""

    def __init__(self, app):
        self.app, self.clients = app, {}

    async def at(self, login):
        """Return somebody signed in."""
        if login not in self.clients:
            client = new_client(self.app)
            assert (await client.sign_in(login, PASSWORD)).status_code == 303, login
            self.clients[login] = client
        return self.clients[login]

    async def post(self, login, path, data):
        """Carry out an act by its page: the form is there, and sent it leads on."""
        answer = await (await self.at(login)).post(path, data=data)
        said = re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)<', answer.text)
        assert answer.status_code == 303, (login, path, answer.status_code, said)
        return answer


async def one(stage, more="1 = 1"):
    """Return the latest item of the demonstration at a stage, and the login of who holds it."""
    rows = await db.fetch(
        "SELECT m.id, m.day, u.code FROM government_matter m JOIN government_unit u ON u.id = m.holder"
        f" WHERE m.stage = {{}} AND NOT m.secret AND {more} ORDER BY m.registered_at DESC LIMIT 1",
        stage,
    )
    assert rows, (stage, more)
    return rows[0]["id"], rows[0]["code"]


async def stage_of(item):
    """Return where an item stands."""
    return (await db.fetch("SELECT stage FROM government_matter WHERE id = {}", item))[0]["stage"]


async def user_of(login):
    """Return the account of a login."""
    return str((await db.fetch("SELECT id FROM account WHERE login = {}", login))[0]["id"])


@pytest.fixture
async def office(wednesday, app, settings, plugins):
    """The whole demonstration, with its 3,000 items, and its staff at their pages."""
    await services.fill(plugins, settings, at=wednesday, password=PASSWORD, weeks=2)
    found = Office(app)
    yield found
    for client in found.clients.values():
        await client.aclose()


_STATE = "EXISTS (SELECT 1 FROM government_forwarding f WHERE f.matter = m.id AND f.state = '{}')"
_ISSUED = (
    "EXISTS (SELECT 1 FROM government_opinion o WHERE o.matter = m.id AND o.level = '{}'"
    " AND o.state = 'issued' AND {} EXISTS (SELECT 1 FROM document_delivery d"
    " WHERE d.document = o.document))"
)


async def _registered(office):
    item, _ = await one("registered", "m.channel <> 'after_visit'")
    data = {"decision": "accept", "told_text": "已告知受理"}
    await office.post("petition_clerk", f"/government/matters/{item}/decide", data)
    assert await stage_of(item) == "accepted"


async def _accepted(office):
    item, _ = await one(
        "accepted",
        "m.source = 'own' AND NOT EXISTS"
        " (SELECT 1 FROM government_forwarding f WHERE f.matter = m.id AND f.state = 'signing')",
    )
    unit = await db.fetch("SELECT id FROM government_unit WHERE code = 'gx'")
    data = {
        "unit": str(unit[0]["id"]),
        "reason": "属地办理",
        "due_on": "2026-12-25",
        "urgent": "",
        "spoke_with": "",
        "answer": "",
    }
    await office.post("petition_clerk", f"/government/matters/{item}/transfer", data)
    assert await stage_of(item) == "forwarded"


async def _forwarded(office):
    item, code = await one("forwarded")
    data = {"person": await user_of(code), "plan": "约见信访人"}
    await office.post(code, f"/government/matters/{item}/acknowledge", data)
    assert await stage_of(item) == "handling"


async def _handling(office):
    item, code = await one(
        "handling",
        _STATE.format("taken")
        + " AND NOT EXISTS (SELECT 1 FROM government_objection o WHERE o.matter = m.id"
        " AND o.decided_at IS NULL)",
    )
    page = (await (await office.at(code)).get(f"/government/matters/{item}")).text
    assert f"/government/matters/{item}/result" in page
    data = {"course": "走访核实", "result": "已解决", "taken": "satisfied", "words": "同意"}
    await office.post(code, f"/government/matters/{item}/result", data)
    assert await stage_of(item) == "reported"


async def _returned(office):
    item, _ = await one("reported", _STATE.format("returned"))
    names = ("matches", "facts", "law", "measures", "formalities")
    data = {f"point_{name}": "yes" for name in names}
    data |= {"point_facts": "no", "findings": "请补充调查", "new_day": "2027-03-01"}
    await office.post("petition_clerk", f"/government/matters/{item}/check", data)
    assert await stage_of(item) == "handling"


async def _checked(office):
    item, code = await one(
        "reported",
        _STATE.format("checked") + " AND m.purpose IN ('request', 'appeal') AND NOT EXISTS"
        " (SELECT 1 FROM government_opinion o WHERE o.matter = m.id)",
    )
    path = f"/government/matters/{item}/opinion"
    await office.post(code, path, {**OPINION, "outcome": "support", "do": "submit"})
    rows = await db.fetch("SELECT approval FROM government_opinion WHERE matter = {}", item)
    await sign(await office.at(f"{code}-head"), rows[0]["approval"])
    assert await stage_of(item) == "opinion"


async def _opinion(office):
    item, code = await one("opinion", _ISSUED.format("handling", "NOT"))
    found = await db.fetch(
        "SELECT id, issued_on FROM government_opinion WHERE matter = {} AND state = 'issued'", item
    )
    data = {
        "at": f"{site_time(clock.now()):%Y-%m-%dT%H:%M}",
        "method": "direct",
        "receiver": "本人",
    }
    await office.post(code, f"/government/opinions/{found[0]['id']}/deliver", data)
    page = (await (await office.at("petition_clerk")).get(f"/government/matters/{item}")).text
    assert "2026-12-25" in page, "the petitioner's time runs from the delivery"


async def _delivered(office):
    item, _ = await one(
        "opinion",
        _ISSUED.format("handling", "")
        + " AND m.registered_at > '2026-09-01' AND EXISTS (SELECT 1 FROM government_opinion o"
        " WHERE o.matter = m.id AND o.issued_on >= '2026-11-05')",
    )
    data = {"asked_on": "2026-11-25", "in_writing": "1", "reasons": "不服处理意见"}
    await office.post("petition_clerk", f"/government/matters/{item}/review", data)
    assert await stage_of(item) == "review"


async def _on_paper(office, stage, label, after):
    item, _ = await one(stage)
    path = f"/government/matters/{item}/opinion"
    await office.post("petition_clerk", path, {**OPINION, "outcome": "uphold", "do": "keep"})
    rows = await db.fetch(
        "SELECT id FROM government_opinion WHERE matter = {} AND state = 'draft'", item
    )
    data = {"label": label, "signed_by": "市政府", "issued_on": "2026-11-25"}
    await office.post("petition_clerk", f"/government/opinions/{rows[0]['id']}/received", data)
    assert await stage_of(item) == after


async def _reviewed(office):
    item, _ = await one("reviewed", _ISSUED.format("review", ""))
    data = {"asked_on": "2026-11-25", "in_writing": "1", "reasons": "不服", "good_reason": "住院"}
    await office.post("petition_clerk", f"/government/matters/{item}/review", data)
    assert await stage_of(item) == "rereview"


async def _final(office):
    item, _ = await one("final", _ISSUED.format("rereview", ""))
    data = {"petitioner_signature": "1", "leader_signature": "1", "seals": "1"}
    await office.post("petition_clerk", f"/government/matters/{item}/filing", data)
    path = f"/government/matters/{item}/close"
    await office.post("petition_clerk", path, {"reason": "concluded"})
    assert await stage_of(item) == "closed"


@pytest.mark.rule("GOV-55")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_at_every_stage_of_the_demonstration_the_next_act_can_be_done(office):
    await _registered(office)
    await _accepted(office)
    await _forwarded(office)
    await _handling(office)
    await _returned(office)
    await _checked(office)
    await _opinion(office)
    await _delivered(office)
    await _on_paper(office, "review", "云府信复查〔2026〕900号", "reviewed")
    await _on_paper(office, "rereview", "省信复核〔2026〕900号", "final")
    await _reviewed(office)
    await _final(office)
    await _numbers_go_on()


async def _numbers_go_on():
    """Every numbered kind goes on behind the demonstration's last number."""
    for kind, table in (
        ("government.forwarding", "government_forwarding"),
        ("government.weekly_list", "government_weekly_list"),
        ("government.interview", "government_interview"),
        ("government_letter_batch", "government_letter_batch"),
    ):
        rows = await db.fetch(f"SELECT max(number) AS n FROM {table} WHERE number LIKE '2026-%'")
        async with db.writing():
            assert await next_number(kind, 2026) == int(rows[0]["n"].partition("-")[2]) + 1, kind
    for channel, sign_ in SIGNS.items():
        rows = await db.fetch(
            "SELECT max(number) AS n FROM government_contact WHERE channel = {} AND number LIKE {}",
            channel,
            f"{sign_}2026-%",
        )
        async with db.writing():
            following = await next_number(f"government.contact.{channel}", 2026)
        assert following == int(rows[0]["n"].partition("-")[2]) + 1, channel
