"""The application as `laifang serve` runs it, with the lodge as its only plugin; for uvicorn."""

import gc
import os
from collections.abc import Mapping, Sequence
from uuid import UUID

from core import settings
from core.gate import reading
from core.gate.facts import GateRules, HolderCard, PassFacts
from core.gate.limits import ScanLimits
from core.gate.pipeline import Pipeline
from core.gate.scans import Loaded, Record
from core.settings import Settings
from tests.stand import lodge
from web import logging
from web.app import Laifang, create_app
from web.gate_app import GateOfApp
from web.plugins import WebPlugins

WITHOUT_DATABASE = "STAND_WITHOUT_DATABASE"
WITHOUT_PASSBACK = "STAND_WITHOUT_PASSBACK"
WITHOUT_BACKGROUND = "STAND_WITHOUT_BACKGROUND"


class MemoryStore:
    """Passes from memory, nothing stored: what is left is the endpoint without its database."""

    pumps = 1

    def __init__(self) -> None:
        self.passes: dict[str, PassFacts] = {}
        self.events = 0

    async def load(self, pass_ids: Sequence[str], known: Sequence[tuple[UUID, int]]) -> Loaded:
        missing = [one for one in pass_ids if one not in self.passes]
        if missing:
            found = await reading.read_passes(missing)
            self.passes |= {key: facts for key, (facts, _) in found.items()}
        return Loaded(passes={one: self.passes[one] for one in pass_ids})

    async def apply(self, records: Sequence[Record]) -> Mapping[int, int]:
        stored = {}
        for place, _ in enumerate(records):
            self.events += 1
            stored[place] = self.events
        return stored


class MemoryHolders(WebPlugins):
    """Plugins whose holders were read once."""

    known: dict[str, HolderCard] = {}  # noqa: RUF012 - one of a process

    async def collect_holders(self, passes):
        missing = [one for one in passes if one.pass_id not in self.known]
        if missing:
            self.known |= await super().collect_holders(missing)
        return {one.pass_id: self.known[one.pass_id] for one in passes}


def application() -> Laifang:
    """Make the application in a serving process."""
    configured = settings.load()
    logging.configure(configured.log_format)
    without = bool(os.environ.get(WITHOUT_DATABASE))
    plugins = (MemoryHolders if without else WebPlugins)({"lodge": lodge})
    app = create_app(configured, plugins, with_background=not os.environ.get(WITHOUT_BACKGROUND))
    if without or os.environ.get(WITHOUT_PASSBACK):
        app.on_startup.append(lambda: _set_gate(app, plugins, configured, without=without))
    gc.collect()
    gc.freeze()
    return app


def _set_gate(app: Laifang, plugins: WebPlugins, configured: Settings, *, without: bool) -> None:
    gate = GateOfApp(plugins, configured)
    gate.limits = ScanLimits(per_second=1e6, burst=1e6)  # one client stands for many gates
    gate.pipeline = Pipeline(
        plugins,
        zone=configured.zone,
        rules=GateRules(passback_seconds=0),
        store=MemoryStore() if without else None,
    )
    app.state["gate"] = gate
