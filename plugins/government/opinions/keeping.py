"""How long texts of opinions are kept; they go with their item, of which they are a part."""

from core.i18n import N_
from core.privacy.facts import RetentionRule

# Opinions, requests and reasons are blanked by the rule of items: `blank` below is called there.
RULES = (
    RetentionRule(
        kind="government.opinion",
        label=N_("Opinions, reviews and reasons of more time: with the item's file"),
        days=3660,
        basis="Kept and destroyed with the file of the item",
    ),
)
