"""When an item may be rated, and what its petitioner is told of their rights. Pure."""

from datetime import date

from core.decisions import Allow, Decision, Deny
from core.i18n import N_, Message
from plugins.government.asking.facts import (
    OFFICE,
    OFFICE_RATED,
    SCORES,
    TARGETS,
    UNIT,
    UNIT_RATED,
)
from plugins.government.matters import states


def may_rate(stage: str, target: str, score: str, *, has_unit: bool, rated: bool) -> Decision:
    """Judge a rating: office and unit apart, each once, not before there is something to rate."""
    if target not in TARGETS or score not in SCORES:
        return Deny("score_missing", N_("Please choose one of the options."), "GOV-52")
    if rated:
        return Deny("rated", N_("This was rated already. Thank you."), "GOV-52")
    if stage not in ratable(target) or (target == UNIT and not has_unit):
        return Deny("too_early", N_("There is nothing to rate yet."), "GOV-52")
    return Allow()


def ratable(target: str) -> tuple[str, ...]:
    """Return the stages at which a target may be rated."""
    return OFFICE_RATED if target == OFFICE else UNIT_RATED


def rights(
    stage: str,
    *,
    window_ends: date | None,
    delivered: bool,
    above: str,
    today: date,
    days: int,
) -> tuple[Message, ...]:
    """Return what the petitioner may do now, in plain words (GOV-55)."""
    if stage not in (states.OPINION, states.REVIEWED):
        return _ended(stage)
    review = stage == states.OPINION
    if not delivered:
        return (
            N_(
                "Your {number} days begin when the opinion is handed to you.",
                number=days,
            ),
        )
    if window_ends is None:
        return ()
    if today > window_ends:
        return (
            N_("The time to go on ended on {day}.", day=window_ends.isoformat()),
            N_("If you could not ask in time for a good reason, tell the reception room which."),
        )
    said: list[Message] = []
    if review:
        said.append(
            N_(
                "If you do not agree, you may ask for review, in writing, until {day}.",
                day=window_ends.isoformat(),
            )
        )
    else:
        said.append(
            N_(
                "If you do not agree, you may ask for re-review, in writing, until {day}.",
                day=window_ends.isoformat(),
            )
        )
    if above:
        said.append(N_("It goes to: {body}. You may hand it in at the reception room.", body=above))
    said.append(N_("After that day the opinion stands and the matter is not accepted again."))
    return tuple(said)


def _ended(stage: str) -> tuple[Message, ...]:
    if stage == states.FINAL:
        return (N_("The same facts and reasons are not accepted again by any petition office."),)
    return ()
