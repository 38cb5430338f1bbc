"""The demonstration's people at work: who acts with which rights, which item is taken for what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.approvals.facts import APPROVE
from core.demo.people import People
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import facts
from plugins.government.city import places
from plugins.government.city.courses import in_office
from plugins.government.city.plans import Plan
from plugins.government.city.staffing import Made
from plugins.government.rights import CLERK, UNIT_CLERK, UNIT_HEAD
from plugins.government.signing import reading
from plugins.government.signing import services as signing

AGREED = "同意。"


@dataclass(slots=True)
class Scene:
    """The city's staff, its items with the latest first, and the present moment."""

    plans: Sequence[Plan]
    made: Made
    now: datetime
    plugins: Plugins
    people: People
    taken: set[UUID] = field(default_factory=set)

    def able(self, role: str) -> Actor:
        """Return who has a role of the office, with what it permits."""
        return self._able(self.made.roles[role], role)

    @property
    def clerk(self) -> Actor:
        """The clerk whose sign-in is shown."""
        return self.able(CLERK)

    def clerk_of_room(self, turn: int) -> Actor:
        """Return one of the room's clerks."""
        return self._able(self.made.clerks[turn % len(self.made.clerks)], CLERK)

    def unit_clerk(self, code: str) -> Actor:
        """Return who works on items for a unit."""
        return self._able(self.made.clerk_of(code), UNIT_CLERK)

    def unit_head(self, code: str) -> Actor:
        """Return who signs for a unit."""
        return self._able(self.made.head_of(code), UNIT_HEAD)

    def _able(self, actor: Actor, role: str) -> Actor:
        held = self.plugins.register_roles()[role].permissions
        return replace(actor, permissions=held, roles=frozenset({role}))

    def ago(self, days: float, hour: int = 10) -> datetime:
        """Return a moment in office hours so many days ago."""
        day = (self.now - timedelta(days=days)).replace(hour=hour, minute=15, second=0)
        return min(in_office(day), self.now)

    def item(
        self,
        *stages: str,
        since: datetime | None = None,
        holder: str = "",
        fits: Callable[[Plan], bool] = lambda plan: True,
    ) -> Plan | None:
        """Take the latest item that nothing else is told of; None where there is none.

        `since`: nothing happened to it after that moment. `holder` is the code of a unit.
        """
        for plan in self.plans:
            last = plan.acts[-1].at if plan.acts else plan.at
            if (
                plan.id not in self.taken
                and plan.stage in stages
                and not plan.secret
                and plan.source == facts.OWN
                and plan.person is not None
                and (since is None or last < since)
                and (not holder or plan.holders[-1][0] == holder)
                and fits(plan)
            ):
                self.taken.add(plan.id)
                return plan
        return None

    def unit_of(self, plan: Plan) -> UUID:
        """Return the unit that holds an item, or the one that is shown."""
        holder = plan.holders[-1][0]
        return self.made.units[places.SHOWN if holder == places.ROOM else holder]

    def others(self, plan: Plan, *wanted: str) -> list[UUID]:
        """Return the unit that holds an item and those wanted beside it, each once."""
        found = [self.unit_of(plan), *(self.made.units[code] for code in wanted)]
        return list(dict.fromkeys(found))

    async def sign(self, matter_id: UUID, at: datetime, *roles: str, text: str = AGREED) -> None:
        """Let the next signers of an item's open round sign, one after another."""
        rows = await db.fetch(
            "SELECT approval FROM government_signing WHERE matter = {} AND state = {}"
            " ORDER BY asked_at DESC LIMIT 1",
            matter_id,
            "open",
        )
        for step, role in enumerate(roles):
            await signing.sign(
                rows[0]["approval"],
                APPROVE,
                text,
                read=await reading.read(rows[0]["approval"]),
                actor=self.able(role),
                at=min(at + timedelta(hours=step + 1), self.now),
                plugins=self.plugins,
            )

    async def agree(self, request: UUID | None, at: datetime, *roles: str) -> None:
        """Let the next signers of another request agree, one after another."""
        for step, role in enumerate(roles):
            if request is not None:
                await approvals.vote(
                    request,
                    APPROVE,
                    actor=self.able(role),
                    at=min(at + timedelta(hours=step + 1), self.now),
                    plugins=self.plugins,
                    opinion=AGREED,
                )
