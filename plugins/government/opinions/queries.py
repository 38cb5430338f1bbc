"""Opinions, requests, extensions and the file of an item, opened; the caller has judged who reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.deadlines.queries import Clock
from core.documents import deliveries
from core.documents.deliveries import Noted
from core.errors import NotFoundError
from core.i18n import Message
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.opinions import policies
from plugins.government.opinions.facts import (
    HANDLING,
    ISSUED,
    LEVELS,
    OWN_CHECKS,
    REHANDLED,
    REREVIEW,
    REVIEW,
    REVOKE,
    VOID,
    Delivered,
    OpinionView,
    ReviewLine,
    Texts,
)
from plugins.government.opinions.tables import FinalFiling, Opinion

TABLE = "government_opinion"
REVIEWS = "government_review"
OUTSIDE = "government.outside_opinion"
WINDOWS = {HANDLING: clocks.REVIEW_WINDOW, REVIEW: clocks.REREVIEW_WINDOW}
ANSWERS = {REVIEW: clocks.REVIEW, REREVIEW: clocks.REREVIEW}


def sealed_texts(opinion_id: UUID, texts: Texts) -> str:
    """Return the texts of an opinion as they are stored."""
    packed = json.dumps(asdict(texts), ensure_ascii=False)
    return sealing.seal(packed, TABLE, "texts_cipher", opinion_id)


def opened_texts(opinion_id: UUID, stored: str) -> Texts:
    """Return the texts of an opinion in the clear; empty once they were erased."""
    text = sealing.unseal(stored, TABLE, "texts_cipher", opinion_id)
    return Texts(**json.loads(text)) if text else Texts()


def _opened(row: Mapping[str, Any], noted: Sequence[Noted]) -> OpinionView:
    counts = next((one for one in noted if not one.voided), None)
    delivered = None
    if counts is not None:
        day = site_time(counts.delivery.at).date()
        delivered = Delivered(id=counts.id, on=day, delivery=counts.delivery)
    return OpinionView(
        id=row["id"],
        matter_id=row["matter"],
        level=row["level"],
        round=row["round"],
        state=row["state"],
        outcome=row["outcome"],
        texts=opened_texts(row["id"], row["texts_cipher"]),
        unit_id=row["unit"],
        unit=row["unit_name"] or "",
        label=row["label"],
        signed_by=row["signed_by"],
        drafted_by=row["drafted_by"],
        approval=row["approval"],
        issued_on=row["issued_on"],
        delivered=delivered,
        document=row["document"],
        came_on_paper=row["paper_kind"] == OUTSIDE,
        told_on=row["told_on"],
        told_means=row["told_means"],
        taken=row["taken"],
        taken_note=sealing.unseal(row["taken_cipher"], TABLE, "taken_cipher", row["id"]),
        led_to=row["led_to"],
        publish_consent=bool(row["publish_consent"]),
        published_on=row["published_on"],
        circle=sealing.unseal(row["circle_cipher"], TABLE, "circle_cipher", row["id"]),
    )


_SELECT = (
    "SELECT o.*, u.name AS unit_name, i.kind AS paper_kind FROM government_opinion o"
    " LEFT JOIN government_unit u ON u.id = o.unit"
    " LEFT JOIN issued_document i ON i.id = o.document"
)


async def of_matter(matter_id: UUID) -> list[OpinionView]:
    """Return an item's opinions that are not void, in the order of the chain."""
    rows = await db.fetch(
        f"{_SELECT} WHERE o.matter = {{}} AND o.state <> {{}} ORDER BY o.drafted_at",
        matter_id,
        VOID,
    )
    noted = await deliveries.of_documents([row["document"] for row in rows if row["document"]])
    order = list(LEVELS)
    found = [(row["drafted_at"], _opened(row, noted.get(row["document"], ()))) for row in rows]
    found.sort(key=lambda one: (one[0], one[1].round, order.index(one[1].level)))
    return [one for _, one in found]


async def opinion(opinion_id: UUID) -> OpinionView:
    """Return one opinion; NotFoundError when there is none."""
    rows = await db.fetch(f"{_SELECT} WHERE o.id = {{}}", opinion_id)
    if not rows:
        raise NotFoundError
    document = rows[0]["document"]
    return _opened(rows[0], await deliveries.of_document(document) if document else ())


async def by_paper(document_id: UUID) -> UUID:
    """Return the opinion whose paper this is; NotFoundError when it is none of an opinion."""
    rows = await db.fetch("SELECT id FROM government_opinion WHERE document = {}", document_id)
    if not rows:
        raise NotFoundError
    found: UUID = rows[0]["id"]
    return found


async def matter_of(opinion_id: UUID) -> UUID:
    """Return the item of an opinion; NotFoundError when there is none."""
    rows = await db.fetch("SELECT matter FROM government_opinion WHERE id = {}", opinion_id)
    if not rows:
        raise NotFoundError
    found: UUID = rows[0]["matter"]
    return found


def latest(opinions: list[OpinionView], *levels: str) -> OpinionView | None:
    """Return the last issued opinion, of some levels if any are named."""
    found = [one for one in opinions if one.state == ISSUED and (not levels or one.level in levels)]
    return found[-1] if found else None


def pending(opinions: list[OpinionView]) -> OpinionView | None:
    """Return the opinion that is drafted or waits for signature."""
    return next((one for one in opinions if one.state != ISSUED), None)


def revoked(opinions: list[OpinionView]) -> OpinionView | None:
    """Return the handling opinion that a body above revoked last, if it was."""
    above = [o for o in opinions if o.state == ISSUED and o.outcome == REVOKE]
    if not above:
        return None
    before = opinions[: opinions.index(above[-1])]
    found = [one for one in before if one.level == HANDLING and one.state == ISSUED]
    return found[-1] if found else None


async def reviews(matter_id: UUID) -> list[ReviewLine]:
    """Return the requests for review and re-review of an item, in their order."""
    rows = await db.fetch(
        "SELECT r.*, u.name AS body_name FROM government_review r"
        " LEFT JOIN government_unit u ON u.id = r.body WHERE r.matter = {}"
        " ORDER BY r.recorded_at, r.id",
        matter_id,
    )

    def text(row: Mapping[str, Any], name: str) -> str:
        return sealing.unseal(row[name], REVIEWS, name, row["id"])

    return [
        ReviewLine(
            id=row["id"],
            level=row["level"],
            asked_on=row["asked_on"],
            state=row["state"],
            late=bool(row["late"]),
            reasons=text(row, "reasons_cipher"),
            evidence=text(row, "evidence_cipher"),
            good_reason=text(row, "good_reason_cipher"),
            body_id=row["body"],
            body=row["body_name"] or "",
            decided_at=row["decided_at"],
            hearing=row["hearing_since"] is not None,
        )
        for row in rows
    ]


async def clock_named(matter_id: UUID, name: str, *, at: datetime) -> Clock | None:
    """Return the last clock of an item with this name, running or not."""
    found = [c for c in await clocks.of_matter(matter_id, at=at) if c.name == f"government.{name}"]
    return found[-1] if found else None


async def window_ends(opinion: OpinionView | None, *, at: datetime) -> date | None:
    """Return when the petitioner's time against an opinion ends; None while it was not delivered."""
    if opinion is None or opinion.delivered is None or opinion.level not in WINDOWS:
        return None
    found = await clock_named(opinion.matter_id, WINDOWS[opinion.level], at=at)
    return found.due if found is not None else None


async def ended_because(matter_id: UUID, *, at: datetime) -> str:
    """Return why a matter is no longer accepted (GOV-11): concluded, window_missed; empty if it is.

    For whoever registers the same matter again.
    """
    opinions = await of_matter(matter_id)
    last = latest(opinions)
    if last is None or last.outcome == REVOKE or last.led_to == REHANDLED:
        return ""
    if last.level == REREVIEW:
        return "concluded"
    if any(one.state == "open" for one in await reviews(matter_id)):
        return ""
    ends = await window_ends(last, at=at)
    return "window_missed" if ends is not None and site_time(at).date() > ends else ""


async def filing(matter_id: UUID) -> tuple[dict[str, bool], set[str], str]:
    """Return what the records know of a final item's file, what was confirmed, and by whom."""
    opinions = await of_matter(matter_id)
    three = [latest(opinions, level) for level in (HANDLING, REVIEW, REREVIEW)]
    known = {
        "opinions": all(one is not None for one in three),
        "delivered": all(one is not None and one.delivered is not None for one in three),
        "contents": all(one is not None and bool(one.texts.decision) for one in three),
    }
    row = await FinalFiling.objects().get(FinalFiling.matter == matter_id)
    if row is None:
        return known, set(), ""
    return known, set(json.loads(row.confirmed)) - set(OWN_CHECKS), row.by_name


async def filing_missing(matter_id: UUID) -> tuple[Message, ...]:
    """Return what a final item's file lacks (GOV-34); for closing and for the archive."""
    known, confirmed, _ = await filing(matter_id)
    return policies.filing_missing(known, confirmed)


async def by_approval(request_id: UUID) -> Opinion | None:
    """Return the opinion whose signature a request is."""
    return await Opinion.objects().get(Opinion.approval == request_id)
