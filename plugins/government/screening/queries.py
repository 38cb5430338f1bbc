"""Suggestions, what was told, interviews and appointments of an item. The caller has judged who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.screening import policies
from plugins.government.screening.facts import (
    END,
    GROUNDS,
    REFUSE,
    WRITTEN,
    Lapsed,
    ToldLine,
)

_TOLD, _INTERVIEW = "government_told", "government_interview"
INTERVIEW_TEXTS = ("facts", "demands", "history", "why", "abnormal", "joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """A suggestion as the page shows it."""

    kind: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewLine:
    """An interview with its texts opened."""

    id: UUID
    matter_id: UUID
    contact_id: UUID | None
    number: str
    why: str
    stamped_at: datetime
    stamped_by: str
    held_at: datetime | None
    room: str
    interviewers: str
    identity: str
    identity_checked: bool
    texts: dict[str, str]
    version: int


async def root_of(matter_id: UUID) -> UUID:
    """Return the first item of the row of repeated ones that an item belongs to."""
    at, seen = matter_id, {matter_id}
    while True:
        rows = await db.fetch("SELECT same_as FROM government_matter WHERE id = {}", at)
        above = rows[0]["same_as"] if rows else None
        if above is None or above in seen:
            return at
        seen.add(above)
        at = above


async def suggestions(matter_id: UUID) -> list[SuggestionLine]:
    """Return what was suggested for an item, the latest first."""
    rows = await db.fetch(
        "SELECT id, kind, text_cipher, at, by_name FROM government_suggestion WHERE matter = {}"
        " ORDER BY at DESC, id",
        matter_id,
    )
    return [
        SuggestionLine(
            kind=row["kind"],
            text=sealing.unseal(
                row["text_cipher"], "government_suggestion", "text_cipher", row["id"]
            ),
            at=row["at"],
            by=row["by_name"],
        )
        for row in rows
    ]


async def told(matter_id: UUID) -> list[ToldLine]:
    """Return what the petitioner was told of an item, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_told WHERE matter = {} ORDER BY at DESC, id", matter_id
    )
    return [_told_line(row) for row in rows]


async def matter_of_told(told_id: UUID) -> UUID:
    """Return the item of what was told; NotFoundError for none."""
    rows = await db.fetch("SELECT matter FROM government_told WHERE id = {}", told_id)
    if not rows:
        raise NotFoundError
    return UUID(str(rows[0]["matter"]))


def _told_line(row: db.Row) -> ToldLine:
    return ToldLine(
        id=row["id"],
        act=row["act"],
        ground=GROUNDS.get(row["ground"]),
        manner=row["manner"],
        text=sealing.unseal(row["text_cipher"], _TOLD, "text_cipher", row["id"]),
        body=sealing.unseal(row["body_cipher"], _TOLD, "body_cipher", row["id"]),
        document_id=row["document"],
        at=row["at"],
        by=row["by_name"],
    )


async def written_before(root: UUID, petitioner_id: UUID | None) -> date | None:
    """Return the day of the written refusal that a person was given on a matter (GOV-12)."""
    if petitioner_id is None:
        return None
    rows = await db.fetch(
        "SELECT at FROM government_told WHERE root = {} AND petitioner = {} AND manner = {}"
        " AND act IN ({}, {}) ORDER BY at LIMIT 1",
        root,
        petitioner_id,
        WRITTEN,
        REFUSE,
        END,
    )
    return site_time(rows[0]["at"]).date() if rows else None


async def written_paper(root: UUID, petitioner_id: UUID | None) -> UUID | None:
    """Return the written notice that a person was given on a matter, as a paper."""
    if petitioner_id is None:
        return None
    rows = await db.fetch(
        "SELECT document FROM government_told WHERE root = {} AND petitioner = {} AND manner = {}"
        " AND act IN ({}, {}) ORDER BY at LIMIT 1",
        root,
        petitioner_id,
        WRITTEN,
        REFUSE,
        END,
    )
    return rows[0]["document"] if rows else None


async def last_refusal(matter_id: UUID) -> ToldLine | None:
    """Return what a petitioner was told last when their item was not, or no longer, accepted."""
    return next((one for one in await told(matter_id) if one.act in (REFUSE, END)), None)


async def lapsed(matter_id: UUID, stage: str, at: datetime) -> Lapsed | None:
    """Return the ground of GOV-11 that an item's stage and clocks suggest."""
    window, concluded = None, None
    name = {"opinion": clocks.REVIEW_WINDOW, "reviewed": clocks.REREVIEW_WINDOW}.get(stage)
    if name is not None:
        for clock in await clocks.of_matter(matter_id, at=at):
            if clock.name == f"government.{name}" and clock.state == "running":
                window = clock.due
    elif stage in ("final", "closed", "archived"):
        rows = await db.fetch(
            "SELECT at FROM government_step WHERE matter = {} AND act IN ('path_ends', 'conclude')"
            " ORDER BY id DESC LIMIT 1",
            matter_id,
        )
        if rows:
            concluded = site_time(rows[0]["at"]).date()
        elif stage == "final":
            rows = await db.fetch(
                "SELECT closed_at FROM government_matter WHERE id = {}", matter_id
            )
            concluded = site_time(rows[0]["closed_at"] or at).date()
        else:
            stage, window = await _missed(matter_id, stage, at)
    return policies.lapsed(
        stage=stage, window_due=window, concluded_on=concluded, today=site_time(at).date()
    )


_MISSED = {
    "review_lapsed": ("opinion", clocks.REVIEW_WINDOW),
    "rereview_lapsed": ("reviewed", clocks.REREVIEW_WINDOW),
}


async def _missed(matter_id: UUID, stage: str, at: datetime) -> tuple[str, date | None]:
    """Return at which stage a closed item's petitioner let their time pass, and its last day."""
    rows = await db.fetch("SELECT close_reason FROM government_matter WHERE id = {}", matter_id)
    found = _MISSED.get(rows[0]["close_reason"]) if rows else None
    if found is None:
        return stage, None
    before, name = found
    ended = [
        clock.due
        for clock in await clocks.of_matter(matter_id, at=at)
        if clock.name == f"government.{name}"
    ]
    return before, ended[-1] if ended else None


async def interviews(matter_id: UUID) -> list[InterviewLine]:
    """Return the interviews of an item, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_interview WHERE matter = {} ORDER BY stamped_at DESC, number DESC",
        matter_id,
    )
    return [_interview_line(row) for row in rows]


async def interview(interview_id: UUID) -> InterviewLine | None:
    """Return one interview; None when there is none."""
    rows = await db.fetch("SELECT * FROM government_interview WHERE id = {}", interview_id)
    return _interview_line(rows[0]) if rows else None


def _interview_line(row: db.Row) -> InterviewLine:
    return InterviewLine(
        id=row["id"],
        matter_id=row["matter"],
        contact_id=row["contact"],
        number=row["number"],
        why=row["why"],
        stamped_at=row["stamped_at"],
        stamped_by=row["stamped_by_name"],
        held_at=row["held_at"],
        room=row["room"],
        interviewers=row["interviewers"],
        identity=row["identity"],
        identity_checked=bool(row["identity_checked"]),
        texts={
            name: sealing.unseal(row[f"{name}_cipher"], _INTERVIEW, f"{name}_cipher", row["id"])
            for name in INTERVIEW_TEXTS
        },
        version=row["version"],
    )


async def follow_ups(matter_id: UUID) -> list[dict[str, Any]]:
    """Return the talks that were agreed for an item, the next first, with how each stands."""
    rows = await db.fetch(
        "SELECT f.id, f.why, f.text_cipher, f.appointment, a.starts_at, a.ends_at, a.state"
        " FROM government_follow_up f JOIN appointment a ON a.id = f.appointment"
        " WHERE f.matter = {} ORDER BY a.starts_at DESC",
        matter_id,
    )
    return [
        {
            **row,
            "text": sealing.unseal(
                row["text_cipher"], "government_follow_up", "text_cipher", row["id"]
            ),
        }
        for row in rows
    ]


async def outline(matter_id: UUID) -> dict[str, Any] | None:
    """Return the report on somebody from abroad, its outline opened; None for others (GOV-18)."""
    rows = await db.fetch(
        "SELECT id, reported_at, outline_cipher, request, approved_at, approved_by"
        " FROM government_foreign_report WHERE matter = {}",
        matter_id,
    )
    if not rows:
        return None
    row = rows[0]
    text = sealing.unseal(
        row["outline_cipher"], "government_foreign_report", "outline_cipher", row["id"]
    )
    return {**row, "outline": text}
