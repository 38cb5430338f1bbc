"""What the hours without network could have hidden: entries that were decided without knowing all. Pure.

A gate that is cut off knows nothing of the others, and they nothing of it until it delivers. An entry
decided alone, or with the server while another gate's acts were not delivered yet, may have been the
second one of a pass: whoever decided could not see it. How many there are is the largest number of
double entries that could have been hidden; afterwards every act is known, and so is how many were.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALONE, UNAWARE = "alone", "unaware"


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something that a gate did was not known elsewhere: epoch milliseconds."""

    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody let in: when, whether the gate decided alone, whether it was a double entry."""

    id: int
    at: int
    alone: bool
    double: bool


def spells(acts: Iterable[tuple[int, int]]) -> list[Spell]:
    """Return the times in which acts (when done, when delivered) were not known, one after another."""
    found: list[Spell] = []
    for done, delivered in sorted(acts):
        if delivered <= done:
            continue
        if found and done <= found[-1].ends:
            found[-1] = Spell(found[-1].starts, max(found[-1].ends, delivered))
        else:
            found.append(Spell(done, delivered))
    return found


def exposed(entries: Iterable[Entry], within: Sequence[Spell]) -> list[tuple[Entry, str]]:
    """Return the entries that were decided without knowing all, each with how."""
    starts = [spell.starts for spell in within]
    found: list[tuple[Entry, str]] = []
    for entry in entries:
        if entry.alone:
            found.append((entry, ALONE))
            continue
        place = bisect_right(starts, entry.at - 1) - 1
        if place >= 0 and entry.at < within[place].ends:
            found.append((entry, UNAWARE))
    return found
