"""What migrations do with rows that older versions wrote: receipts to papers, reasons under other keys.

Called by a migration, so in plain statements: the tables' classes may say more one day than the
database has when this runs. Whoever runs it opens the transaction.
"""

import json
from uuid import UUID, uuid4

from core import db
from core.documents import deliveries
from core.holding import reasons
from core.i18n import N_
from plugins.government import sealing
from plugins.government.facts import MATTER

COMMENDATION = "government_commendation"
_AT_ONCE = 500
_DECLINED, _MAILED = "declined", "mailed"
_FIRST = UUID(int=0)


async def move_receipts() -> None:
    """Note with its paper how a notice was taken, where that was kept beside what was told."""
    rows = await db.fetch(
        "SELECT t.document, t.receipt, t.handed_at, t.by_name, t.petitioner, p.name_cipher"
        " FROM government_told t LEFT JOIN government_petitioner p ON p.id = t.petitioner"
        " JOIN issued_document i ON i.id = t.document"
        " WHERE t.receipt <> '' AND t.handed_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM document_delivery d WHERE d.document = t.document AND d.voided_at IS NULL)"
    )
    for row in rows:
        made, declined = uuid4(), row["receipt"] == _DECLINED
        name = sealing.unseal(
            row["name_cipher"] or "", "government_petitioner", "name_cipher", row["petitioner"]
        )
        person = dict.fromkeys(
            ("relation", "place", "tracking", "signature", "reason", "witness", "receiver"), ""
        )
        if declined:
            person |= {"reason": "信访人拒绝签收", "witness": row["by_name"]}
        else:
            person["receiver"] = name
        await db.execute(
            "INSERT INTO document_delivery (id, document, method, at, refused, person, noted_by,"
            " noted_by_name, noted_at, voided_at, void_reason)"
            " VALUES ({}, {}, {}, {}, {}, {}, NULL, {}, {}, NULL, '')",
            made,
            row["document"],
            "registered" if row["receipt"] == _MAILED else "direct",
            row["handed_at"],
            declined,
            sealing.seal(
                json.dumps(person, ensure_ascii=False), "document_delivery", "person", made
            ),
            row["by_name"],
            row["handed_at"],
        )
        await deliveries.mark([row["document"]])


async def seal_commendations() -> None:
    """Encrypt for what units were commended, and leave it out of the notices about it."""
    for row in await db.fetch(f"SELECT id, reason FROM {COMMENDATION} WHERE reason <> ''"):
        await db.execute(
            f"UPDATE {COMMENDATION} SET reason_cipher = {{}} WHERE id = {{}}",
            sealing.seal(row["reason"], COMMENDATION, "reason_cipher", row["id"]),
            row["id"],
        )
    await db.execute(
        "UPDATE notice SET body = {} WHERE key LIKE 'government.commendation/%'",
        N_("Sign in to read it.").dump(),
    )


async def open_commendations() -> None:
    """Undo `seal_commendations`; the notices stay without the reasons."""
    for row in await db.fetch(f"SELECT id, reason_cipher FROM {COMMENDATION}"):
        await db.execute(
            f"UPDATE {COMMENDATION} SET reason = {{}} WHERE id = {{}}",
            sealing.unseal(row["reason_cipher"], COMMENDATION, "reason_cipher", row["id"]),
            row["id"],
        )


async def seal_holdings() -> None:
    """Put why items came to units under the petition office's keys."""
    await _reseal("", sealing.DOMAIN)


async def open_holdings() -> None:
    """Put why items came to units under the core's keys again."""
    await _reseal(sealing.DOMAIN, "")


async def _reseal(before: str, after: str) -> None:
    last = _FIRST
    while rows := await db.fetch(
        "SELECT id, reason_cipher FROM holding_span WHERE record_kind = {} AND id > {}"
        " AND reason_cipher IS NOT NULL ORDER BY id LIMIT {}",
        MATTER,
        last,
        _AT_ONCE,
    ):
        last = rows[-1]["id"]
        await db.execute_many(
            "UPDATE holding_span SET reason_cipher = {} WHERE id = {}",
            [
                (
                    reasons.sealed(
                        after, row["id"], reasons.opened(before, row["id"], row["reason_cipher"])
                    ),
                    row["id"],
                )
                for row in rows
            ],
        )
    await db.execute("UPDATE holding SET domain = {} WHERE record_kind = {}", after, MATTER)
