"""Papers of this room: opinions, notices of more time; made from what is stored, never typed twice.

Papers are written in Chinese by law: the words for outcomes and reasons stand here.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from core import db, settings
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.matters.tables import Matter
from plugins.government.opinions import queries
from plugins.government.opinions.facts import (
    HANDLING,
    LEVELS,
    REREVIEW,
    REVIEW,
    OpinionView,
    Texts,
)
from plugins.government.opinions.tables import Extension, Opinion
from plugins.government.papers import sending
from plugins.government.papers import services as papers
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

_KINDS = {HANDLING: "opinion", REVIEW: "review_opinion", REREVIEW: "rereview_opinion"}
_OUTCOMES = {
    "support": "支持",
    "explain": "诉求合理但缺乏依据，予以解释说明",
    "not_supported": "不支持",
    "uphold": "维持",
    "change": "变更",
    "revoke": "撤销，责令重新办理",
}
_REASONS = {
    "complex": "情况复杂",
    "evidence": "有关事实尚需实地调查核实",
    "expert": "需要进行鉴定或者听证",
    "several_units": "涉及多个单位，需要会商",
    "other_case": "需要以另一事项的处理结果为依据",
}


async def opinion(
    row: Matter, found: Opinion, *, actor: Actor, at: datetime
) -> tuple[UUID | None, str]:
    """Give an opinion its number in the transaction that issues it; return its paper and number."""
    texts = queries.opened_texts(found.id, found.texts_cipher)
    given = await _by_whom(row, found) | _said(found.level, texts)
    word = _OUTCOMES.get(found.outcome, "")
    given |= {"verdict": word} if found.level == HANDLING else {"decision": word}
    if found.level != HANDLING:
        given |= await _before(row.id, found)
    if found.issued_on is not None:
        given["date"] = chinese_date(found.issued_on)
    made = await papers.take(_KINDS[found.level], row.id, given, actor=actor, at=at)
    return made.id, made.label


async def review_notice(
    row: Matter,
    opinion: OpinionView,
    *,
    level: str,
    asked_on: date,
    body_id: UUID | None,
    actor: Actor,
    at: datetime,
    refused: str = "",
) -> None:
    """Issue the notice that review is taken up, or refused and why; joins the caller's transaction.

    Nobody is told of an anonymous petition.
    """
    if row.petitioner is None or row.anonymous:
        return
    days = (await clocks.in_force(at)).values.review_days
    given: dict[str, Value] = {
        "level": "复查" if level == REVIEW else "复核",
        "decision": "不予受理" if refused else "受理",
        "reason": refused,
        "applied_on": chinese_date(asked_on),
        "opinion_unit": opinion.unit,
        "opinion_number": opinion.label,
        "answer_days": str(days),
        "due_on": chinese_date(asked_on + timedelta(days=days)),
    }
    if body_id is not None and (body := await units.unit(body_id)).kind != OFFICE:
        given |= {"office": body.name, "contact": ""}
    await papers.take("review_notice", row.id, given, actor=actor, at=at)


async def outside(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> UUID:
    """Enter an opinion that another body gave on paper, under its own number; return its sheet."""
    texts = queries.opened_texts(found.id, found.texts_cipher)
    body = (await units.unit(found.unit)).name if found.unit is not None else ""
    given: dict[str, Value] = {
        "level": LEVELS[found.level].translate("zh_Hans"),
        "opinion_unit": body,
        "opinion_on": _day(found.issued_on),
        "signed_by": found.signed_by,
        "claims": tuple(texts.claims.splitlines()),
        "findings_of_fact": tuple(texts.facts.splitlines()),
        "law": tuple(texts.basis.splitlines()),
        "decision_text": tuple(texts.decision.splitlines()),
        "decision": _OUTCOMES.get(found.outcome, ""),
    }
    day = found.issued_on or site_time(at).date()
    made = await papers.take(
        "outside_opinion",
        row.id,
        given,
        actor=actor,
        at=at,
        label=found.label,
        issued_at=datetime.combine(day, time.min, settings.load().zone),
    )
    return made.id


async def extension_notice(
    row: Matter, found: Extension, *, actor: Actor, at: datetime
) -> UUID | None:
    """Give the notice of more time its number in the transaction that grants it; return its paper.

    Nobody is told of an anonymous petition.
    """
    if row.petitioner is None or row.anonymous:
        return None
    given: dict[str, Value] = {
        "extension": str(found.days),
        "old_due": chinese_date(found.due_before) if found.due_before else "",
        "new_due": _day(await _new_due(row.id, found, at)),
        "reason": _REASONS.get(found.reason, "情况复杂"),
        "approved_by": "本机关负责人",
    }
    if found.unit is not None and (unit := await units.unit(found.unit)).kind != OFFICE:
        given["office"] = unit.name
    made = await papers.take("extension_notice", row.id, given, actor=actor, at=at)
    return made.id


async def reply(
    row: Matter, reply_id: UUID, text: str, *, actor: Actor, at: datetime
) -> tuple[UUID | None, str]:
    """Give a reply letter its number in the transaction that signs it; return paper and number.

    Nobody is written to about an anonymous petition.
    """
    if row.petitioner is None or row.anonymous:
        return None, ""
    given: dict[str, Value] = {"reply": tuple(text.splitlines())}
    made = await papers.take("reply_letter", row.id, given, actor=actor, at=at)
    return made.id, made.label


async def _by_whom(row: Matter, found: Opinion) -> dict[str, Value]:
    """Return which body gives the opinion, who sent it the item, and which is the next higher one."""
    if found.unit is None:
        return {}
    unit = await units.unit(found.unit)
    given: dict[str, Value] = {"office": unit.name}
    if found.level == HANDLING:
        given |= {"contact": units.contact(unit)}
        rooms = await units.units(OFFICE, site_id=row.site)
        room = rooms[0].name if rooms else ""
        given |= await sending.forwarded(row.id, unit.id, room)
    if unit.parent_id is not None and found.level != REREVIEW:
        given["review_body"] = (await units.unit(unit.parent_id)).name
    return given


def _said(level: str, texts: Texts) -> dict[str, Value]:
    claims, facts, law, decision = (
        tuple(text.splitlines())
        for text in (texts.claims, texts.facts, texts.basis, texts.decision)
    )
    given: dict[str, Value] = {"findings_of_fact": facts, "law": law}
    if level == HANDLING:
        return given | {"items": claims, "opinion": decision}
    return given | {"claims": claims, "decision_text": decision}


async def _before(matter_id: UUID, found: Opinion) -> dict[str, Value]:
    """Return the opinion that is reviewed, and the day on which review was asked for."""
    level = HANDLING if found.level == REVIEW else REVIEW
    earlier = [
        one
        for one in await queries.of_matter(matter_id)
        if one.level == level and one.issued_on is not None
    ]
    given: dict[str, Value] = {"applied_on": _day(await _asked_on(matter_id, found.level))}
    return given | _named(earlier[-1]) if earlier else given


def _named(earlier: OpinionView) -> dict[str, Value]:
    given: dict[str, Value] = {"opinion_unit": earlier.unit}
    if earlier.level == HANDLING:
        return given | {"opinion_number": earlier.label, "opinion_on": _day(earlier.issued_on)}
    return given | {"review_number": earlier.label, "review_on": _day(earlier.issued_on)}


async def _asked_on(matter_id: UUID, level: str) -> date | None:
    rows = await db.fetch(
        "SELECT asked_on FROM government_review WHERE matter = {} AND level = {}"
        " ORDER BY recorded_at DESC LIMIT 1",
        matter_id,
        level,
    )
    return rows[0]["asked_on"] if rows else None


async def _new_due(matter_id: UUID, found: Extension, at: datetime) -> date | None:
    """Return the date as the clock has it now; before it was moved, the days are added."""
    if found.due_before is None:
        return None
    running = [
        clock.due
        for clock in await clocks.of_matter(matter_id, at=at)
        if clock.name == f"government.{clocks.HANDLE}" and clock.due is not None
    ]
    moved = [due for due in running if due > found.due_before]
    return moved[-1] if moved else found.due_before + timedelta(days=found.days)


def _day(day: date | None) -> str:
    return chinese_date(day) if day is not None else ""
