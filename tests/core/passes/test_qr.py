"""QR codes: what was written is what a decoder reads, also from a bad print."""

import io
import random
import re
import time

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from core.passes.qr import qr_matrix, qr_png, qr_svg
from core.passes.token import sign
from tests.core.passes.token_corpus import NEW, a_body


def decoded(image: Image.Image) -> str | None:
    codes = zxingcpp.read_barcodes(image.convert("L"))
    return codes[0].text if codes else None


def a_pass(number: int) -> str:
    return sign(a_body(pass_id=random.Random(number).randbytes(12)), NEW)


def test_a_pass_is_a_code_of_version_six():
    assert len(qr_matrix(a_pass(0))) == 41 + 2 * 4


@pytest.mark.parametrize("number", range(40))
def test_a_decoder_reads_the_pass_from_the_png(number):
    text = a_pass(number)
    image = Image.open(io.BytesIO(qr_png(text, 6)))
    assert image.size == (49 * 6, 49 * 6)
    assert decoded(image) == text


@pytest.mark.parametrize("number", range(10))
def test_a_decoder_reads_a_turned_blurred_and_stained_print(number):
    text = a_pass(number)
    image = Image.open(io.BytesIO(qr_png(text, 6))).convert("L")
    image.paste(110, (150, 150, 165, 165))
    image = image.rotate(7 + 3 * number, expand=True, fillcolor=255, resample=Image.BICUBIC)
    assert decoded(image.filter(ImageFilter.GaussianBlur(1.5))) == text


@pytest.mark.parametrize(
    "text", ["https://example.org/c/7?t=ab", "来访登记 张伟民", "1234567890", "LF1:A b", "🙂"]
)
def test_other_texts_are_read_too(text):
    assert decoded(Image.open(io.BytesIO(qr_png(text, 4)))) == text


def test_the_svg_paints_the_same_modules_without_styles():
    text = a_pass(1)
    svg = qr_svg(text, label='Pass of "A" & <B>')
    assert "style" not in svg
    assert 'aria-label="Pass of &quot;A&quot; &amp; &lt;B&gt;"' in svg
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    image = Image.new("L", (side, side), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        image.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    matrix = qr_matrix(text)
    assert [[image.getpixel((x, y)) == 0 for x in range(side)] for y in range(side)] == matrix
    assert decoded(image.resize((side * 5, side * 5), Image.NEAREST)) == text
    assert 'aria-hidden="true"' in qr_svg(text)


def test_a_text_that_fits_no_code_is_refused():
    with pytest.raises(ValueError):
        qr_matrix("x" * 3000)


def test_a_code_takes_a_few_milliseconds():
    text = a_pass(2)
    qr_png(text)
    fastest = min(_seconds(lambda: qr_png(text)) for _ in range(10))
    assert fastest < 0.05


def _seconds(act) -> float:
    start = time.thread_time()
    act()
    return time.thread_time() - start
