"""The panels of an item's page, in their order: what each room shows and lets do.

Rooms never import this module; the page alone does.
"""

from plugins.government.matters import registered as matters
from plugins.government.matters.facts import Panel
from plugins.government.screening import panels as screening

PANELS: tuple[Panel, ...] = tuple(
    sorted((*matters.PANELS, *screening.PANELS), key=lambda panel: panel.order)
)
