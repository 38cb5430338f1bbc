"""What signers read before it was put right: kept round by round, for them to compare."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.i18n import Message
from plugins.government import sealing
from plugins.government.signing.tables import Wording

_TABLE = "government_wording"
Line = tuple[Message, Message | str | date | datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One round's wording; `by` put it right at `at`."""

    round: int
    lines: tuple[tuple[Message, Message], ...]
    by: str
    at: datetime


async def keep(
    request_id: UUID, matter_id: UUID, lines: Sequence[Line], *, by: str, at: datetime
) -> None:
    """Keep what a request's present round put to the signers, before it is changed; once a round."""
    rows = await db.fetch("SELECT round FROM approval_request WHERE id = {}", request_id)
    if not rows or await Wording.exists().where(
        Wording.request == request_id, Wording.round == rows[0]["round"]
    ):
        return
    made = uuid4()
    said = [(label.dump(), _message(value).dump()) for label, value in lines if value]
    await Wording.insert(
        Wording(
            id=made,
            matter=matter_id,
            request=request_id,
            round=rows[0]["round"],
            texts_cipher=sealing.seal(
                json.dumps(said, ensure_ascii=False), _TABLE, "texts_cipher", made
            ),
            at=at,
            by_name=by,
        )
    )


def _message(value: Message | str | date | datetime | None) -> Message:
    if isinstance(value, Message):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return Message("{text}", {"text": text})


async def of_request(request_id: UUID) -> list[Earlier]:
    """Return the earlier wordings of a request, the latest first."""
    rows = (
        await Wording.objects()
        .where(Wording.request == request_id)
        .order_by(Wording.round, ascending=False)
    )
    return [_earlier(row) for row in rows]


async def of_matter(matter_id: UUID) -> list[Earlier]:
    """Return the earlier wordings of all that was put to signers about an item, the latest first."""
    rows = (
        await Wording.objects()
        .where(Wording.matter == matter_id)
        .order_by(Wording.at, ascending=False)
    )
    return [_earlier(row) for row in rows]


def _earlier(row: Wording) -> Earlier:
    return Earlier(
        round=row.round,
        lines=tuple((Message.load(label), Message.load(text)) for label, text in _opened(row)),
        by=row.by_name,
        at=row.at,
    )


def _opened(row: Wording) -> list[tuple[str, str]]:
    text = sealing.unseal(row.texts_cipher, _TABLE, "texts_cipher", row.id)
    return [(label, said) for label, said in json.loads(text)] if text else []
