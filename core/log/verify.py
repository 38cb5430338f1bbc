"""Checking the log against its seals, proofs and outside checkpoints; reads only."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from core import db
from core.log import proof, seal

_CHUNK = 500


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is not as it was written: what, and the entry or seal it concerns."""

    kind: str  # changed | missing | inserted | copied | seal_changed | seal_missing | cut_off
    number: int


@dataclass(slots=True)
class Report:
    """What was checked and what was found; `unsealed` entries are the youngest ones."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Say whether nothing was found."""
        return not self.findings


async def verify(checkpoints: Path | None = None) -> Report:
    """Check every entry, every seal, and every checkpoint of the file outside the database."""
    report = Report()
    chains: dict[int, bytes] = {}
    sealed: set[int] = set()
    end = seal.Head()
    async for row in _seals():
        report.seals += 1
        number = row["number"]
        for lost in range(end.number + 1, number):
            report.findings.append(Finding("seal_missing", lost))
        await _check_seal(row, end, sealed, report)
        end = seal.Head(number, bytes(row["chain"]), row["horizon"])
        chains[number] = end.chain
    await _check_rest(sealed, report)
    await _check_copies(report)
    if checkpoints is not None:
        _check_outside(checkpoints, chains, end.number, report)
    report.findings = sorted(set(report.findings))
    return report


async def _seals() -> AsyncIterator[db.Row]:
    last = 0
    while rows := await db.fetch(
        "SELECT * FROM log_seal WHERE number > {} ORDER BY number LIMIT 50", last
    ):
        for row in rows:
            yield row
        last = rows[-1]["number"]


async def _entries(ids: Iterable[int]) -> dict[int, db.Row]:
    rows: dict[int, db.Row] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _CHUNK):
        some = ", ".join(str(int(i)) for i in wanted[start : start + _CHUNK])
        for row in await db.fetch(
            f"SELECT {seal.COLUMNS} FROM log_entry WHERE id IN ({some})"  # noqa: S608 - whole numbers
        ):
            rows[row["id"]] = row
    return rows


async def _check_seal(row: db.Row, end: seal.Head, sealed: set[int], report: Report) -> None:
    entries, leaves, number = bytes(row["entries"]), bytes(row["leaves"]), row["number"]
    chain = proof.link(end.chain, number, entries, leaves)
    whole = (
        len(entries) == 8 * row["entry_count"]
        and len(leaves) == 32 * row["entry_count"]
        and chain == bytes(row["chain"])
    )
    try:
        seal.signing_key(row["key_version"]).public_key().verify(
            bytes(row["signature"]),
            seal.signed_text(number, row["at"], row["horizon"], bytes(row["chain"])),
        )
    except (InvalidSignature, KeyError, ValueError):
        whole = False
    if not whole:
        report.findings.append(Finding("seal_changed", number))
    ids = [int.from_bytes(entries[i : i + 8], "big") for i in range(0, len(entries) - 7, 8)]
    rows = await _entries(ids)
    for position, entry_id in enumerate(ids):
        sealed.add(entry_id)
        found = rows.get(entry_id)
        if found is None:
            report.findings.append(Finding("missing", entry_id))
            continue
        report.entries += 1
        given = proof.leaf(entry_id, found["proof"] or "", seal.values_of(found))
        if given != leaves[32 * position : 32 * position + 32]:
            report.findings.append(Finding("changed", entry_id))


async def _check_rest(sealed: set[int], report: Report) -> None:
    """Find entries that no seal covers: the youngest are in order, others were put in."""
    newest = max(sealed, default=0)
    last = -(2**62)
    while rows := await db.fetch(
        f"SELECT {seal.COLUMNS} FROM log_entry WHERE id > {{}} ORDER BY id LIMIT 2000",  # noqa: S608
        last,
    ):
        last = rows[-1]["id"]
        for row in rows:
            if row["id"] in sealed:
                continue
            report.entries += 1
            genuine = proof.holds(row["proof"] or "", seal.values_of(row))
            if not genuine or (db.is_sqlite() and row["id"] < newest):
                report.findings.append(Finding("inserted", row["id"]))
            else:
                report.unsealed += 1


async def _check_copies(report: Report) -> None:
    rows = await db.fetch("SELECT max(id) AS id FROM log_entry GROUP BY proof HAVING count(*) > 1")
    report.findings.extend(Finding("copied", row["id"]) for row in rows)


def _check_outside(path: Path, chains: dict[int, bytes], last: int, report: Report) -> None:
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        noted = json.loads(line)
        report.checkpoints += 1
        number = noted["number"]
        if number > last:
            report.findings.append(Finding("cut_off", number))
        elif chains.get(number, b"").hex() != noted["chain"]:
            report.findings.append(Finding("seal_changed", number))
