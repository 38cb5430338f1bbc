"""The columns of a roster file: how they may be called, in Chinese and English, and where they stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.text import fold_width

PUPILS, GUARDIANS, STAFF = "pupils", "guardians", "staff"
_GUARDIAN = ("guardian_name", "relation", "guardian_phone")
_HEADER_ROWS = 10
_FILLING = re.compile(r"[\s*_:：\-]+|[(（\[【].*?[)）\]】]")
_NUMBERED = re.compile(r"(家长|家長|监护人|監護人|guardian|parent)([1-4一二三四])")
_DIGITS = str.maketrans("一二三四", "1234")

# The first name of each column is the template's; the others are understood as well.
_NAMES: dict[str, Mapping[str, str]] = {
    PUPILS: {
        "grade": "年级 年級 所在年级 届 grade",
        "class": "班级 班級 班 所在班级 行政班 class",
        "name": "姓名 学生姓名 學生姓名 name fullname pupil pupilname student studentname",
        "number": "学号 學號 编号 number no studentnumber studentno pupilnumber",
        "sex": "性别 性別 sex gender",
        "boards": "住校/走读 住校/走讀 住校走读 住校 是否住校 就读方式 寄宿 boarding boarder boards",
        "kind": "类别 類別 类型 身份 学生/实习生 kind",
    },
    GUARDIANS: {
        "number": "学号 學號 编号 number no studentnumber studentno pupilnumber",
        "name": "学生姓名 學生姓名 姓名 name pupil pupilname student studentname",
    },
    STAFF: {
        "number": "工号 工號 编号 number no staffnumber staffno",
        "name": "姓名 教师姓名 教職工姓名 教职工姓名 name fullname staff",
        "department": "部门 部門 科室 处室 年级组 department",
        "room": "办公室 辦公室 room office",
        "phone": "电话 電話 手机 手機 手机号 联系电话 phone mobile",
        "email": "邮箱 電郵 电子邮箱 email mail",
        "class_taught": "班主任班级 班主任班級 任班主任 所带班级 classteacherof",
    },
}
_GUARDIAN_NAMES: Mapping[str, str] = {
    "guardian_name": "家长姓名 家長姓名 家长 家長 监护人 监护人姓名 監護人姓名 guardian guardianname"
    " parent parentname",
    "relation": "关系 關係 与学生关系 與學生關係 家长关系 家長關係 监护人关系 relation relationship"
    " guardianrelation parentrelation",
    "guardian_phone": "家长电话 家長電話 家长手机 监护人电话 監護人電話 联系电话 电话 電話 手机 手機"
    " guardianphone parentphone phone mobile",
    "may_collect": "可接送 可接 能否接送 maycollect collects",
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    PUPILS: ("grade", "class", "name", "number"),
    GUARDIANS: ("number", "guardian_name"),
    STAFF: ("number", "name"),
}
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    PUPILS: (
        "年级", "班级", "姓名", "学号", "性别", "住校/走读", "类别",
        "家长1姓名", "家长1关系", "家长1电话", "家长2姓名", "家长2关系", "家长2电话",
    ),
    GUARDIANS: ("学号", "学生姓名", "家长姓名", "关系", "家长电话", "可接送"),
    STAFF: ("工号", "姓名", "部门", "办公室", "电话", "邮箱", "班主任班级"),
}  # fmt: skip
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    PUPILS: (
        "七年级", "1班", "张三", "20260101", "男", "走读", "学生",
        "张大山", "父亲", "13800000000", "", "", "",
    ),
    GUARDIANS: ("20260101", "张三", "张大山", "父亲", "13800000000", "是"),
    STAFF: ("T001", "李老师", "语文组", "A301", "8001", "", "七年级1班"),
}  # fmt: skip
MAX_GUARDIANS = 4


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand: `places` from key to column, guardians as `guardian_name2`."""

    row: int
    places: Mapping[str, int]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def template_name(kind: str, key: str) -> str:
    """Return how the template calls a column of a kind of roster."""
    names = {**_NAMES[kind], **_GUARDIAN_NAMES} if kind != STAFF else _NAMES[kind]
    return names[key].split()[0]


def find_header(kind: str, rows: Sequence[Sequence[str]]) -> Header:
    """Return the header among the first rows: the one in which most columns are known."""
    found = [_header(kind, number, row) for number, row in enumerate(rows[:_HEADER_ROWS])]
    if not found:
        return Header(0, {}, REQUIRED[kind], ())
    return max(found, key=lambda header: (-len(header.missing), len(header.places), -header.row))


def _header(kind: str, number: int, row: Sequence[str]) -> Header:
    places: dict[str, int] = {}
    unknown: list[str] = []
    guardian = 0
    for column, typed in enumerate(row):
        name = _FILLING.sub("", fold_width(typed)).lower()
        if not name:
            continue
        counted = _NUMBERED.search(name)
        name = _NUMBERED.sub(r"\1", name)
        key = _key(kind, name)
        if key in _GUARDIAN or key == "may_collect":
            if counted:
                guardian = int(counted[2].translate(_DIGITS))
            elif key == "guardian_name" or guardian == 0:
                guardian += 1
            key = f"{key}{guardian}" if guardian > 1 else key
        if key and key not in places and guardian <= MAX_GUARDIANS:
            places[key] = column
        else:
            unknown.append(typed)
    missing = tuple(key for key in REQUIRED[kind] if key not in places)
    return Header(number, places, missing, tuple(unknown))


def _key(kind: str, name: str) -> str:
    tables = [_NAMES[kind]] if kind == STAFF else [_NAMES[kind], _GUARDIAN_NAMES]
    return next(
        (key for table in tables for key, names in table.items() if name in names.split()), ""
    )
