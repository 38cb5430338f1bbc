"""Writing the demonstration's items: the item, its party, contacts, units, time line and log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import clock, db
from core.documents.numbering import number_label
from core.i18n import N_
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
from core.permissions import Actor
from plugins.government import facts, sealing
from plugins.government.city import happened, places
from plugins.government.city.plans import Act, Came, Noted, Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.intake.facts import SIGNS
from plugins.government.matters import services, states
from plugins.government.matters.timeline import OFFICE, PETITIONER

_MATTER, CONTACT, _STEP = "government_matter", "government_contact", "government_step"
_OF_UNIT = ("take_up", "report", "decide")
_ABOVE = {places.GOVERNMENT: "review", places.BUREAU: "rereview"}
_OF_HEAD = ("take_back", "send_back", "close", "conclude", "decide_review")


class Writer:
    """Turns plans into rows."""

    def __init__(self, made: Made, subjects: dict[tuple[str, ...], UUID | None]) -> None:
        self.made, self.subjects = made, subjects
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.log: list[Content] = []

    def add(self, table: str, **row: Any) -> None:
        """Keep a row to be written."""
        self.rows.setdefault(table, []).append(row)

    def clerk(self, plan: Plan) -> Actor:
        """Return who received an item at the desk."""
        return self.made.clerks[plan.id.int % len(self.made.clerks)]

    def actor(self, plan: Plan, act: Act) -> Actor:
        """Return who did an act."""
        holder = next((code for code, since in reversed(plan.holders) if since <= act.at), "")
        if act.name in _OF_UNIT and holder != places.ROOM:
            return self.made.clerk_of(holder)
        if act.name == "archive":
            return self.made.roles["petition_archivist"]
        return self.made.roles["petition_head"] if act.name in _OF_HEAD else self.clerk(plan)

    def matter(self, plan: Plan) -> None:
        """Keep the row of an item."""
        clerk, code, key = self.clerk(plan), services.new_query_code(), plan.id
        first = self.made.clerk_of(plan.holders[1][0]) if len(plan.holders) > 1 else clerk
        moved = plan.when("accept", "forward", "answer", "guide", "refuse", "end", "file")
        self.add(
            _MATTER,
            id=key,
            number=plan.number,
            site=self.made.site_id,
            stage=plan.stage,
            channel=plan.channel,
            source=plan.source,
            source_number=plan.source_number,
            purpose=plan.purpose,
            subject=self.subjects[plan.subject],
            place=self.made.units[plan.place],
            petitioner=plan.person.id if plan.person else None,
            title_cipher=services.sealed(key, "title_cipher", plan.title),
            demand_cipher=services.sealed(key, "demand_cipher", plan.demand),
            facts_cipher=services.sealed(key, "facts_cipher", plan.facts),
            place_cipher=services.sealed(key, "place_cipher", plan.place_text),
            heads=plan.heads,
            size=facts.size_of(plan.heads),
            frequency=plan.frequency,
            anonymous=plan.person is None,
            joint_letter=plan.channel == facts.LETTER and plan.heads >= 5,
            skip_level=plan.skip_level,
            skip_reason=services.sealed(key, "skip_reason", "认为县区未依法处理")
            if plan.skip_level
            else "",
            earlier_opinion=plan.earlier is not None,
            urgency=plan.urgency,
            secret=plan.secret,
            same_as=plan.earlier.id if plan.earlier else None,
            holder=self.made.units[plan.holders[-1][0]],
            first_handler=first.id,
            first_handler_name=first.name,
            day=plan.at.date(),
            query_index=sealing.index_of("query", code),
            query_cipher=services.sealed(key, "query_cipher", code),
            registered_at=plan.at,
            registered_by=clerk.id,
            registered_by_name=clerk.name,
            suggested_at=max(min(moved, plan.at.replace(hour=17, minute=20)), plan.at)
            if moved
            else None,
            accepted_at=plan.when("accept"),
            closed_at=plan.closed_at,
            close_reason=plan.close_reason,
            archived_at=plan.when("archive"),
        )
        self._party(plan)
        self._units(plan)

    def _party(self, plan: Plan) -> None:
        if plan.person is None:
            return
        people = [(plan.person, "petitioner"), *((one, "representative") for one in plan.party)]
        for one, role in people:
            self.add(
                "government_matter_person", id=uuid4(), matter=plan.id, petitioner=one.id, role=role
            )

    def _units(self, plan: Plan) -> None:
        """Say which units have or had to do with it: those that held it, and who gets a copy."""
        concerned: dict[str, tuple[str, datetime, datetime | None]] = {}
        held = plan.holders
        for place, (code, since) in enumerate(held):
            after = held[place + 1] if place + 1 < len(held) else None
            # A unit whose opinion is reviewed still has to do with the item.
            until = after[1] if after and after[0] not in _ABOVE else None
            if code != places.ROOM:
                concerned[code] = (_ABOVE.get(code, "undertaking"), since, until)
                if f"{code}-xf" in self.made.units:
                    concerned[f"{code}-xf"] = ("copy", since, None)
        for code, (role, since, until) in concerned.items():
            self.add(
                "government_matter_unit",
                id=uuid4(),
                matter=plan.id,
                unit=self.made.units[code],
                role=role,
                since=since,
                until=until,
            )
        if plan.accused:
            self.add(
                "government_barred",
                id=uuid4(),
                matter=plan.id,
                unit=self.made.units[plan.accused],
                why="accused",
                since=plan.at,
                by_name=self.clerk(plan).name,
            )
            self.add(
                "government_accused",
                id=uuid4(),
                matter=plan.id,
                kind="unit",
                unit=self.made.units[plan.accused],
                since=plan.at,
                by_name=self.clerk(plan).name,
            )

    def steps(self, plan: Plan) -> None:
        """Keep an item's time line, and what the log says of its acts."""
        clerk = self.clerk(plan)
        registered = N_("Registered as {number}", number=plan.number)
        shown = {"number": plan.number, "channel": plan.channel, "purpose": plan.purpose}
        self._logged(clerk, "register", plan, plan.at, "", shown)
        found = [Noted(plan.at, "register", clerk, registered, PETITIONER)]
        before = states.REGISTERED
        for act in plan.acts:
            actor = self.actor(plan, act)
            unit = self.made.names.get(act.unit, "")
            text, told, body = plan.said.get(act) or (*happened.sentence(act.name, unit), "")
            told = OFFICE if plan.secret and act.name == "forward" else told
            found.append(Noted(act.at, act.name, actor, text, told, body))
            self._logged(actor, act.name, plan, act.at, before, {"stage": act.stage})
            before = act.stage
        for one in sorted([*found, *plan.notes], key=lambda one: one.at):
            self.add(
                _STEP,
                matter=plan.id,
                at=one.at,
                act=one.act,
                actor=one.actor.id,
                actor_name=one.actor.name,
                text_cipher=sealing.seal(one.text.dump(), _STEP, "text_cipher", plan.id),
                body_cipher=sealing.seal(one.body, _STEP, "body_cipher", plan.id),
                shown_to=one.told,
            )

    def _logged(
        self, actor: Actor, act: str, plan: Plan, at: datetime, before: str, after: dict[str, Any]
    ) -> None:
        was = as_json({"stage": before}) if before else ""
        self.log.append(
            entry(
                actor,
                f"government.{act}",
                facts.MATTER,
                plan.id,
                clock.to_ms(at),
                was,
                as_json(after),
            )
        )

    def contacts(
        self, plans: Sequence[Plan], numbers: dict[tuple[str, int], int], now: datetime
    ) -> list[tuple[UUID, Came, Plan]]:
        """Keep every time that somebody came, wrote or called, each channel numbered for itself."""
        kept = []
        came = sorted(
            ((one, plan) for plan in plans for one in plan.came), key=lambda pair: pair[0].at
        )
        for one, plan in came:
            key, clerk = uuid4(), self.clerk(plan)
            counted = one.channel, one.at.year
            numbers[counted] = numbers.get(counted, 0) + 1
            kept.append((key, one, plan))
            second = self.made.clerks[(plan.id.int + 1) % len(self.made.clerks)]
            both = one.channel == facts.VISIT
            again = "再次反映原事项，要求尽快处理。" if one.at > plan.at else plan.demand
            self.add(
                CONTACT,
                id=key,
                number=SIGNS[one.channel] + number_label(one.at.year, numbers[counted]),
                site=self.made.site_id,
                matter=plan.id,
                petitioner=plan.person.id if plan.person else None,
                channel=one.channel,
                day=one.at.date(),
                received_at=one.at,
                heads=one.heads,
                size=facts.size_of(one.heads),
                frequency=one.frequency,
                receivers=f"{clerk.name}、{second.name}" if both else clerk.name,
                summary_cipher=sealing.seal(again, CONTACT, "summary_cipher", key),
                state="ended",
                recorded_by=clerk.id,
                recorded_by_name=clerk.name,
                ended_at=min(one.at + timedelta(minutes=24), now) if both else one.at,
            )
        return kept

    async def write(self) -> None:
        """Write every row, each table's after those it refers to, and the log in order of time."""
        order = (
            _MATTER,
            "government_matter_person",
            "government_matter_unit",
            "government_barred",
            "government_accused",
            CONTACT,
            _STEP,
        )
        for table in order:
            await insert(table, self.rows.get(table, []))
        await record_many(sorted(self.log, key=lambda row: row[0]))


async def count_on(kind: str, numbers: dict[int, int]) -> None:
    """Let the next numbers of a kind follow those given."""
    for year, last in numbers.items():
        await db.execute(
            "INSERT INTO document_number (id, last) VALUES ({}, {})"
            " ON CONFLICT (id) DO UPDATE SET last = excluded.last",
            f"{kind}/{year}",
            last,
        )
