"""What signers said, for the owners of requests: read with the votes, forgotten with the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import saying
from core.privacy.crypto import Keyring, is_encrypted


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One vote as the owner of a request shows it. `instead_of`: for whom a substitute signed."""

    name: str
    choice: str
    opinion: str
    at: datetime
    round: int
    step: int
    instead_of: str = ""


async def votes(requests: Sequence[UUID]) -> dict[UUID, list[Vote]]:
    """Return the votes cast on requests, in their order; the caller decides who may read them."""
    if not requests:
        return {}
    places = ", ".join("{}" for _ in requests)
    rows = await db.fetch(
        "SELECT s.*, q.kind, q.confidential FROM approval_seat s"  # noqa: S608 - marks alone
        " JOIN approval_request q ON q.id = s.request WHERE s.choice <> {}"
        f" AND s.dropped_at IS NULL AND s.request IN ({places})"
        " ORDER BY s.voted_at, s.round, s.step",
        "",
        *requests,
    )
    found: dict[UUID, list[Vote]] = {}
    for row in rows:
        found.setdefault(row["request"], []).append(
            Vote(
                name=row["voter_name"] or row["holder_name"],
                choice=row["choice"],
                opinion=saying.unlocked(_keys(row), row["id"], row["opinion"]),
                at=row["voted_at"],
                round=row["round"],
                step=row["step"],
                instead_of=row["holder_name"] if row["voter"] != row["holder"] else "",
            )
        )
    return found


async def forget(record_kind: str, record: object) -> None:
    """Erase what signers said about a record; who voted how and when stays."""
    async with db.writing():
        await db.execute(
            "UPDATE approval_seat SET opinion = {} WHERE request IN (SELECT id FROM approval_request"
            " WHERE record_kind = {} AND record = {})",
            "",
            record_kind,
            str(record),
        )


async def seal_what_is_clear() -> None:
    """Encrypt what earlier versions stored in clear; joins the transaction of the migration."""
    rows = await db.fetch(
        "SELECT s.id, s.opinion, q.kind, q.confidential FROM approval_seat s"
        " JOIN approval_request q ON q.id = s.request WHERE s.opinion <> {}",
        "",
    )
    for row in rows:
        if not is_encrypted(row["opinion"]):
            await db.execute(
                "UPDATE approval_seat SET opinion = {} WHERE id = {}",
                saying.locked(_keys(row), row["id"], row["opinion"]),
                row["id"],
            )


def _keys(row: db.Row) -> Keyring:
    return saying.keyring_of(row["kind"], confidential=bool(row["confidential"]))
