"""Who asks after an item without an account: the code of the receipt and the last four of a document.

Wrong ones cannot be told apart: an unknown code, a wrong tail and an item that is gone are the same.
"""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.accounts.limits import (
    Limit,
    TooOftenError,
    give_back,
    key_of,
    take,
    take_or_refuse,
    wait_for,
)
from core.errors import NotFoundError
from core.links import services as links
from plugins.government import sealing
from plugins.government.matters import states

PURPOSE = "government.ask"
OPEN_FOR = timedelta(minutes=30)
BY_ADDRESS = Limit(8, 60)
BY_CODE = Limit(6, 600)
_TAIL = 4
# Who is of the party, under every record of theirs.
_PARTY = (
    "SELECT m.id, p.id AS person, p.document_tail, p.phone_cipher FROM government_matter m"
    " JOIN government_matter_person mp ON mp.matter = m.id"
    " JOIN government_petitioner p ON p.{key} = mp.petitioner"
    " WHERE m.query_index = {{}} AND m.stage <> {{}} AND m.erased_at IS NULL"
)


def folded(text: str) -> str:
    """Return a typed code or tail without spaces and width, in capitals."""
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in normal if sign.isalnum())


async def found(code: str, tail: str) -> UUID | None:
    """Return the item of a code and of a document's last four; one statement, whatever is wrong.

    Who has no document on record is known by the last four of the phone.
    """
    code, tail = folded(code), folded(tail)[-_TAIL:]
    index = sealing.index_of("query", code or "-")
    mark = sealing.index_of("tail", tail.rjust(_TAIL, "-"))
    rows = await db.fetch(
        f"{_PARTY.format(key='id')} UNION {_PARTY.format(key='merged_into')}",
        index,
        states.DESTROYED,
        index,
        states.DESTROYED,
    )
    if len(tail) != _TAIL:
        return None
    for row in rows:
        own = row["document_tail"]
        if own is None and row["phone_cipher"]:
            phone = sealing.unseal(
                row["phone_cipher"], "government_petitioner", "phone_cipher", row["person"]
            )
            own = sealing.index_of("tail", phone[-_TAIL:])
        if own is not None and own == mark:
            matter_id: UUID = row["id"]
            return matter_id
    return None


async def opened(code: str, tail: str, address: str, *, at: datetime) -> str:
    """Return a secret that shows the item for half an hour; NotFoundError for wrong ones."""
    matter_id = await looked_up(code, tail, address, at=at)
    return await links.create(PURPOSE, matter_id, expires=at + OPEN_FOR, at=at)


async def looked_up(code: str, tail: str, address: str, *, at: datetime) -> UUID:
    """Return the item of a code and tail; NotFoundError for wrong ones.

    Wrong ones count against the address and against the code: TooOftenError when there are too many.
    A try is taken before it is looked at, so that many at once get no more tries than one by one.
    """
    keys = (
        (key_of("government.ask", address), BY_ADDRESS),
        (key_of("government.ask.code", folded(code)), BY_CODE),
    )
    for key, limit in keys:
        await take_or_refuse(key, limit, at=at)
    matter_id = await found(code, tail)
    if matter_id is None:
        raise NotFoundError
    for key, limit in keys:
        await give_back(key, limit)
    return matter_id


async def behind(secret: str, address: str, *, at: datetime) -> UUID:
    """Return the item that a secret shows; NotFoundError when it is over or made up."""
    key = key_of("government.ask.miss", address)
    if wait := await wait_for(key, BY_ADDRESS, at=at):
        raise TooOftenError(wait)
    try:
        return await links.open(secret, PURPOSE, at=at)
    except NotFoundError:
        await take(key, BY_ADDRESS, at=at)
        raise


async def close(secret: str, *, at: datetime) -> None:
    """Close the pages that show an item, on a screen that others use; nothing for a made-up one."""
    try:
        matter_id = await links.open(secret, PURPOSE, at=at)
    except NotFoundError:
        return
    await links.revoke(matter_id, PURPOSE, at=at)
