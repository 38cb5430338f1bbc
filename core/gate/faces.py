"""Small photos for gates that are cut off: one for each pass, sealed so that only the pass opens it.

A device fetches those that it lacks and keeps them; the bundle names by a mark which there are. Some two
kilobytes each, and no more than MOST of them.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from core import db
from core.attachments import services as attachments
from core.attachments.images import photo_thumbnail
from core.errors import DomainError
from core.gate import photos, sealing
from core.gate.facts import HolderCard
from core.passes import services
from core.passes.keys import Signer
from core.passes.queries import stored_of_row
from core.passes.token import signature_of

AT_ONCE = 40
MOST = 5_000
SIZE = (72, 96)
_KEPT = 3_000


def attachment_of(card: HolderCard) -> UUID | None:
    """Return which photo a card shows, None where there is none."""
    place, _, mark = card.photo.rpartition("/")
    path, _, name = place.rpartition("/")
    return UUID(name) if mark and path == photos.PATH else None


def mark_of(card: HolderCard, row: db.Row) -> str:
    """Return by what a device knows that its photo of a pass is the present one; empty for none."""
    photo = attachment_of(card)
    if photo is None:
        return ""
    text = f"{photo}/{row['generation']}/{row['key']}/{row['expires']}/{row['not_before']}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Faces:
    """What was sealed in this process, so that a second device costs little."""

    def __init__(self) -> None:
        self._sealed: dict[tuple[str, str], str] = {}

    async def sealed(
        self,
        rows: Mapping[str, db.Row],
        cards: Mapping[str, HolderCard],
        signers: Mapping[int, Signer],
        audience: int,
    ) -> dict[str, str]:
        """Return the sealed photos of these passes, by pass id; those without one are left out."""
        if len(self._sealed) > _KEPT:
            self._sealed.clear()
        found: dict[str, str] = {}
        for pass_id, row in rows.items():
            card, signer = cards.get(pass_id), signers.get(stored_of_row(row).key)
            mark = mark_of(card, row) if card else ""
            if card is None or signer is None or not mark:
                continue
            known = self._sealed.get((pass_id, mark))
            if known is None:
                picture = await _thumbnail(attachment_of(card))
                if picture is None:
                    continue
                body = services.body_of(stored_of_row(row), audience, signer.id)
                known = sealing.seal_face(picture, signature_of(body, signer.private))
                self._sealed[pass_id, mark] = known
            found[pass_id] = known
        return found


async def _thumbnail(photo: UUID | None) -> bytes | None:
    """Return a small photo as the address that a page shows, in JSON; None when it is gone."""
    try:
        _, data = await attachments.open_attachment(photo) if photo else (None, b"")
    except DomainError:  # erased meanwhile, or its bytes are lost
        return None
    if not data:
        return None
    small = await asyncio.to_thread(photo_thumbnail, data, SIZE)
    return json.dumps("data:image/jpeg;base64," + base64.b64encode(small).decode()).encode()


def wanted(text: str) -> Sequence[str]:
    """Return the passes that a device asks for, at most so many at once."""
    names = [one for one in text.split(",") if len(one) == 24 and one.isascii() and one.isalnum()]
    return names[:AT_ONCE]
