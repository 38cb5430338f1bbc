# ruff: noqa: E501 - a table reads better with one case in a line
"""Checking rosters: what each bad cell gets, and that its neighbours are left in peace."""

import pytest

from core.errors import DomainError
from core.sheets.files import Sheet, read_file
from plugins.school_gate.roster_checking import Known, check
from plugins.school_gate.roster_columns import GUARDIANS, PUPILS, STAFF, TEMPLATES
from tests.plugins.school_gate.rosters import HEADER, ROWS, a_csv, an_xlsx

KNOWN = Known(
    frozenset({("七年级", "1班"), ("七年级", "2班")}), frozenset({"2026001"}), frozenset()
)
NOBODY = Known(frozenset(), frozenset(), frozenset())


def checked(rows=ROWS, header=HEADER, kind=PUPILS, known=KNOWN):
    return check(kind, [Sheet([header, *rows], "utf-8")], known)


def problems(rows, **how):
    return [(row.row, key) for row in checked(rows, **how).rows for key, _ in row.problems]


def test_good_rows_become_clean_values():
    roster = checked()
    assert not problems(ROWS)
    assert roster.new_classes == []
    assert roster.rows[1].values == {
        "grade": "七年级",
        "class": "1班",
        "name": "韩梅梅",
        "number": "2026002",
        "sex": "female",
        "boards": "yes",
        "kind": "pupil",
    }
    assert roster.rows[1].guardians == [
        {"name": "韩冬", "relation": "mother", "phone": "13800138002", "may_collect": "yes"}
    ]


def changed(**cells):
    row = list(ROWS[0])
    for title, text in cells.items():
        row[HEADER.index(title.replace("_", "/"))] = text
    return row


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (changed(姓名=""), "name"),
        (changed(姓名="123"), "name"),
        (changed(姓名="李" * 101), "name"),
        (changed(姓名="=HYPERLINK(1)"), "name"),
        (changed(姓名="@SUM(A1)"), "name"),
        (changed(姓名="李\0雷"), "name"),
        (changed(学号=""), "number"),
        (changed(学号="2.026E+06"), "number"),
        (changed(学号="20 26'--"), "number"),
        (changed(学号="9" * 41), "number"),
        (changed(年级=""), "grade"),
        (changed(班级=""), "class"),
        (changed(性别="甲"), "sex"),
        (changed(住校_走读="也许"), "boards"),
        (changed(家长电话="12345678901234"), "guardian_phone"),
        (changed(家长电话="电话没有"), "guardian_phone"),
        (changed(家长姓名=""), "guardian_name"),
        (changed(关系="父" * 41), "relation"),
    ],
)
def test_a_bad_cell_spoils_its_own_row_alone(row, column):
    assert problems([ROWS[1], row, ROWS[2]]) == [(3, column)]


def test_marks_that_nobody_sees_are_taken_out_not_refused():
    row = checked([changed(姓名="\u202e李\u200b雷 ", 学号="２０２６００１")]).rows[0]
    assert (row.values["name"], row.values["number"]) == ("李雷", "2026001")
    assert row.good


def test_rows_twice_in_a_file_are_marked_with_the_first_ones_row():
    roster = checked([ROWS[0], ROWS[1], ROWS[0]])
    assert [row.good for row in roster.rows] == [True, True, False]
    assert str(roster.rows[2].problems[0][1]) == "The same as in row 2."


def test_unknown_classes_are_offered_and_no_problem_of_the_row():
    row = changed(班级="9班")
    roster = checked([ROWS[0], row, [*row[:3], "77", *row[4:]]])
    assert roster.new_classes == [("七年级", "9班")]
    assert [r.new_class for r in roster.rows] == [None, ("七年级", "9班"), ("七年级", "9班")]


def test_formula_cells_of_a_workbook_are_named():
    roster = check(PUPILS, read_file(an_xlsx(formulas=[(2, 2, "=A1&B1")])), KNOWN)
    assert [(r.row, key) for r in roster.rows for key, _ in r.problems] == [(3, "name")]


def test_the_sheet_whose_header_fits_is_taken_and_lines_above_it_are_skipped():
    title = [["第一中学2026级新生名册"], [""], HEADER]
    sheets = [Sheet([["说明"], ["请填写"]], "xlsx"), Sheet([*title, *ROWS], "xlsx")]
    roster = check(PUPILS, sheets, KNOWN)
    assert [row.row for row in roster.rows] == [4, 5, 6]


@pytest.mark.parametrize(
    "header",
    [
        ["Grade", "Class", "Name", "Number", "Sex", "Boarding", "Guardian", "Relation", "Phone"],
        ["年級（必填）", "班級*", "學生姓名", "學號", "性別", "住校/走讀", "家長姓名", "與學生關係", "家長電話"],
        [" 年级 ", "班 级", "学生姓名：", "学号", "性别", "是否住校", "家长1姓名", "家长1关系", "家长1电话"],
    ],
    ids=["English", "Traditional", "other words"],
)  # fmt: skip
def test_headers_are_understood_in_other_words(header):
    roster = checked(header=header)
    assert all(row.good for row in roster.rows)
    assert roster.rows[0].guardians[0]["phone"] == "13800138001"
    assert not roster.unknown_columns


@pytest.mark.parametrize(
    "extra",
    [["家长2姓名", "家长2关系", "家长2电话"], ["家长姓名", "关系", "家长电话"]],
    ids=["numbered", "repeated"],
)
def test_a_second_guardian_has_columns_of_its_own(extra):
    first = (
        HEADER[:6] + [f"家长1{t}" for t in ("姓名", "关系", "电话")] if "2" in extra[0] else HEADER
    )
    rows = [[*ROWS[0], "王芳", "妈妈", "+86 139 0013 9000"]]
    roster = checked(rows, header=[*first, *extra])
    assert [g["relation"] for g in roster.rows[0].guardians] == ["father", "mother"]
    assert roster.rows[0].guardians[1]["phone"] == "13900139000"


def test_columns_that_nobody_knows_are_named_and_left_out():
    roster = checked([[*ROWS[0], "很高"]], header=[*HEADER, "身高"])
    assert roster.unknown_columns == ("身高",)
    assert roster.rows[0].good


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (a_csv(header=["甲", "乙", "丙"], rows=[["1", "2", "3"]]), "no_header", "年级、班级、姓名、学号"),
        (a_csv(header=[t for t in HEADER if t != "学号"]), "no_header", "学号"),
        (a_csv(rows=[]), "no_rows", "no rows"),
        (a_csv().decode("utf-8-sig").encode("big5", "replace"), "encoding", "CSV UTF-8"),
    ],
    ids=["other columns", "one is missing", "header alone", "wrong encoding"],
)  # fmt: skip
def test_a_file_without_the_columns_is_explained(data, code, says):
    with pytest.raises(DomainError) as refused:
        check(PUPILS, read_file(data), KNOWN)
    assert refused.value.code == code
    assert says in str(refused.value)


def test_guardians_of_unknown_pupils_are_refused():
    header = list(TEMPLATES[GUARDIANS])
    rows = [
        ["2026001", "李雷", "李强", "父亲", "13800138001", "否"],
        ["999", "", "王五", "", "", ""],
    ]
    roster = checked(rows, header=header, kind=GUARDIANS)
    assert [row.good for row in roster.rows] == [True, False]
    assert roster.rows[0].guardians[0]["may_collect"] == ""


def test_staff_with_a_class_that_does_not_exist_are_refused():
    header = list(TEMPLATES[STAFF])
    rows = [
        ["T1", "王珺", "语文组", "A301", "8001", "wj@example.org", "七年级1班"],
        ["T2", "仇和", "数学组", "", "", "not-an-address", "九年级9班"],
    ]
    roster = checked(rows, header=header, kind=STAFF)
    assert [row.good for row in roster.rows] == [True, False]
    assert [key for key, _ in roster.rows[1].problems] == ["email", "class_taught"]


@pytest.mark.parametrize("kind", [PUPILS, GUARDIANS, STAFF])
def test_the_templates_own_columns_are_all_known(kind):
    rows = [["x"] * len(TEMPLATES[kind])]
    assert not checked(rows, header=list(TEMPLATES[kind]), kind=kind, known=NOBODY).unknown_columns
