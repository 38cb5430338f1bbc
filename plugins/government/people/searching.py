"""The plugin's own search index: keyed marks of names, readings and number tails, no text."""

import re
from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

from core import db
from core.privacy.crypto import Purpose
from core.visitors.search_tokens import TAIL, tail_token, tokens_for
from plugins.government import sealing
from plugins.government.people.facts import Person

_LATIN = re.compile("[a-z]{2,}")
_ITEM = re.compile(r"20\d\d-\d{4,6}")  # the number of an item: no tail of somebody's number
_SHORTEST = 2
_LONGEST = 12


def _mark(word: str) -> str:
    return str(sealing.index_of("search", word))


def _words(person: Person) -> Iterable[str]:
    numbers = [number for number in (person.phone, person.document) if number]
    words = tokens_for(person.name, "", "", numbers, sealing.keys().key(Purpose.TAIL))
    name = person.name
    yield from (name, *name, *(first + second for first, second in pairwise(name)))
    for word in words:
        yield word
        if _LATIN.fullmatch(word):
            yield from (word[:n] for n in range(_SHORTEST, min(len(word), _LONGEST)))


def all_marks(*records: Person) -> list[str]:
    """Return every mark under which a person is found by what their records say, in order."""
    return sorted({_mark(word) for one in records for word in _words(one) if word})


async def write(petitioner_id: UUID, *records: Person) -> None:
    """Make a petitioner findable by what is known of them now; inside the caller's transaction."""
    await db.execute("DELETE FROM government_search WHERE petitioner = {}", petitioner_id)
    marks = all_marks(*records)
    if not marks:
        return
    values = ", ".join(["({}, {})"] * len(marks))
    args = [value for mark in marks for value in (petitioner_id, mark)]
    await db.execute(
        f"INSERT INTO government_search (petitioner, token) VALUES {values}",
        *args,
    )


def marks_of(text: str) -> list[str]:
    """Return the marks that must all be met by what somebody typed: a name, a reading, a tail."""
    text = text.strip().lower()
    if not text:
        return []
    if text.isascii() and text.isalpha():
        return [_mark(text[:_LONGEST])] if len(text) >= _SHORTEST else []
    if text.isascii():
        digits = "".join(sign for sign in text.upper() if sign.isalnum())
        key = sealing.keys().key(Purpose.TAIL)
        tail = (
            [tail_token(key, digits)]
            if len(digits) == TAIL
            else tokens_for("", "", "", [digits], key)
        )
        return [_mark(word) for word in tail]
    words = [text] if len(text) <= 1 else [a + b for a, b in pairwise(text)]
    return [_mark(word) for word in words]


def found_by(text: str, column: str) -> tuple[str, list[str]]:
    """Return a condition on a petitioner's id for what somebody typed; impossible for nothing."""
    marks = [] if _ITEM.fullmatch(text.strip()) else marks_of(text)
    if not marks:
        return "1 = 0", []
    one = f"{column} IN (SELECT petitioner FROM government_search WHERE token = {{}})"
    return "(" + " AND ".join([one] * len(marks)) + ")", marks
