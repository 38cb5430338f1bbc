"""Who may live in for a while, when their badge opens the gate, what may be carried out. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.decisions import Allow, Decision, Deny, Hold
from core.i18n import N_, Message
from plugins.school_gate.facts import SchoolRules

HIRED, RELATIVE, OTHER = "hired", "relative", "other"
KINDS: dict[str, Message] = {
    HIRED: N_("Hired help"),
    RELATIVE: N_("Relative who lives in"),
    OTHER: N_("Other resident outsider"),
}
NOTIFIED, REGISTERED, ENDED = "notified", "registered", "ended"
STATES: dict[str, Message] = {
    NOTIFIED: N_("To be registered"),
    REGISTERED: N_("Registered"),
    ENDED: N_("Ended"),
}
DOCUMENT, VOUCHER = "document", "voucher"
PROOFS: dict[str, Message] = {
    DOCUMENT: N_("Valid proof shown"),
    VOUCHER: N_("Somebody of the school vouches in person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """A long stay about to be registered or extended."""

    first_day: date
    last_day: date
    host: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentScan:
    """A resident's badge at the gate. `known` is false for a badge without a stay."""

    known: bool
    state: str
    first_day: date | None
    last_day: date | None
    day: date
    leaving: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """Something valuable that somebody wants to carry out. `voucher` is who vouches, by name."""

    proof: str
    proof_text: str
    voucher: str
    voucher_present: bool


def may_register(stay: StayFacts, rules: SchoolRules, version: str) -> Decision:
    """Decide whether a stay is registered for these days."""
    if not stay.host:
        return _deny("no_host", N_("Say with whom the person stays."), version)
    if not stay.place:
        return _deny("no_place", N_("Say where in the school the person lives or works."), version)
    if stay.last_day < stay.first_day:
        return _deny("ends_before", N_("The last day lies before the first."), version)
    if stay.last_day - stay.first_day >= timedelta(days=rules.stay_days):
        return _deny(
            "too_long",
            N_(
                "A stay is registered for at most {days} days. Extend it in time.",
                days=rules.stay_days,
            ),
            version,
        )
    return Allow()


def _deny(code: str, reason: Message, version: str) -> Deny:
    return Deny(code, reason, "SCH-16", version)


def may_pass(scan: ResidentScan, version: str) -> Decision:
    """Decide whether a resident's badge opens the gate. Nobody is kept in by it."""
    over = (
        not scan.known
        or scan.state != REGISTERED
        or scan.first_day is None
        or scan.last_day is None
        or not scan.first_day <= scan.day <= scan.last_day
    )
    if not over:
        return Allow()
    if scan.leaving:
        return Hold(
            "stay_over",
            N_("This long stay is over. Let the person out, and tell the security office."),
            "SCH-16",
            version,
        )
    return _deny(
        "stay_over",
        N_("This long stay is over or not begun. Let the person register as a visitor."),
        version,
    )


def is_ending(last_day: date, today: date, rules: SchoolRules) -> bool:
    """Say whether a stay ends so soon that it is listed."""
    return today <= last_day <= today + timedelta(days=rules.stay_warning_days)


def may_release(carried: CarriedOut, version: str) -> Decision:
    """Decide whether something valuable is released: with a proof, or a voucher who stands there."""
    if carried.proof == DOCUMENT and carried.proof_text:
        return Allow()
    if carried.proof == VOUCHER and carried.voucher and carried.voucher_present:
        return Allow()
    if carried.proof == VOUCHER and carried.voucher:
        return Deny(
            "voucher_absent",
            N_(
                "{name} vouches in person, here at the gate. A call is not enough.",
                name=carried.voucher,
            ),
            "SCH-17",
            version,
        )
    return Deny(
        "no_proof",
        N_(
            "Valuables leave only with a valid proof, or with a member of staff or pupil who vouches "
            "in person."
        ),
        "SCH-17",
        version,
    )
