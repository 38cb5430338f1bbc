"""The units of a city that does not exist, and the letters their sign-ins begin with."""

from plugins.government.units.facts import (
    CITY,
    COUNTY,
    COUNTY_OFFICE,
    DEPARTMENT,
    OFFICE,
    PROVINCE,
)

SITE_CODE, SITE_NAME, DESK = "petition", "市信访局接待大厅", "接待大厅"
CITY_NAME = "云州市"
ROOM, GOVERNMENT, BUREAU = "room", "city", "province"
DISCIPLINE = "jw"
# code, kind, name, short name, code of the next higher body
OFFICES = (
    (BUREAU, PROVINCE, "省信访局", "省信访局", ""),
    (GOVERNMENT, CITY, "云州市人民政府", "市政府", BUREAU),
    (ROOM, OFFICE, "云州市信访局接待室", "接待室", GOVERNMENT),
)
COUNTIES = (
    ("lj", "临江区"),
    ("cn", "城南区"),
    ("gx", "高新区"),
    ("qx", "青溪县"),
    ("yf", "云峰县"),
    ("bs", "白石县"),
    ("sq", "石桥县"),
    ("lh", "柳河县"),
)
DEPARTMENTS = (
    (DISCIPLINE, "市纪委监委", "纪委监委"),
    ("ga", "市公安局", "公安局"),
    ("sf", "市司法局", "司法局"),
    ("jy", "市教育局", "教育局"),
    ("rs", "市人力资源和社会保障局", "人社局"),
    ("zj", "市住房和城乡建设局", "住建局"),
    ("zr", "市自然资源和规划局", "自然资源局"),
    ("ny", "市农业农村局", "农业农村局"),
    ("wj", "市卫生健康委员会", "卫健委"),
    ("mz", "市民政局", "民政局"),
    ("cg", "市城市管理局", "城管局"),
    ("hb", "市生态环境局", "生态环境局"),
    ("jt", "市交通运输局", "交通局"),
    ("sj", "市市场监督管理局", "市场监管局"),
)
# The department whose two sign-ins the roles of the core's accounts get.
SHOWN = "rs"


def plan() -> list[tuple[str, str, str, str, str]]:
    """Return every unit: code, kind, name, short name, code of the next higher body."""
    found = list(OFFICES)
    for code, name in COUNTIES:
        found.append((code, COUNTY, f"{name}人民政府", name, GOVERNMENT))
        found.append((f"{code}-xf", COUNTY_OFFICE, f"{name}信访局", f"{name}信访局", code))
    found += [(code, DEPARTMENT, name, short, GOVERNMENT) for code, name, short in DEPARTMENTS]
    return found


def staffed() -> list[tuple[str, str]]:
    """Return the units that have sign-ins of their own: code, name."""
    counties = [(code, f"{name}人民政府") for code, name in COUNTIES]
    offices = [(f"{code}-xf", f"{name}信访局") for code, name in COUNTIES]
    return [*counties, *offices, *((code, name) for code, name, _ in DEPARTMENTS)]
