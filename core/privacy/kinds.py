"""The core's own kinds of record: when their keeping time began, and how each is erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.appointments.tables import Appointment
from core.i18n import N_
from core.links.tables import Link
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from core.privacy.queries import OPEN_STATES

_OPEN = ", ".join(f"'{state}'" for state in (*OPEN_STATES, "expected", "left"))

# -- visitors

# Who has been here, come along or been expected since; of merged records the one that stayed counts.
_UNSEEN_SINCE = (
    "NOT EXISTS (SELECT 1 FROM registration r WHERE r.visitor = v.id"
    " AND (r.created_at >= {} OR r.left_at >= {}))",
    "NOT EXISTS (SELECT 1 FROM registration_companion c JOIN registration r"
    " ON r.id = c.registration WHERE c.visitor = v.id"
    " AND (r.created_at >= {} OR r.left_at >= {}))",
    "v.id NOT IN (SELECT m.merged_into FROM visitor m JOIN registration r ON r.visitor = m.id"
    " WHERE m.merged_into IS NOT NULL AND (r.created_at >= {} OR r.left_at >= {}))",
    "v.id NOT IN (SELECT m.merged_into FROM visitor m JOIN registration_companion c"
    " ON c.visitor = m.id JOIN registration r ON r.id = c.registration"
    " WHERE m.merged_into IS NOT NULL AND (r.created_at >= {} OR r.left_at >= {}))",
    "v.id NOT IN (SELECT coalesce(f.merged_into, f.id) FROM appointment a JOIN visitor f"
    " ON f.id = a.visitor WHERE a.ends_at >= {} OR a.created_at >= {})",
)


async def find_visitors(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return those who were last here, expected or written down before a moment."""
    unseen = " AND ".join(_UNSEEN_SINCE)
    rows = await db.fetch(
        "SELECT v.id, v.name, v.last_visit_at, v.created_at FROM visitor v"  # noqa: S608 - constants
        " WHERE v.erased_at IS NULL AND v.merged_into IS NULL AND v.created_at < {}"
        " AND (v.last_visit_at IS NULL OR v.last_visit_at < {})"
        f" AND {unseen} ORDER BY v.last_visit_at NULLS FIRST, v.id"
        f" LIMIT {limit} OFFSET {offset}",
        *[before] * 12,
    )
    latest = await _last_seen([row["id"] for row in rows])
    return [
        Expired(
            record=str(row["id"]),
            ended_at=max([row["last_visit_at"] or row["created_at"], *latest.get(row["id"], ())]),
            title=row["name"],
            path=f"/visitors/{row['id']}",
        )
        for row in rows
    ]


async def _last_seen(ids: list[UUID]) -> dict[UUID, list[datetime]]:
    """Return when each was last registered or expected."""
    if not ids:
        return {}
    places = ", ".join("{}" for _ in ids)
    merged = await db.fetch(
        f"SELECT id, merged_into FROM visitor WHERE merged_into IN ({places})",  # noqa: S608 - places
        *ids,
    )
    root = {one: one for one in ids} | {row["id"]: row["merged_into"] for row in merged}
    places = ", ".join("{}" for _ in root)
    rows = [
        *await db.fetch(
            f"SELECT visitor, created_at AS at FROM registration WHERE visitor IN ({places})",  # noqa: S608 - places
            *root,
        ),
        *await db.fetch(
            f"SELECT visitor, ends_at AS at FROM appointment WHERE visitor IN ({places})",  # noqa: S608 - places
            *root,
        ),
    ]
    found: dict[UUID, list[datetime]] = {}
    for row in rows:
        found.setdefault(root[row["visitor"]], []).append(row["at"])
    return found


async def erase_visitors(records: Sequence[str], erasing: Erasing) -> None:
    """Erase people with all that belongs to them."""
    for one in records:
        await erasing.visitor(UUID(one))


# -- visits and appointments


async def find_visits(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return visits that ended before a moment and still hold particulars."""
    rows = await db.fetch(
        "SELECT r.id, r.number, r.visitor, r.created_at, r.left_at FROM registration r"  # noqa: S608 - constants
        f" WHERE r.created_at < {{}} AND (r.left_at IS NULL OR r.left_at < {{}})"
        f" AND r.state NOT IN ({_OPEN})"
        " AND (r.reason <> '' OR r.host_text <> '' OR r.plate <> '' OR r.goods <> ''"
        " OR r.remark <> '' OR r.stub_explained <> '' OR r.decision_reason <> ''"
        " OR EXISTS (SELECT 1 FROM feedback f WHERE f.registration = r.id"
        " AND (f.remark <> '' OR f.follow_up <> ''))"
        " OR EXISTS (SELECT 1 FROM issued_document d WHERE d.record_kind = 'registration'"
        " AND d.record = r.id AND d.sha256 <> '')"
        " OR EXISTS (SELECT 1 FROM attachment t WHERE t.record_kind = 'registration'"
        " AND t.record = r.id AND t.erased_at IS NULL))"
        f" ORDER BY r.created_at, r.id LIMIT {limit} OFFSET {offset}",
        before,
        before,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["left_at"] or row["created_at"],
            title=row["number"],
            path=f"/registrations/{row['id']}",
            holds=(("visitor", row["visitor"]),),
        )
        for row in rows
    ]


async def erase_visits(records: Sequence[str], erasing: Erasing) -> None:
    """Erase the particulars of visits."""
    from core.privacy import services  # it names Plugins, which name this module's rules

    for one in records:
        await services.erase_visit(UUID(one), actor=erasing.actor, at=erasing.at)


async def find_appointments(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return appointments that ended before a moment and still hold particulars."""
    rows = await db.fetch(
        "SELECT a.id, a.visitor, a.ends_at FROM appointment a WHERE a.ends_at < {}"  # noqa: S608 - numbers
        " AND (a.reason <> '' OR a.plate <> '' OR a.host_text <> '' OR a.answer_note <> '')"
        f" ORDER BY a.ends_at, a.id LIMIT {limit} OFFSET {offset}",
        before,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["ends_at"],
            path=f"/appointments/{row['id']}",
            holds=(("visitor", row["visitor"]),),
        )
        for row in rows
    ]


async def erase_appointments(records: Sequence[str], erasing: Erasing) -> None:
    """Erase the texts of appointments and close their links; when and with what end stays."""
    for one in records:
        key = UUID(one)
        await Appointment.update(
            {
                Appointment.reason: "",
                Appointment.plate: "",
                Appointment.host_text: "",
                Appointment.answer_note: "",
            }
        ).where(Appointment.id == key)
        await Link.update({Link.revoked_at: erasing.at}).where(
            Link.record == key, Link.revoked_at.is_null()
        )
        await record(erasing.actor, "appointment.erase", "appointment", key, at=erasing.at)


# -- notices, sign-ins, who was on duty: many at once, logged by their number


async def _find(sql: str, before: Any, limit: int, offset: int) -> list[Expired]:
    rows = await db.fetch(f"{sql} LIMIT {limit} OFFSET {offset}", before)
    return [
        Expired(
            record=str(row["id"]),
            ended_at=clock.from_ms(row["at"]) if isinstance(row["at"], int) else row["at"],
        )
        for row in rows
    ]


async def _change(sql: str, records: Sequence[Any]) -> None:
    await db.execute(f"{sql} ({', '.join('{}' for _ in records)})", *records)


async def find_notices(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return notices sent or given up whose time is over."""
    sql = (
        "SELECT id, created_at AS at FROM notice WHERE state <> 'queued' AND created_at < {}"
        " ORDER BY created_at, id"
    )
    return await _find(sql, clock.to_ms(before), limit, offset)


async def erase_notices(records: Sequence[str], _: Erasing) -> None:
    """Delete notices."""
    await _change("DELETE FROM notice WHERE id IN", [UUID(one) for one in records])


async def find_events(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return events that plugins were told of, or could not be, whose time is over."""
    sql = (
        "SELECT id, created_at AS at FROM outbox_event WHERE state <> 'queued'"
        " AND created_at < {} ORDER BY created_at, id"
    )
    return await _find(sql, clock.to_ms(before), limit, offset)


async def erase_events(records: Sequence[str], _: Erasing) -> None:
    """Delete events."""
    await _change("DELETE FROM outbox_event WHERE id IN", [int(one) for one in records])


async def find_sessions(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return sign-ins that ended long ago."""
    sql = (
        "SELECT id, expires_at AS at FROM account_session WHERE expires_at < {}"
        " ORDER BY expires_at, id"
    )
    return await _find(sql, before, limit, offset)


async def erase_sessions(records: Sequence[str], _: Erasing) -> None:
    """Delete sign-ins; the log keeps that they were."""
    await _change("DELETE FROM account_session WHERE id IN", [UUID(one) for one in records])


async def find_operators(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return scans that still tell who was on duty."""
    sql = "SELECT id, at FROM scan_event WHERE operator IS NOT NULL AND at < {} ORDER BY at, id"
    return await _find(sql, clock.to_ms(before), limit, offset)


async def erase_operators(records: Sequence[str], _: Erasing) -> None:
    """Take from scans who was on duty; what was scanned and decided stays."""
    await _change(
        "UPDATE scan_event SET operator = NULL WHERE id IN", [int(one) for one in records]
    )


async def find_set_aside(before: datetime, limit: int, offset: int) -> Sequence[Expired]:
    """Return acts of gates without network that were settled and still tell all that came."""
    sql = (
        "SELECT id, settled_at AS at FROM scan_quarantine WHERE settled_at < {} AND content <> ''"
        " ORDER BY settled_at, id"
    )
    return await _find(sql, clock.to_ms(before), limit, offset)


async def erase_set_aside(records: Sequence[str], _: Erasing) -> None:
    """Take from settled acts what came; that there was one, and what was decided, stays."""
    await _change(
        "UPDATE scan_quarantine SET content = '' WHERE id IN", [UUID(one) for one in records]
    )


_ARTICLE = N_("Personal Information Protection Law, article 19").msgid
RULES = (
    RetentionRule(
        kind="visitor",
        label=N_("Visitors without a visit since"),
        days=365,
        setting="retention.visitor_days",
        basis=_ARTICLE,
        find=find_visitors,
        erase=erase_visitors,
    ),
    RetentionRule(
        kind="registration",
        label=N_("Particulars of visits"),
        days=365,
        setting="retention.visit_days",
        basis=_ARTICLE,
        find=find_visits,
        erase=erase_visits,
    ),
    RetentionRule(
        kind="appointment",
        label=N_("Particulars of appointments"),
        days=365,
        setting="retention.appointment_days",
        basis=_ARTICLE,
        find=find_appointments,
        erase=erase_appointments,
    ),
    RetentionRule(
        kind="notice",
        label=N_("Notices that were sent"),
        days=90,
        setting="retention.notice_days",
        basis=_ARTICLE,
        find=find_notices,
        erase=erase_notices,
        batch=500,
    ),
    RetentionRule(
        kind="event",
        label=N_("Events that plugins were told of"),
        days=90,
        setting="retention.notice_days",
        basis=_ARTICLE,
        find=find_events,
        erase=erase_events,
        batch=500,
    ),
    RetentionRule(
        kind="session",
        label=N_("Sign-ins that ended"),
        days=30,
        setting="retention.session_days",
        basis=_ARTICLE,
        find=find_sessions,
        erase=erase_sessions,
        batch=500,
    ),
    RetentionRule(
        kind="scan_operator",
        label=N_("Who was on duty at a scan"),
        days=365,
        setting="retention.scan_operator_days",
        basis=_ARTICLE,
        find=find_operators,
        erase=erase_operators,
        batch=500,
    ),
    RetentionRule(
        kind="set_aside",
        label=N_("Contents of scans that a person settled"),
        days=365,
        setting="retention.scan_operator_days",
        basis=_ARTICLE,
        find=find_set_aside,
        erase=erase_set_aside,
        batch=500,
    ),
)
