"""Running a draft of a rulebook over a past period: what would have been decided otherwise (CORE-24).

Each case is judged twice from the same rebuilt facts: under the version that was in force then, and
under the draft. Where the first differs from what was written down, the facts could not be rebuilt
whole, or a person decided: such cases are counted, and their differences marked as uncertain.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from core.plugins import Plugins
from core.rulebooks import queries, services
from core.rulebooks.facts import Case, InForce, Outcome, Rehearsal, Rulebook, Span

MOST = 500  # differences listed of each sort; all are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One case that the draft decides otherwise. `version` decided then; `certain`: as written down."""

    case: Case
    version: str
    before: Outcome
    after: Outcome
    certain: bool


@dataclass(slots=True, kw_only=True)
class Rehearsed:
    """What became of one sort of decision. `changes` counts (before, after), each with a first text."""

    rehearsal: Rehearsal
    judged: int = 0
    changed: int = 0
    uncertain: int = 0
    changes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


def rehearsals_of(rulebook: Rulebook, plugins: Plugins) -> list[Rehearsal]:
    """Return the sorts of decision that can be rehearsed with a rulebook."""
    return [one for one in plugins.register_rehearsals() if one.rulebook == rulebook.plugin]


async def rehearse(
    rulebook: Rulebook, values: Mapping[str, Any], span: Span, *, plugins: Plugins
) -> Sequence[Rehearsed]:
    """Decide a past period over again under draft values; nothing is written.

    Settings not given are as in force at the period's end. InvalidInputError names values out of
    bounds.
    """
    present = (await queries.in_force(rulebook, span.until)).values
    kept = {item.name: getattr(present, item.name) for item in fields(present)}
    draft = services.checked(rulebook, {**kept, **values})
    return [await _rehearse(one, rulebook, draft, span) for one in rehearsals_of(rulebook, plugins)]


async def _rehearse(rehearsal: Rehearsal, rulebook: Rulebook, draft: Any, span: Span) -> Rehearsed:
    found = Rehearsed(rehearsal=rehearsal)
    async for case in rehearsal.cases(span):
        then: InForce = await queries.in_force(rulebook, case.at)
        before = rehearsal.judge(case.facts, then.values, then.name)
        after = rehearsal.judge(case.facts, draft, f"{rulebook.plugin}/draft")
        certain = case.recorded is None or case.recorded == before
        found.judged += 1
        found.uncertain += not certain
        if before == after:
            continue
        found.changed += 1
        found.changes[before, after] += 1
        if len(found.differences) < MOST:
            found.differences.append(
                Difference(
                    case=case, version=then.name, before=before, after=after, certain=certain
                )
            )
    return found
