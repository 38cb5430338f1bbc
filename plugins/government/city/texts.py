"""Filling the gaps of the topics' texts; the same for the same dice."""

from datetime import date
from random import Random

from plugins.government.city import topics


def gaps(dice: Random, day: date, unit: str = "") -> dict[str, str]:
    """Return something for every gap that a text may have."""
    return {
        "company": dice.choice(topics.COMPANIES),
        "project": dice.choice(topics.PROJECTS),
        "estate": dice.choice(topics.ESTATES),
        "street": dice.choice(topics.STREETS),
        "village": dice.choice(topics.VILLAGES),
        "hospital": dice.choice(topics.HOSPITALS),
        "unit": unit,
        "month": str(dice.randint(1, 12)),
        "year": str(day.year - dice.randint(1, 6)),
        "count": str(dice.randint(3, 90)),
        "few": str(dice.randint(2, 6)),
        "years": str(dice.randint(8, 24)),
        "money": str(dice.randint(8, 960) * 100),
    }


def place_text(dice: Random) -> str:
    """Return where in a county it is about."""
    return dice.choice(
        (
            f"{dice.choice(topics.STREETS)}{dice.randint(1, 300)}号",
            f"{dice.choice(('城关', '河口', '新市', '大桥', '清泉'))}镇{dice.choice(topics.VILLAGES)}",
            f"{dice.choice(topics.ESTATES)}{dice.randint(1, 20)}栋",
        )
    )
