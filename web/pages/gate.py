"""The page of a gate. It is public and empty: a device proves itself to web/gate_api.py."""

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from web.assets import STATIC
from web.plugins import WebPlugins

# What the page needs at once; the decoder is loaded when a camera starts.
MODULES = tuple(
    sorted({path.name for path in (STATIC / "gate").glob("*.js")} - {"main.js", "decoder.js"})
)


@get("/gate", public=True)
async def show(plugins: NamedDependency[WebPlugins]) -> Template:
    """Show the gate page: enrolment, PIN, then the scan screen."""
    links = [item for item in plugins.register_navigation() if item.at_gate]
    return Template("gate/gate.html", context={"links": links, "modules": MODULES})


router = Router(path="", route_handlers=[show])
