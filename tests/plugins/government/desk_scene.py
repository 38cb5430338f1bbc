"""A reception desk with two clerks, and what they type: the tests of intake and screening use it."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from core import clock, db
from core.permissions import SYSTEM
from plugins.government.matters.tables import Contact, Matter
from plugins.government.subjects import services as subjects
from plugins.government.subjects.queries import tree
from tests.core.documents import papers
from tests.plugins.government.scene import an_id


@dataclass
class Desk:
    """A city with its reception desk."""

    city: object
    clerk: object
    other: object
    subjects: dict[str, UUID]

    def form(self, **changed):
        """What a clerk types for somebody who comes alone for the first time."""
        return {
            "site": str(self.city.site.id),
            "petitioner": "",
            "arrival": "",
            "name": "周建国",
            "sex": "male",
            "document_kind": "resident_id",
            "document_number": an_id(),
            "phone": "13907940001",
            "belonging": "mainland",
            "address": "东河县城关镇解放路12号",
            "heads": "1",
            "representatives": "",
            "title": "拖欠工资",
            "purpose": "request",
            "subject": str(self.subjects["拖欠农民工工资"]),
            "place": str(self.city.units["county1"]),
            "demand": "要求支付拖欠的工资三万元",
            "facts": "在城东工地做工半年，工资至今未付。",
            "decision": "accept",
            "receiver": str(self.other.user_id),
            "do": "receive",
            **changed,
        }

    async def post(self, **changed):
        """Send the desk's form; returns the answer."""
        return await self.clerk.post("/government/desk", data=self.form(**changed))

    async def receive(self, **changed):
        """Receive somebody; returns the item and the contact as stored."""
        answer = await self.post(**changed)
        assert answer.status_code == 303, said(answer.text)
        contact_id = UUID(answer.headers["location"].rpartition("=")[2])
        contact = await Contact.objects().get(Contact.id == contact_id)
        return await Matter.objects().get(Matter.id == contact.matter), contact

    async def page(self, row):
        """An item's page as the clerk sees it."""
        return (await self.clerk.get(f"/government/matters/{row.id}")).text

    async def registration(self, contact):
        """The visit of the gate's book that a contact took over."""
        return (await db.fetch("SELECT * FROM registration WHERE id = {}", contact.registration))[0]


async def text_of(client, document_id):
    """Return the words of an issued paper, as its reader opens it."""
    answer = await client.get(f"/documents/{document_id}/paper")
    assert answer.status_code == 200, answer.text
    return papers.text(answer.content)


def said(html):
    """Return the part of a page that says what is wrong, for a failed test."""
    at = html.find("error-summary")
    return html[at : at + 800] if at >= 0 else html[-1500:]


@pytest.fixture
async def desk(city):
    """A desk on Monday at nine, with the usual subjects and two clerks."""
    await subjects.enter_usual(actor=SYSTEM, at=clock.now())
    clerk = await city.client("petition_clerk", name="林小梅")
    other = await city.client("petition_clerk", name="许志强")
    return Desk(city, clerk, other, {one.name: one.id for one in await tree()})
