"""Acts on opinions through the pages: drafted, signed, delivered, led to review."""

import re
from dataclasses import dataclass

from core import clock, db
from core.i18n import N_
from core.permissions import SYSTEM
from plugins.government import clocks
from plugins.government.matters import services
from plugins.government.opinions.tables import Opinion
from tests.plugins.government.scene import ZONE


@dataclass
class Chain:
    """An item on its way from handling to the end, and who acts."""

    city: object
    matter: object
    clerk: object
    unit_clerk: object
    unit_head: object

    @property
    def path(self):
        """The item's page."""
        return f"/government/matters/{self.matter.id}"

    async def travel(self, text):
        """Go to another moment, where everybody signs in again; returns that moment."""
        moment = self.city.travel(text)
        for client in self.city.signed_in.values():
            assert (await client.sign_in(client.login)).status_code == 303
        return moment

    async def stage(self):
        """Where the item stands."""
        return (await self.city.row(self.matter.id)).stage

    def opinion(self, **changed):
        """What is typed of an opinion."""
        return {
            "outcome": "not_supported",
            "claims": "要求支付拖欠的工资三万元",
            "facts": "经查，劳动关系不成立。",
            "basis": "《保障农民工工资支付条例》第三条",
            "decision": "不予支持。",
            **changed,
        }

    async def last(self, level="handling"):
        """The opinion of a level that was drafted last."""
        return (
            await Opinion.objects()
            .where(Opinion.matter == self.matter.id, Opinion.level == level)
            .order_by(Opinion.drafted_at, ascending=False)
            .order_by(Opinion.round, ascending=False)
            .first()
        )

    async def issue(self, by=None, signer=None, level="handling", **changed):
        """Write an opinion, put it forward and have it signed; returns its row."""
        by, signer = by or self.unit_clerk, signer or self.unit_head
        answer = await by.post(f"{self.path}/opinion", data=self.opinion(**changed))
        assert answer.status_code == 303, answer.text
        found = await self.last(level)
        await sign(signer, found.approval)
        return await self.last(level)

    async def deliver(self, level="handling", by=None, **changed):
        """Record that the petitioner took an opinion today."""
        found = await self.last(level)
        form = {
            "at": clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"),
            "method": "direct",
            "receiver": "周建国",
            **changed,
        }
        return await (by or self.unit_clerk).post(
            f"/government/opinions/{found.id}/deliver", data=form
        )

    async def ask(self, **changed):
        """Enter a request for review or re-review at the desk."""
        form = {
            "asked_on": clock.now().astimezone(ZONE).date().isoformat(),
            "in_writing": "1",
            "reasons": "认定事实有误，有工友可以作证。",
            "evidence": "工友证言两份",
            "body": "",
            **changed,
        }
        return await self.clerk.post(f"{self.path}/review", data=form)

    async def clocks(self):
        """All clocks of the item."""
        return await clocks.of_matter(self.matter.id, at=clock.now())

    async def clock(self, name):
        """The last clock of the item with this name."""
        return [one for one in await self.clocks() if one.name == f"government.{name}"][-1]


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def filled(page, choice="approve", opinion="", **more):
    """The form of a signature as a page shows it, with what is typed."""
    return {**dict(HIDDEN.findall(page.text)), "choice": choice, "opinion": opinion, **more}


async def sign_at(client, address, choice="approve", opinion="", **more):
    """Open the page of what waits for a signature and send its form; returns the answer."""
    page = await client.get(address)
    assert page.status_code == 200, page.text
    return await client.post(address, data=filled(page, choice, opinion, **more))


async def sign(client, request_id, choice="approve", opinion=""):
    """Sign a request on its page, to which the core's own leads; returns that page."""
    led = await client.get(f"/approvals/{request_id}")
    assert led.headers["location"] == f"/government/signing/{request_id}"
    page = await client.get(led.headers["location"])
    assert page.status_code == 200, page.text
    answer = await client.post(led.headers["location"], data=filled(page, choice, opinion))
    assert answer.status_code == 303, answer.text
    return page


async def handled_by(city, unit="labour", **changed):
    """An item that a unit is handling, with its clock of 60 days; returns its chain."""
    clerk = await city.client("petition_clerk", name="接待员小陈")
    unit_clerk = await city.client("petition_unit", unit=unit, name="经办人老孙")
    unit_head = await city.client("petition_unit_head", unit=unit, head=True, name="局长老钱")
    matter = await city.matter(held_by=unit, **changed)
    async with db.writing():
        row = await services.take(matter.id, SYSTEM, clock.now())
        await services.move(row, "accept", actor=SYSTEM, at=clock.now())
        await services.move(row, "take_up", actor=SYSTEM, at=clock.now())
        await clocks.start(
            row.id,
            clocks.HANDLE,
            number=row.number,
            site_id=row.site,
            event=N_("Accepted"),
            actor=SYSTEM,
            at=clock.now(),
        )
        await clocks.start(
            row.id,
            clocks.HANDLE_INTERNAL,
            number=row.number,
            site_id=row.site,
            event=N_("Accepted"),
            actor=SYSTEM,
            at=clock.now(),
        )
    return Chain(city, matter, clerk, unit_clerk, unit_head)
