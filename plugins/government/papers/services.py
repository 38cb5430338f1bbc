"""Papers of items: numbered in the act that issues them, filled in from what is stored.

    async with db.writing():
        ...                                     # the act
        document = await papers.take("acceptance", matter_id, {"handler": unit.name}, actor=, at=)

What a caller gives wins over what is stored; a name that the kind does not have is refused.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from core.documents import issuing
from core.documents.facts import Data, Value
from core.documents.tables import IssuedDocument
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.papers import filling, occasions, sending
from plugins.government.papers.kinds import OF_UNIT, kind


async def filled(
    name: str,
    matter_id: UUID,
    given: Data | None = None,
    *,
    actor: Actor,
    at: datetime,
    address: str = "",
) -> dict[str, Value]:
    """Return what a paper would say: what is stored of the item, under what was given.

    `address` is that of the public query page, for the slip with the query code.
    """
    stored = filling.with_address(await filling.of_matter(matter_id, actor=actor, at=at), address)
    if name in sending.KINDS:
        stored |= await sending.of_matter(matter_id)
    if name in OF_UNIT:
        stored |= await sending.by_unit(matter_id)
    if name in occasions.OF_KIND:
        stored |= await occasions.OF_KIND[name](matter_id)
    fields = {field.name for field in kind(name).fields} | {"office"}
    known: Mapping[str, Value] = {key: stored[key] for key in stored if key in fields}
    return {**known, **(given or {})}


async def take(
    name: str,
    matter_id: UUID,
    given: Data | None = None,
    *,
    actor: Actor,
    at: datetime,
    address: str = "",
    label: str = "",
    issued_at: datetime | None = None,
) -> IssuedDocument:
    """Give a paper of an item its number and keep what it says; call it inside `db.writing()`.

    InvalidInputError names what is missing. Its page is `/documents/<id>`, its PDF `.../paper`.
    `label` and `issued_at` are those of what somebody else made.
    """
    await access.require_act(matter_id, actor, at)
    data = await filled(name, matter_id, given, actor=actor, at=at, address=address)
    return await issuing.take(
        kind(name),
        data,
        record_kind=MATTER,
        record_id=matter_id,
        actor=actor,
        at=at,
        label=label,
        issued_at=issued_at,
    )


async def take_list(
    name: str, data: Data, *, record_kind: str, record_id: UUID, actor: Actor, at: datetime
) -> IssuedDocument:
    """Do the same for a paper of something else: a batch, a rota, a report, a list."""
    return await issuing.take(
        kind(name), data, record_kind=record_kind, record_id=record_id, actor=actor, at=at
    )


async def preview(
    name: str,
    matter_id: UUID,
    given: Data | None = None,
    *,
    actor: Actor,
    at: datetime,
    address: str = "",
) -> bytes:
    """Return a PDF marked as a preview, without a number."""
    data = await filled(name, matter_id, given, actor=actor, at=at, address=address)
    return await issuing.preview(kind(name), data, at=at)
