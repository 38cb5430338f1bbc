"""Signatures drawn on a screen: strokes as the text of an SVG path, checked, never a picture file.

What comes from a page is believed only after `clean`; what `clean` returns may stand in a page as it
is. Kept by the record that was signed, encrypted there.
"""

import re

from core.i18n import N_
from core.text import TextError

WIDTH, HEIGHT = 600, 200
LONGEST = 16_000
_FEWEST_POINTS = 8
_PATH = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+", re.ASCII)
_POINT = re.compile(r"(\d+) (\d+)", re.ASCII)


def clean(text: str) -> str:
    """Return the path of a signature, empty for none; TextError for what is no signature."""
    text = text.strip()
    if not text:
        return ""
    if len(text) > LONGEST or _PATH.fullmatch(text) is None:
        raise TextError("not_a_signature", N_("The signature could not be read. Sign once more."))
    points = {(int(x), int(y)) for x, y in _POINT.findall(text)}
    if any(x > WIDTH or y > HEIGHT for x, y in points):
        raise TextError("not_a_signature", N_("The signature could not be read. Sign once more."))
    if len(points) < _FEWEST_POINTS:
        raise TextError("too_short", N_("This is no signature yet. Write the name."))
    return text
