"""The petition office's settings: limits, counts and texts, with presets and their sources.

Each module here holds the settings of one subject; a new subject joins the bases of GovernmentRules.
"""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import Rulebook
from plugins.government.rulebook.assessing import Assessing
from plugins.government.rulebook.bulletins import Bulletins
from plugins.government.rulebook.desk import Desk
from plugins.government.rulebook.files import Files
from plugins.government.rulebook.grounds import Grounds
from plugins.government.rulebook.limits import Limits
from plugins.government.rulebook.reception import LeadersDays
from plugins.government.rulebook.signing import Chains
from plugins.government.rulebook.supervising import Supervising


# A dataclass takes its fields from its last base first: read the bases from below.
@dataclass(frozen=True, kw_only=True)
class GovernmentRules(
    Files, Assessing, Bulletins, LeadersDays, Supervising, Chains, Grounds, Desk, Limits
):
    """The settings of one version. Days are calendar days unless the unit says working days."""


_SHIPPED = GovernmentRules()
_LOCAL_VALUES = {"object_days": 3, "own_transfers_signed": True, "guide_elsewhere": False}
_REGULATION_VALUES = {name: getattr(_SHIPPED, name) for name in _LOCAL_VALUES}

RULEBOOK = Rulebook(
    plugin="government",
    title=N_("Petitions"),
    struct=GovernmentRules,
    presets={
        "regulation_2022": (N_("Regulation of 2022"), _REGULATION_VALUES),
        "local_rules": (N_("Local rules"), _LOCAL_VALUES),
    },
    chapters={
        "inform_days": N_("Limits"),
        "representatives_most": N_("The reception desk"),
        "guide_elsewhere": N_("Grounds and what the notices say"),
        "own_transfers_signed": N_("Who signs an item"),
        "idle_days": N_("Supervision"),
        "reception_begins": N_("Leaders' reception days"),
        "bulletin_daily": N_("Bulletins and reports"),
        "weight_accept": N_("Assessment of units and staff"),
        "keep_ordinary_years": N_("Files of closed items"),
    },
)
