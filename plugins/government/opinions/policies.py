"""When an opinion, a request for review, more time or a closing stands. Pure."""

from collections.abc import Collection, Mapping

from core.decisions import Allow, Decision, Deny
from core.i18n import N_, Message
from plugins.government.facts import ACCUSATION, CONSULTATION, OPINION
from plugins.government.matters import states
from plugins.government.opinions.facts import (
    ACCEPTED,
    ANSWERED,
    CONCLUDED,
    DIED,
    FILING,
    HANDLING,
    MEDIATED,
    OUTCOMES,
    RECONCILED,
    REREVIEW,
    REREVIEW_LAPSED,
    REVIEW,
    REVIEW_LAPSED,
    WITHDRAWN,
    AskFacts,
    CloseFacts,
    ExtendFacts,
    Texts,
)

# At which stages an opinion of a level may be drafted and issued.
DRAFTED_AT: dict[str, tuple[str, ...]] = {
    HANDLING: (states.HANDLING, states.REPORTED),
    REVIEW: (states.REVIEW,),
    REREVIEW: (states.REREVIEW,),
}
_ALWAYS = (MEDIATED, RECONCILED, WITHDRAWN, DIED)
CLOSED_FOR: dict[str, tuple[str, ...]] = {
    states.ACCEPTED: (*_ALWAYS, ANSWERED),
    states.HANDLING: (*_ALWAYS, ANSWERED),
    states.REPORTED: (*_ALWAYS, ANSWERED),
    states.OPINION: (ACCEPTED, REVIEW_LAPSED, *_ALWAYS),
    states.REVIEW: _ALWAYS,
    states.REVIEWED: (ACCEPTED, REREVIEW_LAPSED, *_ALWAYS),
    states.REREVIEW: _ALWAYS,
    states.FINAL: (CONCLUDED,),
}
# Suggestions are studied and answered, accusations go their own way, questions are answered: only
# appeals and requests end with an opinion (articles 29 to 31).
_WITHOUT_OPINION = (OPINION, ACCUSATION, CONSULTATION)


def level_due(stage: str) -> str:
    """Return the level of the opinion that is due at a stage, empty for none."""
    return next((level for level, stages in DRAFTED_AT.items() if stage in stages), "")


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def may_issue(
    level: str, outcome: str, texts: Texts, *, revoked: tuple[str, Texts] | None
) -> Decision:
    """Judge an opinion before it is signed; `revoked` is the one that was revoked, if any (P-57)."""
    if outcome not in OUTCOMES[level]:
        return Deny("outcome_missing", N_("Say what the opinion comes to."), "GOV-32")
    if not (texts.claims.strip() and texts.facts.strip() and texts.decision.strip()):
        return Deny(
            "opinion_incomplete",
            N_("An opinion names the demands, the facts and reasons, and what is decided."),
            "GOV-32",
        )
    if not texts.basis.strip():
        return Deny("basis_missing", N_("Name the laws and rules that it rests on."), "GOV-32")
    if revoked is not None and revoked[0] == outcome:
        before, now = revoked[1], texts
        if (_plain(before.decision), _plain(before.basis)) == (
            _plain(now.decision),
            _plain(now.basis),
        ):
            return Deny(
                "same_as_revoked",
                N_("This is the opinion that was revoked. Handled anew, it must not be the same."),
                "GOV-33",
            )
    return Allow()


def may_ask(asked: AskFacts) -> Decision:
    """Judge a request for review or re-review (GOV-33)."""
    if not asked.in_writing:
        return Deny("not_in_writing", N_("Review is asked for in writing."), "GOV-33")
    if not asked.reasons.strip():
        return Deny("reasons_missing", N_("The request gives its reasons."), "GOV-33")
    if asked.asked_on > asked.today or asked.asked_on < asked.issued_on:
        return Deny("day_wrong", N_("This day cannot be right."), "GOV-33")
    if asked.late and not asked.good_reason.strip():
        return Deny(
            "late",
            N_(
                "The time to ask ended on {day}. It is refused unless there was a good reason: "
                "record which, or record the refusal.",
                day=asked.window_ends.isoformat() if asked.window_ends else "",
            ),
            "GOV-33",
        )
    return Allow()


def may_extend(facts: ExtendFacts) -> Decision:
    """Judge asking for more time: once, with a reason, within the limit, before the date (GOV-31)."""
    if not facts.reason:
        return Deny("reason_missing", N_("Say why more time is needed."), "GOV-31")
    if facts.asked:
        return Deny("asked_already", N_("More time was asked for already."), "GOV-31")
    if facts.granted:
        return Deny("extended_already", N_("More time is given only once."), "GOV-31")
    if not 1 <= facts.days <= facts.most:
        return Deny("too_long", N_("At most {days} days may be added.", days=facts.most), "GOV-31")
    if facts.due is None or facts.today > facts.due:
        return Deny("over", N_("The date is over: more time can no longer be given."), "GOV-31")
    return Allow()


def may_publish(*, consent: bool, circle: str) -> Decision:
    """Judge making a result known in a limited circle (GOV-32)."""
    if not consent:
        return Deny("no_consent", N_("Only with the petitioner's consent."), "GOV-32")
    if not circle.strip():
        return Deny("no_circle", N_("Say in which circle it is made known."), "GOV-32")
    return Allow()


def filing_missing(own: Mapping[str, bool], confirmed: Collection[str]) -> tuple[Message, ...]:
    """Return what the file of a final item still lacks (GOV-34)."""
    return tuple(label for name, label in FILING.items() if not own.get(name, name in confirmed))


def close_reasons(stage: str, purpose: str) -> tuple[str, ...]:
    """Return the reasons for which an item may be closed at a stage."""
    found = CLOSED_FOR.get(stage, ())
    return tuple(one for one in found if one != ANSWERED or purpose in _WITHOUT_OPINION)


def may_close(facts: CloseFacts) -> Decision:
    """Judge a closing (P-58, GOV-34)."""
    if facts.reason not in close_reasons(facts.stage, facts.purpose):
        return Deny("reason_wrong", N_("At this stage it cannot be closed for that."), "GOV-34")
    if facts.reason in (REVIEW_LAPSED, REREVIEW_LAPSED):
        if not facts.delivered or facts.window_ends is None:
            return Deny(
                "not_delivered",
                N_("The opinion was not delivered: the petitioner's time has not begun."),
                "GOV-33",
            )
        if facts.today <= facts.window_ends:
            return Deny(
                "window_open",
                N_("The petitioner may still ask until {day}.", day=facts.window_ends.isoformat()),
                "GOV-33",
            )
    if facts.reason == ACCEPTED and not facts.delivered:
        return Deny("not_delivered_yet", N_("First record that it was delivered."), "GOV-32")
    if facts.reason == CONCLUDED and facts.filing_missing:
        return Deny(
            "filing_incomplete",
            N_("The file of a final item is incomplete: complete the check-list first."),
            "GOV-34",
        )
    return Allow()
