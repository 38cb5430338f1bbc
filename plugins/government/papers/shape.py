"""How the office's kinds of paper are alike: who may, which numbers, whose keys."""

from datetime import datetime
from uuid import UUID

from core import clock
from core.documents.facts import DocumentField, DocumentKind, NumberStyle
from core.i18n import Message
from core.permissions import Actor
from plugins.government.archive import seeing
from plugins.government.facts import MATTER, NAME
from plugins.government.handling.queries import whole_list_seen
from plugins.government.matters import access
from plugins.government.rights import HANDLE, READ, REGISTER, UNIT

WHAT = ("matter_number", "title", "received_on", "channel")
_OFFICE, _BOTH = (READ,), (READ, UNIT)
_ISSUE, _ISSUE_BOTH = (HANDLE, REGISTER), (HANDLE, UNIT)
_PAGE = "/government/matters/{record}"
_WEEKLY = "government_weekly_list"


async def may_see(actor: Actor, record_kind: str, record_id: UUID) -> bool:
    """Say whether somebody may see the record of a paper; papers of lists follow the permission."""
    if record_kind == _WEEKLY:
        return await whole_list_seen(record_id, actor, clock.now())
    if record_kind == seeing.DESTRUCTION:
        return await seeing.whole_destruction(record_id, actor, clock.now())
    if record_kind != MATTER:
        return True
    return await _sees(actor, record_id, clock.now())


async def _sees(actor: Actor, matter_id: UUID, at: datetime) -> bool:
    return await access.visible(matter_id, actor, at)


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
) -> DocumentKind:
    """Return a kind. `shared`: units concerned see it, too; `by_unit`: they issue it, too."""
    return DocumentKind(
        name=f"{NAME}.{name}",
        label=label,
        plugin=NAME,
        package="plugins.government.papers",
        template=template or f"{name}.typ",
        fields=fields,
        see=_BOTH if shared else _OFFICE,
        issue=_ISSUE_BOTH if by_unit else _ISSUE,
        void=_ISSUE_BOTH if by_unit else (HANDLE,),
        number=NumberStyle(prefix=prefix, pattern=pattern) if prefix else None,
        receipt=receipt,
        sealed=True,
        page=page,
        order=order,
        may_see=may_see,
    )
