"""Erasure of what handling, signing and coordination hold of an item: texts go, days and codes stay."""

from collections.abc import Mapping
from uuid import UUID

from core import db
from core.holding import services as holding
from plugins.government.facts import MATTER

# Table -> columns that say something of people or their matter; the item by its own column.
_OWN: dict[str, tuple[str, ...]] = {
    "government_forwarding": ("content_cipher", "requirement_cipher", "plan_cipher"),
    "government_unit_call": ("answer_cipher",),
    "government_objection": ("reason_cipher", "answer_cipher"),
    "government_result": (
        "course_cipher",
        "result_cipher",
        "basis_cipher",
        "measures_cipher",
        "words_cipher",
        "findings_cipher",
    ),
    "government_grading": ("reason_cipher",),
    "government_signing": ("text_cipher",),
    "government_wording": ("texts_cipher",),
    "government_instruction": ("text_cipher", "done_cipher"),
    "government_coordination": ("plan_cipher", "minutes_cipher", "decision_cipher"),
    "government_joint_reception": ("note_cipher",),
}
# The same where the item is one step away: (table, columns, how its rows are found).
_AWAY = (
    (
        "government_measure",
        ("text_cipher", "done_cipher"),
        "coordination IN (SELECT id FROM government_coordination WHERE matter = {})",
    ),
)
TEXTS: Mapping[str, tuple[str, ...]] = {
    **_OWN,
    **{table: columns for table, columns, _ in _AWAY},
}


async def forget(matter_id: UUID) -> None:
    """Blank every text about an item in these rooms; joins the transaction of whoever erases the item."""
    async with db.writing():
        for table, columns in _OWN.items():
            blank = ", ".join(f"{column} = ''" for column in columns)
            await db.execute(f"UPDATE {table} SET {blank} WHERE matter = {{}}", matter_id)
        for table, columns, found in _AWAY:
            blank = ", ".join(f"{column} = ''" for column in columns)
            await db.execute(f"UPDATE {table} SET {blank} WHERE {found}", matter_id)
        await holding.forget(MATTER, matter_id)
