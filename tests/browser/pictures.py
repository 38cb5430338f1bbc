"""Pictures of pages for the docs, kept where `make pictures` asks for them: small, of few colours."""

import io
import os
from pathlib import Path

from PIL import Image

_COLOURS = 96
_BELOW = 76  # the header stays on top
_TO = (
    "e => window.scrollTo({behavior: 'instant', top: e === document.body ? 0"
    f" : e.getBoundingClientRect().top + window.scrollY - {_BELOW}}})"
)


def keep(page, name, *, top="body"):
    """Keep a picture of a page as PNG; `top` is what is scrolled to its upper edge first."""
    folder = os.environ.get("LAIFANG_PICTURES")
    if not folder:
        return
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.locator(top).first.evaluate(_TO)
    made = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = made.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(Path(folder) / f"{name}.png", optimize=True)
