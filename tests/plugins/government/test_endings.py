"""However an item ends, nothing of it goes on waiting for anybody."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock, db
from core.approvals import services as approvals
from core.i18n import N_
from core.permissions import SYSTEM
from plugins.government.matters import services as matters
from plugins.government.supervising import services as supervising
from tests.plugins.government.chain import handled_by, sign
from tests.plugins.government.handling_scene import POINTS, RESULT, transfer_form
from tests.plugins.government.test_coordination import box, plan_form

pytestmark = pytest.mark.anyio
# Lists of what waits, by who has them.
LISTS = {
    "petition_head": (
        *("/approvals", "/government/signing", "/government/duty", "/government/interviews"),
        *(f"/government/supervising?list={name}" for name in ("late", "unreturned", "unanswered")),
        *("/government/supervising/clocks", "/deadlines"),
        *(f"/government/opinions?due={name}" for name in ("untold", "lapsed", "delays")),
    ),
    "petition_deputy": ("/approvals", "/government/signing"),
    "petition_director": ("/approvals", "/government/signing", "/"),
    "petition_leader": ("/government/signing", "/government/duty"),
}
UNIT = (
    "/approvals",
    *(f"/government/unit?view={view}" for view in ("new", "working", "returned")),
)


async def done(client, address, **form):
    """Post a form that is accepted."""
    answer = await client.post(address, data=form)
    assert answer.status_code == 303, (address, answer.text[-3000:])


@pytest.fixture
async def office(city):
    """Those of the office who have lists."""
    return {role: await city.client(role) for role in LISTS}


async def opened_at_the_desk(city, office, page):
    """What the room may begin before anybody handles an item."""
    head = office["petition_head"]
    await done(head, f"{page}/major", text="人数多，情绪激动")
    await done(head, f"{page}/coordination", **plan_form(city, "labour", "housing"))
    await done(
        head, f"{page}/joint", why="several", arrive_by="2026-11-23T11:00", place="",
        **{box(city, "housing"): "1"},
    )  # fmt: skip


async def a_registered_item(city, office):
    """An item at the desk with much begun, that waits to be signed before a unit gets it."""
    row = await city.matter(source="city")
    page = f"/government/matters/{row.id}"
    await done(office["petition_head"], f"{page}/transfer", **transfer_form(city, "labour"))
    await opened_at_the_desk(city, office, page)
    return row, ()


async def an_item_at_a_unit(city, office, **changed):
    """An item that a unit handles: urged, supervised, more time asked, late, instructed on."""
    chain = await handled_by(city, **changed)
    await begun_at_a_unit(city, office, chain.path, chain.unit_clerk)
    return chain


async def begun_at_a_unit(city, office, page, unit_clerk):
    """What is begun about an item that a unit handles."""
    head = office["petition_head"]
    await opened_at_the_desk(city, office, page)
    day = (clock.now() + timedelta(days=5)).date().isoformat()
    unit = str(city.units["labour"])
    await done(
        head, f"{page}/urge", unit=unit, means="phone", spoke_with="刘主任", text="请尽快",
        answer_by=day,
    )  # fmt: skip
    await done(
        head, f"{page}/supervise", unit=unit, reason="not_in_time", requirement="限期答复",
        means="letter", with_whom="", unurged="", due_on=day,
    )  # fmt: skip
    [row] = await db.fetch("SELECT id FROM government_supervision")
    await done(head, f"/government/supervising/{row['id']}/ask_over", reason="屡催不办")
    asked = {"days": "20", "reason": "complex", "note": "需走访"}
    await done(unit_clerk, f"{page}/extension", **asked)
    await done(unit_clerk, f"{page}/delay", reason="complex", note="月底前办结")


async def sign_all(office, phase):
    """Sign the open round of a phase, one after another."""
    for role in ("petition_head", "petition_deputy", "petition_director"):
        for row in await db.fetch(
            "SELECT approval FROM government_signing WHERE phase = {} AND state = 'open'", phase
        ):
            if (await office[role].get(f"/approvals/{row['approval']}")).status_code == 303:
                await sign(office[role], row["approval"])


async def waiting_for_the_leader(office, page):
    """A major item put to the leaders, on which none has instructed yet."""
    await sign_all(office, "major")
    assert page in (await office["petition_leader"].get("/government/signing")).text


async def decided(city, office, **form):
    """End an item at the desk."""
    row, units = await a_registered_item(city, office)
    page = f"/government/matters/{row.id}"
    await done(office["petition_head"], f"{page}/decide", body="", told_text="已说明", **form)
    return row, units


async def answered(city, office):
    """Answered on the spot."""
    return await decided(city, office, decision="answer")


async def guided(city, office):
    """Shown another way."""
    return await decided(city, office, decision="guide")


async def refused(city, office):
    """Not accepted."""
    return await decided(city, office, decision="refuse", ground="refuse_4")


async def not_accepted_any_more(city, office):
    """Accepted no longer."""
    return await decided(city, office, decision="end", ground="end_1")


async def answered_after_acceptance(city, office):
    """Accepted, its clocks running, then answered after all."""
    row, units = await a_registered_item(city, office)
    page, head = f"/government/matters/{row.id}", office["petition_head"]
    await done(head, f"{page}/decide", decision="accept", body="", told_text="已受理")
    await done(head, f"{page}/decide", decision="answer", body="", told_text="已答复")
    return row, units


async def withdrawn(city, office):
    """Closed while a unit has it, as the petitioner withdrew it; a leader was to instruct."""
    chain = await an_item_at_a_unit(city, office)
    await waiting_for_the_leader(office, chain.path)
    await done(chain.unit_clerk, f"{chain.path}/opinion", **chain.opinion())
    await done(office["petition_head"], f"{chain.path}/close", reason="withdrawn", note="")
    return chain.matter, (chain.unit_clerk, chain.unit_head)


async def withdrawn_under_review(city, office):
    """Closed while its review goes on."""
    chain = await an_item_at_a_unit(city, office)
    await chain.issue()
    await chain.deliver()
    await done_review(chain)
    await done(office["petition_head"], f"{chain.path}/close", reason="withdrawn", note="")
    return chain.matter, (chain.unit_clerk, chain.unit_head)


async def done_review(chain):
    """Ask for a review."""
    assert (await chain.ask()).status_code == 303


async def sent_up(city, office):
    """Reported to the body that assigned it, its report signed."""
    row = await city.matter(source="city")
    head, page = office["petition_head"], f"/government/matters/{row.id}"
    unit = await city.client("petition_unit", unit="labour", name="经办人老孙")
    unit_head = await city.client("petition_unit_head", unit="labour", head=True, name="局长老钱")
    await done(head, f"{page}/transfer", **transfer_form(city, "labour"))
    await sign_all(office, "before")
    await done(unit, f"{page}/acknowledge", person=str(unit.user_id), plan="")
    await begun_at_a_unit(city, office, page, unit)
    await waiting_for_the_leader(office, page)
    await done(unit, f"{page}/result", **RESULT)
    await done(head, f"{page}/check", **POINTS, findings="", new_day="")
    await done(head, f"{page}/preliminary-opinion", text="拟同意")
    await sign_all(office, "after")
    return row, (unit, unit_head)


async def concluded(city, office):
    """Decided by re-review, by a body that has no accounts here: the path ends there."""
    chain = await an_item_at_a_unit(city, office)
    await chain.issue()
    await chain.deliver()
    await done_review(chain)
    clerk = await city.client("petition_unit", unit="city")
    head = await city.client("petition_unit_head", unit="city", head=True)
    await chain.issue(by=clerk, signer=head, level="review", outcome="uphold")
    await chain.deliver("review", by=clerk)
    await done_review(chain)
    await done(chain.clerk, f"{chain.path}/opinion", **chain.opinion(outcome="uphold", do="keep"))
    found = await chain.last("rereview")
    await done(
        chain.clerk, f"/government/opinions/{found.id}/received", label="省信复核〔2026〕3号",
        signed_by="省信访局", issued_on=clock.now().date().isoformat(),
    )  # fmt: skip
    return chain.matter, (chain.unit_clerk, chain.unit_head)


OWN = N_("My requests")
ENDINGS = {
    answered: "answered",
    guided: "guided",
    refused: "refused",
    not_accepted_any_more: "ended",
    answered_after_acceptance: "answered",
    withdrawn: "closed",
    withdrawn_under_review: "closed",
    sent_up: "closed",
    concluded: "final",
}
OPEN = (
    ("approval_request", "state IN ('open', 'sent_back')"),
    ("deadline", "state IN ('running', 'paused')"),
    ("government_signing", "state = 'open'"),
    ("government_forwarding", "state IN ('signing', 'sent', 'taken', 'returned')"),
    ("government_objection", "decided_at IS NULL"),
    ("government_extension", "state = 'asked'"),
    ("government_supervision", "closed_at IS NULL"),
    ("government_coordination", "ended_at IS NULL"),
    ("government_joint_reception", "ended_at IS NULL"),
    ("government_opinion", "state IN ('draft', 'waiting')"),
    ("government_review", "state = 'open'"),
)


@pytest.mark.rule("GOV-30", "GOV-33", "GOV-34")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda one: one.__name__)
async def test_an_item_that_ended_stands_in_no_list_of_what_waits(city, office, ending):
    row, units = await ending(city, office)
    assert (await city.row(row.id)).stage == ENDINGS[ending]
    still = [
        (table, found)
        for table, where in OPEN
        for found in await db.fetch(f"SELECT * FROM {table} WHERE {where}")
    ]
    assert still == []
    lists = [(office[role], page) for role, pages in LISTS.items() for page in pages]
    lists += [(client, page) for client in units for page in UNIT]
    for client, page in lists:
        shown = await client.get(page)
        assert shown.status_code == 200, page
        # Beside what waits stands what one asked for oneself, decided.
        waiting = shown.text.partition(OWN.translate("zh_Hans"))[0]
        assert row.number not in waiting, page


# -- one order of locks, so that nobody stands in another's way


KINDS = ("government.before", "core.deadline_extension", "government.supervision_hand_over")
LOCK = "SELECT id FROM approval_request WHERE id = {} FOR UPDATE"


async def meanwhile(matter_id, last, act):
    """Do something while another holds the item and then wants what the act locks too."""
    begun = asyncio.Event()

    async def later():
        await begun.wait()
        return await act()

    waiting = asyncio.create_task(asyncio.wait_for(later(), 20))
    async with db.writing():
        await matters.take(matter_id, SYSTEM, clock.now())
        begun.set()
        await asyncio.sleep(0.5)
        await db.fetch(*last)
    return await waiting


@pytest.mark.rule("CORE-9")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "kind", ["government.before", "core.deadline_extension", "government.supervision_hand_over"]
)
async def test_a_vote_waits_for_the_item_before_it_takes_the_request(city, office, kind):
    row = None
    if kind == "government.before":
        row, _ = await a_registered_item(city, office)
    else:
        row = (await an_item_at_a_unit(city, office)).matter
    rows = await db.fetch(
        "SELECT q.id, s.holder FROM approval_request q JOIN approval_seat s ON s.request = q.id"
        " WHERE q.kind LIKE {} AND q.state = 'open'",
        f"{kind}%",
    )
    request = rows[0]["id"]
    holder = next(
        client for client in city.signed_in.values() if client.user_id == rows[0]["holder"]
    )
    actor = await city.actor(holder)

    async def vote():
        return await approvals.vote(
            request, "approve", actor=actor, at=clock.now(), plugins=city.plugins
        )

    assert await meanwhile(row.id, (LOCK, request), vote) == "approved"


@pytest.mark.rule("GOV-28")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_supervision_is_ended_in_the_order_in_which_its_item_is_closed(city, office):
    chain = await an_item_at_a_unit(city, office)
    [row] = await db.fetch("SELECT id, approval FROM government_supervision")
    supervision: UUID = row["id"]
    at = clock.now()
    await approvals.withdraw(row["approval"], actor=SYSTEM, at=at, plugins=city.plugins)
    lock = ("SELECT id FROM government_supervision WHERE id = {} FOR UPDATE", supervision)

    async def close():
        await supervising.close(supervision, outcome="已办结", actor=SYSTEM, at=at)
        return "closed"

    assert await meanwhile(chain.matter.id, lock, close) == "closed"
