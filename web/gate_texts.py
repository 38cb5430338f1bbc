"""What a gate says of a scan that it decided without the server, by code; static/gate/deciding.js gives them.

The sentences are those of core/gate/policies.py wherever the server would say the same.
"""

from core.i18n import N_, Message
from core.passes.token import REASONS

# Places such as {seconds} are filled by the page.
OFFLINE_REASONS: dict[str, Message] = {
    **{code: Message(message.msgid) for code, message in REASONS.items()},
    "reissued_stub": N_("This stub belongs to an older slip. Ask for the stub of the new one."),
    "leaving_expired": N_("The pass ran out while its holder was inside. Let the person leave."),
    "leaving_not_yet_valid": N_(
        "The pass is not valid yet, but its holder is inside. Let the person leave."
    ),
    "leaving_wrong_zone": N_(
        "The pass is for another zone. Let the person leave here or show the way."
    ),
    "used": N_("The pass is for one entry and was used already. Keep it; call the duty officer."),
    "passback": N_(
        "This pass went the same way {seconds} seconds ago. Compare face and photo, then decide."
    ),
    "not_inside": N_(
        "The visitor is not recorded as inside. Let the person leave and tell the desk."
    ),
    "already_inside": N_(
        "The visitor is recorded as inside. Look who holds the slip, then decide."
    ),
    "visit_left": N_("This visit has ended. Register the person anew."),
    "stub_unexpected": N_(
        "This device does not know of the visit. Let the person leave and keep the stub."
    ),
    "unknown_pass": N_(
        "The pass is genuine, but this device does not know it. Ask for the name and decide yourself."
    ),
    "not_home_gate": N_(
        "Without the server a pass for one entry counts at its own gate only. Call that gate, then decide."
    ),
    "no_bundle": N_(
        "This device was never told which passes are good. Look at the pass and the person and decide yourself."
    ),
    "stale": N_(
        "What this device knows of passes is too old. Look at the pass and the person and decide yourself."
    ),
    "clock": N_(
        "The clock of this device is wrong. Look at the pass and the person and decide yourself."
    ),
    "gate_fault": N_(
        "This device could not check the pass. Look at the pass and the person and decide yourself."
    ),
    "not_decided": N_("The page was closed before it showed a verdict."),
    "not_kept": N_("The device could not keep this scan at first; the guard decided."),
}
