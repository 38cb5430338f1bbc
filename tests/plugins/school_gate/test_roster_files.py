# ruff: noqa: E501 - a table reads better with one case in a line
"""Reading roster files: every encoding schools use, and every file that must not be opened."""

import io
import random
import tracemalloc
import zipfile

import pytest

from core.errors import DomainError
from core.sheets import files as roster_files
from core.sheets.files import read_file
from tests.plugins.school_gate.rosters import HEADER, ROWS, a_csv, an_xlsx, rezipped

SHEET = "xl/worksheets/sheet1.xml"


def rows_of(data):
    return read_file(data)[0].rows


@pytest.mark.parametrize(
    ("encoding", "known_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
    ],
)
def test_a_csv_is_read_in_each_encoding(encoding, known_as):
    sheet = read_file(a_csv(encoding=encoding))[0]
    assert sheet.encoding == known_as
    assert sheet.rows == [HEADER, *ROWS]


def test_gbk_as_excel_writes_it_is_read():
    assert rows_of(a_csv(ROWS[:2], encoding="gbk")) == [HEADER, *ROWS[:2]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_other_separators_are_understood(delimiter):
    assert rows_of(a_csv(delimiter=delimiter)) == [HEADER, *ROWS]


def test_an_xlsx_gives_the_same_rows_and_numbers_without_a_point():
    rows = [[*ROWS[0][:3], 2026001, *ROWS[0][4:8], 13800138001]]
    sheet = read_file(an_xlsx(rows))[0]
    assert sheet.rows == [HEADER, ROWS[0]]
    assert sheet.encoding == "xlsx"


def test_every_sheet_of_a_workbook_is_given():
    assert len(read_file(an_xlsx(sheets=("说明", "学生")))) == 2


def test_formulas_are_known_by_their_place():
    sheet = read_file(an_xlsx(formulas=[(1, 2, "=A1&B1")]))[0]
    assert sheet.formulas == {(1, 2)}
    assert sheet.rows[1][2] == "李雷"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("nothing", b"", "empty"),
        ("blanks", b" \r\n ", "empty"),
        ("too large", b"a" * (roster_files.MAX_BYTES + 1), "too_large"),
        ("old Excel or a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        ("no text", b"\xff\xff\xff\xff\x81", "encoding"),
        ("zeros", b"a,b\0c\n", "encoding"),
        ("half a UTF-16", "年级".encode("utf-16") + b"\x00", "encoding"),
        ("too many rows", b"a,b\n" * (roster_files.MAX_ROWS + 2), "too_many_rows"),
        ("too many columns", b"," * 61 + b"\n", "too_many_columns"),
        ("one endless cell", b'"' + b"x" * 200_000, "broken"),
        ("half a ZIP", an_xlsx()[:900], "broken"),
        ("a ZIP of something else", b"PK\x03\x04" + b"x" * 100, "broken"),
    ],
)
def test_what_is_no_roster_is_refused_with_a_reason(name, data, code):
    with pytest.raises(DomainError) as refused:
        read_file(data)
    assert refused.value.code == code, name
    assert str(refused.value)


def sheet_xml(cells, extra=""):
    return (
        '<?xml version="1.0"?>' + extra + '<worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    ("name", "xml"),
    [
        ("far down", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        ("far right", sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
        ("far right, unsaid", sheet_xml('<row r="1">' + "<c><v>1</v></c>" * 100 + "</row>")),
        ("far down, row alone", sheet_xml('<row r="900000"><c><v>1</v></c></row>')),
        ("with a prefix", '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="900000"><x:c r="A900000"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'),
    ],
)  # fmt: skip
def test_cells_far_off_are_refused_before_memory_is_taken_for_them(name, xml):
    data = rezipped(an_xlsx(), {SHEET: xml})
    tracemalloc.start()
    with pytest.raises(DomainError) as refused:
        read_file(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == "too_many_rows", name
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "changed",
    [
        {SHEET: b"0" * (50 * 1024 * 1024)},
        {f"media/{n}.bin": b"" for n in range(600)},
    ],
    ids=["a bomb", "too many parts"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(changed):
    with pytest.raises(DomainError) as refused:
        read_file(rezipped(an_xlsx(), changed))
    assert refused.value.code == "unpacks_too_large"


def test_one_long_text_in_every_cell_is_too_much():
    cells = "".join(
        f'<row r="{n + 1}">' + '<c t="s"><v>0</v></c>' * 60 + "</row>" for n in range(9000)
    )
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + "x" * 100_000
        + "</t></si></sst>"
    )
    data = rezipped(an_xlsx(), {SHEET: sheet_xml(cells), "xl/sharedStrings.xml": strings})
    assert len(data) < roster_files.MAX_BYTES
    with pytest.raises(DomainError) as refused:
        read_file(data)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "row",
    ['<row r="99999999999999">', '<row r="0">', '<row r="-1">'],
    ids=["huge", "zero", "below"],
)
@pytest.mark.parametrize("cell", ["A99999999999999", "A0", "1A", "ABCD1", ""])
def test_places_that_no_sheet_has_are_damage(row, cell):
    """Other readers take memory for every row up to such a place, and end the process."""
    for xml in (f"{row}<c><v>1</v></c></row>", f'<row r="1"><c r="{cell}"><v>1</v></c></row>'):
        with pytest.raises(DomainError):
            read_file(rezipped(an_xlsx(), {SHEET: sheet_xml(xml)}))


@pytest.mark.parametrize(
    "changed",
    [
        {SHEET: sheet_xml("", '<!DOCTYPE a [<!ENTITY b "' + "x" * 99 + '">]>')},
        {SHEET: "no xml at all"},
        {"xl/workbook.xml": "<workbook/>"},
    ],
    ids=["document type", "no xml", "no sheets"],
)
def test_a_tampered_workbook_is_damaged(changed):
    with pytest.raises(DomainError) as refused:
        read_file(rezipped(an_xlsx(), changed))
    assert refused.value.code == "broken"


def test_an_encrypted_zip_is_explained():
    data = bytearray(an_xlsx())
    for mark in (b"PK\x01\x02",):
        place = data.find(mark)
        while place >= 0:
            data[place + 8] |= 1
            place = data.find(mark, place + 4)
    with pytest.raises(DomainError) as refused:
        read_file(bytes(data))
    assert refused.value.code == "protected"


def test_a_size_stated_falsely_is_no_way_around_the_bound():
    data = bytearray(rezipped(an_xlsx(), {"xl/extra.bin": b"0" * 100_000}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.getinfo("xl/extra.bin")
    place = data.rfind(b"xl/extra.bin") - 46
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(DomainError):
        read_file(bytes(data))


def outcome(data):
    try:
        return "read" if read_file(data) else "nothing"
    except DomainError as refused:
        return refused.code


def test_random_damage_is_refused_or_read_and_never_crashes():
    dice = random.Random(20261123)
    good = an_xlsx()
    outcomes = set()
    for _ in range(400):
        data = bytearray(good)
        for _ in range(dice.randint(0, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        cut = len(data) if dice.random() < 0.8 else dice.randint(1, len(data))
        outcomes.add(outcome(bytes(data[:cut])))
    assert {"read", "broken"} <= outcomes
