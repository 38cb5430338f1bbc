"""Keeping a visitor's words for the full-text index; what the words are is search_tokens' business.

Stored beside each visitor: words of name, organisation and plate, and keyed marks of the last four of
phone and document, never the digits. Gone with a merge or an erasure.
"""

from uuid import UUID

from core.privacy.crypto import Purpose
from core.privacy.keys import keyring
from core.visitors import protected
from core.visitors.search_tokens import tokens_for
from core.visitors.tables import Visitor, VisitorSearchRow


def words(visitor: Visitor) -> list[str]:
    """Return the words by which a visitor is found."""
    numbers = [protected.clear_phone(visitor), protected.clear_document(visitor)]
    return tokens_for(
        visitor.name,
        visitor.organisation,
        visitor.plate,
        [number for number in numbers if number],
        keyring().key(Purpose.TAIL),
    )


async def write(visitor: Visitor) -> None:
    """Make a visitor findable by what it says now, and by what records merged into it say."""
    merged = await Visitor.objects().where(
        Visitor.merged_into == visitor.id, Visitor.erased_at.is_null()
    )
    found = [word for one in (visitor, *merged) for word in words(one)]
    tokens = " ".join(found)
    row = await VisitorSearchRow.objects().where(VisitorSearchRow.visitor == visitor.id).first()
    if row is None:
        await VisitorSearchRow.insert(VisitorSearchRow(visitor=visitor.id, tokens=tokens))
    elif row.tokens != tokens:
        await VisitorSearchRow.update({VisitorSearchRow.tokens: tokens}).where(
            VisitorSearchRow.id == row.id
        )


async def remove(visitor_id: UUID) -> None:
    """Have a visitor found no more."""
    await VisitorSearchRow.delete().where(VisitorSearchRow.visitor == visitor_id)
