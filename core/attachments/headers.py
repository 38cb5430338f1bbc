"""What a file is and how large its picture is, read from its headers: nothing is decoded here.

A picture is refused for its size before any decoder has seen it; the decoder's own view is checked
again afterwards (`images.py`), so that a file that lies to this reader gains nothing.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"

# Progressive JPEGs have about ten scans; thousands of them cost minutes for a few kilobytes.
MOST_JPEG_SCANS = 64

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"))
_MOST_PNG_CHUNKS = 20_000
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"))

# Refused kinds, by what they begin with; looked at only after the kinds that are taken.
_FOREIGN = (
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"BM", "bitmap"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)


class HeaderError(Exception):
    """The header cannot be followed to the picture's size; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture's header says; `animated` means more than one frame to show."""

    media_type: str
    width: int
    height: int
    animated: bool = False


def kind(data: bytes) -> str:
    """Return a picture's or PDF's media type, else a short name of the kind, or `unknown`."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(_PNG_SIGNATURE):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF
    for start, name in _FOREIGN:
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heif"
    return _markup(data)


def header(data: bytes) -> Header:
    """Read the header of a JPEG, PNG or WebP, or raise HeaderError (`truncated`, `damaged`)."""
    readers = {JPEG: _jpeg, PNG: _png, WEBP: _webp}
    try:
        return readers[kind(data)](data)
    except (struct.error, IndexError, ValueError) as error:
        raise HeaderError("truncated") from error


def essential_png(data: bytes) -> bytes:
    """Return a PNG with the chunks that paint it and no other, as nothing else need be unpacked."""
    kept = [_PNG_SIGNATURE]
    kept += [data[start:end] for name, start, end in _chunks(data) if name in _PNG_KEPT]
    return b"".join(kept)


def _markup(data: bytes) -> str:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return "unknown"
    return "svg" if b"<svg" in text else "html"


def _jpeg(data: bytes) -> Header:
    if data.count(b"\xff\xda") > MOST_JPEG_SCANS:
        raise HeaderError("damaged")
    at = 2
    while True:
        at = data.index(b"\xff", at)
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker in _STANDALONE or marker == 0:
            continue
        if marker in (0xD9, 0xDA):
            raise HeaderError("damaged")
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _SOF:
            height, width = struct.unpack_from(">HH", data, at + 3)
            return Header(JPEG, width, height)
        at += max(length, 2)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each PNG chunk as (name, start, end); a chunk that breaks off is an error."""
    at = len(_PNG_SIGNATURE)
    for _ in range(_MOST_PNG_CHUNKS):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise HeaderError("truncated")
        yield name, at, end
        if name == b"IEND":
            return
        at = end
    raise HeaderError("damaged")


def _png(data: bytes) -> Header:
    width = height = 0
    animated = False
    for name, start, end in _chunks(data):
        if name == b"IHDR":
            if (width, height) != (0, 0) or end - start != 25:
                raise HeaderError("damaged")
            width, height = struct.unpack_from(">II", data, start + 8)
        elif name == b"acTL":
            animated = True
    return Header(PNG, width, height, animated)


def _webp(data: bytes) -> Header:
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise HeaderError("truncated")
    name = data[12:16]
    if name == b"VP8X":
        flags = data[20]
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return Header(WEBP, width, height, animated=bool(flags & 0x02))
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header(WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header(WEBP, width & 0x3FFF, height & 0x3FFF)
    raise HeaderError("damaged")
