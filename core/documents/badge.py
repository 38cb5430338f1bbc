"""QR badges: one card, an A4 sheet of ten, or hundreds in one file (SCH-19).

All words come from the caller, in the reader's language. The layout is `badge.typ`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from core.documents import qr
from core.documents.text import printable
from core.documents.typst import WorkerProcess, font_data, render, render_pages_png

Layout = Literal["card", "sheet"]

FOLDER = Path(__file__).parent
TEMPLATE = "badge.typ"
ACCENT = "#0b5394"
SHEET = 10
_CHUNK = 2 * SHEET
_CHUNK_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What stands on one badge. `lines` are the class, the role and the like, at most four.

    `token` is the pass in the QR code. `photo` is a picture as `core.attachments` keeps it; without
    one a neutral figure is drawn. `accent` tells roles apart by colour (`#rrggbb`).
    """

    organisation: str
    title: str
    name: str
    lines: tuple[str, ...]
    number: str
    token: str
    photo: bytes | None = None
    footer: str = ""
    accent: str = ACCENT


def card_pdf(badge: Badge, *, made_at: datetime | None = None) -> bytes:
    """Return a PDF of one card, 85.6 x 53.98 mm, for a card printer."""
    return _pdf([badge], "card", made_at)


def sheet_pdf(badges: Sequence[Badge], *, made_at: datetime | None = None) -> bytes:
    """Return a PDF of A4 sheets with ten cards each and marks to cut along."""
    return _pdf(badges, "sheet", made_at)


def card_png(badge: Badge, *, ppi: float = 200.0) -> bytes:
    """Return a picture of one card, for a preview."""
    data, files = page_data([badge], "card")
    return render_pages_png(TEMPLATE, data, root=FOLDER, files=files, ppi=ppi)[0]


def generate(
    badges: Iterable[Badge],
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    total: int,
    layout: Layout = "sheet",
) -> int:
    """Write the badges into one PDF at `path` and return its pages; memory does not grow.

    `badges` is read as it is needed. `progress` is told (done, total) after every twenty. The file
    appears when it is whole; after an error there is none. ValueError without any badge. Works in a
    process of its own, so that single papers need not wait.
    """
    done = 0
    settings = {"layout": layout, "fonts": font_data()}
    with closing(WorkerProcess()) as worker:
        try:
            worker.ask(
                {"do": "begin badges", "path": str(path.resolve()), "settings": settings},
                seconds=_CHUNK_SECONDS,
            )
            for chunk in _chunks(badges):
                photos = [badge.photo or b"" for badge in chunk]
                texts = [{**asdict(badge), "photo": None} for badge in chunk]
                worker.ask({"do": "add badges", "badges": texts}, photos, seconds=_CHUNK_SECONDS)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
            if done == 0:
                raise ValueError("there are no badges to print")
            answer, _ = worker.ask({"do": "end badges"}, seconds=_CHUNK_SECONDS)
        except BaseException:
            path.with_name(path.name + ".part").unlink(missing_ok=True)
            raise
    return int(answer["pages"])


def page_data(badges: Sequence[Badge], layout: Layout) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what `badge.typ` reads: its data, and the photos as files beside it."""
    files = {f"photo-{n}": badge.photo for n, badge in enumerate(badges) if badge.photo}
    cards = [_card(badge, f"photo-{n}") for n, badge in enumerate(badges)]
    return {"layout": layout, "cards": cards}, files


def _card(badge: Badge, photo: str) -> Mapping[str, Any]:
    rows = qr.modules(badge.token)
    return {
        "organisation": printable(badge.organisation),
        "title": printable(badge.title),
        "name": printable(badge.name),
        "lines": [printable(line) for line in badge.lines],
        "number": printable(badge.number),
        "footer": printable(badge.footer),
        "accent": badge.accent,
        "photo": photo if badge.photo else None,
        "qr": qr.drawing(rows),
        "modules": len(rows),
    }


def _chunks(badges: Iterable[Badge]) -> Iterator[list[Badge]]:
    source = iter(badges)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def _pdf(badges: Sequence[Badge], layout: Layout, made_at: datetime | None) -> bytes:
    data, files = page_data(badges, layout)
    return render(TEMPLATE, data, root=FOLDER, files=files, made_at=made_at)
