"""Importing rosters: a file is read and checked, shown, and only then applied, all in one transaction.

Stored: pupils' names, classes and school numbers, guardians' names and encrypted phones. Rows of a
file that was not applied lie encrypted until they are applied or discarded.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record, record_many
from core.permissions import Actor
from core.sheets.files import read_file
from core.sites.tables import Site
from core.visitors.search_tokens import tokens_for
from plugins.school_gate import roster_checking
from plugins.school_gate.queries import rosters
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import IMPORT_ROSTER
from plugins.school_gate.roster_checking import Checked, CheckedRow
from plugins.school_gate.roster_columns import GUARDIANS, PUPILS, REQUIRED, STAFF
from plugins.school_gate.services.roster_acts import RosterAct
from plugins.school_gate.tables import RosterImport

PREVIEW, APPLIED, DISCARDED = "preview", "applied", "discarded"


def search_text(name: str, number: str) -> str:
    """Return the words by which a pupil is found, with a space before and after each."""
    return f" {' '.join(tokens_for(name, plate=number))} "


async def read(
    kind: str, site_id: UUID, file_name: str, data: bytes, *, actor: Actor, at: datetime
) -> UUID:
    """Read and check a file, keep it for its preview, and return its id; the roster stays as it is."""
    if kind not in REQUIRED:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    permit(actor, site_id, IMPORT_ROSTER)
    if not await Site.exists().where(Site.id == site_id):
        raise NotFoundError
    known = await rosters.known(site_id)
    checked = await asyncio.to_thread(lambda: roster_checking.check(kind, read_file(data), known))
    import_id = uuid4()
    row = RosterImport(
        id=import_id,
        site=site_id,
        kind=kind,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=checked.encoding,
        state=PREVIEW,
        rows=len(checked.rows),
        good=sum(row.good for row in checked.rows),
        bad=sum(not row.good for row in checked.rows),
        rows_cipher=await asyncio.to_thread(rosters.packed, checked, import_id),
        created_at=at,
        created_by=actor.id,
        created_by_name=actor.name,
    )
    async with db.writing():
        await RosterImport.insert(row)
        await record(
            actor, "school_gate.roster_read", "school_gate_import", import_id, at=at,
            after={"kind": kind, "sha256": row.sha256, "rows": row.rows, "bad": row.bad},
        )  # fmt: skip
    return import_id


async def discard(import_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let a file go that was not applied."""
    async with db.writing():
        row = await _in_preview(import_id, actor)
        await RosterImport.update(
            {
                RosterImport.state: DISCARDED,
                RosterImport.rows_cipher: None,
                RosterImport.finished_at: at,
            }
        ).where(RosterImport.id == row.id)
        await record(actor, "school_gate.roster_discard", "school_gate_import", import_id, at=at)


async def _in_preview(import_id: UUID, actor: Actor) -> RosterImport:
    await db.fetch("SELECT id FROM school_gate_import WHERE id = {} FOR UPDATE", import_id)
    row = await rosters.import_of(import_id, actor)
    if row.state != PREVIEW:
        raise WrongStateError(N_("This file was applied or discarded already."))
    return row


async def apply(
    import_id: UUID, *, create_classes: bool, actor: Actor, at: datetime
) -> RosterImport:
    """Apply a file's good rows, all or none; bad ones stay with the file, to be downloaded.

    Rows of classes that the roster lacks are good only with `create_classes`. Applying the same rows
    again changes nothing.
    """
    ready = rosters.unpacked(await rosters.import_of(import_id, actor))
    words = await asyncio.to_thread(_words, ready) if ready else {}
    async with db.writing():
        row = await _in_preview(import_id, actor)
        checked = rosters.unpacked(row)
        if checked is None:
            raise NotFoundError
        good = [
            one for one in checked.rows if one.good and (create_classes or one.new_class is None)
        ]
        effects = await rosters.effects(checked, row.site)
        act = RosterAct(checked, row.site, words, actor, at)
        await {PUPILS: act.pupils, GUARDIANS: act.guardians, STAFF: act.staff}[row.kind](good)
        await record_many(act.log)
        row.state, row.finished_at = APPLIED, at
        row.good, row.bad = len(good), len(checked.rows) - len(good)
        row.added = sum(effects[one.row].kind == rosters.NEW for one in good)
        row.changed = sum(effects[one.row].kind == rosters.CHANGED for one in good)
        row.same = sum(effects[one.row].kind == rosters.SAME for one in good)
        row.rows_cipher = _left_over(checked, good, row.id)
        await row.save()
        await record(
            actor, "school_gate.roster_apply", "school_gate_import", import_id, at=at,
            after={"added": row.added, "changed": row.changed, "same": row.same, "bad": row.bad},
        )  # fmt: skip
    return row


def _words(checked: Checked) -> dict[tuple[str, str], str]:
    """Return the search words of each pupil of the file: reading names takes time, so not later."""
    return {
        (row.values["name"], row.values["number"]): search_text(
            row.values["name"], row.values["number"]
        )
        for row in checked.rows
        if row.good and checked.kind == PUPILS
    }


def _left_over(checked: Checked, good: Sequence[CheckedRow], import_id: UUID) -> str | None:
    """Return the bad rows encrypted; only they are kept, for who wants to correct them."""
    applied = {row.row for row in good}
    rows = [row for row in checked.rows if row.row not in applied]
    for row in rows:
        if row.good:
            row.problems.append(("class", N_("The roster has no such class.")))
    if not rows:
        return None
    left = Checked(
        checked.kind,
        checked.encoding,
        checked.header,
        checked.titles,
        checked.unknown_columns,
        rows,
    )
    return rosters.packed(left, import_id)
