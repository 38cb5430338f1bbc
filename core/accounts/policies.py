"""What a password, a PIN and a login must be like. Pure."""

from itertools import pairwise

from core.decisions import Allow, Decision, Deny
from core.i18n import N_

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
PIN_DIGITS = range(4, 9)
# The beginnings of the passwords most often found in leaks, Chinese and English.
_COMMON = (
    "123456", "12345678", "password", "passw0rd", "qwerty", "1q2w3e", "1qaz2wsx", "abc123",
    "a123456", "woaini", "5201314", "iloveyou", "admin", "letmein", "welcome", "laifang",
    "88888888", "66666666", "asdfgh", "zxcvbn", "monkey", "dragon",
)  # fmt: skip


def may_use_password(password: str, *, login: str, name: str) -> Decision:
    """Judge a new password: long, not one of the common ones, not the account's own name."""
    if len(password) < SHORTEST_PASSWORD:
        return Deny(
            "password_too_short",
            N_(
                "Use at least {number} characters; a short sentence does well.",
                number=SHORTEST_PASSWORD,
            ),
        )
    if len(password) > LONGEST_PASSWORD:
        return Deny(
            "password_too_long", N_("Use at most {number} characters.", number=LONGEST_PASSWORD)
        )
    plain = password.casefold()
    rest = plain
    for part in (*_COMMON, login.casefold(), name.casefold(), *login.casefold().split(".")):
        if len(part) > 1:
            rest = rest.replace(part, "")
    own = [character for character in rest if character.isalpha()]
    if len(set(plain)) < 5 or _is_run(plain) or len(own) < 4:
        return Deny(
            "password_too_common",
            N_("This is one of the passwords that are guessed first. Take another."),
        )
    return Allow()


def may_use_pin(pin: str) -> Decision:
    """Judge a new PIN: digits only, no run and no repetition."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        return Deny("pin_not_digits", N_("A PIN has 4 to 8 digits."))
    if len(set(pin)) == 1 or _is_run(pin):
        return Deny("pin_too_simple", N_("This PIN is guessed first. Take another."))
    return Allow()


def _is_run(text: str) -> bool:
    """Say whether each character is the next, or the one before, of its neighbour."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})
