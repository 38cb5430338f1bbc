"""The directory of hosts: reads only."""

from dataclasses import dataclass
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.hosts.tables import Host
from core.permissions import Actor
from core.privacy.keys import keyring
from core.text import mask_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCard:
    """A host as shown. The phone is a work number the desk must dial, so it is shown in full."""

    id: UUID
    name: str
    department: str
    room: str
    phone: str
    email: str
    active: bool

    @property
    def label(self) -> str:
        """Name and department on one line, as a list offers it."""
        return f"{self.name} · {self.department}" if self.department else self.name


def clear_phone(host: Host) -> str:
    """Return the host's phone in the clear, empty for none."""
    cipher = host.phone_cipher
    return keyring().decrypt(cipher, "host", "phone_cipher", host.id) if cipher else ""


def masked_phone(host: Host) -> str:
    """Return the host's phone as a log may show it."""
    phone = clear_phone(host)
    return mask_phone(phone) if phone else ""


def card(host: Host) -> HostCard:
    """Return a host as shown."""
    return HostCard(
        id=host.id,
        name=host.name,
        department=host.department,
        room=host.room,
        phone=clear_phone(host),
        email=host.email,
        active=host.active,
    )


async def any_host() -> bool:
    """Say whether the directory names anybody."""
    return await Host.exists().where(Host.active.eq(True))


async def hosts(
    *,
    site_id: UUID | None = None,
    site_ids: frozenset[UUID] = frozenset(),
    text: str = "",
    with_inactive: bool = False,
    limit: int = 500,
) -> list[HostCard]:
    """Return hosts of a site and those of no site, by name; `text` is part of name or department.

    `site_ids` are an actor's: empty for every site.
    """
    query = Host.objects().order_by(Host.name).limit(limit)
    if not with_inactive:
        query = query.where(Host.active.eq(True))
    if site_id is not None:
        query = query.where((Host.site == site_id) | Host.site.is_null())
    if site_ids:
        query = query.where(Host.site.is_in(list(site_ids)) | Host.site.is_null())
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        # SQLite's LIKE knows no case already; PostgreSQL's does.
        name, department = (
            column.like(like) if db.is_sqlite() else column.ilike(like)
            for column in (Host.name, Host.department)
        )
        query = query.where(name | department)
    return [card(host) for host in await query]


async def host(host_id: UUID, actor: Actor) -> Host:
    """Return one host; NotFoundError when it belongs to a site where the actor does not work."""
    found = await Host.objects().where(Host.id == host_id).first()
    if found is None or (actor.site_ids and found.site and found.site not in actor.site_ids):
        raise NotFoundError
    return found


async def by_name(name: str, site_id: UUID) -> Host | None:
    """Return the one active host of this exact name at a site; None for none or several."""
    found = await Host.objects().where(
        Host.name == name,
        Host.active.eq(True),
        (Host.site == site_id) | Host.site.is_null(),
    )
    return found[0] if len(found) == 1 else None
