"""Letting go of what the lodge kept of people: givers, signatures, long stays, valuables (CORE-21)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.attachments import services as attachments
from core.attachments.tables import Attachment
from core.documents.services import erase_papers
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.privacy.facts import Erasing, Expired, RetentionRule
from core.privacy.keys import keyring
from core.registrations.facts import Detail
from plugins.school_gate.queries.rights import places
from plugins.school_gate.services.lodge_papers import DEPOSIT, STAY, VALUABLE

_AT_ONCE = 100
_BLANK_DEPOSIT = (
    "UPDATE school_gate_deposit SET giver_name = '', giver_relation = '', giver_phone_cipher = NULL,"
    " giver_phone_index = NULL, guardian = NULL"
)


async def deposits_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return deposits that left the lodge before a moment and still name somebody."""
    rows = await db.fetch(
        "SELECT id, number, ended_at FROM school_gate_deposit WHERE ended_at < {}"
        " AND (giver_name <> '' OR giver_phone_cipher IS NOT NULL OR signature_cipher IS NOT NULL)"
        " ORDER BY ended_at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["ended_at"],
            title=row["number"],
            path=f"/school-gate/deposits/{row['id']}",
        )
        for row in rows
    ]


async def erase_deposits(records: Sequence[str], erasing: Erasing) -> None:
    """Blank givers, remarks and signatures, with what was printed; kind, pupil and times stay."""
    ids = [UUID(text) for text in records]
    await db.execute(
        f"{_BLANK_DEPOSIT}, signature_cipher = NULL, remark = '', late_reason = '', end_reason = ''"
        f" WHERE id IN ({places(ids)})",
        *ids,
    )
    for deposit_id in ids:
        await erase_papers(DEPOSIT, deposit_id, actor=erasing.actor, at=erasing.at)
    await _note("school_gate_deposit", records, erasing)


async def valuables_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return releases of before a moment that still name somebody."""
    rows = await db.fetch(
        "SELECT id, number, at FROM school_gate_valuable WHERE at < {} AND erased_at IS NULL"
        " ORDER BY at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["at"],
            title=row["number"],
            path=f"/school-gate/valuables/{row['id']}",
        )
        for row in rows
    ]


async def erase_valuables(records: Sequence[str], erasing: Erasing) -> None:
    """Blank who carried what out; that something was released, when and by which guard stays."""
    ids = [UUID(text) for text in records]
    for one in ids:
        await _blank_valuable(one, actor=erasing.actor, at=erasing.at)
    await _note("school_gate_valuable", records, erasing)


async def _blank_valuable(valuable_id: UUID, *, actor: Actor, at: datetime) -> None:
    await db.execute(
        "UPDATE school_gate_valuable SET person = '', proof_text = '', mark = '',"
        " voucher_staff = NULL, voucher_pupil = NULL, erased_at = {} WHERE id = {}",
        at,
        valuable_id,
    )
    await erase_papers(VALUABLE, valuable_id, actor=actor, at=at)
    for picture in await Attachment.objects().where(
        Attachment.record_kind == VALUABLE,
        Attachment.record == valuable_id,
        Attachment.erased_at.is_null(),
    ):
        await attachments.erase(picture.id, actor=actor, at=at)


async def _note(kind: str, records: Sequence[str], erasing: Erasing) -> None:
    for one in records:
        await record(erasing.actor, "school_gate.let_go", kind, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="school_gate.deposit",
        label=N_("Things kept for pupils: givers and signatures"),
        days=183,
        basis=N_("Personal Information Protection Law, article 19").msgid,
        find=deposits_due,
        erase=erase_deposits,
        batch=_AT_ONCE,
    ),
    RetentionRule(
        kind="school_gate.valuable",
        label=N_("Valuables that were carried out"),
        days=366,
        basis=N_("Rules of a school for registering visitors, section 2").msgid,
        find=valuables_due,
        erase=erase_valuables,
        batch=_AT_ONCE,
    ),
)


async def erase_visitor(visitor_id: UUID, at: datetime) -> None:
    """Blank what the lodge kept of a visitor; a long stay keeps its days and its end."""
    phone = await db.fetch("SELECT phone_index FROM visitor WHERE id = {}", visitor_id)
    index = phone[0]["phone_index"] if phone else None
    await db.execute(
        f"{_BLANK_DEPOSIT} WHERE (giver_phone_index IS NOT NULL AND giver_phone_index = {{}})"  # noqa: S608 - written here
        " OR guardian IN (SELECT id FROM school_gate_guardian WHERE visitor = {})",
        index,
        visitor_id,
    )
    stays = await db.fetch("SELECT id FROM school_gate_stay WHERE visitor = {}", visitor_id)
    for stay in stays:
        for row in await db.fetch(
            "SELECT id FROM school_gate_valuable WHERE stay = {} AND erased_at IS NULL", stay["id"]
        ):
            await _blank_valuable(row["id"], actor=SYSTEM, at=at)
        await erase_papers(STAY, stay["id"], actor=SYSTEM, at=at)
    await db.execute(
        "UPDATE school_gate_stay SET place = '', remark = '', host_name = '', host = NULL,"
        " end_reason = '' WHERE visitor = {}",
        visitor_id,
    )


async def of_visitor(visitor_id: UUID) -> list[Detail]:
    """Return what the lodge keeps of a visitor, for their own information."""
    found: list[Detail] = []
    deposits = await db.fetch(
        "SELECT d.id, d.number, d.what, d.kept_at, d.giver_name, d.giver_phone_cipher"
        " FROM school_gate_deposit d WHERE d.guardian IN"
        " (SELECT id FROM school_gate_guardian WHERE visitor = {}) OR (d.giver_phone_index IS NOT NULL"
        " AND d.giver_phone_index = (SELECT phone_index FROM visitor WHERE id = {}))"
        " ORDER BY d.kept_at",
        visitor_id,
        visitor_id,
    )
    for row in deposits:
        cipher = row["giver_phone_cipher"]
        phone = (
            keyring().decrypt(cipher, "school_gate_deposit", "giver_phone_cipher", row["id"])
            if cipher
            else ""
        )
        text = " · ".join(
            filter(None, (row["what"], row["giver_name"], phone, row["kept_at"].isoformat()))
        )
        found.append(
            Detail(label=N_("Left at the lodge {number}", number=row["number"]), value=text)
        )
    stays = await db.fetch(
        "SELECT number, place, host_name, first_day, last_day, remark, end_reason"
        " FROM school_gate_stay WHERE visitor = {} ORDER BY notified_at",
        visitor_id,
    )
    for row in stays:
        days = " – ".join(str(row[name]) for name in ("first_day", "last_day") if row[name])
        text = " · ".join(
            filter(None, (days, row["place"], row["host_name"], row["remark"], row["end_reason"]))
        )
        found.append(Detail(label=N_("Long stay {number}", number=row["number"]), value=text))
    carried = await db.fetch(
        "SELECT v.number, v.item, v.person, v.at FROM school_gate_valuable v"
        " JOIN school_gate_stay s ON s.id = v.stay WHERE s.visitor = {} ORDER BY v.at",
        visitor_id,
    )
    for row in carried:
        text = " · ".join((row["item"], row["person"], row["at"].isoformat()))
        found.append(Detail(label=N_("Carried out {number}", number=row["number"]), value=text))
    return found
