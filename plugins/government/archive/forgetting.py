"""Every text of an item, letter or person blanked in all rooms; figures, days and codes stay.

Each joins the transaction of whoever erases. `BLANKED` names every column that is blanked here and
`APART` those that a retention rule of their own lets go: a test finds a column that neither names.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from core import db
from core.approvals import remarks
from core.documents import issuing
from core.documents import services as documents
from core.documents.facts import Value
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.handling import keeping as handling
from plugins.government.matters.access import places
from plugins.government.people import services as people
from plugins.government.secrecy import files

# Table -> columns that say something; the item by its own column. Handling, signing and coordination
# blank theirs in handling/keeping.py.
_OWN: dict[str, tuple[str, ...]] = {
    "government_opinion": ("texts_cipher", "taken_cipher", "circle_cipher"),
    "government_review": ("reasons_cipher", "evidence_cipher", "good_reason_cipher"),
    "government_extension": ("note_cipher",),
    "government_delay_reason": ("note_cipher",),
    "government_rating": ("remark_cipher", "follow_up_cipher"),
    "government_reply": ("text_cipher",),
    "government_suggestion": ("text_cipher",),
    "government_told": ("text_cipher", "body_cipher"),
    "government_interview": (
        "facts_cipher",
        "demands_cipher",
        "history_cipher",
        "why_cipher",
        "abnormal_cipher",
        "joint_cipher",
        "interviewers",
    ),
    "government_follow_up": ("text_cipher",),
    "government_foreign_report": ("outline_cipher",),
    "government_urging": ("text_cipher", "answer_cipher", "spoke_with"),
    "government_supervision": (
        "requirement_cipher",
        "unurged_cipher",
        "answer_cipher",
        "outcome_cipher",
    ),
    "government_accused": ("name_cipher", "reason_cipher"),
    "government_recusal": ("reason_cipher", "lift_reason_cipher"),
    "government_glass": ("number_cipher", "reason_cipher"),
    "government_contact": ("summary_cipher", "details_cipher"),
    "government_case_file": ("contents_cipher", "kind_reason_cipher"),
    "government_bulletin": ("texts_cipher",),
}
_AWAY = (
    (
        "government_supervision_step",
        ("text_cipher", "with_whom"),
        "supervision IN (SELECT id FROM government_supervision WHERE matter = {})",
    ),
    (
        "government_after_visit_letter",
        ("told_to_cipher",),
        "contact IN (SELECT id FROM government_contact WHERE matter = {})",
    ),
)
_CLOCKS = ("deadline_pause", "deadline_extension")
_PERSON = (
    "name_cipher",
    "sex",
    "occupation",
    "politics",
    "employer_cipher",
    "address_cipher",
    "email_cipher",
    "phone_cipher",
    "document_kind",
    "document_cipher",
)
_MATTER = (
    "title_cipher",
    "demand_cipher",
    "facts_cipher",
    "place_cipher",
    "skip_reason",
    "source_number",
    "query_cipher",
)
_STEP = ("text_cipher", "body_cipher")
_JOINING = ("reason_cipher", "moved_cipher", "undone_cipher")
BLANKED: Mapping[str, tuple[str, ...]] = {
    **handling.TEXTS,
    **_OWN,
    **{table: columns for table, columns, _ in _AWAY},
    "government_matter": _MATTER,
    "government_step": _STEP,
    "government_petitioner": _PERSON,
    "government_joining": _JOINING,
    "government_file": ("name_cipher",),
}
# What is of no item: table -> the retention rule that blanks it.
APART: Mapping[str, str] = {
    "government_booking": "government.booking",
    "government_box_note": "government.box_note",
    "government_online_import": "government.online_import",
    "government_recommendation": "government.recommendation",
    "government_staff_mark": "government.staff_mark",
    "government_commendation": "government.commendation",
}
_BULLETINS = "SELECT id FROM government_bulletin WHERE matter = {}"
# Lists of several items on which one stands: the kind of record, how it is found, and in which cells
# of the item's line its petitioner and its title are. The lines of items that are kept stay.
_LISTED_ON = (
    (
        "government_weekly_list",
        "SELECT weekly AS id FROM government_forwarding WHERE matter = {} AND weekly IS NOT NULL",
        (1, 3),
    ),
    (
        "government_urging",
        "SELECT o.id FROM government_urging u JOIN government_urging o ON o.document = u.document"
        " WHERE u.matter = {} AND u.document IS NOT NULL",
        (1, 2),
    ),
)
_NUMBER = 0  # the cell of a line that bears the item's number
_GONE = N_("Destroyed with the file")


async def item(matter_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Blank all that says what an item was about and who brought it."""
    async with db.writing():
        people_of = await _people_of(matter_id)
        await handling.forget(matter_id)
        for table, columns in _OWN.items():
            await _blank(table, columns, "matter = {}", matter_id)
        for table, columns, found in _AWAY:
            await _blank(table, columns, found, matter_id)
        for table in _CLOCKS:
            await db.execute(
                f"UPDATE {table} SET reason = '' WHERE deadline IN"
                " (SELECT id FROM deadline WHERE record_kind = {} AND record = {})",
                MATTER,
                str(matter_id),
            )
        await files.erase_of(matter_id, actor=actor, at=at)
        await documents.erase_papers(MATTER, matter_id, actor=actor, at=at)
        for row in await db.fetch(_BULLETINS, matter_id):
            await documents.erase_papers("government_bulletin", row["id"], actor=actor, at=at)
        await _blank_lines(matter_id, actor, at)
        await _forget_remarks(matter_id)
        gone = sealing.seal(_GONE.dump(), "government_step", "text_cipher", matter_id)
        await db.execute(
            "UPDATE government_step SET text_cipher = {}, body_cipher = '', shown_to = 'office'"
            " WHERE matter = {}",
            gone,
            matter_id,
        )
        blank = ", ".join(f"{column} = ''" for column in _MATTER)
        await db.execute(
            f"UPDATE government_matter SET {blank}, query_index = NULL, erased_at = {{}}"
            " WHERE id = {}",
            at,
            matter_id,
        )
        for petitioner_id in people_of:
            if not await _needed(petitioner_id):
                await person(petitioner_id, actor=actor, at=at)


async def _blank_lines(matter_id: UUID, actor: Actor, at: datetime) -> None:
    """Blank an item's line on lists of several items."""
    [item_] = await db.fetch("SELECT number FROM government_matter WHERE id = {}", matter_id)
    for kind, found, cells in _LISTED_ON:
        blank = partial(_without, number=item_["number"], cells=cells)
        for row in await db.fetch(found, matter_id):
            await issuing.blank_on(kind, row["id"], blank, actor=actor, at=at)


def _without(
    data: dict[str, Value], *, number: str, cells: tuple[int, int]
) -> dict[str, Value] | None:
    """Return a list's data without who and what of one line; None when no other line says anything."""
    rows = data.get("rows")
    if not isinstance(rows, list | tuple):
        return None
    petitioner, title = cells
    gone = _GONE.translate("zh_Hans")
    lines = []
    for row in rows:
        line = list(row)
        if line[_NUMBER] == number:
            line[petitioner], line[title] = "", gone
        lines.append(line)
    if all(line[title] == gone for line in lines):
        return None
    return {**data, "rows": lines}


async def _forget_remarks(matter_id: UUID) -> None:
    """Blank what signers said about an item, its clocks and its supervision."""
    await remarks.forget(MATTER, matter_id)
    for kind, found in (
        ("deadline", "SELECT id FROM deadline WHERE record_kind = {} AND record = {}"),
        ("government_supervision", "SELECT id FROM government_supervision WHERE matter = {}"),
    ):
        args = (MATTER, str(matter_id)) if kind == "deadline" else (matter_id,)
        for row in await db.fetch(found, *args):
            await remarks.forget(kind, row["id"])


async def letter(contact_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Blank one letter after a visit that was put aside, with its scans."""
    async with db.writing():
        await _blank(
            "government_contact", ("summary_cipher", "details_cipher"), "id = {}", contact_id
        )
        await _blank(
            "government_after_visit_letter", ("told_to_cipher",), "contact = {}", contact_id
        )
        await files.erase_of_contact(contact_id, actor=actor, at=at)
        rows = await db.fetch(
            "SELECT petitioner FROM government_contact WHERE id = {} AND petitioner IS NOT NULL",
            contact_id,
        )
        for row in rows:
            if not await _needed(row["petitioner"]):
                await person(row["petitioner"], actor=actor, at=at)


async def person(petitioner_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Blank who a petitioner is, with every entry merged with theirs; they are not found again."""
    async with db.writing():
        blank = ", ".join(f"{column} = ''" for column in _PERSON)
        for one in await people.merged_with(petitioner_id):
            await db.execute(
                f"UPDATE government_petitioner SET {blank}, birth_year = NULL, name_index = NULL,"
                " phone_index = NULL, document_index = NULL, document_tail = NULL, visitor = NULL,"
                " erased_at = {}, updated_at = {} WHERE id = {} AND erased_at IS NULL",
                at,
                at,
                one,
            )
            await db.execute("DELETE FROM government_search WHERE petitioner = {}", one)
            await _blank("government_joining", _JOINING, "kept = {}", one)
            await _blank("government_joining", _JOINING, "joined = {}", one)
            await record(actor, "government.petitioner_erase", people.RECORD, one, at=at)


async def _people_of(matter_id: UUID) -> set[UUID]:
    rows = await db.fetch(
        "SELECT petitioner FROM government_matter_person WHERE matter = {}"
        " UNION SELECT petitioner FROM government_matter WHERE id = {} AND petitioner IS NOT NULL"
        " UNION SELECT petitioner FROM government_contact WHERE matter = {}"
        " AND petitioner IS NOT NULL",
        matter_id,
        matter_id,
        matter_id,
    )
    return {row["petitioner"] for row in rows}


async def _needed(petitioner_id: UUID) -> bool:
    """Say whether a petitioner, under any entry of theirs, has an item or contact that is kept."""
    ids = await people.merged_with(petitioner_id)
    theirs = places(ids)
    rows = await db.fetch(
        f"SELECT m.id FROM government_matter m WHERE m.erased_at IS NULL AND (m.petitioner IN"
        f" ({theirs}) OR EXISTS (SELECT 1 FROM government_matter_person mp WHERE mp.matter = m.id"
        f" AND mp.petitioner IN ({theirs}))) UNION"
        " SELECT c.id FROM government_contact c LEFT JOIN government_matter m ON m.id = c.matter"
        " LEFT JOIN government_after_visit_letter l ON l.contact = c.id"
        f" WHERE c.petitioner IN ({theirs}) AND m.erased_at IS NULL AND l.destroyed_at IS NULL"
        " LIMIT 1",
        *ids,
        *ids,
        *ids,
    )
    return bool(rows)


async def _blank(table: str, columns: tuple[str, ...], found: str, value: UUID) -> None:
    blank = ", ".join(f"{column} = ''" for column in columns)
    await db.execute(f"UPDATE {table} SET {blank} WHERE {found}", value)
