"""Roster files for tests, as schools make them."""

import csv
import io
import zipfile

import xlsxwriter

HEADER = ["年级", "班级", "姓名", "学号", "性别", "住校/走读", "家长姓名", "关系", "家长电话"]
ROWS = [
    ["七年级", "1班", "李雷", "2026001", "男", "走读", "李强", "父亲", "13800138001"],
    ["七年级", "1班", "韩梅梅", "2026002", "女", "住校", "韩冬", "母亲", "１３８００１３８００２"],
    ["七年级", "2班", "欧阳䶮", "2026003", "男", "走读", "欧阳海", "父亲", "010-62345678"],
]


def a_csv(rows=ROWS, header=HEADER, encoding="utf-8-sig", **options):
    """A CSV file of a roster."""
    text = io.StringIO()
    csv.writer(text, **options).writerows([header, *rows] if header else rows)
    return text.getvalue().encode(encoding)


def an_xlsx(rows=ROWS, header=HEADER, sheets=("学生",), formulas=(), first_row=0):
    """An XLSX file of a roster; `formulas` are (row, column, text) counted from 0."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate([header, *rows], first_row):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
            for row, column, text in formulas:
                sheet.write_formula(row, column, text, None, "李雷")
    return data.getvalue()


def rezipped(data, changed):
    """The workbook with some parts replaced by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, changed.get(part.filename, old.read(part)))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name])
    return made.getvalue()
