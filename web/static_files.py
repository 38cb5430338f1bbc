"""Files of the pages: kept in memory, compressed once, known by their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from litestar import Response, Router, get
from litestar.params import FromPath, HeaderParameter

from core.errors import NotFoundError
from web.assets import STATIC

SMALLEST_COMPRESSED = 1024
# Not left to the machine's own table.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class _File:
    changed: int
    content: bytes
    packed: bytes
    etag: str
    media_type: str


_files: dict[Path, _File] = {}


@get("/static/{file_path:path}", public=True, sync_to_thread=False)
def static(
    file_path: FromPath[Path],
    if_none_match: Annotated[str, HeaderParameter(name="if-none-match")] = "",
    accept_encoding: Annotated[str, HeaderParameter(name="accept-encoding")] = "",
) -> Response[bytes]:
    """Give a file; one that the browser has already is not sent again."""
    file = _file(str(file_path))
    headers = {"etag": file.etag, "vary": "accept-encoding"}
    if file.etag in if_none_match:
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    content = file.content
    if file.packed and "gzip" in accept_encoding:
        content = file.packed
        headers["content-encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


def _file(name: str) -> _File:
    path = (STATIC / name.lstrip("/")).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        raise NotFoundError
    changed = path.stat().st_mtime_ns
    known = _files.get(path)
    if known is None or known.changed != changed:
        known = _files[path] = _read(path, changed)
    return known


def _read(path: Path, changed: int) -> _File:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    packed = b""
    if path.suffix in _TYPES and len(content) >= SMALLEST_COMPRESSED:
        packed = gzip.compress(content, 6, mtime=0)
    return _File(
        changed=changed,
        content=content,
        packed=packed if len(packed) < len(content) else b"",
        etag=f'"{hashlib.sha256(content).hexdigest()[:24]}"',
        media_type=kind or "application/octet-stream",
    )


router = Router(path="", route_handlers=[static])
