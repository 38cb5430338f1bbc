"""What one application keeps for its gates: who may scan, the pipeline, bundles, deliveries."""

from typing import Any

from litestar import Request

from core.gate.bundles import Bundles
from core.gate.ingest import Ingest
from core.gate.limits import ScanLimits
from core.gate.pipeline import Pipeline
from core.gate.scans import Station
from core.gate.stations import Stations
from core.plugins import Plugins
from core.settings import Settings

DEVICE, SHIFT = "x-gate-device", "x-gate-shift"


class GateOfApp:
    """What one application keeps for its gates: made at the first request, when the database is open."""

    def __init__(self, plugins: Plugins, settings: Settings) -> None:
        self.plugins = plugins
        self.settings = settings
        self.stations = Stations(plugins.register_roles())
        self.pipeline = Pipeline(plugins, zone=settings.zone)
        self.limits = ScanLimits()
        self.bundles = Bundles(plugins, zone_name=settings.zone.key)
        self.ingest = Ingest(plugins, zone=settings.zone)
        self.purposes = {purpose.name: purpose.label for purpose in plugins.register_purposes()}

    async def station(self, request: Request[Any, Any, Any]) -> Station:
        """Return device and operator of a request, or raise."""
        headers = request.headers
        return await self.stations.station(headers.get(DEVICE, ""), headers.get(SHIFT, ""))


def gate_of(request: Request[Any, Any, Any]) -> GateOfApp:
    """Return the application's gate; a scan asks here: injecting it costs more than judging."""
    app = request.app
    found: GateOfApp | None = app.state.get("gate")
    if found is None:
        provided = app.dependencies
        found = GateOfApp(
            provided["plugins"].dependency(),  # type: ignore[union-attr]
            provided["settings"].dependency(),  # type: ignore[union-attr]
        )
        app.state["gate"] = found
    return found
