"""Many badges in one file, a few sheets at a time; used only inside the process of `worker.py`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.attachments.images import FileRefusedError, photo_thumbnail
from core.documents.badge import FOLDER, TEMPLATE, Badge, page_data
from core.documents.joining import PdfJoiner
from core.documents.typesetter import TaskError, Typesetter

# Portraits as the store keeps them (480 x 640) go in as they are; larger ones only swell the file.
_PHOTO = (480, 640)
_LARGE = 150_000


class BadgeBatch:
    """A file of badges under way."""

    def __init__(self, typesetter: Typesetter, path: Path, settings: Mapping[str, Any]) -> None:
        self._typesetter = typesetter
        self._settings = settings
        self._joined = PdfJoiner(path)

    def add(self, badges: Sequence[Mapping[str, Any]], photos: Sequence[bytes]) -> None:
        """Append the pages of some badges; all but the last time these fill whole sheets."""
        made = [
            Badge(**{**badge, "lines": tuple(badge["lines"]), "photo": _small(photo, badge)})
            for badge, photo in zip(badges, photos, strict=True)
        ]
        data, files = page_data(made, self._settings["layout"])
        self._typesetter.lay_out(FOLDER, files)
        text = json.dumps({**data, "fonts": self._settings["fonts"]}, ensure_ascii=False)
        options = {"format": "pdf", "pdf_tags": False}
        self._joined.add(self._typesetter.compile(TEMPLATE, text, options)[0])
        self._typesetter.forget()

    def finish(self) -> int:
        """Complete the file and return how many pages it has."""
        return self._joined.finish()


def _small(photo: bytes, badge: Mapping[str, Any]) -> bytes | None:
    if not photo:
        return None
    try:
        return photo_thumbnail(photo, _PHOTO) if len(photo) > _LARGE else photo
    except FileRefusedError as error:
        raise TaskError("renderer_failed", f"photo of {badge['number']}: {error.code}") from error
