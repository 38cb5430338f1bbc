"""What happened to a registration, in words: its log rows as lines of a timeline."""

from collections.abc import Mapping
from typing import Any

from core.i18n import N_, Message
from core.registrations.history import Entry

_LOOK: Mapping[str, tuple[Message, str, str]] = {
    "register": (N_("Registered"), "add", "neutral"),
    "expect": (N_("Expected"), "calendar", "neutral"),
    "arrive": (N_("Arrived"), "door", "neutral"),
    "ask_consent": (N_("Host asked"), "phone", "neutral"),
    "note_consent": (N_("Host answered"), "phone", "neutral"),
    "admit": (N_("Admitted"), "enter", "good"),
    "admit_denied": (N_("Admission refused"), "deny", "bad"),
    "slip": (N_("Slip printed"), "print", "neutral"),
    "share": (N_("Slip given to the visitor's phone"), "qr", "neutral"),
    "leave": (N_("Left"), "leave", "neutral"),
    "return_stub": (N_("Stub returned"), "tick", "good"),
    "close": (N_("Closed"), "check", "good"),
    "release": (N_("Released"), "hand", "good"),
    "refuse": (N_("Refused"), "deny", "bad"),
    "judge": (N_("Judged again"), "shield", "neutral"),
    "correct": (N_("Corrected"), "edit", "neutral"),
    "cancel": (N_("Cancelled"), "void", "neutral"),
    "void": (N_("Voided"), "void", "bad"),
    "step_back": (N_("Taken back"), "undo", "wait"),
}
FIELDS: Mapping[str, Message] = {
    "reason": N_("Reason"),
    "host_text": N_("Whom they visit"),
    "head_count": N_("Number of people"),
    "plate": N_("Number plate"),
    "goods": N_("Things brought"),
    "remark": N_("Remark"),
    "document_shown": N_("Document shown"),
    "expected_leave_at": N_("To leave by"),
}


def line(entry: Entry) -> dict[str, Any]:
    """Return one line: time, text, who, sign and tone, and what was said or changed."""
    text, sign, tone = _LOOK.get(entry.act, (Message(entry.act), "info", "neutral"))
    after = entry.after
    if entry.act in ("admit", "register") and after.get("verdict"):
        text, sign, tone = _judged(entry)
    if entry.act == "note_consent":
        text, tone = _answered(after)
    if entry.act == "close" and after.get("stub") == "returned":
        text = N_("Stub returned, closed")
    return {
        "at": entry.at,
        "text": text,
        "who": entry.who,
        "sign": sign,
        "tone": tone,
        "said": _said(after) if entry.act != "correct" else None,
        "rule": after.get("rule", ""),
        "changes": _changes(entry) if entry.act == "correct" else [],
    }


def _judged(entry: Entry) -> tuple[Message, str, str]:
    held = entry.after["verdict"] == "hold"
    if entry.act == "admit":
        return N_("Held on admission"), "hand", "wait"
    return (
        (N_("Registered and held"), "hand", "wait")
        if held
        else (N_("Registered and refused"), "deny", "bad")
    )


def _answered(after: Mapping[str, Any]) -> tuple[Message, str]:
    by = str(after.get("consent_by", ""))
    if after.get("consent") == "refused":
        return (N_("Host refuses: {by}", by=by) if by else N_("Host refuses")), "bad"
    return (N_("Host agrees: {by}", by=by) if by else N_("Host agrees")), "good"


def _said(after: Mapping[str, Any]) -> Message | None:
    """Return the reason of a decision, or the one that a person gave."""
    if after.get("decision"):
        return Message.load(str(after["decision"]))
    for name in ("stub_explained", "reason", "remark"):
        if after.get(name):
            return Message(str(after[name]))
    return None


def _changes(entry: Entry) -> list[tuple[Message, str, str]]:
    return [
        (label, _shown(entry.before.get(name)), _shown(entry.after.get(name)))
        for name, label in FIELDS.items()
        if name in entry.after
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)
