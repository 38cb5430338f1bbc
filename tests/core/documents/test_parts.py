"""The small parts that papers are made with: text, codes, joining."""

import base64
import io

import pypdf
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.documents import badge, qr
from core.documents.joining import PdfJoiner
from core.documents.text import printable, shortened
from tests.core.documents import papers


@pytest.mark.parametrize(
    ("came", "printed"),
    [
        ("欧阳喆䶮", "欧阳喆䶮"),
        ("  a\tb\nc  ", "a b c"),
        ("a\0b\x07c\x7f", "abc"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066x\u2069", "x"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_what_cannot_be_seen_is_not_printed(came, printed):
    assert printable(came) == printed


@pytest.mark.parametrize(
    ("came", "width", "printed"),
    [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("来访人", 6, "来访人"), ("来访人", 5, "来访…")],
)
def test_text_too_wide_for_its_place_ends_in_an_ellipsis(came, width, printed):
    assert shortened(came, width) == printed


def painted(rows, scale=4, quiet=4):
    side = len(rows) + 2 * quiet
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            if black:
                image.putpixel((x + quiet, y + quiet), 0)
    return image.resize((side * scale, side * scale), 0)


def read(image):
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_pass_fits_forty_one_squares():
    token = papers.a_token()
    assert len(token) == 152
    rows = qr.modules(token)
    assert len(rows) == 41
    assert read(painted(rows)) == [token]


@given(st.binary(min_size=92, max_size=92))
def test_every_pass_can_be_read_whatever_its_bytes(payload):
    token = "LF1:" + base64.b32encode(payload).decode().rstrip("=")
    assert read(painted(qr.modules(token))) == [token]


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_short_texts_can_be_read(text):
    assert read(painted(qr.modules(text))) == [text]


def test_path_paints_the_squares_and_nothing_else():
    rows = qr.modules("7K3Q-X2ZP")
    again = [[False] * len(rows) for _ in rows]
    for run in qr.path(rows, quiet=0).removeprefix("M").split("M"):
        place, _, rest = run.partition("h")
        x, y = map(int, place.split())
        for n in range(int(rest.partition("v")[0])):
            again[y][x + n] = True
    assert again == rows


def test_drawing_has_a_white_zone_of_four_squares():
    side = len(qr.modules("7K3Q")) + 8
    assert f'viewBox="0 0 {side} {side}"' in qr.svg("7K3Q")
    assert "M4 4h7" in qr.svg("7K3Q")


def test_joined_pdf_has_the_pages_of_all_in_order(tmp_path):
    path = tmp_path / "all.pdf"
    joined = PdfJoiner(path)
    made = [papers.a_badge(number=f"{n:08}", photo=None) for n in range(4)]
    joined.add(badge.card_pdf(made[0]))
    joined.add(badge.sheet_pdf(made[1:3]))
    joined.add(badge.card_pdf(made[3]))
    assert not path.exists()
    assert joined.finish() == 3
    reader = pypdf.PdfReader(path, strict=True)
    assert [len(reader.pages), len(list(tmp_path.iterdir()))] == [3, 1]
    assert papers.page_sizes_mm(path.read_bytes()) == [(85.6, 54.0), (210.0, 297.0), (85.6, 54.0)]
    read_codes = [
        code[0] for page in papers.pictures(path.read_bytes()) for code in papers.codes(page)
    ]
    assert read_codes[0] == made[0].token
    assert sorted(read_codes[1:3]) == sorted(b.token for b in made[1:3])
    assert read_codes[3] == made[3].token


def test_joining_keeps_what_pages_inherit_and_drops_what_acts(tmp_path):
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 100)
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("alert(1)"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): DictionaryObject(action)})
    pages = page["/Parent"].get_object()
    pages[NameObject("/MediaBox")] = page.pop("/MediaBox")
    out = io.BytesIO()
    writer.write(out)
    joined = PdfJoiner(tmp_path / "all.pdf")
    joined.add(out.getvalue())
    joined.finish()
    data = (tmp_path / "all.pdf").read_bytes()
    assert b"alert" in out.getvalue()
    assert b"alert" not in data
    box = pypdf.PdfReader(io.BytesIO(data), strict=True).pages[0].mediabox
    assert (float(box.width), float(box.height)) == (200, 100)


def test_abandoned_joining_leaves_nothing(tmp_path):
    joined = PdfJoiner(tmp_path / "all.pdf")
    joined.add(badge.card_pdf(papers.a_badge(photo=None)))
    joined.abandon()
    assert list(tmp_path.iterdir()) == []
