"""The page of an issued paper: opened, copied, delivered, voided, and hidden with its record."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.documents import issuing
from core.permissions import SYSTEM
from tests.core.documents import hall, papers

SECRET = uuid4()


async def may_see(actor, record_kind, record_id):
    return record_id != SECRET


NOTICE = replace(hall.NOTICE, may_see=may_see)


@pytest.fixture
def database(sqlite_database):
    """One engine is enough: the pages ask the services, which are tried on both."""
    return sqlite_database


@pytest.fixture
def with_hall(plugins):
    """The installed plugins and a part that issues notices."""
    made = hall.part(NOTICE)
    plugins.manager.register(made, "hall")
    yield plugins
    plugins.manager.unregister(made)


async def issued(record=None):
    async with db.writing():
        return await issuing.take(
            NOTICE,
            hall.DATA,
            record_kind="visitor",
            record_id=record or uuid4(),
            actor=SYSTEM,
            at=clock.now() - timedelta(hours=1),
        )


@pytest.mark.rule("CORE-12")
async def test_a_paper_is_opened_as_issued_and_copied(client, with_hall):
    document = await issued()
    page = await client.get(f"/documents/{document.id}")
    assert document.label in page.text
    first = await client.get(f"/documents/{document.id}/paper")
    again = await client.get(f"/documents/{document.id}/paper")
    assert first.headers["content-type"] == "application/pdf"
    assert first.content == again.content
    assert document.label in papers.text(first.content)
    copy = await client.get(f"/documents/{document.id}/copy")
    assert copy.content.startswith(b"PK")
    assert copy.headers["content-disposition"].startswith("attachment")


@pytest.mark.rule("CORE-12")
async def test_delivery_is_noted_with_what_a_receipt_needs(client, with_hall):
    document = await issued()
    address = f"/documents/{document.id}"
    form = {"method": "left", "at": f"{clock.now():%Y-%m-%dT%H:%M}", "receiver": "欧阳喆䶮"}
    answer = await client.post(f"{address}/deliver", data=form)
    assert answer.status_code == 422
    assert "欧阳喆䶮" in answer.text
    moment = (clock.now() + timedelta(hours=7, minutes=50)).strftime("%Y-%m-%dT%H:%M")
    answer = await client.post(
        f"{address}/deliver", data={**form, "at": moment, "witness": "社区 王珺"}
    )
    assert answer.status_code == 303, answer.text
    page = await client.get(address)
    assert "社区 王珺" in page.text
    receipt = await client.get(f"{address}/receipt")
    assert "留置送达" in papers.text(receipt.content)
    wrong = re.search(rf"{address}/deliveries/[0-9a-f-]+/void", page.text)[0]
    assert (await client.post(wrong, data={"reason": ""})).status_code == 422
    assert (await client.post(wrong, data={"reason": "写错了"})).status_code == 303
    assert "写错了" in (await client.get(address)).text


@pytest.mark.rule("CORE-12")
async def test_a_voided_paper_keeps_its_number_and_says_why(client, with_hall):
    document = await issued()
    address = f"/documents/{document.id}"
    assert (await client.post(f"{address}/void", data={"reason": " "})).status_code == 422
    assert (
        await client.post(f"{address}/void", data={"reason": "当事人姓名有误"})
    ).status_code == 303
    page = await client.get(address)
    assert "当事人姓名有误" in page.text
    assert document.label in page.text
    assert "/void" not in page.text


@pytest.mark.rule("CORE-14")
@pytest.mark.parametrize("part", ["", "/paper", "/copy", "/receipt"])
async def test_what_one_may_not_see_is_not_there(client, client_as, with_hall, part):
    secret, open_one = await issued(SECRET), await issued()
    missing = await client.get(f"/documents/{uuid4()}{part}")
    hidden = await client.get(f"/documents/{secret.id}{part}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert _without_ids(hidden.text) == _without_ids(missing.text)
    host = await client_as("host")
    assert (await host.get(f"/documents/{open_one.id}{part}")).status_code == 404


def _without_ids(html):
    """Return a page without what differs between any two: addresses, tokens."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_.-]{32,}|\d\d:\d\d", "", html)


async def test_acts_on_a_hidden_paper_do_nothing(client, with_hall):
    secret = await issued(SECRET)
    for act in ("void", "deliver", f"deliveries/{uuid4()}/void"):
        answer = await client.post(f"/documents/{secret.id}/{act}", data={"reason": "x"})
        assert answer.status_code == 404, act
