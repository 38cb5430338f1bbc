"""The papers of the demonstration's items, numbered in order of time as the acts would have (CORE-12).

Each is stored as what stands on it; its PDF is made when somebody first opens it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.documents.deliveries import mark
from core.documents.drawing import checked, chinese_date
from core.documents.facts import Delivery, DocumentKind, Value
from core.documents.issuing import keys_of
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
from core.permissions import Actor
from core.visitors.identity_documents import KINDS as DOCUMENTS
from core.visitors.identity_documents import DocumentKind as IdentityDocument
from plugins.government import facts, sealing
from plugins.government.city import places, wordings
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.papers import kinds
from plugins.government.papers.filling import named
from plugins.government.rulebook import GovernmentRules

TABLE, DELIVERY = "issued_document", "document_delivery"
_PERSON = ("receiver", "relation", "place", "tracking", "reason", "witness", "signature")


# How long after a notice it is signed for, which days are fresh, how rarely one is forgotten.
_HANDED, _FRESH, _FORGOTTEN = timedelta(minutes=20), timedelta(days=6), 700


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to be numbered; `row` is told its id, and its number where it has a label.

    A kind without numbers bears the label of its row: another body's own number.
    """

    kind: DocumentKind
    record_kind: str
    record: UUID
    at: datetime
    actor: Actor
    data: Mapping[str, Value]
    row: dict[str, Any] | None = None


class Issued:
    """Gathers papers, numbers them in order of time, writes them."""

    def __init__(self, made: Made, rules: GovernmentRules) -> None:
        self.made, self.rules = made, rules
        self.papers: list[Paper] = []
        self.rows: list[dict[str, Any]] = []
        self.deliveries: list[dict[str, Any]] = []
        self.log: list[Content] = []
        self.last: dict[str, dict[int, int]] = {}
        self.known: dict[UUID, dict[str, Value]] = {}
        self.of: dict[UUID, list[dict[str, Any]]] = {}
        self.names: dict[UUID | None, str] = {}

    def of_item(
        self,
        name: str,
        plan: Plan,
        at: datetime,
        actor: Actor,
        given: Mapping[str, Value],
        row: dict[str, Any] | None = None,
    ) -> None:
        """Take a paper of an item, filled in from what is known of it."""
        data = {**self._stored(plan), **given}
        self.paper(name, facts.MATTER, plan.id, at, actor, data, row)

    def paper(
        self,
        name: str,
        record_kind: str,
        record: UUID,
        at: datetime,
        actor: Actor,
        data: Mapping[str, Value],
        row: dict[str, Any] | None = None,
    ) -> None:
        """Take a paper of anything; what its kind has no place for is left out."""
        kind = kinds.kind(name)
        fields = {field.name for field in kind.fields}
        own: dict[str, Value] = {key: value for key, value in data.items() if key in fields}
        office = str(data.get("office") or self.made.names[places.ROOM])
        own |= {"office": office, "date": str(data.get("date") or chinese_date(at.date()))}
        self.papers.append(Paper(kind, record_kind, record, at, actor, own, row))

    def _stored(self, plan: Plan) -> dict[str, Value]:
        if plan.id not in self.known:
            self.known[plan.id] = of_plan(plan, self.made, self.rules)
        return self.known[plan.id]

    def number(self) -> None:
        """Give every paper its number and tell the rows that wait for it."""
        last = max((one.at for one in self.papers), default=clock.now())
        for one in sorted(self.papers, key=lambda paper: paper.at):
            year, counted = one.at.year, self.last.setdefault(one.kind.name, {})
            counted[year] = counted.get(year, 0) + 1
            self.rows.append(self._numbered(one, year, counted[year]))
            if one.record_kind == facts.MATTER:
                self.of.setdefault(one.record, []).append(self.rows[-1])
            self._handed(one, self.rows[-1], last)
        self.papers = []

    def _handed(self, one: Paper, row: dict[str, Any], last: datetime) -> None:
        """Note that a notice was handed over; some of the last days and a few old ones are not yet."""
        at, number = one.at + _HANDED, int(row["number"])
        owed = number % _FORGOTTEN == 0 or (one.at > last - _FRESH and number % 3 == 0)
        if not one.kind.receipt or one.kind.delivery_page or owed or at > last:
            return
        receiver = str(one.data.get("to", "")).partition("、")[0]
        how = Delivery(method="direct", at=at, receiver=receiver, relation="本人")
        self.deliver(row["id"], how, one.actor)

    def _numbered(self, one: Paper, year: int, number: int) -> dict[str, Any]:
        key, kind = uuid4(), one.kind
        self.names[one.actor.id] = one.actor.name
        told = "" if one.row is None else str(one.row.get("label", ""))
        label = kind.number.text(year, number) if kind.number else told
        if one.row is not None:
            one.row["document"] = key
            if "label" in one.row:
                one.row["label"] = label
        shown = {
            "kind": kind.name, "year": year, "number": number, "label": label, "record": one.record,
        }  # fmt: skip
        self.log.append(
            entry(
                one.actor, "document.number", "document", key, clock.to_ms(one.at), "",
                as_json(shown),
            )
        )  # fmt: skip
        keyring = keys_of(kind.name, sealed=kind.sealed)
        text = json.dumps(checked(kind, one.data), ensure_ascii=False)
        return {
            "id": key,
            "kind": kind.name,
            "year": year,
            "number": number,
            "title": "",
            "sha256": "",
            "record_kind": one.record_kind,
            "record": one.record,
            "issued_at": one.at,
            "issued_by": one.actor.id,
            "label": label,
            "data": keyring.encrypt(text, TABLE, "data", key),
            "template": 0,
            "sealed": kind.sealed,
        }

    def deliver(self, document: UUID, how: Delivery, actor: Actor) -> None:
        """Note how a numbered paper of a sealed kind was delivered."""
        key = uuid4()
        person = {name: value for name, value in asdict(how).items() if name in _PERSON}
        text = json.dumps(person, ensure_ascii=False)
        self.deliveries.append(
            {
                "id": key,
                "document": document,
                "method": how.method,
                "at": how.at,
                "refused": how.refused,
                "person": sealing.seal(text, DELIVERY, "person", key),
                "noted_by": actor.id,
                "noted_by_name": actor.name,
                "noted_at": how.at,
            }
        )

    async def write(self) -> None:
        """Write what was numbered and delivered."""
        await insert(TABLE, self.rows)
        await insert(DELIVERY, self.deliveries)
        await mark([one["document"] for one in self.deliveries])
        await record_many(self.log)


def of_plan(plan: Plan, made: Made, rules: GovernmentRules) -> dict[str, Value]:
    """Return what is known of an item, under the names of papers' fields."""
    people = [one.person for one in (plan.person, *plan.party) if one is not None]
    names = [one.name for one in people]
    found: dict[str, Value] = {
        "to": "、".join(names[:5]) or "信访人",
        "petitioner": named(names, plan.heads),
        "representatives": "、".join(names[:5]) if plan.heads >= 5 else "",
        "matter_number": plan.number,
        "title": plan.title,
        "demand": (plan.demand,),
        "facts": (plan.facts,),
        "place": f"{made.names[plan.place]} {plan.place_text}",
        "subject": plan.subject[-1],
        "channel": in_chinese(facts.CHANNELS[plan.channel]),
        "purpose": in_chinese(facts.PURPOSES[plan.purpose]),
        "source": in_chinese(facts.SOURCES[plan.source]),
        "frequency": in_chinese(facts.FREQUENCIES[plan.frequency]),
        "heads": str(plan.heads),
        "received_on": chinese_date(plan.at.date()),
        "inform_days": str(rules.inform_days),
        "handle_days": str(rules.handle_days),
        "extend_days": str(rules.extend_days),
        "object_days": str(rules.object_days),
        "review_days": str(rules.review_window_days),
        "contact": f"{made.names[places.ROOM]}　{wordings.OFFICE_PHONE}",
    }
    if (accepted := plan.when("accept")) is not None:
        due = accepted.date() + timedelta(days=rules.handle_days)
        found |= {"accepted_on": chinese_date(accepted.date()), "due_on": chinese_date(due)}
    if people:
        first = people[0]
        known = DOCUMENTS[IdentityDocument.RESIDENT_ID]
        label = in_chinese(known.label) if first.document else ""
        found |= {
            "phone": first.phone,
            "address": first.address,
            "document": f"{label} {first.document}".strip(),
            "occupation": first.occupation,
        }
    return found


def in_chinese(message: Any) -> str:
    """Return a message as papers write it."""
    return str(message.translate("zh_Hans"))
