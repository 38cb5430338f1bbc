"""What the desk asks of a contractor."""

from datetime import date

from core.forms import Field
from core.i18n import N_
from core.text import TextError


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise TextError("bad_date", N_("A date like 2026-12-31.")) from None


FIELDS = (
    Field(name="contractors_number", label=N_("Work permit"), required=True, max_length=40),
    Field(
        name="contractors_last_day", label=N_("Valid until"), kind="date", required=True, clean=_day
    ),
)
