"""QR codes for paper and screen, as one path of black squares: sharp at every size."""

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import QRData

_CORRECTION = {"M": constants.ERROR_CORRECT_M, "Q": constants.ERROR_CORRECT_Q}
# Choosing the best of the eight masks costs seven times the rest; on long random texts such as
# passes the masks are alike, on short ones the choice is quick.
_LONG = 100
_MASK_OF_LONG = 2


def modules(text: str, *, correction: str = "M") -> list[list[bool]]:
    """Return the rows of squares, true where black, without the quiet zone around them."""
    code = QRCode(
        error_correction=_CORRECTION[correction],
        border=0,
        mask_pattern=_MASK_OF_LONG if len(text) >= _LONG else None,
    )
    code.add_data(QRData(text), optimize=0)
    code.make(fit=True)
    return [[bool(square) for square in row] for row in code.modules]


def path(rows: list[list[bool]], *, quiet: int = 0) -> str:
    """Return an SVG path of the black squares, one unit each, row by row in whole runs."""
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            start = x
            while x < len(row) and row[x]:
                x += 1
            parts.append(f"M{start + quiet} {y + quiet}h{x - start}v1h{start - x}z")
    return "".join(parts)


def drawing(rows: list[list[bool]], *, quiet: int = 0) -> str:
    """Return the squares as an SVG drawing, with a white zone of `quiet` squares around them."""
    side = len(rows) + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path d="{path(rows, quiet=quiet)}"/></svg>'
    )


def svg(text: str, *, quiet: int = 4, correction: str = "M") -> str:
    """Return the code of a text as an SVG drawing, quiet zone included."""
    return drawing(modules(text, correction=correction), quiet=quiet)
