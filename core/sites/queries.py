"""Sites, gates and which plugins are on where: reads only."""

from uuid import UUID

from core.errors import NotFoundError
from core.permissions import Actor
from core.sites.tables import Gate, Site, SitePlugin


async def sites(actor: Actor, *, with_closed: bool = False) -> list[Site]:
    """Return the sites that the actor works at, by name."""
    query = Site.objects().order_by(Site.name)
    if not with_closed:
        query = query.where(Site.active.eq(True))
    if actor.site_ids:
        query = query.where(Site.id.is_in(list(actor.site_ids)))
    return await query


async def site(site_id: UUID, actor: Actor) -> Site:
    """Return one site; NotFoundError where the actor does not work."""
    found = await Site.objects().where(Site.id == site_id).first()
    if found is None or (actor.site_ids and site_id not in actor.site_ids):
        raise NotFoundError
    return found


async def gates(site_id: UUID, *, with_closed: bool = False) -> list[Gate]:
    """Return the gates of a site, by name."""
    query = Gate.objects().where(Gate.site == site_id).order_by(Gate.name)
    return await (query if with_closed else query.where(Gate.active.eq(True)))


async def gate(gate_id: UUID, actor: Actor) -> Gate:
    """Return one gate; NotFoundError where the actor does not work."""
    found = await Gate.objects().where(Gate.id == gate_id).first()
    if found is None or (actor.site_ids and found.site not in actor.site_ids):
        raise NotFoundError
    return found


async def plugins_off() -> dict[UUID, frozenset[str]]:
    """Return the plugins switched off, by site: what `Plugins.switch_off` wants."""
    off: dict[UUID, set[str]] = {}
    for row in await SitePlugin.objects().where(SitePlugin.enabled.eq(False)):
        off.setdefault(row.site, set()).add(row.plugin)
    return {site_id: frozenset(names) for site_id, names in off.items()}
