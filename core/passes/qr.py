"""QR codes of passes and links, as a matrix, a PNG and an SVG. Nothing about what they say."""

import io
from html import escape

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
# Trying all eight masks costs three quarters of the time; decoders read each of them.
_MASK = 3


def qr_matrix(text: str) -> list[list[bool]]:
    """Return the modules row by row, dark ones True, with the quiet zone around them.

    ValueError where the text does not fit a QR code (some 2,300 bytes).
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=_MASK)
    code.add_data(text, optimize=0)  # one mode throughout: a pass stays alphanumeric
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_png(text: str, scale: int = 8) -> bytes:
    """Return a black and white PNG with `scale` pixels for each module."""
    matrix = qr_matrix(text)
    side = len(matrix)
    pixels = bytes(0 if module else 255 for row in matrix for module in row)
    image = Image.frombytes("L", (side, side), pixels).convert("1", dither=Image.Dither.NONE)
    image = image.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def qr_svg(text: str, label: str = "") -> str:
    """Return an SVG element without styles or size; `label` is what a screen reader says."""
    matrix = qr_matrix(text)
    side = len(matrix)
    dark = "".join(_runs(matrix))
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" {name}'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{dark}"/></svg>'
    )


def _runs(matrix: list[list[bool]]) -> list[str]:
    """Describe each run of dark modules in a row as one rectangle of a path."""
    found = []
    for y, row in enumerate(matrix):
        start = None
        for x, module in enumerate([*row, False]):
            if module and start is None:
                start = x
            elif not module and start is not None:
                found.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return found
