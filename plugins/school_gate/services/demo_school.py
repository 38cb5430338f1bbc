"""What was made of the demonstration's school, for the writers of its past weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.demo.facts import DemoFacts
from core.demo.people import People
from plugins.school_gate.queries.badges import Holder


@dataclass(frozen=True, slots=True)
class DemoPupil:
    """A pupil of the demonstration with the badge and the first guardian."""

    holder: Holder
    pass_id: str
    boards: bool
    guardian: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """What was made of the school, for the writers of its past weeks."""

    facts: DemoFacts
    begun: datetime
    pupils: Sequence[DemoPupil]
    staff: Sequence[tuple[Holder, str]]
    people: People
    dice: Random
