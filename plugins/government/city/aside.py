"""Letters after a visit that the demonstration's desk put aside, and what the archive destroyed (GOV-35)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core.documents.numbering import number_label
from plugins.government import facts, sealing
from plugins.government.archive import destroying
from plugins.government.city import office_texts
from plugins.government.city.courses import destruction_day, in_office
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert
from plugins.government.city.scene import Scene
from plugins.government.city.staffing import Made
from plugins.government.intake.after_visit import IDLE, WHY_IDLE
from plugins.government.intake.facts import ENDED, SIGNS
from plugins.government.rights import ARCHIVIST, HEAD

_CONTACT, _LETTER = "government_contact", "government_after_visit_letter"
_WHYS = tuple(WHY_IDLE)


def _moments(now: datetime) -> list[tuple[datetime, bool]]:
    """Return when letters came, and whether it was decided what becomes of them."""
    found = []
    for years, count in ((2, 7), (1, 6)):
        last = now.replace(year=now.year - years, month=12, day=20, hour=9, minute=20)
        found += [(in_office(last - timedelta(days=9 * n)), True) for n in range(count)]
    found += [(in_office(now - timedelta(days=60 - 13 * n)), True) for n in range(4)]
    found += [(now - timedelta(hours=2 + n), False) for n in range(2)]
    return sorted((at, decided) for at, decided in found if at < now)


async def letters(
    plans: Sequence[Plan], made: Made, now: datetime, numbers: dict[tuple[str, int], int]
) -> None:
    """Write the letters; each year's numbers go on behind those given."""
    people = [plan.person for plan in plans if plan.person is not None]
    contacts: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for turn, (at, decided) in enumerate(_moments(now)):
        counted = facts.AFTER_VISIT, at.year
        numbers[counted] = numbers.get(counted, 0) + 1
        key, clerk = uuid4(), made.clerks[turn % len(made.clerks)]
        writer = None if turn % 3 == 0 else people[turn * 17 % len(people)]
        text = office_texts.AFTER_VISIT[turn % len(office_texts.AFTER_VISIT)]
        contacts.append(
            {
                "id": key,
                "number": SIGNS[facts.AFTER_VISIT] + number_label(at.year, numbers[counted]),
                "site": made.site_id,
                "matter": None,
                "petitioner": writer.id if writer is not None else None,
                "channel": facts.AFTER_VISIT,
                "day": at.date(),
                "received_at": at,
                "heads": 1,
                "size": facts.size_of(1),
                "frequency": facts.REPEAT,
                "receivers": clerk.name,
                "summary_cipher": sealing.seal(text, _CONTACT, "summary_cipher", key),
                "state": ENDED,
                "recorded_by": clerk.id,
                "recorded_by_name": clerk.name,
                "ended_at": at,
            }
        )
        rows.append(
            {
                "id": uuid4(),
                "contact": key,
                "written_on": at.date() - timedelta(days=3),
                "disposition": IDLE if decided else "",
                "why_idle": _WHYS[turn % len(_WHYS)] if decided else "",
                "decided_at": at + timedelta(minutes=50) if decided else None,
                "decided_by_name": clerk.name if decided else "",
            }
        )
    await insert(_CONTACT, contacts)
    await insert(_LETTER, rows)


async def destroyed(scene: Scene) -> None:
    """Destroy by last year's list what was due then; this year's waits for the second person."""
    site, keeper = scene.made.site_id, scene.able(ARCHIVIST)
    then = destruction_day(scene.now)
    one = await destroying.propose(site, method=office_texts.DESTROYED_BY, actor=keeper, at=then)
    await destroying.confirm(one, actor=scene.able(HEAD), at=then + timedelta(days=1))
    await destroying.propose(
        site, method=office_texts.DESTROYED_BY, actor=keeper, at=scene.now - timedelta(hours=3)
    )
