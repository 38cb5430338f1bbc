"""Ratings, public words for an item's stage, and the office's public page. Value types and words only."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message
from plugins.government.matters import states

OFFICE, UNIT = "office", "unit"
TARGETS: dict[str, Message] = {
    OFFICE: N_("Petition office"),
    UNIT: N_("Responsible unit"),
}
SATISFIED, BASICALLY, UNSATISFIED = "satisfied", "basically", "unsatisfied"
SCORES: dict[str, Message] = {
    SATISFIED: N_("Satisfied"),
    BASICALLY: N_("Basically satisfied"),
    UNSATISFIED: N_("Not satisfied"),
}
LINK, DESK, CALL = "link", "desk", "call"
MEANS: dict[str, Message] = {
    LINK: N_("On the public page"),
    DESK: N_("Said at the desk"),
    CALL: N_("Said in a call-back"),
}

# What a stage means to the petitioner, in a sentence of its own.
PLAIN: dict[str, Message] = {
    states.REGISTERED: N_("Your petition is registered. The office looks at what follows."),
    states.GUIDED: N_("Another body is competent. The office has told you which."),
    states.ANSWERED: N_("Your question was answered on the spot."),
    states.REFUSED: N_("Your petition was not accepted. The reason stands in the notice."),
    states.ENDED: N_("This matter is no longer accepted. The reason stands in the notice."),
    states.FILED: N_("Your letter is kept on file."),
    states.ACCEPTED: N_("Your petition is accepted."),
    states.FORWARDED: N_("Your petition was forwarded to the body that is competent."),
    states.HANDLING: N_("Your petition is being handled."),
    states.REPORTED: N_("The unit has reported its result; the office checks it."),
    states.OPINION: N_("An opinion was given on your petition."),
    states.REVIEW: N_("Your request for review is being examined."),
    states.REVIEWED: N_("A review opinion was given."),
    states.REREVIEW: N_("Your request for re-review is being examined."),
    states.FINAL: N_("The re-review is done. With it the procedure of petitions ends."),
    states.CLOSED: N_("Your petition is closed."),
    states.ARCHIVED: N_("Your petition is closed and archived."),
}
# From which stages on the office can be rated, and the unit.
OFFICE_RATED = tuple(stage for stage in PLAIN if stage != states.REGISTERED)
UNIT_RATED = (
    states.OPINION,
    states.REVIEW,
    states.REVIEWED,
    states.REREVIEW,
    states.FINAL,
    states.CLOSED,
    states.ARCHIVED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of what happened, as the petitioner reads it."""

    on: date
    text: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A date that concerns the petitioner, with its proof in sentences."""

    label: Message
    due: date | None
    left: int | None
    window: bool
    provisional: bool
    proof: tuple[Message, ...]
    moved_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A paper or opinion that the petitioner may read and print here."""

    kind: str
    id: UUID
    title: Message
    label: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An item as its petitioner sees it: states, dates, rights; no name of anybody."""

    matter_id: UUID
    site_id: UUID
    number: str
    day: date
    stage: str
    plain: Message
    held_by: str
    told: tuple[Told, ...] = ()
    dues: tuple[Due, ...] = ()
    rights: tuple[Message, ...] = ()
    letters: tuple[Letter, ...] = ()
    ended: bool = False
    may_rate: tuple[str, ...] = ()
    rated: tuple[tuple[str, str], ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One rating, with what was done about it, as the office lists it."""

    id: UUID
    matter_id: UUID
    number: str
    target: str
    unit: str
    score: str
    remark: str
    means: str
    at: datetime
    follow_up: str = ""
    followed_up_at: datetime | None = None
    followed_up_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many said what of an office or unit; `rate` is of all who said something."""

    target: str
    unit_id: UUID | None
    unit: str
    by_score: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rated."""
        return sum(self.by_score.values())

    @property
    def rate(self) -> float | None:
        """The share of satisfied and basically satisfied, in percent; None for nobody."""
        if not self.count:
            return None
        content = self.by_score.get(SATISFIED, 0) + self.by_score.get(BASICALLY, 0)
        return 100 * content / self.count
