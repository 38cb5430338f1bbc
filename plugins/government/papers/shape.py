"""How the office's kinds of paper are alike: who may, which numbers, whose keys."""

from uuid import UUID

from core import clock
from core.documents.facts import DocumentField, DocumentKind, NumberStyle
from core.i18n import Message
from core.permissions import Actor
from plugins.government.archive import seeing
from plugins.government.bulletins import seeing as bulletins
from plugins.government.bulletins.facts import RECORD as BULLETIN
from plugins.government.facts import MATTER, NAME
from plugins.government.handling.queries import whole_list_seen
from plugins.government.matters import access
from plugins.government.rights import HANDLE, READ, REGISTER, UNIT
from plugins.government.secrecy import belonging
from plugins.government.supervising import seeing as supervising

WHAT = ("matter_number", "title", "received_on", "channel")
_OFFICE, _BOTH = (READ,), (READ, UNIT)
_ISSUE, _ISSUE_BOTH = (HANDLE, REGISTER), (HANDLE, UNIT)
_PAGE = "/government/matters/{record}"
_WEEKLY = "government_weekly_list"
_ROTA = "site"  # the rota of leaders' days is of a reception room


async def may_see(actor: Actor, record_kind: str, record_id: UUID) -> bool:
    """Say whether somebody may see all that a paper's record tells of; of no other kind of record any."""
    if record_kind == _WEEKLY:
        return await whole_list_seen(record_id, actor, clock.now())
    if record_kind == seeing.DESTRUCTION:
        return await seeing.whole_destruction(record_id, actor, clock.now())
    if record_kind == supervising.URGING:
        return await supervising.whole_note(record_id, actor, clock.now())
    if record_kind == BULLETIN:
        return await bulletins.readable(record_id, actor, clock.now())
    if record_kind == supervising.RECOMMENDATION:
        return await supervising.readable(record_id, actor)
    if record_kind == _ROTA:
        return actor.may_at(READ, record_id)
    return record_kind == MATTER and await access.visible(record_id, actor, clock.now())


async def may_act(actor: Actor, record_kind: str, record_id: UUID) -> bool:
    """Say whether somebody who sees the record of a paper may deliver or void it.

    Of one that belongs to items, who may act on every one of them.
    """
    if not belonging.is_known(record_kind):
        return True
    found = await belonging.matters_of(record_kind, [str(record_id)])
    at = clock.now()
    for matter_id in found.get(str(record_id), ()):
        if not await access.visible(matter_id, actor, at, acting=True):
            return False
    return bool(found) or record_kind != MATTER


def a_kind(
    name: str,
    label: Message,
    order: int,
    fields: tuple[DocumentField, ...],
    *,
    prefix: str = "",
    pattern: str = "{prefix}〔{year}〕{number}号",
    template: str = "",
    receipt: bool = False,
    shared: bool = False,
    by_unit: bool = False,
    page: str = _PAGE,
    delivery_page: str = "",
) -> DocumentKind:
    """Return a kind. `shared`: units concerned see it, too; `by_unit`: they issue it, too.

    What goes to the petitioner is voided by the office alone; one with a `delivery_page`, an opinion,
    by the act of that room, which lets it be given anew.
    """
    own = by_unit and not receipt
    return DocumentKind(
        name=f"{NAME}.{name}",
        label=label,
        plugin=NAME,
        package="plugins.government.papers",
        template=template or f"{name}.typ",
        fields=fields,
        see=_BOTH if shared else _OFFICE,
        issue=_ISSUE_BOTH if by_unit else _ISSUE,
        void=() if delivery_page else _ISSUE_BOTH if own else (HANDLE,),
        number=NumberStyle(prefix=prefix, pattern=pattern) if prefix else None,
        receipt=receipt,
        sealed=True,
        page=page,
        delivery_page=delivery_page,
        case="matter_number",
        order=order,
        may_see=may_see,
        may_act=may_act,
    )
