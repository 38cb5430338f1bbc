"""Files of items and what a file is made of; everything that reads items goes through access.seen_by."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.archive.facts import Content, Filing
from plugins.government.archive.policies import kind_of, paged
from plugins.government.archive.tables import CaseFile
from plugins.government.facts import CHANNELS, LETTER, MATTER, NAME
from plugins.government.matters import access, states
from plugins.government.opinions import queries as opinions
from plugins.government.opinions.facts import CONCLUDED
from plugins.government.papers.kinds import DIRECT, KINDS
from plugins.government.people import searching
from plugins.government.secrecy.files import KINDS as FILE_KINDS

TABLE = "government_case_file"
PAGE = 50
LABELS = {one.name: one.label for one in KINDS}
_OWN_PAPER = f"{NAME}.archive_contents"
# Papers that decide nothing make no dedicated file.
PLAIN = (*(f"{NAME}.{name}" for name in DIRECT), _OWN_PAPER)
_MAY_FILE = tuple(states.MOVES["archive"])


async def papers_of(matter_id: UUID) -> int:
    """Return how many papers were drafted for an item that still stand."""
    rows = await db.fetch(
        "SELECT count(*) AS n FROM issued_document WHERE record_kind = {} AND record = {}"
        f" AND voided_at IS NULL AND kind NOT IN ({access.places(PLAIN)})",
        MATTER,
        matter_id,
        *PLAIN,
    )
    return int(rows[0]["n"])


async def filing(matter_id: UUID, stage: str, close_reason: str) -> Filing:
    """Return what an item is judged by; the caller has judged who asks."""
    waiting = await db.fetch(
        "SELECT (SELECT count(*) FROM government_opinion WHERE matter = {} AND state = 'waiting')"
        " + (SELECT count(*) FROM government_reply WHERE matter = {} AND state = 'waiting')"
        " + (SELECT count(*) FROM government_signing WHERE matter = {} AND state = 'open') AS n",
        matter_id,
        matter_id,
        matter_id,
    )
    instructed = await db.fetch(
        "SELECT count(*) AS n FROM government_instruction WHERE matter = {}"
        " AND done_at IS NOT NULL",
        matter_id,
    )
    final = close_reason == CONCLUDED
    return Filing(
        stage=stage,
        papers=await papers_of(matter_id),
        waiting=int(waiting[0]["n"]),
        instructed=bool(instructed[0]["n"]),
        final_missing=await opinions.filing_missing(matter_id) if final else (),
    )


async def made_contents(matter_id: UUID) -> list[Content]:
    """Return what a file holds, by time: contacts, interviews, scans and papers of the item."""
    found: list[tuple[datetime, Content]] = []
    contacts = await db.fetch(
        "SELECT number, channel, received_at, recorded_by_name FROM government_contact"
        " WHERE matter = {} ORDER BY received_at",
        matter_id,
    )
    for one in contacts:
        title = "来信" if one["channel"] == LETTER else f"{_zh(CHANNELS[one['channel']])}登记"
        found.append(
            (
                one["received_at"],
                _line(one["number"], one["recorded_by_name"], title, one["received_at"]),
            )
        )
    for one in await db.fetch(
        "SELECT number, stamped_at, held_at, interviewers FROM government_interview"
        " WHERE matter = {} ORDER BY stamped_at",
        matter_id,
    ):
        when = one["held_at"] or one["stamped_at"]
        found.append((when, _line(one["number"], one["interviewers"], "接谈笔录", when)))
    for one in await db.fetch(
        "SELECT f.kind, f.added_at, f.added_by_name FROM government_file f"
        " LEFT JOIN government_contact c ON c.id = f.contact"
        " WHERE f.erased_at IS NULL AND (f.matter = {} OR c.matter = {}) ORDER BY f.added_at",
        matter_id,
        matter_id,
    ):
        title = _zh(FILE_KINDS[one["kind"]])
        found.append((one["added_at"], _line("", one["added_by_name"], title, one["added_at"])))
    for one in await db.fetch(
        "SELECT d.kind, d.label, d.issued_at, a.name AS who FROM issued_document d"
        " LEFT JOIN account a ON a.id = d.issued_by WHERE d.record_kind = {} AND d.record = {}"
        " AND d.voided_at IS NULL AND d.kind <> {} ORDER BY d.issued_at, d.number",
        MATTER,
        matter_id,
        _OWN_PAPER,
    ):
        if one["kind"] in LABELS:
            title = _zh(LABELS[one["kind"]])
            found.append(
                (one["issued_at"], _line(one["label"], one["who"] or "", title, one["issued_at"]))
            )
    return paged([line for _, line in sorted(found, key=lambda pair: pair[0])], ())


def _zh(message: Any) -> str:
    return str(message.translate("zh_Hans"))


def _line(number: str, who: str, title: str, at: datetime) -> Content:
    return Content(number=number, who=who, title=title, day=f"{site_time(at):%Y%m%d}")


def sealed_contents(file_id: UUID, lines: Sequence[Content]) -> str:
    """Return a file's contents as they are stored."""
    packed = json.dumps([asdict(one) for one in lines], ensure_ascii=False)
    return sealing.seal(packed, TABLE, "contents_cipher", file_id)


def contents_of(row: CaseFile) -> list[Content]:
    """Return the contents of a file as filed; nothing once it was destroyed."""
    text = sealing.unseal(row.contents_cipher, TABLE, "contents_cipher", row.id)
    return [Content(**one) for one in json.loads(text)] if text else []


async def file_of(matter_id: UUID) -> CaseFile | None:
    """Return the file of an item; the caller has judged who asks."""
    return await CaseFile.objects().get(CaseFile.matter == matter_id)


def _named(text: str, *numbers: str) -> tuple[str, list[Any]]:
    """Return the condition that an item or its file has this number, or this petitioner."""
    found, marks = searching.found_by(text, "mp.petitioner")
    parts = [f"{column} = {{}}" for column in numbers]
    parts.append(f"m.id IN (SELECT mp.matter FROM government_matter_person mp WHERE {found})")
    return f"({' OR '.join(parts)})", [*([text] * len(numbers)), *marks]


async def to_file(
    site_id: UUID, actor: Actor, at: datetime, *, page: int = 1, text: str = ""
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of items at their end that are in no file yet, the oldest first, and how many.

    `text`: the number of an item, or a name.
    """
    seen, args = await access.seen_by(actor, at)
    where = f"m.site = {{}} AND m.stage IN ({access.places(_MAY_FILE)}) AND {seen}"
    values = [site_id, *_MAY_FILE, *args]
    if text:
        condition, more = _named(text, "m.number")
        where, values = f"{where} AND {condition}", [*values, *more]
    count = await db.count(f"FROM government_matter m WHERE {where}", *values)
    rows = await db.fetch(
        "SELECT m.id, m.number, m.stage, m.closed_at, s.name AS subject, (SELECT count(*) FROM"
        " issued_document d WHERE d.record_kind = {} AND d.record = m.id AND d.voided_at IS NULL"
        f" AND d.kind NOT IN ({access.places(PLAIN)})) AS papers FROM government_matter m"
        f" LEFT JOIN government_subject s ON s.id = m.subject WHERE {where}"
        " ORDER BY m.closed_at, m.number LIMIT {} OFFSET {}",
        MATTER,
        *PLAIN,
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [{**row, "kind": kind_of(row["papers"])} for row in rows], count


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which files are wanted; empty means whatever. `text`: a number of file or item, or a name."""

    text: str = ""
    kind: str = ""
    year: int = 0
    state: str = ""
    hand_over: UUID | None = None


async def files(
    site_id: UUID, actor: Actor, at: datetime, chosen: Chosen, *, page: int | None = None
) -> list[dict[str, Any]]:
    """Return files whose items somebody may see, by year, kind and category; all without a page."""
    where, values = await _files(site_id, actor, at, chosen)
    paged, more = ("", []) if page is None else (" LIMIT {} OFFSET {}", [PAGE, (page - 1) * PAGE])
    rows = await db.fetch(
        "SELECT f.id, f.matter, f.kind, f.year, f.number, f.state, f.pages, f.keep_years,"
        " f.keep_until, f.filed_at, f.hand_over, f.document, m.number AS matter_number, m.day,"
        " s.name AS subject FROM government_case_file f"
        " JOIN government_matter m ON m.id = f.matter"
        " LEFT JOIN government_subject s ON s.id = m.subject"
        f" WHERE {where} ORDER BY f.year DESC, f.kind, s.path, f.number{paged}",
        *values,
        *more,
    )
    return [dict(row) for row in rows]


async def how_many(site_id: UUID, actor: Actor, at: datetime, chosen: Chosen) -> int:
    """Return how many files there are that somebody may see."""
    where, values = await _files(site_id, actor, at, chosen)
    rows = await db.fetch(
        "SELECT count(*) AS n FROM government_case_file f"
        f" JOIN government_matter m ON m.id = f.matter WHERE {where}",
        *values,
    )
    return int(rows[0]["n"])


async def _files(
    site_id: UUID, actor: Actor, at: datetime, chosen: Chosen
) -> tuple[str, list[Any]]:
    seen, args = await access.seen_by(actor, at)
    parts, values = ["f.site = {}", seen], [site_id, *args]
    for condition, value in (
        ("f.kind = {}", chosen.kind),
        ("f.year = {}", chosen.year),
        ("f.state = {}", chosen.state),
        ("f.hand_over = {}", chosen.hand_over),
    ):
        if value:
            parts.append(condition)
            values.append(value)
    if chosen.text:
        condition, more = _named(chosen.text, "f.number", "m.number")
        parts.append(condition)
        values += more
    return " AND ".join(parts), values


async def hand_overs(site_id: UUID, *, page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """Return a page of what was handed over to the archives office, the latest first, and how many."""
    count = await db.fetch(
        "SELECT count(*) AS n FROM government_hand_over WHERE site = {}", site_id
    )
    rows = await db.fetch(
        "SELECT * FROM government_hand_over WHERE site = {} ORDER BY at DESC, id LIMIT {} OFFSET {}",
        site_id,
        PAGE,
        (page - 1) * PAGE,
    )
    return [dict(row) for row in rows], count[0]["n"]
