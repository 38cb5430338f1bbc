"""What the first version kept in this plugin and the core keeps now: deliveries, what signers said.

Called by a migration, so in plain statements: the tables' classes may say more one day than the
database has when this runs. Whoever runs it opens the transaction.
"""

import json
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from core import db, settings
from core.approvals import saying
from core.documents import deliveries
from core.documents.drawing import chinese_date
from core.documents.numbering import next_number
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.opinions.facts import LEVELS
from plugins.government.opinions.queries import OUTSIDE, TABLE, opened_texts

_PERSON = ("receiver", "relation", "place", "tracking", "reason", "witness", "signature")


async def move_deliveries() -> None:
    """Give every issued opinion a paper in core/documents, and its delivery to that paper."""
    rows = await db.fetch(
        "SELECT o.id, o.matter, o.level, o.texts_cipher, o.label, o.signed_by, o.issued_on,"
        " o.issued_at, o.document, o.delivered_on, o.delivery_method, o.delivery_refused,"
        " o.delivery_cipher, o.delivered_by_name, m.number, m.title_cipher, u.name AS unit_name"
        " FROM government_opinion o JOIN government_matter m ON m.id = o.matter"
        " LEFT JOIN government_unit u ON u.id = o.unit"
        " WHERE o.state = 'issued' AND (o.document IS NULL OR o.delivered_on IS NOT NULL)"
    )
    for row in rows:
        document = row["document"] or await _sheet(row)
        if row["delivered_on"] is not None:
            await _note(row, document)
        await db.execute(
            "UPDATE government_opinion SET document = {}, delivered_on = NULL, delivery_method = '',"
            " delivery_refused = {}, delivery_signed = {}, delivery_cipher = '',"
            " delivered_by_name = '' WHERE id = {}",
            document,
            False,
            False,
            row["id"],
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, settings.load().zone)


async def _sheet(row: db.Row) -> UUID:
    """Enter the sheet of an opinion that came on paper; return its id."""
    made = uuid4()
    texts = opened_texts(row["id"], row["texts_cipher"])
    title = sealing.unseal(row["title_cipher"], "government_matter", "title_cipher", row["matter"])
    day: date = row["issued_on"]
    data: dict[str, Any] = {
        "matter_number": row["number"],
        "title": title,
        "petitioner": "",
        "opinion_unit": row["unit_name"] or "",
        "opinion_on": chinese_date(day),
        "signed_by": row["signed_by"],
        "claims": texts.claims.splitlines(),
        "findings_of_fact": texts.facts.splitlines(),
        "law": texts.basis.splitlines(),
        "decision_text": texts.decision.splitlines(),
        "decision": "",
        "level": LEVELS[row["level"]].translate("zh_Hans"),
        "office": "",
        "date": chinese_date(day),
    }
    number = await next_number(OUTSIDE, day.year)
    packed = json.dumps(data, ensure_ascii=False)
    await db.execute(
        "INSERT INTO issued_document (id, kind, year, number, title, sha256, record_kind, record,"
        " issued_at, issued_by, voided_at, void_reason, label, data, template, sealed)"
        " VALUES ({}, {}, {}, {}, '', '', {}, {}, {}, NULL, NULL, '', {}, {}, 0, {})",
        made,
        OUTSIDE,
        day.year,
        number,
        MATTER,
        row["matter"],
        _midnight(day),
        row["label"],
        sealing.seal(packed, "issued_document", "data", made) if title else "",
        True,
    )
    return made


async def _note(row: db.Row, document: UUID) -> None:
    made = uuid4()
    packed = sealing.unseal(row["delivery_cipher"], TABLE, "delivery_cipher", row["id"])
    person = dict.fromkeys(_PERSON, "") | (json.loads(packed) if packed else {})
    moment = _midnight(row["delivered_on"])
    noted = row["issued_at"] or moment
    if site_time(noted).date() == row["delivered_on"]:
        moment = noted  # the day alone was kept: not before the paper itself
    await db.execute(
        "INSERT INTO document_delivery (id, document, method, at, refused, person, noted_by,"
        " noted_by_name, noted_at, voided_at, void_reason)"
        " VALUES ({}, {}, {}, {}, {}, {}, NULL, {}, {}, NULL, '')",
        made,
        document,
        row["delivery_method"],
        moment,
        bool(row["delivery_refused"]),
        sealing.seal(json.dumps(person, ensure_ascii=False), "document_delivery", "person", made)
        if packed
        else "",
        row["delivered_by_name"],
        noted,
    )
    await deliveries.mark([document])


async def move_remarks() -> None:
    """Put what signers said to their votes, where it was kept beside them."""
    rows = await db.fetch(
        'SELECT o.id, o.text_cipher, o."user", o.choice, s.approval, o.said_at, q.kind,'
        " q.confidential FROM government_signer_opinion o"
        " JOIN government_signing s ON s.id = o.signing"
        " JOIN approval_request q ON q.id = s.approval"
        " WHERE o.text_cipher <> ''"
    )
    for row in rows:
        text = sealing.unseal(
            row["text_cipher"], "government_signer_opinion", "text_cipher", row["id"]
        )
        seats = await db.fetch(
            "SELECT id FROM approval_seat WHERE request = {} AND voter = {} AND choice = {}"
            " AND voted_at = {}",
            row["approval"],
            row["user"],
            row["choice"],
            row["said_at"],
        )
        if not seats:
            continue  # its vote is gone: it stays where it was
        for seat in seats:
            await db.execute(
                "UPDATE approval_seat SET opinion = {} WHERE id = {}",
                saying.locked(
                    saying.keyring_of(row["kind"], confidential=bool(row["confidential"])),
                    seat["id"],
                    text,
                ),
                seat["id"],
            )
        await db.execute(
            "UPDATE government_signer_opinion SET text_cipher = '' WHERE id = {}", row["id"]
        )
