"""The rules of a bundle in the order in which a device tries them: the core's own before and after. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.asking import PLUGIN_ERROR
from core.decisions import Allow, Decision, Hold, verdict_of
from core.gate import policies
from core.gate.facts import IN, OUT, OfflineAsked, OfflineRule
from core.i18n import N_
from core.registrations import states

FOREVER = 2**52  # epoch ms; JavaScript holds it exactly
_ALONE_IN_ORDER = frozenset({states.WAITING, states.INSIDE})
BEYOND = Hold(
    "beyond_bundle",
    N_("The gate does not know what holds at this hour. Look at the clock, ask, then decide."),
    policies.SIGNATURE_RULE,
)


def combined(
    rules: Sequence[OfflineRule],
    asked: OfflineAsked,
    *,
    states: Mapping[str, str | None],
    faulty: Sequence[str],
) -> tuple[list[OfflineRule], int]:
    """Return all rules, and the longest time in seconds within which a pass shown again is held.

    `states` are those of the visits that passes stand for; `faulty` the kinds whose plugin failed.
    """
    deciding = [rule for rule in rules if not rule.again_seconds]
    again = max((rule.again_seconds for rule in rules), default=0)
    ruled = sorted({kind for rule in deciding for kind in rule.kinds})
    first = [
        rule
        for one in asked.passes
        for rule in _of_pass(
            one.kind, one.pass_id, states.get(one.pass_id), known=one.pass_id in asked.cards
        )
    ]
    if faulty:
        first += [_always(tuple(sorted(faulty)), way, PLUGIN_ERROR) for way in (IN, OUT)]
    return [*first, *deciding, *_beyond(ruled, asked)], again


def _always(
    kinds: tuple[str, ...], direction: int, decision: Decision, pass_id: str | None = None
) -> OfflineRule:
    return OfflineRule(
        kinds=kinds,
        direction=direction,
        starts=0,
        ends=FOREVER,
        decision=decision,
        pass_id=pass_id,
    )


def _of_pass(kind: str, pass_id: str, state: str | None, *, known: bool) -> list[OfflineRule]:
    """Return what stands against one pass for as long as the gate is cut off."""
    if not known:
        return [_always((kind,), way, policies.HOLDER_UNKNOWN, pass_id) for way in (IN, OUT)]
    if state is None or state in _ALONE_IN_ORDER:
        return []
    return [
        _always((kind,), IN, policies.visit_in(state), pass_id),
        _always((kind,), OUT, policies.visit_out(state), pass_id),
    ]


def _beyond(kinds: Sequence[str], asked: OfflineAsked) -> list[OfflineRule]:
    """Hold what comes before or after the time that the rules are for: silence is no permission."""
    if not kinds:
        return []
    return [
        OfflineRule(kinds=tuple(kinds), direction=way, starts=starts, ends=ends, decision=BEYOND)
        for way in (IN, OUT)
        for starts, ends in ((0, asked.since), (asked.until, FOREVER))
    ]


def shown(decision: Decision, locale: str) -> dict[str, Any]:
    """Return a decision as a device shows it."""
    if isinstance(decision, Allow):
        note = "" if decision.note is None else decision.note.translate(locale)
        return {"verdict": "allow", "code": "", "reason": note, "rule": "", "version": ""}
    return {
        "verdict": verdict_of(decision),
        "code": decision.code,
        "reason": decision.reason.translate(locale),
        "rule": decision.rule,
        "version": decision.version,
    }
