"""The panels of an item's page, in their order: what each room shows and lets do.

Rooms never import this module; the page alone does.
"""

from plugins.government.archive import panel as archive
from plugins.government.asking import panel as asking
from plugins.government.coordination import registered as coordination
from plugins.government.handling import registered as handling
from plugins.government.matters import registered as matters
from plugins.government.matters.facts import Panel
from plugins.government.opinions import panel as opinions
from plugins.government.papers import registered as papers
from plugins.government.screening import panels as screening
from plugins.government.secrecy import registered as secrecy
from plugins.government.signing import registered as signing
from plugins.government.supervising import registered as supervising

_ROOMS: tuple[tuple[Panel, ...], ...] = (
    matters.PANELS,
    secrecy.PANELS,
    handling.PANELS,
    coordination.PANELS,
    signing.PANELS,
    screening.PANELS,
    opinions.PANELS,
    supervising.PANELS,
    papers.PANELS,
    archive.PANELS,
    asking.PANELS,
)
PANELS: tuple[Panel, ...] = tuple(
    sorted((panel for room in _ROOMS for panel in room), key=lambda panel: panel.order)
)
