"""Uploaded pictures made safe: judged by content, decoded within bounds, painted anew.

What is kept is never the bytes that came: a picture is written again from its pixels, so that
nothing hidden in it (scripts, archives, where and when it was taken) reaches the store. The
functions are pure and block for up to a second; `services.py` runs them beside the event loop,
one at a time.
"""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from core.attachments.headers import JPEG, PDF, PNG, WEBP, HeaderError, essential_png, header, kind
from core.errors import DomainError
from core.i18n import N_, Message

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 24_000_000
PORTRAIT = (480, 640)

_TAKEN = N_("Only pictures are taken: JPEG, PNG or WebP.")
REASONS = {
    "empty": N_("The file is empty. Choose it again."),
    "too_many_bytes": N_("The file is larger than {limit} MB. Make the picture smaller."),
    "too_many_pixels": N_("The picture has more than {limit} million pixels. Make it smaller."),
    "truncated": N_("The file breaks off. Send it again."),
    "damaged": N_("The picture is damaged and cannot be read. Take or save it anew."),
    "animated": N_("Moving pictures are not taken. Choose a still picture."),
    "svg": N_("SVG drawings can carry programs and are not taken. Save it as PNG."),
    "html": N_("This is a web page, not a picture. {taken}", taken=_TAKEN),
    "pdf": N_("This is a PDF. Here only pictures are taken: photograph or scan it as JPEG."),
    "gif": N_("GIF is not taken. Save the picture as JPEG or PNG."),
    "tiff": N_("TIFF is not taken. Save the picture as JPEG or PNG."),
    "bitmap": N_("BMP is not taken. Save the picture as JPEG or PNG."),
    "heif": N_(
        "HEIC pictures are not taken. On the phone choose “Most compatible” under the camera's "
        "formats, or send the picture as JPEG."
    ),
    "archive": N_("This is an archive or an Office file, not a picture. {taken}", taken=_TAKEN),
    "office": N_("This is an Office file, not a picture. {taken}", taken=_TAKEN),
    "program": N_("This is a program, not a picture. {taken}", taken=_TAKEN),
    "unknown": N_("The kind of this file is not known. {taken}", taken=_TAKEN),
}

_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_JPEG_QUALITY = 88
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises on files made to break it; a MemoryError is one of them, as sizes can lie.
_DECODE_ERRORS = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    ArithmeticError,
    MemoryError,
)

# A second guard for every picture that this process opens, wherever that is.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class FileRefusedError(DomainError):
    """An uploaded file that is not taken; `code` is one of REASONS."""

    def __init__(self, code: str, **values: str | int | Message) -> None:
        reason = REASONS[code]
        super().__init__(Message(reason.msgid, {**reason.values, **values}))
        self.code = code


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as it may be stored; `sha256` (hex) is of `data`."""

    sha256: str
    media_type: str
    data: bytes
    width: int
    height: int


def prepare(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Prepared:
    """Return the picture painted anew, upright and without metadata, or raise FileRefusedError.

    Memory stays below some 12 bytes a pixel, and within the file's size where it is refused.
    """
    picture = _decoded(data, max_bytes=max_bytes, max_pixels=max_pixels)
    media_type, painted = _encoded(picture.image, picture.media_type, max_bytes)
    return Prepared(
        sha256=hashlib.sha256(painted).hexdigest(),
        media_type=media_type,
        data=painted,
        width=picture.image.width,
        height=picture.image.height,
    )


def prepare_portrait(data: bytes, *, max_bytes: int = MAX_BYTES) -> Prepared:
    """Return a person's picture as badges and the gate show it, and no more: 480 x 640, a JPEG."""
    picture = _decoded(data, max_bytes=max_bytes, max_pixels=MAX_PIXELS)
    painted = _portrait(picture.image, PORTRAIT)
    return Prepared(hashlib.sha256(painted).hexdigest(), JPEG, painted, *PORTRAIT)


def photo_thumbnail(data: bytes, size: tuple[int, int]) -> bytes:
    """Return a JPEG of exactly that many pixels of a kept picture, cut where it must be."""
    picture = _decoded(data, max_bytes=4 * MAX_BYTES, max_pixels=MAX_PIXELS)
    return _portrait(picture.image, size)


@dataclass(slots=True)
class _Picture:
    media_type: str
    image: Image.Image


def _decoded(data: bytes, *, max_bytes: int, max_pixels: int) -> _Picture:
    media_type = _admitted(data, max_bytes=max_bytes, max_pixels=max_pixels)
    source = essential_png(data) if media_type == PNG else data
    try:
        with Image.open(io.BytesIO(source), formats=[_FORMATS[media_type]]) as opened:
            # JPEGs of some phones hold a second picture: the first is the photo.
            if media_type != JPEG and getattr(opened, "n_frames", 1) > 1:
                raise FileRefusedError("animated")
            _check_size(opened.width, opened.height, max_pixels)
            opened.load()
            image = _plain(_upright(opened))
    except _DECODE_ERRORS as error:
        code = "truncated" if "truncated" in str(error) else "damaged"
        raise FileRefusedError(code) from error
    image.info.clear()
    return _Picture(media_type, image)


def _admitted(data: bytes, *, max_bytes: int, max_pixels: int) -> str:
    if not data:
        raise FileRefusedError("empty")
    if len(data) > max_bytes:
        raise FileRefusedError("too_many_bytes", limit=max_bytes // (1024 * 1024))
    media_type = kind(data)
    if media_type not in _FORMATS:
        raise FileRefusedError("pdf" if media_type == PDF else media_type)
    try:
        head = header(data)
    except HeaderError as error:
        raise FileRefusedError(error.code) from error
    if head.animated:
        raise FileRefusedError("animated")
    _check_size(head.width, head.height, max_pixels)
    return media_type


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise FileRefusedError("damaged")
    if width * height > max_pixels:
        raise FileRefusedError("too_many_pixels", limit=max_pixels // 1_000_000)


def _upright(image: Image.Image) -> Image.Image:
    """Apply the orientation that the camera noted, as the note itself is dropped."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _DECODE_ERRORS:
        turn = None
    return image.copy() if turn is None else image.transpose(turn)


def _plain(image: Image.Image) -> Image.Image:
    """Reduce to 1, L, P, RGB or RGBA with eight bits a channel."""
    if "transparency" in image.info or image.mode in {"LA", "La", "PA", "RGBa"}:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # Sixteen bits: keep the upper eight, where Pillow's conversion would clip.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"1", "L", "P", "RGB", "RGBA"}:
        return image
    return image.convert("RGB")


def _portrait(image: Image.Image, size: tuple[int, int]) -> bytes:
    """Cut to the shape from the sides, or less from above than below, where the head is."""
    flat = _on_white(image)
    fitted = ImageOps.fit(flat, size, Image.Resampling.LANCZOS, centering=(0.5, 0.3))
    return _saved(fitted, "JPEG", quality=_JPEG_QUALITY, optimize=True)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _encoded(image: Image.Image, media_type: str, max_bytes: int) -> tuple[str, bytes]:
    """Paint in the same kind; where that outgrows the limit, as a JPEG, finer first."""
    options = {PNG: {"compress_level": 6}, WEBP: {"quality": _JPEG_QUALITY, "method": 2}}
    attempts = [(media_type, options.get(media_type, {"quality": _JPEG_QUALITY}))]
    if image.mode != "RGBA":
        attempts += [(JPEG, {"quality": quality}) for quality in (_JPEG_QUALITY, 75)]
    for kind_of_output, how in attempts:
        painted = _saved(image, _FORMATS[kind_of_output], **how)
        if len(painted) <= max_bytes:
            return kind_of_output, painted
    raise FileRefusedError("too_many_bytes", limit=max_bytes // (1024 * 1024))


def _saved(image: Image.Image, format_name: str, **options: int | bool) -> bytes:
    if format_name == "JPEG" and image.mode not in {"L", "RGB"}:
        image = image.convert("RGB")
    if format_name == "WEBP" and image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGB")
    out = io.BytesIO()
    image.save(out, format=format_name, **options)
    return out.getvalue()
