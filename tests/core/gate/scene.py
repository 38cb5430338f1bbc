"""A small gate to scan at: a site, two gates, a plugin that knows its holders, passes, a pipeline."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core import clock, db, hookimpl
from core.gate.facts import GateRules, HolderCard, PassKind
from core.gate.pipeline import Pipeline
from core.gate.scans import Scan, Station, Verdict
from core.i18n import N_
from core.passes import services as passes
from core.passes.services import IssuedPass
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import keys as privacy_keys
from core.privacy.crypto import Keyring
from core.sites.tables import Gate, Site

ZONE = ZoneInfo("Asia/Shanghai")
KIND = "lodge.badge"
IN, OUT = 0, 1
GUARD = Actor(
    kind="user",
    id=UUID(int=7),
    name="Guard",
    permissions=frozenset(
        {"core:gate:scan", "core:gate:override", "core:registration:write", "core:pass:revoke"}
    ),
)


def a_lodge(check=None, holders=None):
    """A plugin with one kind of pass; `check` judges its scans."""

    @hookimpl
    def register_pass_kinds():
        return [PassKind(name=KIND, label=N_("Badge"), plugin="lodge")]

    async def known(facts):
        return {
            one.pass_id: HolderCard(name="Li", lines=("3-2",)) for one in facts if one.kind == KIND
        }

    @hookimpl
    async def collect_holders(passes):
        return await (holders or known)(passes)

    @hookimpl
    async def check_scan(scan):
        return await check(scan)

    parts = {"register_pass_kinds": register_pass_kinds, "collect_holders": collect_holders}
    if check is not None:
        parts["check_scan"] = check_scan
    return SimpleNamespace(**parts)


@dataclass
class Scene:
    site: Site
    gates: list[Gate]
    pipeline: Pipeline
    plugins: Plugins
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    device: UUID = field(default_factory=uuid4)

    def station(self, gate: int = 0, device: UUID | None = None, actor: Actor = GUARD) -> Station:
        place = self.gates[gate]
        return Station(
            device_id=device or self.device,
            gate_id=place.id,
            gate_name=place.name,
            site_id=self.site.id,
            zone=place.zone,
            audience=self.site.audience,
            actor=Actor(
                kind=actor.kind,
                id=actor.id,
                name=actor.name,
                permissions=actor.permissions,
                place=place.name,
                gate_id=place.id,
            ),
        )

    async def scan(
        self, token: str, direction: int | None = IN, *, gate=0, seq=None, device=None
    ) -> Verdict:
        return await self.pipeline.submit(
            self.a_scan(token, direction, gate=gate, seq=seq, device=device)
        )

    def a_scan(
        self, token, direction=IN, *, gate=0, seq=None, device=None, actor=GUARD, **more
    ) -> Scan:
        return Scan(
            station=self.station(gate, device, actor),
            text=token,
            direction=direction,
            seq=next(self.numbers) if seq is None else seq,
            boot="b1",
            **more,
        )

    def use(self, plugins):
        """Judge by other plugins from now on."""
        self.plugins = plugins
        self.pipeline = Pipeline(plugins, zone=ZONE)

    async def pass_a_second(self):
        """Wait until every process knows what was revoked."""
        await asyncio.sleep(1.1)

    async def badge(self, **more) -> IssuedPass:
        at = more.pop("at", clock.now())
        return await a_badge(self.site.id, at=at, **more)


async def a_badge(site_id: UUID, *, at: datetime, **more) -> IssuedPass:
    given = {
        "kind": KIND,
        "holder_id": uuid4(),
        "site_id": site_id,
        "not_before": at - timedelta(hours=1),
        "expires": at + timedelta(days=1),
        "actor": SYSTEM,
        "at": at,
        **more,
    }
    return await passes.issue(
        given.pop("kind"), given.pop("holder_id"), given.pop("site_id"), **given
    )


async def a_site(code: str = "S1", audience: int = 1) -> Site:
    site = Site(code=code, name=f"Site {code}", audience=audience)
    await Site.insert(site)
    return site


@asynccontextmanager
async def a_scene(*, plugin=None, rules: GateRules | None = None, **more):
    """Open a gate in the database that is open."""
    privacy_keys.hold(Keyring.generate())
    site = await a_site()
    gates = [Gate(site=site.id, code=f"G{n}", name=f"Gate {n}", zone=n) for n in (0, 1)]
    await Gate.insert(*gates)
    plugins = Plugins({"lodge": plugin or a_lodge()})
    pipeline = Pipeline(plugins, zone=ZONE, rules=rules, **more)
    try:
        yield Scene(site=site, gates=gates, pipeline=pipeline, plugins=plugins)
    finally:
        await pipeline.close()


async def events() -> list[dict]:
    return await db.fetch("SELECT * FROM scan_event ORDER BY id")


async def log_rows(act: str) -> list[dict]:
    return await db.fetch("SELECT * FROM log_entry WHERE act = {} ORDER BY id", act)
