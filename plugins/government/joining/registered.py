"""What the room of joined records gives to the hooks: its pages and its entry in the menu."""

from plugins.government.joining import routes
from plugins.government.parts import Part

PART = Part(routers=[routes.router])
