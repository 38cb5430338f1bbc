"""Visits that follow what gates without network tell late: who came in is inside, who went has left."""

from collections.abc import Collection, Mapping
from datetime import datetime

from core import db
from core.gate.delivering import DeliveringDevice
from core.plugins import Plugins


async def follow(
    pass_ids: Collection[str],
    passes: Mapping[str, db.Row],
    device: DeliveringDevice,
    *,
    plugins: Plugins,
    at: datetime,
) -> None:
    """Move the visits of these passes as their scans say."""
    del pass_ids, passes, device, plugins, at
