"""What a file calls subjects and places, matched with the office's own; what is not known is asked for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.i18n import N_, Message
from plugins.government.inputs import uuid_in
from plugins.government.subjects.queries import options, tree
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units

SUBJECT, PLACE = "subject", "place"
LABELS: Mapping[str, Message] = {
    SUBJECT: N_("Subject of the petition"),
    PLACE: N_("Place of the problem"),
}
EMPTY = "none"  # chosen: it stays empty
_GOVERNMENT = "人民政府"  # files name the county alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the file that the office does not have; `field` is the name of its chooser."""

    kind: str
    text: str
    rows: int
    several: bool

    @property
    def field(self) -> str:
        """The name under which the form sends what was chosen."""
        return f"{self.kind}:{self.text}"


@dataclass(frozen=True, slots=True)
class Words:
    """The office's subjects and places by what a file may call them, and as a chooser offers them."""

    known: Mapping[str, Mapping[str, UUID]]
    offered: Mapping[str, Sequence[tuple[str, str]]]
    names: Mapping[UUID, str]

    def found(self, kind: str, text: str) -> UUID | None:
        """Return what a word means: by its full name, else where it is a part of one name only."""
        text = text.strip()
        if not text:
            return None
        exact = self.known[kind].get(text)
        if exact is not None or kind == SUBJECT:
            return exact
        among = self._among(text)
        return among.pop() if len(among) == 1 else None

    def _among(self, text: str) -> set[UUID]:
        return {
            one
            for name, one in self.known[PLACE].items()
            if text in name or name.removesuffix(_GOVERNMENT) in text
        }

    def unknown(self, rows: Sequence[Mapping[str, str]]) -> list[Word]:
        """Return the words that nothing is known for, the most frequent first."""
        counted = Counter(
            (kind, row[kind].strip())
            for row in rows
            for kind in LABELS
            if row[kind].strip() and self.found(kind, row[kind]) is None
        )
        return [
            Word(
                kind=kind,
                text=text,
                rows=rows_,
                several=kind == PLACE and len(self._among(text)) > 1,
            )
            for (kind, text), rows_ in counted.most_common()
        ]

    def chosen(
        self, words: Sequence[Word], data: Mapping[str, str]
    ) -> tuple[dict[tuple[str, str], UUID | None], dict[str, Message]]:
        """Return what a clerk chose for each word, and which are not chosen yet."""
        found: dict[tuple[str, str], UUID | None] = {}
        problems: dict[str, Message] = {}
        for word in words:
            picked = data.get(word.field, "")
            offered = {value for value, _ in self.offered[word.kind]}
            if picked == EMPTY:
                found[word.kind, word.text] = None
            elif picked in offered:
                found[word.kind, word.text] = uuid_in(data, word.field)
            else:
                problems[word.field] = N_(
                    "Choose what “{word}” means, or that it stays empty.", word=word.text
                )
        return found, problems


async def words(site_id: UUID) -> Words:
    """Return what the office calls its subjects and its places."""
    subjects = await tree()
    places = await units(unit_kinds.COUNTY, unit_kinds.DEPARTMENT, site_id=site_id)
    named = Counter(one.name for one in subjects)
    by_name = {one.name: one.id for one in subjects if named[one.name] == 1}
    return Words(
        known={
            SUBJECT: by_name | {one.full: one.id for one in subjects},
            PLACE: {one.name: one.id for one in places},
        },
        offered={
            SUBJECT: await options(),
            PLACE: [(str(one.id), one.name) for one in places],
        },
        names={one.id: one.full for one in subjects} | {one.id: one.name for one in places},
    )
