"""Setting up sites and gates, and switching plugins on and off at a site (CORE-23)."""

from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError
from core.i18n import N_
from core.log.services import changes, record
from core.permissions import Actor
from core.plugins import Plugins
from core.sites import queries
from core.sites.tables import Gate, Site, SitePlugin

_TAKEN = N_("Another one has this code already.")


async def add_site(*, code: str, name: str, audience: int, actor: Actor, at: datetime) -> UUID:
    """Set up a site; `audience` is what every pass token of this organisation bears."""
    async with db.writing():
        if await Site.exists().where(Site.code == code):
            raise InvalidInputError({"code": _TAKEN})
        site = Site(id=uuid4(), code=code, name=name, audience=audience)
        await Site.insert(site)
        after = {"code": code, "name": name, "audience": audience}
        await record(actor, "site.add", "site", site.id, at=at, after=after)
    return site.id


async def change_site(
    site_id: UUID, *, name: str, active: bool, actor: Actor, at: datetime
) -> None:
    """Rename a site, close it or open it again; its records stay."""
    async with db.writing():
        site = await queries.site(site_id, actor)
        before, after = changes(
            {"name": site.name, "active": site.active}, {"name": name, "active": active}
        )
        if not after:
            return
        await Site.update({Site.name: name, Site.active: active}).where(Site.id == site_id)
        await record(actor, "site.change", "site", site_id, at=at, before=before, after=after)


async def add_gate(
    site_id: UUID, *, code: str, name: str, zone: int, actor: Actor, at: datetime
) -> UUID:
    """Set up a gate or desk; `zone` is the bit (0 to 15) that a pass must have here."""
    async with db.writing():
        await queries.site(site_id, actor)
        if await Gate.exists().where(Gate.site == site_id, Gate.code == code):
            raise InvalidInputError({"code": _TAKEN})
        gate = Gate(id=uuid4(), site=site_id, code=code, name=name, zone=zone)
        await Gate.insert(gate)
        after = {"site": str(site_id), "code": code, "name": name, "zone": zone}
        await record(actor, "gate.add", "gate", gate.id, at=at, after=after)
    return gate.id


async def change_gate(
    gate_id: UUID, *, name: str, zone: int, active: bool, actor: Actor, at: datetime
) -> None:
    """Rename a gate, move it to another zone, close it or open it again."""
    async with db.writing():
        gate = await queries.gate(gate_id, actor)
        before, after = changes(
            {"name": gate.name, "zone": gate.zone, "active": gate.active},
            {"name": name, "zone": zone, "active": active},
        )
        if not after:
            return
        await Gate.update({Gate.name: name, Gate.zone: zone, Gate.active: active}).where(
            Gate.id == gate_id
        )
        await record(actor, "gate.change", "gate", gate_id, at=at, before=before, after=after)


async def switch_plugin(
    site_id: UUID, plugin: str, *, on: bool, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Switch a plugin on or off at one site; what it stored stays and is seen again when it is on."""
    async with db.writing():
        await queries.site(site_id, actor)
        if plugin not in plugins.names:
            raise InvalidInputError({"plugin": N_("No plugin of this name is installed.")})
        row = (
            await SitePlugin.objects()
            .where(SitePlugin.site == site_id, SitePlugin.plugin == plugin)
            .first()
        )
        was = row is None or row.enabled
        if was == on:
            return
        if row is None:
            await SitePlugin.insert(SitePlugin(id=uuid4(), site=site_id, plugin=plugin, enabled=on))
        else:
            await SitePlugin.update({SitePlugin.enabled: on}).where(SitePlugin.id == row.id)
        await record(
            actor,
            "site.plugin",
            "site",
            site_id,
            at=at,
            before={"plugin": plugin, "on": was},
            after={"plugin": plugin, "on": on},
        )
        off = await queries.plugins_off()
        db.after_commit(lambda: plugins.switch_off(off))
