"""Where the reader works: the site and gate chosen once and kept in a cookie."""

from dataclasses import dataclass
from uuid import UUID

from core.permissions import Actor
from core.sites import queries
from core.sites.tables import Gate, Site
from web.current import Current

COOKIE = "laifang-place"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site and one of its gates, and what else could be chosen."""

    site: Site
    gate: Gate | None
    sites: list[Site]
    gates: list[Gate]

    @property
    def gate_id(self) -> UUID | None:
        """The gate's id."""
        return self.gate.id if self.gate is not None else None

    @property
    def name(self) -> str:
        """Site and gate on one line; the site alone is not named where there is only one."""
        if self.gate is None:
            return self.site.name
        return self.gate.name if len(self.sites) == 1 else f"{self.site.name} · {self.gate.name}"


async def place_of(current: Current) -> Place | None:
    """Return where the reader works; the first site and gate until they choose; None without any."""
    sites = await queries.sites(current.actor)
    if not sites:
        return None
    site_text, _, gate_text = current.cookies.get(COOKIE, "").partition("/")
    site = next((one for one in sites if str(one.id) == site_text), sites[0])
    gates = await queries.gates(site.id)
    gate = next((one for one in gates if str(one.id) == gate_text), gates[0] if gates else None)
    return Place(site=site, gate=gate, sites=sites, gates=gates)


async def choose(current: Current, actor: Actor, site_id: UUID, gate_id: UUID | None) -> None:
    """Keep the choice; NotFoundError for a place where the reader does not work."""
    await queries.site(site_id, actor)
    if gate_id is not None:
        gate = await queries.gate(gate_id, actor)
        site_id = gate.site
    current.set_cookie(COOKIE, f"{site_id}/{gate_id or ''}", max_age=_YEAR)
