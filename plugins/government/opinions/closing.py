"""Items closed with their reason, and the check-list of a final item's file (P-58, GOV-34)."""

import json
from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.handling import ended
from plugins.government.matters import services, states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import policies, queries
from plugins.government.opinions.facts import (
    CLOSE_REASONS,
    FILING,
    OWN_CHECKS,
    CloseFacts,
)
from plugins.government.opinions.tables import FinalFiling
from plugins.government.rights import HANDLE


async def facts_of(row: Matter, reason: str, at: datetime) -> CloseFacts:
    """Return what a closing is judged by."""
    last = queries.latest(await queries.of_matter(row.id))
    missing = await queries.filing_missing(row.id) if row.stage == states.FINAL else ()
    return CloseFacts(
        stage=row.stage,
        reason=reason,
        purpose=row.purpose,
        today=site_time(at).date(),
        window_ends=await queries.window_ends(last, at=at),
        delivered=last is not None and last.delivered is not None,
        filing_missing=missing,
    )


async def close(
    matter_id: UUID, *, reason: str, note: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Close an item for one of the reasons; its clocks stop, drafts are voided, nobody signs any more."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        decision = policies.may_close(await facts_of(row, reason, at))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        row.close_reason = reason
        await services.move(row, "close", actor=actor, at=at, reason=reason)
        await ended.end(row, actor=actor, at=at, plugins=plugins)
        await timeline.note(
            row.id,
            "close",
            N_("Item closed: {reason}", reason=CLOSE_REASONS[reason]),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
        if note.strip():
            text = N_("Note on the closing")
            await timeline.note(
                row.id, "close_note", text, actor=actor, at=at, body=note.strip(),
                shown_to=timeline.OFFICE,
            )  # fmt: skip


async def confirm_filing(
    matter_id: UUID, confirmed: Collection[str], *, actor: Actor, at: datetime
) -> bool:
    """Keep what somebody found in a final item's file; say whether it is complete."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        if row.stage != states.FINAL:
            raise WrongStateError(N_("The check-list belongs to items concluded by re-review."))
        ticked = sorted(set(confirmed) & set(FILING) - set(OWN_CHECKS))
        await FinalFiling.delete().where(FinalFiling.matter == matter_id)
        await FinalFiling.insert(
            FinalFiling(
                id=uuid4(),
                matter=matter_id,
                confirmed=json.dumps(ticked),
                at=at,
                by_name=actor.name,
            )
        )
        await services.change(row, "filing", {}, actor=actor, at=at, confirmed=ticked)
    return not await queries.filing_missing(matter_id)
