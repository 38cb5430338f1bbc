"""The core's own rules for a visit, true for every organisation; those of a domain are its plugin's.

They need no plugin: with none, Laifang is a visitor book that asks the host and keeps a watch list.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.decisions import Allow, Decision, Deny, Hold, gravest
from core.i18n import N_, Message
from core.registrations.facts import Purpose, RegistrationFacts, WatchMatch


def may_register(registration: RegistrationFacts) -> Decision:
    """Judge an arrival: whoever is on the watch list waits for a decision."""
    return gravest(watch_list(registration.watch), registration.released)


def may_enter(registration: RegistrationFacts, purpose: Purpose | None) -> Decision:
    """Judge an admission: the watch list, the host's answer, and for the core's purposes the rest.

    `purpose` is None when nobody registers it any more; then only what holds for all is judged.
    """
    answers: list[Decision] = [*watch_list(registration.watch), host_answer(registration)]
    if purpose is not None and purpose.plugin == "core":
        answers += [
            host_was_asked(registration, purpose),
            document_was_shown(registration, purpose),
        ]
    return gravest(answers, registration.released)


def may_close(registration: RegistrationFacts, *, slip_issued: bool) -> Decision:
    """Judge a departure: a slip that was printed comes back with its stub, or stays open."""
    if not slip_issued or registration.stub_returned:
        return Allow()
    return Hold(
        "stub_missing",
        N_("The stub of the slip is missing. Ask for it, or explain why it is not there."),
        "CORE-12",
    )


def watch_list(matches: Iterable[WatchMatch]) -> list[Decision]:
    """Return one hold for each match; a certain barred one first, a mere announcement last."""
    return [_watched(match) for match in sorted(matches, key=_gravity)]


def _gravity(match: WatchMatch) -> tuple[bool, bool]:
    return match.action != "barred", not match.certain


def _watched(match: WatchMatch) -> Hold:
    if match.action != "barred":
        reason = N_(
            "{name} is to be announced: {reason}. Tell the person named there before going on.",
            name=match.name,
            reason=match.reason,
        )
        return Hold("watch_announce", reason, "CORE-15")
    if match.certain:
        reason = N_(
            "{name} is barred: {reason}. Do not admit; call the person who may decide.",
            name=match.name,
            reason=match.reason,
        )
        return Hold("watch_barred", reason, "CORE-15")
    reason = N_(
        "Somebody named {name} is barred: {reason}. Compare the document, then let a decision be "
        "made.",
        name=match.name,
        reason=match.reason,
    )
    return Hold("watch_possible", reason, "CORE-15")


def host_answer(registration: RegistrationFacts) -> Decision:
    """Refuse when the host said no: nobody at the gate overrules that, whatever the purpose."""
    if registration.consent != "refused":
        return Allow()
    return Deny(
        "host_refused",
        N_(
            "{host} does not receive this visit. Tell the visitor, then refuse it.",
            host=_host(registration),
        ),
        "CORE-5",
    )


def host_was_asked(registration: RegistrationFacts, purpose: Purpose) -> Decision:
    """Have the receiving person agree first, where the purpose asks for it."""
    if not purpose.needs_consent or registration.consent in ("given", "refused"):
        return Allow()
    return Deny(
        "consent_missing",
        N_("Ask {host} first and note the answer; then admit.", host=_host(registration)),
        "CORE-5",
    )


def document_was_shown(registration: RegistrationFacts, purpose: Purpose) -> Decision:
    """Hold who shows no document, where the purpose asks for one, so that somebody decides."""
    if not purpose.needs_document or registration.document_shown:
        return Allow()
    return Hold(
        "document_missing",
        N_("No document was shown. Ask for one and correct the entry, or let a decision be made."),
        "CORE-3",
    )


def _host(registration: RegistrationFacts) -> str | Message:
    return registration.host_name or N_("the host")


def is_overdue(expected_leave_at: datetime | None, now: datetime) -> bool:
    """Say whether somebody inside should have left."""
    return expected_leave_at is not None and expected_leave_at < now


def waiting_level(since: datetime, now: datetime, *, amber: timedelta, red: timedelta) -> str:
    """Return how urgent somebody's waiting is: empty, `amber` (the host is told), `red` (the desk)."""
    waited = now - since
    return "red" if waited >= red else "amber" if waited >= amber else ""
