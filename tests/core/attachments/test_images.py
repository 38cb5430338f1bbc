import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from core.attachments.images import FileRefusedError, photo_thumbnail, prepare
from core.i18n import LOCALES
from tests.core.attachments import corpus

MEGABYTE = 1024 * 1024


def opened(data):
    return Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])


@pytest.mark.parametrize("name", corpus.REFUSED)
def test_hostile_file_is_refused_with_its_code_and_a_sentence(name):
    make, code = corpus.REFUSED[name]
    with pytest.raises(FileRefusedError) as refusal:
        prepare(make())
    assert refusal.value.code == code
    for locale in LOCALES:
        sentence = refusal.value.message.translate(locale)
        assert sentence
        assert "{" not in sentence


@pytest.mark.parametrize("name", corpus.NEUTRALISED)
def test_hidden_content_does_not_survive(name):
    make, mark = corpus.NEUTRALISED[name]
    came = make()
    assert mark in came or name == "png that holds more than it promises"
    kept = prepare(came)
    assert mark not in kept.data
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    assert kept.data != came


@pytest.mark.parametrize(
    ("format_name", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")],
)
def test_good_picture_keeps_its_kind_size_and_look(format_name, media_type):
    kept = prepare(corpus.saved(corpus.scene(), format_name, quality=95))
    assert (kept.media_type, kept.width, kept.height) == (media_type, 320, 240)
    with opened(kept.data) as image:
        assert image.size == (320, 240)
        red, green, blue = image.convert("RGB").getpixel((20, 20))
    assert abs(red - 200) < 12
    assert abs(green - 60) < 12
    assert abs(blue - 40) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_as_the_camera_noted(orientation):
    upright = corpus.scene(320, 240)
    came = corpus.jpeg_turned(orientation)
    kept = prepare(came)
    assert (kept.width, kept.height) == ((320, 240) if orientation < 5 else (240, 320))
    corners = {
        1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB",
    }[orientation]  # fmt: skip
    colours = {"R": (200, 60, 40), "G": (40, 160, 60), "B": (40, 60, 200), "W": (240, 240, 240)}
    with opened(kept.data) as image:
        assert not image.getexif()
        w, h = image.size
        for corner, at in zip(
            corners, [(20, 20), (w - 20, 20), (20, h - 20), (w - 20, h - 20)], strict=True
        ):
            seen = image.getpixel(at)
            assert all(abs(a - b) < 15 for a, b in zip(seen, colours[corner], strict=True)), corner
    assert upright.size == (320, 240)


def test_same_picture_twice_has_one_hash():
    came = corpus.jpeg_with_place_and_owner()
    assert prepare(came).sha256 == prepare(came).sha256


def test_name_of_the_file_plays_no_part():
    # A JPEG called .png, or sent as image/gif, is a JPEG: only content is looked at.
    assert prepare(corpus.saved(corpus.scene(), "JPEG")).media_type == "image/jpeg"


def test_print_colours_become_screen_colours():
    kept = prepare(corpus.saved(corpus.scene(mode="CMYK"), "JPEG", quality=95))
    with opened(kept.data) as image:
        assert image.mode == "RGB"
        red, green, blue = image.getpixel((20, 20))
    assert red > 150
    assert green < 110
    assert blue < 110


def test_sixteen_bit_grey_keeps_its_shades():
    grey = Image.new("I;16", (64, 64))
    grey.putdata([x * 1024 for _ in range(64) for x in range(64)])
    kept = prepare(corpus.saved(grey, "PNG"))
    with opened(kept.data) as image:
        assert image.mode == "L"
        shades = [image.getpixel((x, 0)) for x in (0, 16, 32, 63)]
    assert shades == [0, 64, 128, 252]


def test_transparency_is_kept():
    clear = corpus.scene(mode="RGBA")
    clear.putalpha(100)
    kept = prepare(corpus.saved(clear, "PNG"))
    with opened(kept.data) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((5, 5))[3] == 100


def test_palette_with_transparency_is_kept():
    came = corpus.saved(corpus.scene(mode="P"), "PNG", transparency=0)
    with opened(prepare(came).data) as image:
        assert image.mode == "RGBA"


def test_two_pictures_in_one_jpeg_give_the_first():
    first, second = corpus.scene(200, 100), corpus.scene(100, 200)
    kept = prepare(corpus.saved(first, "MPO", save_all=True, append_images=[second]))
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 200, 100)


def test_too_many_bytes_are_refused_before_anything_is_read():
    with pytest.raises(FileRefusedError) as refusal:
        prepare(b"\xff\xd8\xff" + bytes(9 * MEGABYTE))
    assert refusal.value.code == "too_many_bytes"
    assert "8 MB" in str(refusal.value.message)


def test_picture_that_outgrows_the_limit_when_painted_anew_becomes_a_jpeg():
    tight = corpus.saved(corpus.noise(150, 150).resize((1200, 1200), 2), "PNG", compress_level=9)
    assert prepare(tight).media_type == "image/png"
    assert len(prepare(tight).data) > len(tight)
    kept = prepare(tight, max_bytes=len(tight))
    assert kept.media_type == "image/jpeg"
    assert len(kept.data) <= len(tight)


def test_picture_that_outgrows_the_limit_in_every_kind_is_refused():
    small = corpus.saved(corpus.noise(150, 150).resize((1200, 1200), 0), "PNG", compress_level=9)
    with pytest.raises(FileRefusedError) as refusal:
        prepare(small, max_bytes=len(small))
    assert refusal.value.code == "too_many_bytes"


def test_thumbnail_has_the_size_asked_for_and_stands_upright():
    thumbnail = photo_thumbnail(corpus.jpeg_turned(6), (120, 160))
    with opened(thumbnail) as image:
        assert (image.format, image.size) == ("JPEG", (120, 160))
        red, green, blue = image.getpixel((110, 10))
    assert red > 150
    assert green < 110
    assert blue < 110


def test_thumbnail_of_a_transparent_picture_has_a_white_ground():
    with opened(
        photo_thumbnail(corpus.saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), (20, 20))
    ) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


_PROBE = """
import json, resource, sys
from core.attachments.images import FileRefusedError, prepare
from tests.core.attachments import corpus
came = open(sys.argv[1], "rb").read()
prepare(corpus.saved(corpus.scene(64, 64), "PNG"))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
try:
    outcome = prepare(came).media_type
except FileRefusedError as refusal:
    outcome = refusal.code
print(json.dumps({"outcome": outcome, "grown_mb": peak() - before}))
"""


def memory_of(data, tmp_path):
    path = tmp_path / "came"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("make", "outcome", "most_mb"),
    [
        pytest.param(corpus.pixel_bomb, "too_many_pixels", 20, id="pixel bomb"),
        pytest.param(corpus.png_with_text_bomb, "image/png", 40, id="text bomb"),
        pytest.param(
            corpus.png_that_holds_more_than_it_promises, "image/png", 40, id="hidden pixels"
        ),
        pytest.param(corpus.webp_that_hides_its_size, "damaged", 40, id="hidden size"),
        pytest.param(corpus.jpeg_with_huge_exif, "image/jpeg", 60, id="huge exif"),
        pytest.param(
            lambda: corpus.saved(corpus.scene(6000, 4000), "JPEG"), "image/jpeg", 300, id="largest"
        ),
    ],
)
def test_memory_stays_bounded(make, outcome, most_mb, tmp_path):
    measured = memory_of(make(), tmp_path)
    assert measured["outcome"] == outcome
    assert measured["grown_mb"] <= most_mb
