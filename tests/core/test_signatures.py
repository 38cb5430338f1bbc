"""A signature from a page is kept only as strokes within its box."""

import pytest

from core.signatures import LONGEST, clean
from core.text import TextError

WRITTEN = "M10 10L20 15L30 40L44 60M100 20L120 80L140 20L160 90"


def test_strokes_come_back_as_they_were_drawn():
    assert clean(f" {WRITTEN} ") == WRITTEN
    assert clean("") == ""


@pytest.mark.parametrize(
    "text",
    [
        'M1 1"/><script>alert(1)</script>',
        "M1 1L2 2",
        "L1 1L2 2L3 3L4 4L5 5L6 6L7 7L8 8L9 9",
        "M1 1L601 10L2 2L3 3L4 4L5 5L6 6L7 7L8 8",
        "M1 1L10 201L2 2L3 3L4 4L5 5L6 6L7 7L8 8",
        "M٣ 1L10 20L2 2L3 3L4 4L5 5L6 6L7 7L8 8",
        "M5 5" + "L5 5" * 30,
        "M1 1" + "L10 10L20 20" * LONGEST,
    ],
    ids=["markup", "a dot", "no beginning", "too wide", "too high", "digits", "one point", "long"],
)
def test_what_is_no_signature_is_refused(text):
    with pytest.raises(TextError):
        clean(text)
