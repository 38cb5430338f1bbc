"""Papers of the lodge, made once and kept as issued: deposit slips, releases of valuables (CORE-12)."""

from datetime import datetime
from uuid import UUID

from core.documents import services as documents
from core.documents.tables import IssuedDocument
from core.documents.typst import in_turn
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.registrations.rulebook import organisation_name
from core.settings import Settings
from plugins.school_gate import forms
from plugins.school_gate.deposit_policies import KINDS, said_hours
from plugins.school_gate.papers import parts
from plugins.school_gate.papers.parts import Paper, Part
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.deposits import DepositLine
from plugins.school_gate.queries.valuables import ValuableLine
from plugins.school_gate.stay_policies import PROOFS, VOUCHER

DEPOSIT, STAY, VALUABLE = "school_gate_deposit", "school_gate_stay", "school_gate_valuable"


async def printed(
    paper: Paper, size: str, *, kind: str, record_id: UUID, actor: Actor, at: datetime
) -> bytes:
    """Return the paper as it was issued; the first time it is made, numbered and kept."""
    name = f"{kind}_{size}"
    known = await IssuedDocument.objects().where(
        IssuedDocument.kind == name,
        IssuedDocument.record == record_id,
        IssuedDocument.sha256 != "",
        IssuedDocument.voided_at.is_null(),
    )
    if known:
        return (await documents.reprint(known[0].id))[1]

    async def draw(_: IssuedDocument) -> bytes:
        return await in_turn(parts.pdf, paper, size, at)

    _, pdf = await documents.issue(
        name,
        draw,
        year=site_time(at).year,
        title=paper.number,
        record_kind=kind,
        record_id=record_id,
        actor=actor,
        at=at,
    )
    return pdf


async def deposit_slip(
    line: DepositLine, size: str, *, settings: Settings, locale: str, actor: Actor, at: datetime
) -> bytes:
    """Return the slip of a deposit: the giver's part, and the one that stays with the thing."""
    rules = (await timetable.in_force(at)).values

    def say(message: Message) -> str:
        return message.translate(locale)

    relation = say(forms.relation_label(line.giver_relation)) if line.giver_relation else ""
    giver = " · ".join(filter(None, (line.giver_name, relation, line.phone)))
    what = f"{say(KINDS[line.kind])} · {line.what} × {line.pieces}"
    pupil = f"{line.class_name} {line.pupil_name}"
    kept = f"{site_time(line.kept_at):%Y-%m-%d %H:%M}"
    hours = said_hours(rules)
    rows = [
        (say(N_("For pupil")), pupil),
        (say(N_("Thing")), what),
        (say(N_("Remark")), line.remark),
        (say(N_("Left by")), giver),
        (say(N_("Taken in by")), f"{line.kept_by_name} {line.gate_name}".strip()),
    ]
    told = [say(N_("The pupil collects it at the lodge: {hours}.", hours=hours))] if hours else []
    paper = Paper(
        organisation=await organisation_name(at) or settings.organisation_name,
        number=line.number,
        date=kept,
        locale=locale,
        parts=(
            Part(
                title=say(N_("Deposit slip")),
                note=say(N_("The giver keeps this part")),
                rows=rows,
                lines=told,
                sign=(say(N_("Signature of the giver")), say(N_("Signature of the guard"))),
            ),
            Part(
                title=say(N_("Deposit slip, with the thing")),
                note=say(N_("Stays at the lodge")),
                rows=[(say(N_("Shelf")), line.shelf), *rows],
                lines=told,
                sign=(
                    say(N_("Signature of the pupil")),
                    say(N_("Collected at")),
                    say(N_("Handed out by")),
                ),
            ),
        ),
    )
    return await printed(paper, size, kind=DEPOSIT, record_id=line.id, actor=actor, at=at)


async def release_slip(
    line: ValuableLine, size: str, *, settings: Settings, locale: str, actor: Actor, at: datetime
) -> bytes:
    """Return the paper that says what was released: one part for the person, one for the lodge."""

    def say(message: Message) -> str:
        return message.translate(locale)

    proof = line.voucher if line.proof == VOUCHER else line.proof_text
    rows = [
        (say(N_("Who carries it out")), line.person),
        (say(N_("What is carried out")), " · ".join(filter(None, (line.item, line.mark)))),
        (say(PROOFS[line.proof]), proof),
        (say(N_("Long stay")), line.stay_number),
        (say(N_("Released by")), f"{line.guard_name} {line.gate_name}".strip()),
    ]
    title = say(N_("Release of valuables"))
    signing = (
        say(N_("Signature of the person")),
        say(N_("Signature of the voucher")),
        say(N_("Signature of the guard")),
    )
    paper = Paper(
        organisation=await organisation_name(at) or settings.organisation_name,
        number=line.number,
        date=f"{site_time(line.at):%Y-%m-%d %H:%M}",
        locale=locale,
        parts=(
            Part(title=title, note=say(N_("Goes with the thing")), rows=rows, sign=signing),
            Part(title=title, note=say(N_("Stays at the lodge")), rows=rows, sign=signing),
        ),
    )
    return await printed(paper, size, kind=VALUABLE, record_id=line.id, actor=actor, at=at)
