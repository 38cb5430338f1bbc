"""Pictures good and hostile, each made here so that no dangerous file lies in the repository."""

import io
import random
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

SCRIPT = b"<script>alert(document.cookie)</script>"
_RANDOM = random.Random(7)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def scene(width=320, height=240, mode="RGB"):
    """Return a picture with no two quarters alike, so that turning it shows."""
    image = Image.new("RGB", (width, height), (200, 60, 40))
    image.paste((40, 160, 60), (width // 2, 0, width, height // 2))
    image.paste((40, 60, 200), (0, height // 2, width // 2, height))
    image.paste((240, 240, 240), (width // 2, height // 2, width, height))
    return image.convert(mode)


def saved(image, format_name, **options):
    out = io.BytesIO()
    image.save(out, format_name, **options)
    return out.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, pixels, *, depth=8, colour=2, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def png_with_chunk(name, body):
    good = saved(scene(), "PNG")
    return good[:33] + chunk(name, body) + good[33:]


def pixel_bomb():
    """A few dozen kilobytes of PNG that would unpack to 900 million pixels."""
    side = 30_000
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 1)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(side, side, pixels, depth=1, colour=0)


def png_that_promises_more_than_it_holds():
    return png(4000, 4000, zlib.compress(b"\0" * 64))


def png_that_holds_more_than_it_promises():
    """Ten by ten pixels, with 300 MB of zeros packed behind them."""
    packer = zlib.compressobj(9)
    block = b"\0" * (1 << 20)
    pixels = b"".join(packer.compress(block) for _ in range(300)) + packer.flush()
    return png(10, 10, pixels)


def png_with_text_bomb():
    """Compressed text of 200 MB in each of three chunks."""
    packer = zlib.compressobj(9)
    block = b"A" * (1 << 20)
    text = b"".join(packer.compress(block) for _ in range(200)) + packer.flush()
    bombs = b"".join(
        chunk(name, body)
        for name, body in (
            (b"zTXt", b"Comment\0\0" + text),
            (b"iTXt", b"Comment\0\1\0\0\0" + text),
            (b"iCCP", b"profile\0\0" + text),
        )
    )
    good = saved(scene(), "PNG")
    return good[:33] + bombs + good[33:]


def png_with_two_headers():
    small = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    large = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", small)
        + chunk(b"IHDR", large)
        + chunk(b"IDAT", zlib.compress(b"\0" * 200))
        + chunk(b"IEND", b"")
    )


def animated_png():
    frames = [scene(40, 40), scene(40, 40).transpose(Image.Transpose.ROTATE_90)]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)


def animated_webp():
    frames = [scene(40, 40), scene(40, 40).transpose(Image.Transpose.ROTATE_90)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)


def animated_gif():
    frames = [scene(40, 40, "P"), scene(40, 40).transpose(Image.Transpose.ROTATE_90).convert("P")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


def webp_that_hides_its_size():
    """The container says 16 x 16, the picture inside 16,383 x 16,383."""
    inner = saved(scene(64, 64), "WEBP", lossless=True)[12:]
    (bits,) = struct.unpack_from("<I", inner, 9)
    bits = bits & ~0x0FFFFFFF | 0x3FFE | 0x3FFE << 14
    inner = inner[:9] + struct.pack("<I", bits) + inner[13:]
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\x0f\0\0" + b"\x0f\0\0"
    body = b"WEBP" + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_with_size(width, height):
    """A JPEG whose frame header was changed to another size."""
    data = bytearray(saved(scene(), "JPEG"))
    at = data.index(b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    return bytes(data)


def jpeg_with_segment(marker, body):
    good = saved(scene(), "JPEG")
    return good[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body + good[2:]


def jpeg_with_many_scans():
    good = saved(scene(2000, 2000), "JPEG", progressive=True)
    last = good.rindex(b"\xff\xda")
    return good[:-2] + good[last:-2] * 500 + good[-2:]


def jpeg_with_place_and_owner():
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif[0x013B] = "SECRETARTIST"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 20.0)
    return saved(
        scene(), "JPEG", exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE" * 20
    )


def jpeg_turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(scene(320, 240), "JPEG", exif=exif, quality=95)


def jpeg_with_huge_exif():
    segments = b"".join(
        b"\xff\xe1" + struct.pack(">H", 65_535) + b"Exif\0\0" + bytes(65_527) for _ in range(60)
    )
    good = saved(scene(), "JPEG")
    return good[:2] + segments + good[2:]


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("META-INF/MANIFEST.MF", "Main-Class: Evil\n")
        made.writestr("Evil.class", b"\xca\xfe\xba\xbe" + bytes(100))
    return out.getvalue()


def png_with_secrets():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "SECRETAUTHOR")
    return saved(scene(), "PNG", pnginfo=info)


def noise(width, height):
    return Image.frombytes("RGB", (width, height), _RANDOM.randbytes(width * height * 3))


SVG = (
    b"""<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY x "xxxxxxxxxx">]>
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">"""
    + SCRIPT
    + b"</svg>"
)
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(alert(1))>>>>endobj\n%%EOF"

# name -> (maker, code of the refusal). Each is made only when its test runs.
REFUSED = {
    "empty": (lambda: b"", "empty"),
    "one byte": (lambda: b"\xff", "unknown"),
    "zeros": (lambda: bytes(1000), "unknown"),
    "pixel bomb": (pixel_bomb, "too_many_pixels"),
    "png of 4 thousand million pixels a side": (
        lambda: png(2**32 - 1, 2**32 - 1, b""),
        "too_many_pixels",
    ),
    "png without width": (lambda: png(0, 10, zlib.compress(b"")), "damaged"),
    "png that promises more": (png_that_promises_more_than_it_holds, "truncated"),
    "png with two headers": (png_with_two_headers, "damaged"),
    "png of a hundred thousand empty chunks": (
        lambda: PNG_SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"tEXt", b"") * 100_000,
        "damaged",
    ),
    "truncated png": (lambda: saved(scene(), "PNG")[:-60], "truncated"),
    "png of the signature only": (lambda: PNG_SIGNATURE, "truncated"),
    "png with damaged pixels": (lambda: png(10, 10, b"nonsense"), "damaged"),
    "jpeg of 65,535 a side": (lambda: jpeg_with_size(65_535, 65_535), "too_many_pixels"),
    "jpeg without width": (lambda: jpeg_with_size(0, 100), "damaged"),
    "truncated jpeg": (lambda: saved(noise(300, 300), "JPEG")[:20_000], "truncated"),
    "jpeg of the signature only": (lambda: b"\xff\xd8\xff\xe0", "truncated"),
    "jpeg of five hundred scans": (jpeg_with_many_scans, "damaged"),
    "truncated webp": (lambda: saved(scene(), "WEBP")[:-40], "truncated"),
    "webp that hides its size": (webp_that_hides_its_size, "damaged"),
    "animated png": (animated_png, "animated"),
    "animated webp": (animated_webp, "animated"),
    "animated gif": (animated_gif, "gif"),
    "gifar": (lambda: animated_gif() + archive(), "gif"),
    "tiff": (lambda: saved(scene(), "TIFF"), "tiff"),
    "bitmap": (lambda: saved(scene(), "BMP"), "bitmap"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "heif"),
    "svg with a script": (lambda: SVG, "svg"),
    "svg behind a byte order mark": (lambda: b"\xef\xbb\xbf  \n" + SVG, "svg"),
    "svg in UTF-16": (lambda: SVG.decode().encode("utf-16"), "svg"),
    "web page": (lambda: HTML, "html"),
    "web page before a png": (lambda: HTML + saved(scene(), "PNG"), "html"),
    "pdf with a script": (lambda: PDF, "pdf"),
    "pdf before a jpeg": (lambda: PDF + saved(scene(), "JPEG"), "pdf"),
    "zip": (archive, "archive"),
    "zip before a jpeg": (lambda: archive() + saved(scene(), "JPEG"), "archive"),
    "windows program": (lambda: b"MZ" + bytes(500), "program"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf /\n", "program"),
    "old Office file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "office"),
}

# Taken, because painting anew leaves only the picture; the marks must be gone from what is stored.
NEUTRALISED = {
    "jpeg with place, owner, comment, profile": (jpeg_with_place_and_owner, b"SECRET"),
    "jpeg with a web page in a comment": (lambda: jpeg_with_segment(0xFE, HTML), b"script"),
    "jpeg with a pdf in a comment": (lambda: jpeg_with_segment(0xFE, PDF), b"PDF"),
    "jpeg with a zip behind it": (lambda: saved(scene(), "JPEG") + archive(), b"PK"),
    "jpeg with a script behind it": (lambda: saved(scene(), "JPEG") + SCRIPT, b"script"),
    "jpeg with huge exif": (jpeg_with_huge_exif, b"Exif"),
    "png with an author": (png_with_secrets, b"SECRET"),
    "png with a web page in a chunk": (lambda: png_with_chunk(b"tEXt", b"a\0" + HTML), b"script"),
    "png with a web page behind it": (lambda: saved(scene(), "PNG") + HTML, b"script"),
    "png with a zip behind it": (lambda: saved(scene(), "PNG") + archive(), b"PK"),
    "png with a text bomb": (png_with_text_bomb, b"zTXt"),
    "png that holds more than it promises": (png_that_holds_more_than_it_promises, b"tEXt"),
    "webp with a script behind it": (lambda: saved(scene(), "WEBP") + SCRIPT, b"script"),
}
