"""Incidents in lists and on their page; reads only.

Who may write sees what is open at the site and what they wrote down themselves; who may read sees all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock, db, hiding
from core.attachments.tables import Attachment
from core.errors import NotFoundError
from core.i18n import Message
from core.incidents.tables import Incident, IncidentNote, IncidentStepRow
from core.permissions import Actor
from core.privacy.keys import keyring

READ, WRITE = "core:incident:read", "core:incident:write"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One incident in a list; its text is only on its page."""

    id: UUID
    number: str
    kind: str
    spot: str
    gate_name: str
    state: str
    happened_at: datetime
    opened_by_name: str
    steps_done: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step as shown."""

    id: UUID
    label: Message
    call: bool
    done_at: datetime | None
    done_by_name: str
    called: str
    called_at: datetime | None
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One note, or the text before a correction."""

    kind: str
    text: str
    reason: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An incident's whole page; texts in the clear, empty once erased."""

    id: UUID
    number: str
    kind: str
    site_id: UUID
    gate_name: str
    registration_id: UUID | None
    registration_number: str
    spot: str
    seen: str
    result: str
    state: str
    happened_at: datetime
    opened_at: datetime
    opened_by_name: str
    closed_at: datetime | None
    closed_by_name: str
    version: int
    steps: tuple[StepLine, ...]
    notes: tuple[NoteLine, ...]
    photos: tuple[UUID, ...]


def may_see(row: Incident, actor: Actor) -> bool:
    """Say whether somebody may know of an incident."""
    if actor.kind == "system" or actor.may_at(READ, row.site):
        return True
    own = actor.id is not None and row.opened_by == actor.id
    return actor.may_at(WRITE, row.site) and (row.state == "open" or own)


async def known(incident_id: UUID, *, actor: Actor, at: datetime) -> Incident:
    """Return an incident that somebody may know of; NotFoundError else, hidden or missing alike."""
    row = await Incident.objects().get(Incident.id == incident_id)
    await hiding.require(hiding.INCIDENT, incident_id, actor=actor, at=at)
    if row is None or not may_see(row, actor):
        raise NotFoundError
    return row


async def incidents(
    actor: Actor, *, site_id: UUID | None = None, state: str = "", kind: str = "", page: int = 1
) -> tuple[list[Line], int]:
    """Return one page of the incidents that somebody may see, newest first, and how many there are."""
    conditions, args = _visible(actor)
    for column, value in (("i.site", site_id), ("i.state", state), ("i.kind", kind)):
        if value:
            conditions.append(f"{column} = {{}}")
            args.append(value)
    gone = await _gone(" AND ".join(conditions), args, actor)
    if gone:
        conditions.append(f"i.id NOT IN ({', '.join('{}' for _ in gone)})")
        args += gone
    where = " AND ".join(conditions)
    total = (await db.fetch(f"SELECT count(*) AS n FROM incident i WHERE {where}", *args))[0]["n"]  # noqa: S608
    rows = await db.fetch(
        "SELECT i.id, i.number, i.kind, i.spot, i.state, i.happened_at, i.opened_by_name,"  # noqa: S608
        " g.name AS gate_name,"
        " (SELECT count(*) FROM incident_step s WHERE s.incident = i.id) AS steps,"
        " (SELECT count(*) FROM incident_step s WHERE s.incident = i.id"
        "  AND (s.done_at IS NOT NULL OR s.left_out <> '')) AS steps_done"
        f" FROM incident i LEFT JOIN gate g ON g.id = i.gate WHERE {where}"
        " ORDER BY i.happened_at DESC, i.number DESC LIMIT {} OFFSET {}",
        *args,
        PAGE,
        (max(page, 1) - 1) * PAGE,
    )
    return [
        Line(
            id=row["id"],
            number=row["number"],
            kind=row["kind"],
            spot=row["spot"],
            gate_name=row["gate_name"] or "",
            state=row["state"],
            happened_at=row["happened_at"],
            opened_by_name=row["opened_by_name"],
            steps_done=row["steps_done"],
            steps=row["steps"],
        )
        for row in rows
    ], total


async def _gone(where: str, args: Sequence[object], actor: Actor) -> list[object]:
    """Return those of the incidents in a list that do not exist for somebody."""
    if not hiding.is_asking():
        return []
    rows = await db.fetch(f"SELECT i.id FROM incident i WHERE {where}", *args)  # noqa: S608
    hidden = await hiding.hidden(
        hiding.INCIDENT, [row["id"] for row in rows], actor=actor, at=clock.now()
    )
    return [row["id"] for row in rows if str(row["id"]) in hidden]


def _visible(actor: Actor) -> tuple[list[str], list[object]]:
    """Return the SQL for what somebody may see."""
    parts: list[str] = []
    args: list[object] = []
    for permission, extra in ((READ, ""), (WRITE, " AND (i.state = 'open' OR i.opened_by = {})")):
        sites = actor.sites_with(permission)
        if sites is None:
            place = "1 = 1"
        elif sites:
            place = f"i.site IN ({', '.join('{}' for _ in sites)})"
            args += list(sites)
        else:
            continue
        parts.append(f"({place}{extra})")
        if extra:
            args.append(actor.id)
    return [f"({' OR '.join(parts) or '1 = 0'})"], args


async def open_at(site_id: UUID) -> list[Incident]:
    """Return the open incidents of a site, oldest first, for a handover."""
    return (
        await Incident.objects()
        .where(Incident.site == site_id, Incident.state == "open")
        .order_by(Incident.opened_at)
    )


async def shown(incident_id: UUID, *, actor: Actor) -> Shown:
    """Return one incident; NotFoundError for whom it does not exist."""
    row = await known(incident_id, actor=actor, at=clock.now())
    [names] = await db.fetch(
        "SELECT g.name AS gate_name, r.number FROM incident i LEFT JOIN gate g ON g.id = i.gate"
        " LEFT JOIN registration r ON r.id = i.registration WHERE i.id = {}",
        incident_id,
    )
    steps = (
        await IncidentStepRow.objects()
        .where(IncidentStepRow.incident == row.id)
        .order_by(IncidentStepRow.position)
    )
    notes = (
        await IncidentNote.objects()
        .where(IncidentNote.incident == row.id)
        .order_by(IncidentNote.at)
    )
    photos = (
        await Attachment.select(Attachment.id)
        .where(
            Attachment.record_kind == "incident",
            Attachment.record == row.id,
            Attachment.erased_at.is_null(),
        )
        .order_by(Attachment.created_at)
    )
    return Shown(
        id=row.id,
        number=row.number,
        kind=row.kind,
        site_id=row.site,
        gate_name=names["gate_name"] or "",
        registration_id=row.registration,
        registration_number=names["number"] or "",
        spot=row.spot,
        seen=_clear(row.seen_cipher, "incident", "seen_cipher", row.id),
        result=_clear(row.result_cipher, "incident", "result_cipher", row.id),
        state=row.state,
        happened_at=row.happened_at,
        opened_at=row.opened_at,
        opened_by_name=row.opened_by_name,
        closed_at=row.closed_at,
        closed_by_name=row.closed_by_name,
        version=row.version,
        steps=tuple(
            StepLine(
                id=s.id,
                label=Message.load(s.label),
                call=s.call,
                done_at=s.done_at,
                done_by_name=s.done_by_name,
                called=_clear(s.called_cipher, "incident_step", "called_cipher", s.id),
                called_at=s.called_at,
                left_out=s.left_out,
            )
            for s in steps
        ),
        notes=tuple(
            NoteLine(
                kind=n.kind,
                text=_clear(n.text_cipher, "incident_note", "text_cipher", n.id),
                reason=n.reason,
                at=n.at,
                by_name=n.by_name,
            )
            for n in notes
        ),
        photos=tuple(row["id"] for row in photos),
    )


def _clear(cipher: str | None, table: str, column: str, row_id: UUID) -> str:
    return keyring().decrypt(cipher, table, column, row_id) if cipher else ""


async def photo_of(incident_id: UUID, photo_id: UUID, *, actor: Actor) -> UUID:
    """Return a picture's id if it is of an incident that somebody may see."""
    await known(incident_id, actor=actor, at=clock.now())
    if not await Attachment.exists().where(
        Attachment.id == photo_id,
        Attachment.record_kind == "incident",
        Attachment.record == incident_id,
        Attachment.erased_at.is_null(),
    ):
        raise NotFoundError
    return photo_id
