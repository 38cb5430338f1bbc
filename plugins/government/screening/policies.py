"""Rules of the first day: grounds, one written notice, who is interviewed, foreigners. Pure."""

from datetime import date

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from plugins.government import facts as kinds
from plugins.government.screening.facts import (
    ANSWER,
    END,
    FIRST,
    GROUNDS,
    GROUP,
    ORAL,
    REFUSE,
    SHOULD,
    WRITTEN,
    InterviewFacts,
    Lapsed,
    TellingFacts,
)

# Matters of party and government departments (GOV-13); opinions and questions are heard at the desk.
_DEPARTMENTS = (kinds.APPEAL, kinds.REQUEST, kinds.ACCUSATION)


def may_tell(telling: TellingFacts) -> Decision:
    """Judge a refusal: it has a ground of its own kind, and names who is competent (GOV-10 to 12)."""
    ground = GROUNDS.get(telling.ground)
    if telling.act in (REFUSE, END):
        if ground is None or ground.act != telling.act:
            return Deny(
                "ground_missing",
                N_("Choose the ground: the petitioner is told which one."),
                "GOV-10" if telling.act == REFUSE else "GOV-11",
            )
        if ground.names_body and not telling.body:
            return Deny(
                "body_missing",
                N_("Name the body that is competent: the notice must say where to go."),
                "GOV-12",
            )
    if telling.act == ANSWER and not telling.text:
        return Deny("answer_missing", N_("Write down what was answered."), "GOV-16")
    return Allow()


def manner(telling: TellingFacts) -> str:
    """Return how a refusal is told: in writing once for a person and a matter, then orally (GOV-12)."""
    if telling.act not in (REFUSE, END):
        return ORAL
    if telling.known_petitioner and telling.written_before is None:
        return WRITTEN
    return ORAL


def may_write_again(written_before: date | None) -> Decision:
    """Refuse a second written notice for the same person and the same matter (GOV-12)."""
    if written_before is None:
        return Allow()
    return Deny(
        "written_once",
        N_(
            "A written notice was handed over on {day}. For the same matter it is given once:"
            " tell them orally, that is recorded.",
            day=written_before.isoformat(),
        ),
        "GOV-12",
    )


def interview_due(asked: InterviewFacts) -> str:
    """Return why an interview is due, empty when the desk decides (GOV-13)."""
    if asked.channel != kinds.VISIT:
        return ""
    if asked.size == kinds.GROUP:
        return GROUP
    if asked.refused:
        return ""
    if asked.frequency == kinds.FIRST and asked.purpose in _DEPARTMENTS:
        return FIRST
    if asked.frequency == kinds.REPEAT and asked.should_be_solved:
        return SHOULD
    return ""


def lapsed(
    *, stage: str, window_due: date | None, concluded_on: date | None, today: date
) -> Lapsed | None:
    """Return the ground of GOV-11 that an earlier item suggests by its stage and its clocks.

    `window_due` is the last day of the petitioner's open window for review or re-review.
    """
    if concluded_on is not None:
        return Lapsed(
            ground="end_1",
            day=concluded_on,
            reason=N_("Concluded by re-review on {day}.", day=concluded_on.isoformat()),
        )
    if window_due is not None and window_due < today and stage in ("opinion", "reviewed"):
        label = N_("review") if stage == "opinion" else N_("re-review")
        return Lapsed(
            ground="end_2",
            day=window_due,
            reason=N_(
                "The time to ask for {step} ended on {day}, and nothing was asked for.",
                step=label,
                day=window_due.isoformat(),
            ),
        )
    return None


def may_answer(*, belonging: str, outline_approved: bool) -> Decision:
    """Refuse a direct answer to somebody from abroad without an approved outline (GOV-18)."""
    if belonging == kinds.MAINLAND or outline_approved:
        return Allow()
    return Deny(
        "outline_missing",
        N_(
            "The petitioner is from abroad, Hong Kong, Macau or Taiwan: write an outline of the"
            " answer and let the head of the room and the bureau approve it first."
        ),
        "GOV-18",
    )
