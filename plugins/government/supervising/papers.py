"""A recommendation as the numbered paper that goes to its unit (regulation, article 40; GOV-28)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters.access import places
from plugins.government.papers import services as papers
from plugins.government.papers.filling import about_office
from plugins.government.supervising.facts import ACCOUNTABILITY, IMPROVE, POLICY
from plugins.government.supervising.rights import SUPERVISE
from plugins.government.supervising.seeing import RECOMMENDATION
from plugins.government.supervising.tables import Recommendation
from plugins.government.units import queries as units

_AIMS = {IMPROVE: "改进工作", POLICY: "完善政策", ACCOUNTABILITY: "追究责任"}


async def take(row: Recommendation, *, actor: Actor, at: datetime) -> UUID:
    """Give the letter of a recommendation its number in the transaction that makes it; return the paper."""
    about = await about_office(row.site)
    text = sealing.unseal(row.text_cipher, RECOMMENDATION, "text_cipher", row.id)
    given: dict[str, Value] = {
        "office": about["office"],
        "contact": about.get("contact", ""),
        "unit": (await units.unit(row.unit)).name,
        "aim": _AIMS[row.kind],
        "proposals": tuple(text.splitlines()),
        "report_by": chinese_date(row.due_on),
    }
    made = await papers.take_list(
        "recommendation_letter",
        given,
        record_kind=RECOMMENDATION,
        record_id=row.id,
        actor=actor,
        at=at,
    )
    found: UUID = made.id
    return found


async def issue(recommendation_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Issue the letter of a recommendation that has none: an older one, or one whose letter is void."""
    async with db.writing():
        await db.fetch(
            "SELECT id FROM government_recommendation WHERE id = {} FOR UPDATE", recommendation_id
        )
        row = await Recommendation.objects().get(Recommendation.id == recommendation_id)
        may = row is not None and (actor.kind == "system" or actor.may_at(SUPERVISE, row.site))
        if row is None or not may:
            raise NotFoundError
        if not row.text_cipher:
            raise WrongStateError(N_("What was recommended was erased; there is nothing to print."))
        if await of([row.id]):
            raise WrongStateError(N_("This recommendation has its letter already."))
        return await take(row, actor=actor, at=at)


async def of(recommendations: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, str]]:
    """Return the letter and its number of each of these recommendations that has one."""
    if not recommendations:
        return {}
    rows = await db.fetch(
        "SELECT id, record, label FROM issued_document WHERE record_kind = {}"
        f" AND record IN ({places(recommendations)}) AND voided_at IS NULL ORDER BY issued_at",
        RECOMMENDATION,
        *recommendations,
    )
    return {row["record"]: (row["id"], row["label"]) for row in rows}
