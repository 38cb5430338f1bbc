"""What is open at a post: gathered from every part, and stored encrypted."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.i18n import Message
from core.plugins import Plugins
from core.privacy.keys import keyring
from core.shifts.facts import OpenItem


async def open_items(
    site_id: UUID, gate_id: UUID, *, at: datetime, plugins: Plugins
) -> tuple[list[OpenItem], list[str]]:
    """Return what is open at a post, and the names of plugins that could not say."""
    return await plugins.collect_open_items(site_id, gate_id, at)


def lock(items: Sequence[OpenItem], column: str, row_id: UUID) -> str:
    """Return the items encrypted for a column of a handover."""
    plain = [
        {
            "kind": item.kind,
            "label": item.label.dump(),
            "reference": item.reference,
            "text": item.text,
            "since": item.since.isoformat() if item.since else "",
            "url": item.url,
        }
        for item in items
    ]
    return keyring().encrypt(
        json.dumps(plain, ensure_ascii=False), "shift_handover", column, row_id
    )


def unlock(cipher: str | None, column: str, row_id: UUID) -> list[OpenItem]:
    """Read what `lock` wrote; nothing for None."""
    if not cipher:
        return []
    return [
        OpenItem(
            kind=item["kind"],
            label=Message.load(item["label"]),
            reference=item["reference"],
            text=item["text"],
            since=datetime.fromisoformat(item["since"]) if item["since"] else None,
            url=item["url"],
        )
        for item in json.loads(keyring().decrypt(cipher, "shift_handover", column, row_id))
    ]
