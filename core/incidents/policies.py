"""When a step counts as done and an incident may be closed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.decisions import Allow, Decision, Deny
from core.i18n import N_, Message

# A guard writes down afterwards what happened; a clock may run ahead a little.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One step as it stands: done, left out with a reason, or neither."""

    done: bool
    left_out: bool


def may_do_step(
    *,
    call: bool,
    called: str,
    called_at: datetime | None,
    opened_at: datetime | None,
    at: datetime,
    waits_for: Message | None = None,
) -> Decision:
    """Judge a step being ticked: a call says whom and when, and lies not in the future.

    `waits_for` is the step that must be done first and is not.
    """
    if waits_for is not None:
        return Deny("step_before", N_("First comes: {step}", step=waits_for), "CORE-16")
    if call and not called.strip():
        return Deny("called_missing", N_("Say who was called."), "CORE-16")
    if call and called_at is None:
        return Deny("called_at_missing", N_("Say when the call was made."), "CORE-16")
    if called_at is not None and called_at > at + AHEAD:
        return Deny("call_in_future", N_("This time is still to come."), "CORE-16")
    if (
        called_at is not None
        and opened_at is not None
        and called_at < opened_at - timedelta(days=1)
    ):
        return Deny("call_too_early", N_("This time is long before the incident."), "CORE-16")
    return Allow()


def may_close(steps: Sequence[StepFacts], result: str) -> Decision:
    """Judge a closing: every prescribed step is done or left out with a reason, and how it ended."""
    missing = sum(not (step.done or step.left_out) for step in steps)
    if missing:
        return Deny(
            "steps_open",
            N_(
                "Steps still open: {number}. Do each, or say why it was not needed.",
                number=missing,
            ),
            "CORE-16",
        )
    if not result.strip():
        return Deny("result_missing", N_("Say how it ended."), "CORE-16")
    return Allow()
