"""The short code of an appointment: what a visitor says at the desk instead of a long number.

Six characters of the record's own id, without those that look alike; it opens nothing by itself.
"""

import re
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")
_BITS = 30
_REST = 128 - _BITS
_CODE = re.compile(r"A?([0-9A-HJKMNP-TV-Z]{6})")


def code_of(appointment_id: UUID) -> str:
    """Return the code as shown, such as `A-7KQ3MD`."""
    number = appointment_id.int >> _REST
    letters = [_ALPHABET[number >> shift & 31] for shift in range(25, -1, -5)]
    return "A-" + "".join(letters)


def range_of(typed: str) -> tuple[UUID, UUID] | None:
    """Return the first and last id that bear a typed code; None where this is no code.

    A code that was typed without its `A-` is understood, and so are O for 0, I and L for 1.
    """
    plain = re.sub(r"[\s-]", "", typed).upper()
    match = _CODE.fullmatch(plain.translate(_LOOK_ALIKE))
    if match is None:
        return None
    number = 0
    for letter in match[1]:
        number = number << 5 | _ALPHABET.index(letter)
    low = number << _REST
    return UUID(int=low), UUID(int=low | ((1 << _REST) - 1))
