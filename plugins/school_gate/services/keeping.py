"""Letting go of what the school kept long enough: offences, pupils who left, roster files (CORE-21)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.attachments import services as attachments
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.school_gate.events import keeping as event_keeping
from plugins.school_gate.leave import keeping as slip_keeping
from plugins.school_gate.queries.rights import places
from plugins.school_gate.services import guardians
from plugins.school_gate.services.rosters import DISCARDED, PREVIEW

_AT_ONCE = 100


async def _found(sql: str, before: datetime, limit: int, offset: int, path: str) -> list[Expired]:
    rows = await db.fetch(f"{sql} LIMIT {{}} OFFSET {{}}", before, limit, offset)
    return [
        Expired(record=str(row["id"]), ended_at=row["ended_at"], path=path.format(id=row["shown"]))
        for row in rows
    ]


async def offences_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return offences of before a moment."""
    return await _found(
        "SELECT id, at AS ended_at, pupil AS shown FROM school_gate_offence WHERE at < {}"
        " ORDER BY at, id",
        before,
        limit,
        offset,
        "/school-gate/pupils/{id}",
    )


async def erase_offences(records: Sequence[str], erasing: Erasing) -> None:
    """Delete offences; the scans behind them stay as figures."""
    await db.execute(
        f"DELETE FROM school_gate_offence WHERE id IN ({places(records)})",  # noqa: S608
        *map(UUID, records),
    )
    await _note("school_gate_offence", records, erasing)


async def pupils_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return pupils who left before a moment and whose particulars are still there."""
    return await _found(
        "SELECT id, updated_at AS ended_at, id AS shown FROM school_gate_pupil"
        " WHERE NOT active AND name <> '' AND updated_at < {} ORDER BY updated_at, id",
        before,
        limit,
        offset,
        "/school-gate/pupils/{id}",
    )


async def erase_pupils(records: Sequence[str], erasing: Erasing) -> None:
    """Blank pupils who left, with guardians, photo and offences; their scans stay as figures."""
    ids = [UUID(text) for text in records]
    for row in await db.fetch(
        f"SELECT photo FROM school_gate_pupil WHERE photo IS NOT NULL AND id IN ({places(ids)})",  # noqa: S608
        *ids,
    ):
        await attachments.erase(row["photo"], actor=erasing.actor, at=erasing.at)
    await db.execute(f"DELETE FROM school_gate_offence WHERE pupil IN ({places(ids)})", *ids)  # noqa: S608
    await event_keeping.forget_pupils(ids)
    await slip_keeping.blank(await slip_keeping.of_pupils(ids), actor=erasing.actor, at=erasing.at)
    await guardians.erase_photos(
        f"a.pupil IN ({places(ids)})", ids, actor=erasing.actor, at=erasing.at
    )
    await db.execute(f"DELETE FROM school_gate_guardian WHERE pupil IN ({places(ids)})", *ids)  # noqa: S608
    for pupil_id in ids:
        await db.execute(
            "UPDATE school_gate_pupil SET name = '', sex = '', tokens = '', photo = NULL,"
            " number = {} WHERE id = {}",
            f"erased-{pupil_id.hex[:12]}",
            pupil_id,
        )
    await _note("school_gate_pupil", records, erasing)


async def files_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return roster files read before a moment whose rows are still kept."""
    return await _found(
        "SELECT id, created_at AS ended_at, id AS shown FROM school_gate_import"
        " WHERE rows_cipher IS NOT NULL AND created_at < {} ORDER BY created_at, id",
        before,
        limit,
        offset,
        "/school-gate/roster/{id}",
    )


async def erase_files(records: Sequence[str], erasing: Erasing) -> None:
    """Let the rows of roster files go; a file that waited to be applied counts as discarded."""
    ids = [UUID(text) for text in records]
    await db.execute(
        f"UPDATE school_gate_import SET state = {{}} WHERE state = {{}} AND id IN ({places(ids)})",  # noqa: S608
        DISCARDED,
        PREVIEW,
        *ids,
    )
    await db.execute(
        "UPDATE school_gate_import SET rows_cipher = NULL, finished_at = coalesce(finished_at, {})"  # noqa: S608
        f" WHERE id IN ({places(ids)})",
        erasing.at,
        *ids,
    )
    await _note("school_gate_import", records, erasing)


async def _note(kind: str, records: Sequence[str], erasing: Erasing) -> None:
    for one in records:
        await record(erasing.actor, "school_gate.let_go", kind, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="school_gate.offence",
        label=N_("Pupils' offences at the gate"),
        days=366,
        basis=N_("One school year").msgid,
        find=offences_due,
        erase=erase_offences,
        batch=_AT_ONCE,
    ),
    RetentionRule(
        kind="school_gate.pupil",
        label=N_("Pupils who left, with their guardians"),
        days=366,
        basis=N_("Personal Information Protection Law, articles 19 and 28").msgid,
        find=pupils_due,
        erase=erase_pupils,
        batch=_AT_ONCE,
    ),
    RetentionRule(
        kind="school_gate.import",
        label=N_("Roster files that were read"),
        days=30,
        basis=N_("Personal Information Protection Law, article 19").msgid,
        find=files_due,
        erase=erase_files,
        batch=_AT_ONCE,
    ),
)
