"""Keeping the directory of hosts. Stored: name, office, work phone (encrypted), work e-mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.hosts import queries
from core.hosts.tables import Host
from core.log.services import changes, record
from core.permissions import Actor
from core.privacy.keys import keyring
from core.text import mask_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEntry:
    """What is kept of a host; `site_id` None means every site."""

    name: str
    department: str = ""
    room: str = ""
    phone: str = ""
    email: str = ""
    site_id: UUID | None = None
    active: bool = True


def _logged(entry: HostEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "department": entry.department,
        "room": entry.room,
        "phone": mask_phone(entry.phone) if entry.phone else "",
        "email": entry.email,
        "site": str(entry.site_id) if entry.site_id else "",
        "active": entry.active,
    }


async def add(entry: HostEntry, *, actor: Actor, at: datetime) -> UUID:
    """Enter a host in the directory."""
    host_id = uuid4()
    async with db.writing():
        await Host.insert(Host(id=host_id, **_columns(host_id, entry)))
        await record(actor, "host.add", "host", host_id, at=at, after=_logged(entry))
    return host_id


async def change(host_id: UUID, entry: HostEntry, *, actor: Actor, at: datetime) -> None:
    """Change a host's entry; an inactive host is offered no more and keeps its visits."""
    async with db.writing():
        host = await queries.host(host_id, actor)
        was = HostEntry(
            name=host.name,
            department=host.department,
            room=host.room,
            phone=queries.clear_phone(host),
            email=host.email,
            site_id=host.site,
            active=host.active,
        )
        if was == entry:
            return
        await Host.update(_columns(host_id, entry)).where(Host.id == host_id)
        before, after = changes(_logged(was), _logged(entry))
        await record(actor, "host.change", "host", host_id, at=at, before=before, after=after)


def _columns(host_id: UUID, entry: HostEntry) -> dict[Any, Any]:
    cipher = (
        keyring().encrypt(entry.phone, "host", "phone_cipher", host_id) if entry.phone else None
    )
    return {
        "site": entry.site_id,
        "name": entry.name,
        "department": entry.department,
        "room": entry.room,
        "phone_cipher": cipher,
        "email": entry.email,
        "active": entry.active,
    }
