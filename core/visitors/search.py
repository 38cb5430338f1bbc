"""Finding visitors by a fragment of a name, pinyin, tails, plate or number (CORE-28), at once.

Exact numbers go by their keyed index, the rest by the full-text index, which answers among a million
in a few milliseconds on both engines. What is found is shown masked.
"""

from core import db
from core.privacy.crypto import Purpose
from core.privacy.keys import keyring
from core.text import TextError, is_usual_plate, normalise_plate
from core.visitors import matching, protected, queries
from core.visitors.identity_documents import DocumentKind
from core.visitors.queries import VisitorCard
from core.visitors.search_tokens import query_tokens, to_fts5, to_tsquery
from core.visitors.tables import Visitor

MOST = 20

# The newest rows come first: whoever was here lately is the likelier one, and no sorting is needed.
_SQLITE = (
    "SELECT v.* FROM visitor_fts f JOIN visitor_search_row r ON r.id = f.rowid"
    " JOIN visitor v ON v.id = r.visitor"
    " WHERE visitor_fts MATCH {} ORDER BY f.rowid DESC LIMIT {}"
)
_POSTGRES = (
    "SELECT v.* FROM (SELECT visitor FROM visitor_search_row WHERE to_tsvector('simple', tokens)"
    " @@ to_tsquery('simple', {}) LIMIT {}) r JOIN visitor v ON v.id = r.visitor"
)


async def search(text: str, *, limit: int = MOST) -> list[VisitorCard]:
    """Return visitors that a typed text means, exact numbers first; empty where it means nothing."""
    query = query_tokens(_without_province(text), keyring().key(Purpose.TAIL))
    found: dict[object, VisitorCard] = {}
    if query.number:
        for visitor in await _by_number(query.number, query.phone):
            found[visitor.id] = queries.card(visitor)
    if query and len(found) < limit:
        if db.is_sqlite():
            rows = await db.fetch(_SQLITE, to_fts5(query), limit)
        else:
            rows = await db.fetch(_POSTGRES, to_tsquery(query), limit)
        for row in rows:
            if row["id"] not in found:
                found[row["id"]] = queries.card_of(row)
    return [card for card in found.values() if not card.erased][:limit]


def _without_province(text: str) -> str:
    """Return a whole plate without its first character, which a tenth of all plates share."""
    try:
        plate = normalise_plate(text)
    except TextError:
        return text
    return plate[1:] if is_usual_plate(plate) and not plate.isascii() else text


async def _by_number(number: str, phone: str) -> list[Visitor]:
    """Return visitors with exactly this phone or document number."""
    documents = {protected.document_index(kind, number) for kind in DocumentKind}
    rows = await Visitor.objects().where(
        (Visitor.phone_index == protected.phone_index(phone or number))
        | Visitor.document_index.is_in([index for index in documents if index])
    )
    kept = [await matching.alive(row) for row in rows[:MOST]]
    return list({visitor.id: visitor for visitor in kept if visitor is not None}.values())
