"""Text as it may be printed: what cannot be seen, or turns what follows around, is left out."""

import unicodedata

# Marks that change the direction of what follows: a name must not rearrange its neighbours.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Return the text on one line without control and direction marks."""
    kept = (
        " " if char in "\n\r\t" else char
        for char in text
        if char in "\n\r\t" or (unicodedata.category(char) != "Cc" and char not in _TURNING)
    )
    return "".join(kept).strip()


def shortened(text: str, width: int) -> str:
    """Return the printable text, cut with an ellipsis past `width` half-width signs."""
    kept = printable(text)
    room = width
    for at, char in enumerate(kept):
        room -= 2 if unicodedata.east_asian_width(char) in "FW" else 1
        if room < 0:
            return kept[:at].rstrip() + "…"
    return kept
