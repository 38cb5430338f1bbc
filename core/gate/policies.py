"""The core's own rules at a gate, true for every kind of pass; plugins can only tighten them."""

from core.decisions import Allow, Decision, Deny, Hold, gravest
from core.gate.facts import IN, OUT, GateRules, PassFacts, ScanFacts
from core.i18n import N_, Message
from core.registrations import states

BADGE_RULE, SIGNATURE_RULE, PRESENCE_RULE = "SCH-19", "SCH-20", "CORE-6"

# What a pass may be out of while its holder is inside: no reason to lock anybody in.
_NO_REASON_TO_KEEP = {
    "expired": N_("The pass ran out while its holder was inside. Let the person leave."),
    "not_yet_valid": N_(
        "The pass is not valid yet, but its holder is inside. Let the person leave."
    ),
    "wrong_zone": N_("The pass is for another zone. Let the person leave here or show the way."),
}
UNKNOWN_PASS = Deny(
    "unknown_pass",
    N_("The pass is genuine but not on record. Register the person at the desk."),
    SIGNATURE_RULE,
)
UNKNOWN_PASS_LEAVING = Hold(
    "unknown_pass",
    N_("The pass is genuine but not on record. Let the person leave and tell the administrator."),
    SIGNATURE_RULE,
)
HOLDER_UNKNOWN = Hold(
    "holder_unknown",
    N_("Nobody knows whose pass this is. Ask for the name and decide yourself."),
    "CORE-22",
)
_VISIT_STATES: dict[str, Message] = {
    states.LEFT: N_("This visit has ended. Register the person anew."),
    states.CLOSED: N_("This visit has ended. Register the person anew."),
    states.REFUSED: N_("This visit was refused. Send the person to the desk."),
    states.CANCELLED: N_("This visit was cancelled. Ask the person and register anew."),
    states.VOIDED: N_("This registration was voided. Register the person anew."),
}


def direction_of(asked: int | None, scanned: PassFacts, at: int, rules: GateRules) -> int:
    """Return the direction meant: as asked, or else the other way than last time.

    A pass shown again within the window was shown twice: that is the same direction again.
    """
    if asked is not None:
        return asked
    if _is_again(scanned, at, rules) and scanned.last_direction in (IN, OUT):
        return scanned.last_direction
    return OUT if scanned.inside else IN


def _is_again(scanned: PassFacts, at: int, rules: GateRules) -> bool:
    since = max(0, at - scanned.last_at)
    return scanned.last_direction >= 0 and since < rules.passback_seconds * 1000


def unknown_pass(direction: int | None) -> Decision:
    """Judge a genuine pass that is not on record: our own loss keeps nobody in."""
    return UNKNOWN_PASS_LEAVING if direction == OUT else UNKNOWN_PASS


def may_pass(
    scan: ScanFacts, rules: GateRules, *, token_fault: Deny | None, visit_state: str | None
) -> Decision:
    """Judge a genuine pass by what is on record of it.

    `token_fault` is what the token itself says against passing here and now; `visit_state` is the
    state of the visit that the pass stands for, None for other passes.
    """
    scanned = scan.scanned
    if token_fault is not None and token_fault.code not in _NO_REASON_TO_KEEP:
        return token_fault  # of another organisation, or of a kind that opens nothing here
    if visit_state in (states.LEFT, states.CLOSED):
        # Leaving made the pass worthless; what counts is that the visit is over.
        return gravest(
            [_token(scan, token_fault), _passback(scan, rules), _visit(scan, visit_state)]
        )
    if scanned.revoked_at is not None:
        return Deny(
            "revoked",
            N_("The pass was revoked. Keep it and send the person to the desk."),
            BADGE_RULE,
        )
    if scan.token_generation != scanned.generation:
        return Deny(
            "reissued",
            N_("A newer pass replaced this one. Ask for the new pass."),
            BADGE_RULE,
        )
    if scanned.site_id != scan.site_id:
        return Deny(
            "wrong_site",
            N_("The pass is for another site. Show the person the way or register anew."),
            BADGE_RULE,
        )
    answers = [
        _token(scan, token_fault),
        _used_up(scan),
        _passback(scan, rules),
        _visit(scan, visit_state),
        _holder(scan),
    ]
    return gravest(answers)


def may_return_stub(scan: ScanFacts, *, token_fault: Deny | None, visit_state: str) -> Decision:
    """Judge the stub of a slip, handed back on leaving or later; it lets nobody in."""
    if token_fault is not None and token_fault.code not in _NO_REASON_TO_KEEP:
        return token_fault
    if scan.token_generation != scan.scanned.generation:
        return Deny(
            "reissued",
            N_("This stub belongs to an older slip. Ask for the stub of the new one."),
            BADGE_RULE,
        )
    if visit_state in (states.INSIDE, states.LEFT):
        return Allow()
    return Deny(
        "stub_unexpected",
        N_("No stub is expected from this visit. It opens nothing; look at the visit."),
        "CORE-12",
    )


def _token(scan: ScanFacts, fault: Deny | None) -> Decision:
    if fault is None:
        return Allow()
    leaving = _NO_REASON_TO_KEEP.get(fault.code)
    if leaving is not None and scan.direction == OUT and scan.scanned.inside:
        return Hold(fault.code, leaving, fault.rule)
    return fault


def _visit(scan: ScanFacts, state: str | None) -> Decision:
    if state is None:
        return Allow()
    if scan.direction == OUT:
        return visit_out(state)
    return visit_in(state)


def visit_out(state: str) -> Decision:
    """Judge whether the state of a visit lets its visitor out."""
    if state == states.INSIDE:
        return Allow()
    return Hold(
        "not_inside",
        N_("The visitor is not recorded as inside. Let the person leave and tell the desk."),
        PRESENCE_RULE,
    )


def visit_in(state: str) -> Decision:
    """Judge whether the state of a visit lets its visitor in."""
    if state == states.WAITING:
        return Allow()
    if state == states.EXPECTED:
        return Hold(
            "not_arrived",
            N_("The visitor is expected but not registered yet. Register the arrival first."),
            "CORE-1",
        )
    if state == states.HELD:
        return Hold(
            "visit_held",
            N_("This visit is held. It is decided on the list of held visits."),
            "CORE-1",
        )
    if state == states.INSIDE:
        return Hold(
            "already_inside",
            N_("The visitor is recorded as inside. Look who holds the slip, then decide."),
            PRESENCE_RULE,
        )
    return Deny(f"visit_{state}", _VISIT_STATES[state], "CORE-1")


def _used_up(scan: ScanFacts) -> Decision:
    if not scan.scanned.single_entry or scan.direction != IN or not scan.scanned.entries:
        return Allow()
    return Deny(
        "used",
        N_("The pass is for one entry and was used already. Keep it; call the duty officer."),
        BADGE_RULE,
    )


def _passback(scan: ScanFacts, rules: GateRules) -> Decision:
    scanned = scan.scanned
    if scanned.last_direction != scan.direction or not _is_again(scanned, scan.at_ms, rules):
        return Allow()
    seconds = max(0, (scan.at_ms - scanned.last_at) // 1000)
    return Hold(
        "passback",
        N_(
            "This pass went the same way {seconds} seconds ago. Compare face and photo, then decide.",
            seconds=seconds,
        ),
        BADGE_RULE,
    )


def _holder(scan: ScanFacts) -> Decision:
    return Allow() if scan.holder is not None else HOLDER_UNKNOWN
