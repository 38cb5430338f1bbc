"""Bulletins signed level by level and issued with a number; those it is for are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ANY, ApprovalFacts, NewRequest, StepPlan
from core.errors import InvalidInputError
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from plugins.government import clocks
from plugins.government.bulletins import papers, services
from plugins.government.bulletins.chains import CHAINS, SIGNERS
from plugins.government.bulletins.facts import DRAFT, ISSUED, KINDS, RECORD, SIGNING, URGENT
from plugins.government.bulletins.tables import Bulletin
from plugins.government.rights import DIRECTOR, HEAD
from plugins.government.signing.again import writer_of
from plugins.government.telling import holders
from plugins.government.units.queries import staff

APPROVAL = "government.bulletin"
PAGE = "/government/sign-bulletins/{request}"  # where all of a batch is read and signed


async def submit(bulletin_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Ask for the signatures, level by level; of a batch for all at once."""
    async with db.writing():
        row = await services.taken(bulletin_id, actor, at)
        await services.refuse_unless_open(row)
        if not services.texts(row).get("overview", "").strip():
            raise InvalidInputError({"overview": N_("Please fill this in.")})
        if row.state == SIGNING and row.approval is not None:
            writer = await writer_of(row.approval, actor)
            await approvals.resubmit(row.approval, actor=writer, at=at, plugins=plugins)
            return
        rules = (await clocks.in_force(at)).values
        roles = CHAINS[getattr(rules, KINDS[row.kind].chain)]
        # Nobody signs their own: who signs a step and writes it all the same begins with the next.
        asked = [role for role in roles if role not in actor.roles] or [DIRECTOR]
        secret = row.matter is not None
        request_id = await approvals.open_request(
            NewRequest(
                kind=APPROVAL,
                record_kind=RECORD,
                record=str(row.id),
                title=N_(
                    "{kind}: {first} to {last}",
                    kind=KINDS[row.kind].label,
                    first=row.first.isoformat(),
                    last=row.last.isoformat(),
                ),
                steps=tuple(
                    StepPlan(label=SIGNERS[role], rule=ANY, roles=(role,)) for role in asked
                ),
                url=f"/government/bulletins/{row.id}",
                page=PAGE,
                site_id=row.site,
                confidential=secret,
                payload={"batch": str(row.batch)},
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        values: dict[Any, Any] = {Bulletin.state: SIGNING, Bulletin.approval: request_id}
        await Bulletin.update(values).where(Bulletin.batch == row.batch)
        await record(actor, "government.bulletin_submit", RECORD, row.id, at=at)


async def carry_out(request: ApprovalFacts) -> None:
    """Issue what all levels signed: number, paper, notices."""
    rows = (
        await Bulletin.objects()
        .where(Bulletin.batch == UUID(request.payload["batch"]), Bulletin.state == SIGNING)
        .order_by(Bulletin.created_at)
    )
    for row in rows:
        await issue(row, signed_by=request.decided_by, at=request.at)


async def issue(row: Bulletin, *, signed_by: str, at: datetime) -> None:
    """Issue a bulletin that all levels signed; joins the caller's transaction."""
    row.state, row.issued_at, row.signed_by = ISSUED, at, signed_by[:200]
    row.document, row.label = await papers.take(row, services.texts(row), actor=SYSTEM, at=at)
    row.version += 1
    await row.save()
    shown = {"number": row.label}
    await record(SYSTEM, "government.bulletin_issue", RECORD, row.id, at=at, after=shown)
    await _tell(row, at)


async def refused(request: ApprovalFacts) -> None:
    """Let the writer go on with what was not signed."""
    values: dict[Any, Any] = {Bulletin.state: DRAFT, Bulletin.approval: None}
    await Bulletin.update(values).where(
        Bulletin.batch == UUID(request.payload["batch"]), Bulletin.state == SIGNING
    )


async def _tell(row: Bulletin, at: datetime) -> None:
    """Tell the heads of the unit it goes to; of urgent information the bureau's leaders."""
    if row.unit is not None:
        told = [user_id for user_id, _, _ in await staff(row.unit)]
        url = f"/government/unit/bulletins/{row.id}"
    elif row.kind == URGENT:  # of one about an item nobody hears who is kept from the item
        told = await holders([HEAD, DIRECTOR], row.site, row.matter, at)
        url = f"/government/bulletins/{row.id}"
    else:
        return
    for user_id in told:
        await notify(
            key=f"government.bulletin/{row.id}/{user_id}",
            channel=IN_APP,
            subject=Message("{kind}", {"kind": KINDS[row.kind].label}),
            body=N_("Issued as {number}.", number=row.label),
            at=at,
            user=user_id,
            url=url,
        )
