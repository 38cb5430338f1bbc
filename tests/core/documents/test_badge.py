import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from core.documents import badge as badges
from core.documents.errors import DocumentError
from tests.core.documents import papers

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DPI = 200
MM = DPI / 25.4


def test_card_has_the_size_of_a_bank_card_and_its_code_opens_the_gate():
    badge = papers.a_badge()
    pdf = badges.card_pdf(badge)
    assert papers.page_sizes_mm(pdf) == [(85.6, 54.0)]
    (picture,) = papers.pictures(pdf, DPI)
    ((text, left, top, right, bottom),) = papers.codes(picture)
    assert text == badge.token
    assert (right - left) / MM >= 26
    assert (bottom - top) / MM >= 26


def test_code_is_surrounded_by_four_white_squares():
    (picture,) = papers.pictures(badges.card_pdf(papers.a_badge()), DPI)
    ((_, left, top, right, bottom),) = papers.codes(picture)
    quiet = 4 * (right - left) / 41 - 2
    box = (left - quiet, top - quiet, right + quiet, bottom + quiet)
    assert box[2] <= picture.width
    zone = picture.convert("L").crop(tuple(int(side) for side in box))
    zone.paste(
        255, (int(quiet) - 2, int(quiet) - 2, int(right - box[0]) + 3, int(bottom - box[1]) + 3)
    )
    assert zone.getextrema()[0] > 245


@pytest.mark.parametrize("name", ["欧阳喆䶮", "王㛃", "陳龍華", "李𠅤", "Alexandra O'Neill"])
def test_every_name_is_written_with_signs_of_the_font(name):
    pdf = badges.card_pdf(papers.a_badge(name=name))
    assert "".join(name.split()) in papers.text(pdf)
    font = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    names = {entry.get_object()["/BaseFont"].partition("+")[2] for entry in font.values()}
    assert all("Noto" in font_name or "SourceHan" in font_name for font_name in names), names


@pytest.mark.parametrize(
    "name",
    [
        "王",
        "阿卜杜热合曼·买买提依明·阿卜杜热合曼·买买提依明",
        "Alexandra Konstantinopoulou-Featherstonehaugh the Younger",
        "王" * 60,
        "",
    ],
)
def test_long_names_do_not_reach_the_code(name):
    badge = papers.a_badge(name=name, lines=("2024级民族部高二（10）班实验班", "住宿生", "x" * 80))
    (picture,) = papers.pictures(badges.card_pdf(badge), DPI)
    assert [code[0] for code in papers.codes(picture)] == [badge.token]


def test_photo_is_shown_where_there_is_one_and_a_figure_where_not():
    with_photo = papers.pictures(badges.card_pdf(papers.a_badge()), DPI)[0]
    without = papers.pictures(badges.card_pdf(papers.a_badge(photo=None)), DPI)[0]
    middle = (int(14 * MM), int(37 * MM))
    assert with_photo.getpixel(middle)[0] > 225 > with_photo.getpixel(middle)[2]
    red, green, blue = without.getpixel((int(14 * MM), int(33 * MM)))
    assert max(red, green, blue) - min(red, green, blue) < 30  # grey


@pytest.mark.parametrize("count", [1, 9, 10, 11])
def test_sheet_holds_ten_cards_with_marks_to_cut_along(count):
    made = [papers.a_badge(number=f"{n:08}", photo=None) for n in range(count)]
    pdf = badges.sheet_pdf(made)
    assert papers.page_sizes_mm(pdf) == [(210.0, 297.0)] * -(-count // 10)
    pages = papers.pictures(pdf, DPI)
    read = [code[0] for page in pages for code in papers.codes(page)]
    assert sorted(read) == sorted(badge.token for badge in made)
    marks = pages[0].convert("L")
    for x in (19.4, 105.0, 190.6):
        column = marks.crop((int((x - 0.5) * MM), int(8 * MM), int((x + 0.5) * MM), int(11 * MM)))
        assert column.getextrema()[0] < 170, x
    for y in (13.55, 67.5, 283.45):
        row = marks.crop((int(14 * MM), int((y - 0.5) * MM), int(17 * MM), int((y + 0.5) * MM)))
        assert row.getextrema()[0] < 170, y


def test_same_badge_at_the_same_time_is_the_same_file():
    badge = papers.a_badge()
    assert badges.card_pdf(badge, made_at=AT) == badges.card_pdf(badge, made_at=AT)


def test_preview_is_a_picture_with_the_same_code():
    badge = papers.a_badge()
    with Image.open(io.BytesIO(badges.card_png(badge))) as picture:
        assert [code[0] for code in papers.codes(picture.convert("RGB"))] == [badge.token]


def test_hostile_text_is_printed_as_text_and_runs_nothing():
    badge = papers.a_badge(
        name='#read("/etc/passwd")', lines=("\u202egnp.exe", "#{while true {}}", "a\0b"), photo=None
    )
    words = papers.text(badges.card_pdf(badge))
    assert '#read("/etc/passwd")' in words
    assert "root:" not in words
    assert "\u202e" not in words


def test_photo_that_is_no_picture_is_an_error_not_a_hang():
    with pytest.raises(DocumentError) as error:
        badges.card_pdf(papers.a_badge(photo=b"<svg onload=alert(1)>"))
    assert error.value.code == "template_error"


def test_batch_tells_its_progress_and_every_code_can_be_read(tmp_path):
    photo = papers.a_photo()
    made = [papers.a_badge(number=f"{n:08}", photo=photo if n % 3 else None) for n in range(95)]
    told = []
    path = tmp_path / "badges.pdf"
    pages = badges.generate(
        iter(made), path, lambda done, total: told.append((done, total)), total=len(made)
    )
    assert pages == 10
    assert told == [(20, 95), (40, 95), (60, 95), (80, 95), (95, 95)]
    pdf = path.read_bytes()
    assert papers.page_sizes_mm(pdf) == [(210.0, 297.0)] * 10
    read = [code[0] for page in papers.pictures(pdf, 150) for code in papers.codes(page)]
    assert sorted(read) == sorted(badge.token for badge in made)
    assert len(pypdf.PdfReader(io.BytesIO(pdf), strict=True).pages) == 10
    assert "00000094" in papers.text(pdf)
    assert list(tmp_path.iterdir()) == [path]


def test_batch_of_single_cards_has_a_page_for_each(tmp_path):
    path = tmp_path / "cards.pdf"
    made = [papers.a_badge(photo=None) for _ in range(3)]
    assert badges.generate(made, path, total=3, layout="card") == 3
    assert papers.page_sizes_mm(path.read_bytes()) == [(85.6, 54.0)] * 3


def test_batch_shrinks_large_photos(tmp_path):
    path = tmp_path / "cards.pdf"
    noisy = Image.effect_noise((3000, 4000), 60).convert("RGB")
    out = io.BytesIO()
    noisy.save(out, "JPEG")
    assert badges.generate([papers.a_badge(photo=out.getvalue())], path, total=1) == 1
    assert len(out.getvalue()) > 4_000_000
    assert path.stat().st_size < 250_000


def test_empty_batch_is_an_error(tmp_path):
    path = tmp_path / "badges.pdf"
    with pytest.raises(ValueError, match="no badges"):
        badges.generate([], path, total=0)
    assert list(tmp_path.iterdir()) == []


def test_batch_that_fails_in_the_middle_leaves_no_file(tmp_path):
    def some_then_fail():
        yield from (papers.a_badge(photo=None) for _ in range(50))
        raise RuntimeError("the database went away")

    path = tmp_path / "badges.pdf"
    with pytest.raises(RuntimeError, match="went away"):
        badges.generate(some_then_fail(), path, total=100)
    for nonsense in (b"nonsense", b"nonsense" * 10_000):
        with pytest.raises(DocumentError):
            badges.generate([papers.a_badge(photo=nonsense)], path, total=1)
    assert list(tmp_path.iterdir()) == []


def test_batch_takes_no_more_memory_for_four_hundred_than_for_forty(tmp_path):
    program = """
import json, resource, sys
from pathlib import Path
from core.documents.badge import generate
from tests.core.documents import papers
def peaks():
    return [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
def batch(count):
    generate((papers.a_badge(photo=papers.a_photo()) for _ in range(count)), Path(sys.argv[1]), total=count)
    return peaks()
small, large = batch(80), batch(400)
print(json.dumps([(b - a) // 1024 for a, b in zip(small, large)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "badges.pdf")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=Path(__file__).parents[3],
    )
    own, worker = json.loads(done.stdout)
    assert own < 30
    assert worker < 60
