"""The numbers given for a kind of paper in a year: how many, which are void, that none is missing.

An office that began a year on paper goes on from its last number, as long as none was given here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core import db
from core.errors import InvalidInputError, StaleError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor

MOST = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of one kind and year. `last` is the last one given, here or before on paper."""

    last: int = 0
    first: int = 0
    issued: int = 0
    voided: int = 0

    @property
    def missing(self) -> int:
        """Return how many numbers from the first one given here to the last have no paper."""
        return self.last - self.first + 1 - self.issued if self.issued else 0


async def of_year(kinds: Collection[str], year: int) -> dict[str, Numbers]:
    """Return the numbers given for each of these kinds in a year."""
    rows = await db.fetch(
        "SELECT kind, count(*) AS issued, min(number) AS first,"
        " sum(CASE WHEN voided_at IS NULL THEN 0 ELSE 1 END) AS voided"
        " FROM issued_document WHERE year = {} GROUP BY kind",
        year,
    )
    counted = {row["kind"]: row for row in rows}
    lasts = {
        row["id"]: int(row["last"])
        for row in await db.fetch("SELECT id, last FROM document_number")
    }
    return {kind: _numbers(counted.get(kind), lasts.get(_key(kind, year), 0)) for kind in kinds}


def _numbers(row: db.Row | None, last: int) -> Numbers:
    if row is None:
        return Numbers(last=last)
    return Numbers(
        last=last, first=int(row["first"]), issued=int(row["issued"]), voided=int(row["voided"])
    )


def _key(kind: str, year: int) -> str:
    return f"{kind}/{year}"


async def go_on_after(kind: str, year: int, last: int, *, actor: Actor, at: datetime) -> None:
    """Let a kind's numbers of a year go on after one given on paper; WrongStateError once one was."""
    if not 0 <= last <= MOST:
        raise InvalidInputError({"last": N_("A number from 0 to {most}.", most=MOST)})
    async with db.writing():
        before = (await of_year([kind], year))[kind]
        if before.issued:
            raise WrongStateError(
                N_("A paper of this kind was numbered this year already: its numbers only go on.")
            )
        written = await db.execute(
            "INSERT INTO document_number (id, last) VALUES ({}, {}) ON CONFLICT (id) DO"
            " UPDATE SET last = excluded.last WHERE document_number.last = {}",
            _key(kind, year),
            last,
            before.last,
        )
        if written != 1:  # somebody took a number at this moment
            raise StaleError
        shown = {"kind": kind, "year": year, "last": last}
        await record(
            actor, "document.go_on_after", "document_number", _key(kind, year), at=at,
            before={"last": before.last}, after=shown,
        )  # fmt: skip
