"""Supervision opened, done, answered, handed over, ended (督办, GOV-28)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.decisions import Deny
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.handling import telling
from plugins.government.matters import access, timeline
from plugins.government.matters.services import lock as lock_matter
from plugins.government.matters.services import take, take_open
from plugins.government.numbers import next_number
from plugins.government.papers import services as papers
from plugins.government.rights import DIRECTOR
from plugins.government.signing.services import PAGE
from plugins.government.supervising import policies, states
from plugins.government.supervising.facts import ASKED_AGAIN, ASKED_OVER, BY_LETTER, MEANS, REASONS
from plugins.government.supervising.rights import SEE, SUPERVISE
from plugins.government.supervising.tables import Supervision, SupervisionStep, Urging
from plugins.government.supervising.writing import (
    LONGEST,
    log,
    may_answer,
    needed,
    tell_office,
    unit_of,
)
from plugins.government.units import queries as units

HAND_OVER = "government.supervision_hand_over"
RECORD = "government_supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a supervision is opened with."""

    unit_id: UUID | None
    reason: str
    requirement: str
    due_on: date | None
    unurged: str = ""
    means: str = BY_LETTER
    with_whom: str = ""


async def supervise(matter_id: UUID, opening: Opening, *, actor: Actor, at: datetime) -> UUID:
    """Open the supervision of a unit on an item (GOV-28); it was urged, or it is said why not."""
    problems: dict[str, Message] = {}
    requirement = needed(problems, "requirement", opening.requirement)
    if opening.reason not in REASONS:
        problems["reason"] = N_("Please choose one of the options.")
    if opening.means not in MEANS:
        problems["means"] = N_("Please choose one of the options.")
    if opening.means != BY_LETTER and not opening.with_whom.strip():
        problems["with_whom"] = N_("Say with whom you spoke.")
    if opening.due_on is None or opening.due_on < site_time(at).date():
        problems["due_on"] = N_("Choose today or a later day.")
    rules = await clocks.in_force(at)
    day = site_time(at).date()
    async with db.writing():
        row = await take_open(matter_id, actor, at)
        if actor.kind != "system" and not actor.may_at(SUPERVISE, row.site):
            raise NotFoundError
        unit = await unit_of(matter_id, opening.unit_id)
        if problems or opening.due_on is None:
            raise InvalidInputError(problems)
        decision = policies.may_supervise(
            urged=await Urging.count().where(Urging.matter == row.id, Urging.unit == unit),
            unurged_because=opening.unurged,
            must_urge=rules.values.urge_first,
            already=await Supervision.exists().where(
                Supervision.matter == row.id,
                Supervision.unit == unit,
                Supervision.closed_at.is_null(),
            ),
            version=rules.name,
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        made = Supervision(
            id=uuid4(),
            number=number_label(
                day.year, await next_number("government.supervision", day.year, at=at)
            ),
            matter=row.id,
            unit=unit,
            reason=opening.reason,
            state=states.OPEN,
            due_on=opening.due_on,
            opened_at=at,
            opened_by_name=actor.name,
        )
        made.requirement_cipher = _sealed(made.id, "requirement_cipher", requirement)
        made.unurged_cipher = _sealed(made.id, "unurged_cipher", opening.unurged.strip())
        await Supervision.insert(made)
        await _write_step(made.id, opening.means, opening.with_whom, requirement, actor, at)
        if opening.means == BY_LETTER:
            given: dict[str, Value] = {
                "unit": (await units.unit(unit)).name,
                "findings": (REASONS[made.reason].translate("zh_Hans"),),
                "proposals": tuple(requirement.splitlines()),
                "report_by": chinese_date(opening.due_on),
            }
            paper = await papers.take("supervision_letter", row.id, given, actor=actor, at=at)
            await Supervision.update({Supervision.document: paper.id}).where(
                Supervision.id == made.id
            )
        await timeline.note(
            row.id,
            "supervise",
            N_("Supervision {number}: {reason}", number=made.number, reason=REASONS[made.reason]),
            actor=actor,
            at=at,
        )
        await log(
            actor, "supervise", RECORD, made.id, at,
            {"matter": row.id, "unit": unit, "reason": made.reason, "due_on": made.due_on},
        )  # fmt: skip
        await telling.unit(row, unit, f"supervise/{made.id}", at=at)
    return made.id


def _sealed(supervision_id: UUID, column: str, text: str) -> str:
    return sealing.seal(text[:LONGEST], RECORD, column, supervision_id)


async def _write_step(
    supervision_id: UUID, means: str, with_whom: str, text: str, actor: Actor, at: datetime
) -> None:
    step = SupervisionStep(
        id=uuid4(),
        supervision=supervision_id,
        means=means,
        with_whom=with_whom.strip()[:100],
        at=at,
        by_name=actor.name,
    )
    step.text_cipher = sealing.seal(text, "government_supervision_step", "text_cipher", step.id)
    await SupervisionStep.insert(step)


async def lock(supervision_id: UUID) -> None:
    """Lock a supervision, its item first: whoever closes the item ends it in that order."""
    for row in await db.fetch(
        "SELECT matter FROM government_supervision WHERE id = {}", supervision_id
    ):
        await lock_matter(row["matter"])
    await db.fetch("SELECT id FROM government_supervision WHERE id = {} FOR UPDATE", supervision_id)


async def _taken(supervision_id: UUID, act: str, actor: Actor, at: datetime) -> Supervision:
    """Return a supervision locked for an act; NotFoundError for whom it does not exist."""
    await lock(supervision_id)
    row = await Supervision.objects().get(Supervision.id == supervision_id)
    if row is None or not await may_answer(row.matter, row.unit, actor, at):
        raise NotFoundError
    if act != "answer" and actor.kind != "system":
        await access.require_at(row.matter, SUPERVISE, actor)
    if not states.may(act, row.state):
        raise WrongStateError(N_("The supervision is further along than that. Look at it again."))
    return row


async def _move(
    row: Supervision, act: str, actor: Actor, at: datetime, values: dict[Any, Any] | None = None
) -> None:
    after = states.MOVES[act][row.state]
    changed: dict[Any, Any] = {
        Supervision.state: after,
        Supervision.version: Supervision.version + 1,
    }
    await Supervision.update({**changed, **(values or {})}).where(Supervision.id == row.id)
    await log(actor, f"supervision_{act}", RECORD, row.id, at, {"state": after})


async def add_step(
    supervision_id: UUID, *, means: str, with_whom: str, text: str, actor: Actor, at: datetime
) -> None:
    """Write down one thing done in a supervision: a call, a letter, a talk, somebody sent."""
    problems: dict[str, Message] = {}
    said = needed(problems, "text", text)
    if means not in MEANS:
        problems["means"] = N_("Please choose one of the options.")
    if means != BY_LETTER and not with_whom.strip():
        problems["with_whom"] = N_("Say with whom you spoke.")
    async with db.writing():
        row = await _taken(supervision_id, "step", actor, at)
        if problems:
            raise InvalidInputError(problems)
        await _write_step(row.id, means, with_whom, said, actor, at)
        await _move(row, "step", actor, at)
        await timeline.note(
            row.matter, "supervision_step", MEANS[means], actor=actor, at=at, body=said
        )


async def answer(supervision_id: UUID, *, text: str, actor: Actor, at: datetime) -> None:
    """Take the unit's written answer to a supervision."""
    problems: dict[str, Message] = {}
    said = needed(problems, "answer", text)
    async with db.writing():
        row = await _taken(supervision_id, "answer", actor, at)
        if problems:
            raise InvalidInputError(problems)
        sealed = _sealed(row.id, "answer_cipher", said)
        await _move(
            row, "answer", actor, at,
            {Supervision.answer_cipher: sealed, Supervision.answered_at: at},
        )  # fmt: skip
        await timeline.note(
            row.matter, "supervision_answer",
            N_("The unit answered supervision {number}", number=row.number),
            actor=actor, at=at, body=said,
        )  # fmt: skip
        await tell_office(row.matter, f"answer/{row.id}/{row.version}", actor, at)


async def insist(
    supervision_id: UUID, *, text: str, due_on: date | None, actor: Actor, at: datetime
) -> None:
    """Find an answer insufficient, say why, and name another day."""
    problems: dict[str, Message] = {}
    said = needed(problems, "text", text)
    if due_on is None or due_on < site_time(at).date():
        problems["due_on"] = N_("Choose today or a later day.")
    async with db.writing():
        row = await _taken(supervision_id, "insist", actor, at)
        if problems:
            raise InvalidInputError(problems)
        await _write_step(row.id, ASKED_AGAIN, "", said, actor, at)
        await _move(row, "insist", actor, at, {Supervision.due_on: due_on})
        await timeline.note(
            row.matter, "supervision_insist",
            N_("The answer to supervision {number} is not enough", number=row.number),
            actor=actor, at=at, body=said,
        )  # fmt: skip
        matter = await take(row.matter, actor, at)
        await telling.unit(matter, row.unit, f"insist/{row.id}/{row.version}", at=at)


async def close(supervision_id: UUID, *, outcome: str, actor: Actor, at: datetime) -> None:
    """End a supervision with what it led to."""
    problems: dict[str, Message] = {}
    said = needed(problems, "outcome", outcome)
    async with db.writing():
        row = await _taken(supervision_id, "close", actor, at)
        if problems:
            raise InvalidInputError(problems)
        sealed = _sealed(row.id, "outcome_cipher", said)
        await _move(
            row, "close", actor, at,
            {Supervision.outcome_cipher: sealed, Supervision.closed_at: at},
        )  # fmt: skip
        await timeline.note(
            row.matter, "supervision_close",
            N_("Supervision {number} ended", number=row.number), actor=actor, at=at, body=said,
        )  # fmt: skip


async def ask_over(
    supervision_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Ask the director of the bureau to hand a supervision over to the supervision office."""
    problems: dict[str, Message] = {}
    said = needed(problems, "reason", reason)
    async with db.writing():
        row = await _taken(supervision_id, "ask_over", actor, at)
        if problems:
            raise InvalidInputError(problems)
        rows = await db.fetch(
            "SELECT site, secret FROM government_matter WHERE id = {}", row.matter
        )
        request = NewRequest(
            kind=HAND_OVER,
            record_kind=RECORD,
            record=str(row.id),
            title=N_("Hand supervision {number} over to the supervision office", number=row.number),
            steps=(StepPlan(label=N_("Director of the bureau"), roles=(DIRECTOR,)),),
            url=f"/government/supervising/{row.id}",
            page=PAGE,
            site_id=rows[0]["site"],
            barred=tuple(await _barred(row.matter, at)),
            confidential=True,
        )
        asked = await approvals.open_request(request, actor=actor, at=at, plugins=plugins)
        await _write_step(row.id, ASKED_OVER, "", said, actor, at)
        await _move(row, "ask_over", actor, at, {Supervision.approval: asked})


async def reword_over(supervision_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Say anew why a supervision is handed over, after it was sent back; joins the transaction."""
    problems: dict[str, Message] = {}
    said = needed(problems, "text", reason)
    if problems:
        raise InvalidInputError(problems)
    await _write_step(supervision_id, ASKED_OVER, "", said, actor, at)


async def _barred(matter_id: UUID, at: datetime) -> list[UUID]:
    rows = await db.fetch(
        'SELECT "user" FROM government_barred WHERE matter = {} AND "user" IS NOT NULL'
        " AND (until IS NULL OR until > {})",
        matter_id,
        at,
    )
    return [row["user"] for row in rows]


async def handed_over(request: ApprovalFacts) -> None:
    """Hand a supervision over, as the director agreed."""
    await _decided(
        request, "hand_over", N_("The director handed it over to the supervision office")
    )


async def kept(request: ApprovalFacts) -> None:
    """Keep a supervision with the office, as the director decided or whoever asked withdrew."""
    await _decided(request, "keep", N_("It is not handed over to the supervision office"))


async def _decided(request: ApprovalFacts, act: str, said: Message) -> None:
    async with db.writing():
        found = await Supervision.objects().get(Supervision.id == UUID(request.record))
        if found is not None and found.state == states.CLOSED:
            return  # it ended with its item while the request waited
        row = await _taken(UUID(request.record), act, SYSTEM, request.at)
        values = {Supervision.handed_at: request.at} if act == "hand_over" else {}
        by = Actor(kind="system", name=request.decided_by)
        await _move(row, act, by, request.at, values)
        await timeline.note(
            row.matter, f"supervision_{act}", said,
            actor=by, at=request.at, body=request.opinion, shown_to=timeline.OFFICE,
        )  # fmt: skip


async def sites_of(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the reception rooms of which somebody sees the supervision."""
    wanted = actor.sites_with(SEE)
    rows = await db.fetch("SELECT id, name FROM site WHERE active ORDER BY name")
    return [(row["id"], row["name"]) for row in rows if wanted is None or row["id"] in wanted]
