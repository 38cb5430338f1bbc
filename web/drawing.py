"""What templates need from Python to draw: installed into the Jinja environment once, when it is made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, log10
from urllib.parse import urlencode

from jinja2 import Environment

from core.i18n import N_, Message
from web.assets import asset

Value = int | float

# State -> word, tone and sign (macros/badges.html, macros/icons.html).
STATES: dict[str, tuple[Message, str, str]] = {
    "expected": (N_("Expected"), "busy", "calendar"),
    "waiting": (N_("Waiting"), "wait", "clock"),
    "asked": (N_("Host asked"), "wait", "phone"),
    "sent_back": (N_("Sent back"), "wait", "undo"),
    "rejected": (N_("Rejected"), "bad", "deny"),
    "withdrawn": (N_("Withdrawn"), "neutral", "void"),
    "confirmed": (N_("Confirmed"), "good", "check"),
    "proposed": (N_("To be answered"), "wait", "clock"),
    "arrived": (N_("Arrived"), "good", "door"),
    "no_show": (N_("Did not come"), "bad", "hidden"),
    "approved": (N_("Approved"), "good", "check"),
    "admitted": (N_("Admitted"), "good", "check"),
    "inside": (N_("Inside"), "good", "enter"),
    "held": (N_("Held"), "wait", "hand"),
    "overdue": (N_("Overdue"), "bad", "overdue"),
    "left": (N_("Has left"), "neutral", "leave"),
    "closed": (N_("Closed"), "neutral", "tick"),
    "refused": (N_("Refused"), "bad", "deny"),
    "declined": (N_("Declined"), "bad", "deny"),
    "cancelled": (N_("Cancelled"), "neutral", "void"),
    "voided": (N_("Void"), "neutral", "void"),
    "expired": (N_("Expired"), "neutral", "clock"),
    "revoked": (N_("Revoked"), "bad", "void"),
    "suspended": (N_("Suspended"), "wait", "hold"),
    "valid": (N_("Valid"), "good", "check"),
    "active": (N_("Active"), "good", "check"),
    "inactive": (N_("Inactive"), "neutral", "void"),
    "pending": (N_("Pending"), "wait", "hold"),
    "draft": (N_("Draft"), "neutral", "edit"),
    "open": (N_("In progress"), "busy", "clock"),
    "done": (N_("Done"), "good", "check"),
    "failed": (N_("Failed"), "bad", "warning"),
    "sent": (N_("Sent"), "good", "mail"),
    "queued": (N_("To be sent"), "wait", "clock"),
    "dead": (N_("Given up"), "bad", "warning"),
    "online": (N_("Online"), "good", "check"),
    "offline": (N_("Offline"), "wait", "warning"),
}
VERDICTS: dict[str, tuple[Message, str, str]] = {
    "allow": (N_("Admit"), "allow", "check"),
    "hold": (N_("Hold: you decide"), "hold", "hand"),
    "deny": (N_("Refuse"), "deny", "deny"),
}


def install(environment: Environment, translate: Callable[[object], str]) -> None:
    """Add the filter `tr` and the functions the macros call.

    `translate` turns an English msgid or a core Message into the reader's language; text it does not know
    comes back unchanged. Its answer is escaped as any other text.
    """
    environment.filters["tr"] = translate
    # Pages are UTF-8: Chinese as it is takes half of what its escapes take.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    environment.globals.update(
        asset=asset,
        with_query=with_query,
        page_window=page_window,
        ticks=ticks,
        state_look=state_look,
        verdict_look=verdict_look,
    )


def state_look(state: object) -> tuple[Message, str, str]:
    """Return word, tone and sign of a state; an unknown one stands for itself."""
    return STATES.get(str(state)) or (Message(str(state)), "neutral", "info")


def verdict_look(verdict: object) -> tuple[Message, str, str]:
    """Return word, look and sign of allow, hold or deny; anything else is a hold, for a person to decide."""
    return VERDICTS.get(str(verdict)) or VERDICTS["hold"]


def with_query(query: Mapping[str, object], **changes: object) -> str:
    """Return `?...` for the query with some parameters changed; None or "" takes one out."""
    merged = {**query, **changes}
    return "?" + urlencode(
        [(key, value) for key, value in merged.items() if value not in (None, "")], doseq=True
    )


def page_window(page: int, pages: int, around: int = 2) -> list[int | None]:
    """Return the page numbers to show in a pager; None stands for a gap."""
    near = range(page - around, page + around + 1)
    shown = sorted({number for number in (1, pages, *near) if 1 <= number <= pages})
    window: list[int | None] = []
    for number in shown:
        previous = window[-1] if window else None
        if previous is not None and number - previous == 2:
            window.append(number - 1)
        elif previous is not None and number - previous > 2:
            window.append(None)
        window.append(number)
    return window


def ticks(values: Iterable[Value | None], target: int = 4) -> Sequence[Value]:
    """Return round axis marks from zero (or below, where a value is negative) to above the greatest value."""
    known = [value for value in values if value is not None]
    top, bottom = max([*known, 0]), min([*known, 0])
    span = top - bottom
    if span < 1e-9:  # nothing that could be seen
        return [0, 1]
    rough = span / target
    magnitude: float = 10 ** floor(log10(rough))
    step: Value = next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= rough * 0.999)
    if all(isinstance(value, int) for value in known):
        step = max(1, round(step))
    return [
        _plain(step * n) for n in range(floor(bottom / step + 1e-9), ceil(top / step - 1e-9) + 1)
    ]


def _plain(mark: Value) -> Value:
    """Return a whole number as one, and a fraction without its binary tail."""
    return int(mark) if float(mark).is_integer() else float(f"{mark:.12g}")
