"""How long 480 badges take as one print-ready PDF, and whether memory stays flat.

The floor, in the same run: painting the 480 QR codes alone. Memory is compared with a batch of 80,
of the server and of the process that makes the papers, so that growth per sheet shows. Aim: 10 s,
memory flat.
"""

import json
import resource
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from core.documents import qr
from core.documents.badge import Badge, generate
from core.passes.token import TokenBody, TokenType, sign

COUNT = 480
FEW = 80
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗欧阳尉迟䶮㛃"
_GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超霞平刚桂英喆堃玥珺昇"


def tokens(count: int) -> list[str]:
    """Return so many real passes."""
    key = Ed25519PrivateKey.generate()
    return [
        sign(
            TokenBody(
                type=TokenType.BADGE,
                key_id=1,
                audience=7,
                pass_id=secrets.token_bytes(12),
                not_before=1_790_000_000,
                expires=1_820_000_000,
                zones=0xFFFF,
            ),
            key,
        )
        for _ in range(count)
    ]


def photos(folder: Path, count: int) -> list[Path]:
    """Write so many photos of some 50 kB, no two alike, and return where they lie."""
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for path in paths:
        noise = Image.effect_noise((96, 128), 25).resize((480, 640), Image.Resampling.BICUBIC)
        noise.convert("RGB").save(path, "JPEG", quality=85)
    return paths


def badges(passes: list[str], paths: list[Path]) -> Iterator[Badge]:
    """Make badges one by one, reading each photo when its turn comes."""
    for number, (token, path) in enumerate(zip(passes, paths, strict=True)):
        surname, given = _SURNAMES[number % len(_SURNAMES)], _GIVEN[number % len(_GIVEN)]
        yield Badge(
            organisation="云川市第一中学",
            title="学生证",
            name=surname + given + _GIVEN[number * 7 % len(_GIVEN)],
            lines=(f"高一（{number % 12 + 1}）班", "走读生" if number % 3 else "住宿生"),
            number=f"2026{number:04}",
            token=token,
            photo=path.read_bytes(),
            footer="遗失请交门卫室",
        )


def peaks_mb() -> tuple[float, float]:
    """Return the largest memory so far, of this process and of those it started."""
    of = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in of)
    return own, worker


def main() -> None:
    """Print one line of JSON."""
    passes = tokens(COUNT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "badges.pdf"
        pictures = photos(Path(folder), COUNT)
        generate(badges(passes[:FEW], pictures[:FEW]), path, total=FEW)
        few = peaks_mb()

        began = time.perf_counter()
        for token in passes:
            qr.drawing(qr.modules(token))
        floor = time.perf_counter() - began

        told: list[int] = []
        began = time.perf_counter()
        batch = badges(passes, pictures)
        pages = generate(batch, path, lambda done, _: told.append(done), total=COUNT)
        seconds = time.perf_counter() - began
        many = peaks_mb()
        size = path.stat().st_size
    print(
        json.dumps(
            {
                "bench": "badges",
                "count": COUNT,
                "pages": pages,
                "seconds": round(seconds, 2),
                "floor": {"what": "painting the QR codes alone", "seconds": round(floor, 2)},
                "ratio": round(seconds / floor, 1),
                "rss_growth_mb": round(sum(many) - sum(few), 1),
                "rss_server_mb": round(many[0], 1),
                "rss_worker_mb": round(many[1], 1),
                "file_mb": round(size / 1e6, 1),
                "progress_calls": len(told),
                "aim": {"seconds": 10, "met": seconds <= 10},
            }
        )
    )


if __name__ == "__main__":
    main()
