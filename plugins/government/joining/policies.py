"""Which of two records stays, what it takes over, which items repeat each other. Pure."""

from collections.abc import Sequence

from plugins.government.facts import FIRST
from plugins.government.intake import policies as intake
from plugins.government.joining.facts import Entry, Repeat
from plugins.government.matters.facts import MatterLine
from plugins.government.people.facts import Person

FILLED = (
    *("sex", "birth_year", "occupation", "politics", "employer", "address", "email", "phone"),
    "document_kind",
    "document",
)


def stays(one: Entry, other: Entry) -> tuple[Entry, Entry]:
    """Return which record should stay and which goes into it: what is open, has a document, is older."""
    ranked = sorted(
        (one, other),
        key=lambda entry: (not entry.whole, not entry.person.document, entry.entered_at),
    )
    return ranked[0], ranked[1]


def may_choose(one: Entry, other: Entry) -> bool:
    """Say whether either may stay: a record of confidential items alone goes into the open one."""
    return one.whole and other.whole


def gaps(kept: Person, joined: Person) -> dict[str, str]:
    """Return the particulars that the kept record lacks and the joined one has."""
    found = {
        name: str(value)
        for name in FILLED
        if (value := getattr(joined, name)) not in ("", None) and not getattr(kept, name)
    }
    if "document" not in found:  # a kind says nothing without its number
        found.pop("document_kind", None)
    elif joined.document_kind:
        found["document_kind"] = joined.document_kind
    return found


def contradicts(one: Person, other: Person) -> bool:
    """Say whether two records have different documents of one kind."""
    return bool(
        one.document
        and other.document
        and one.document_kind == other.document_kind
        and one.document.upper() != other.document.upper()
    )


def repeats(one: Entry, other: Entry) -> list[Repeat]:
    """Return the first-time items of either that are about an earlier one of the other (GOV-3)."""
    found = []
    for own, others in ((one, other), (other, one)):
        for line in own.matters:
            # That there was a confidential one before would be read off the later one.
            earlier = [
                m for m in others.matters if m.registered_at < line.registered_at and not m.secret
            ]
            same = _same(line.title, line.subject, earlier)
            if line.frequency == FIRST and same is not None:
                found.append(Repeat(later=line, earlier=same))
    return sorted(found, key=lambda one: one.later.number)


def _same(title: str, subject: str, earlier: Sequence[MatterLine]) -> MatterLine | None:
    return intake.same_matter(earlier, subject=subject, title=title) if title or subject else None
