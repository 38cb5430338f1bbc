"""Which kind of file, how long it is kept, what is missing before it is filed (GOV-48)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from core.i18n import Message
from plugins.government.archive.facts import (
    CHECKS,
    DEDICATED,
    ORDINARY,
    OWN_CHECKS,
    PERMANENT,
    SIGNS,
    Content,
    Filing,
)
from plugins.government.matters import states


def kind_of(papers: int) -> str:
    """Return the kind of file: a dedicated one when papers were drafted for the item."""
    return DEDICATED if papers else ORDINARY


def years_of(kind: str, for_ever: bool, *, ordinary: int, dedicated: int) -> int:
    """Return for how many years a file is kept; PERMANENT for ever."""
    if for_ever:
        return PERMANENT
    return dedicated if kind == DEDICATED else ordinary


def kept_until(year: int, years: int) -> date | None:
    """Return the last day of keeping: the end of a year; None for ever."""
    return date(year + years, 12, 31) if years else None


def number_of(year: int, kind: str, count: int) -> str:
    """Return the number of a file: year, kind, count within both."""
    return f"{year}-{SIGNS[kind]}-{count:04}"


def own_checks(filing: Filing) -> dict[str, bool]:
    """Return what the records know themselves."""
    return {
        "closed": states.may("archive", filing.stage),
        "signed_off": filing.waiting == 0,
        "final": not filing.final_missing,
    }


def missing(filing: Filing, ticked: Collection[str]) -> tuple[Message, ...]:
    """Return what is missing before the item may be filed."""
    known = own_checks(filing)
    return (
        *(label for name, label in OWN_CHECKS.items() if not known[name]),
        *filing.final_missing,
        *(label for name, label in CHECKS.items() if name not in ticked),
    )


def paged(lines: Sequence[Content], counts: Sequence[int]) -> list[Content]:
    """Return the contents with so many pages each, and the page on which each begins."""
    begins, found = 1, []
    for position, line in enumerate(lines):
        pages = counts[position] if position < len(counts) else line.pages
        found.append(replace(line, pages=pages, page=begins))
        begins += pages
    return found


def same_person(first: object, second: object) -> bool:
    """Say whether one person would do both parts of a destruction."""
    return first is None or second is None or first == second
