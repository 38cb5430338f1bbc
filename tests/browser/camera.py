"""Films for Chromium's fake camera: what a pass looks like in front of a gate's device."""

import io
import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from core.passes.qr import qr_png
from tests.servers import CHROMIUM_FLAGS

SIZE = (640, 480)
_GROUND = (96, 104, 110)


def flags(film: Path) -> list[str]:
    """Return how Chromium is started with a film for its camera."""
    return [
        *CHROMIUM_FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def film(path: Path, texts: list[str | None], *, frames: int = 8, seed: int = 7) -> Path:
    """Write a film (MJPEG) that shows each text's code for some frames; None shows no code.

    It is held by a hand: turned, tilted, a little out of focus.
    """
    chance = random.Random(seed)
    empty = _jpeg(_frame(None, chance))
    with path.open("wb") as file:
        for text in texts:
            code = None if text is None else Image.open(io.BytesIO(qr_png(text))).convert("RGB")
            for _ in range(frames):
                file.write(empty if code is None else _jpeg(_frame(code, chance)))
    return path


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88, subsampling=2)
    return file.getvalue()


def _frame(code: Image.Image | None, chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        shade = tuple(chance.randrange(40, 200) for _ in range(3))
        pen.rectangle((x, y, x + chance.randrange(8, 90), y + chance.randrange(8, 60)), fill=shade)
    if code is not None:
        _hold(picture, code, chance)
    return picture.filter(ImageFilter.GaussianBlur(0.5))


def _hold(picture: Image.Image, code: Image.Image, chance: random.Random) -> None:
    side = chance.randrange(290, 330)
    angle, tilt = math.radians(chance.uniform(-9, 9)), chance.uniform(-0.05, 0.05)
    corners = []
    for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = across * side / 2 * (1 - tilt * down), down * side / 2
        corners.append(
            (
                SIZE[0] / 2 + x * math.cos(angle) - y * math.sin(angle),
                SIZE[1] / 2 + x * math.sin(angle) + y * math.cos(angle),
            )
        )
    small = code.resize((side, side), Image.Resampling.LANCZOS)
    back = _perspective(corners, [(0, 0), (side, 0), (side, side), (0, side)])
    held = small.transform(SIZE, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", (side, side), 255).transform(SIZE, Image.Transform.PERSPECTIVE, back)
    picture.paste(held, (0, 0), mask)


def _perspective(seen: list, flat: list) -> list[float]:
    """Return Pillow's eight numbers that lead from the picture back to the flat code."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve eight equations by elimination."""
    size = len(rows)
    for column in range(size):
        best = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        for row in range(size):
            if row != column:
                share = rows[row][column] / rows[column][column]
                rows[row] = [a - share * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [rows[n][size] / rows[n][n] for n in range(size)]
