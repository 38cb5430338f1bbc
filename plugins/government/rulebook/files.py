"""Files of closed items: how long they are kept."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import ARCHIVES

_YEAR = 365.25  # days


@dataclass(frozen=True, kw_only=True)
class Files:
    """Files of closed items."""

    keep_ordinary_years: int = setting(
        10,
        label=N_("Ordinary files are kept for"),
        unit=N_("years"),
        minimum=1,
        maximum=100,
        basis=ARCHIVES,
    )
    keep_dedicated_years: int = setting(
        30,
        label=N_("Dedicated files are kept for"),
        unit=N_("years"),
        minimum=1,
        maximum=100,
        basis=ARCHIVES,
    )

    @property
    def keep_ordinary_days(self) -> int:
        """How long ordinary files are kept, as retention shows it."""
        return round(self.keep_ordinary_years * _YEAR)

    @property
    def keep_dedicated_days(self) -> int:
        """How long dedicated files are kept, as retention shows it."""
        return round(self.keep_dedicated_years * _YEAR)
