"""A small school on the morning of a day: its people, their accounts, badges and gate."""

from dataclasses import dataclass, field

from core import clock
from core.accounts import pins
from core.accounts import services as accounts
from core.accounts.tables import User
from core.gate import devices
from core.hosts.tables import Host
from core.passes import services as passes
from core.permissions import SYSTEM
from core.sites.tables import Gate, Site
from plugins.school_gate.queries import badges
from plugins.school_gate.queries.pupils import PupilFilter, pupils
from plugins.school_gate.services import badges as badge_services
from plugins.school_gate.services import rosters
from tests.app import PASSWORD
from tests.plugins.school_gate.rosters import HEADER, a_csv

PIN = "2580"
CLASS = ("七年级", "1班")
STAFF_HEADER = ["工号", "姓名", "部门", "办公室", "电话", "邮箱", "班主任班级"]
STAFF = [
    ["T1", "王珺", "语文组", "A301", "8001", "", "七年级1班"],
    ["T2", "仇和", "数学组", "A302", "8002", "", ""],
]
DAY_PUPILS = ("李雷", "陈静", "周正", "吴悦", "郑昊", "冯雪", "褚亮", "卫青")
BOARDERS = ("韩梅梅", "蒋欣", "沈星", "杨帆")
# Who signs in during the day, by role; two gatekeepers share it.
PEOPLE = {
    "administrator": "林明",
    "gatekeeper": "赵守门",
    "duty_officer": "钱值班",
    "class_teacher": "王珺",
    "grade_office": "孙年级",
    "security_office": "李安全",
    "discipline_office": "周政教",
    "evening": "吴夜班",
}


@dataclass
class School:
    """What the day needs to know: logins by role, texts of badges by name, the device's code."""

    site: object = None
    gate: object = None
    code: str = ""
    badges: dict = field(default_factory=dict)
    pass_ids: dict = field(default_factory=dict)


def rows():
    """Return the pupils' roster: one class, day pupils and boarders, each with a parent."""
    lines = []
    for number, name in enumerate((*DAY_PUPILS, *BOARDERS), 1):
        boards = "住校" if name in BOARDERS else "走读"
        phone = f"1380013{8000 + number}"
        lines.append(
            [*CLASS, name, f"20260{number:02}", "", boards, f"{name[0]}家长", "父亲", phone]
        )
    return lines


async def open_school(plugins) -> School:
    """Fill an empty, migrated database; the clock stands at the day's morning."""
    at = clock.now()
    made = School(site=Site(code="main", name="主校区"))
    await Site.insert(made.site)
    made.gate = Gate(site=made.site.id, code="south", name="南门")
    await Gate.insert(made.gate)
    for kind, data in (
        ("pupils", a_csv(rows(), HEADER)),
        ("staff", a_csv(STAFF, STAFF_HEADER)),
    ):
        import_id = await rosters.read(kind, made.site.id, "名册.csv", data, actor=SYSTEM, at=at)
        await rosters.apply(import_id, create_classes=True, actor=SYSTEM, at=at)
    roles = plugins.register_roles()
    teacher = await Host.objects().where(Host.name == "王珺").first()
    for login, name in PEOPLE.items():
        role = "gatekeeper" if login == "evening" else login
        user_id, _ = await accounts.create_user(
            actor=SYSTEM, at=at, login=login, name=name, roles=[(role, None)],
            known_roles=roles, password=PASSWORD,
        )  # fmt: skip
        if role == "class_teacher":
            await User.update({User.host: teacher.id}).where(User.id == user_id)
        if role in ("gatekeeper", "duty_officer"):
            await pins.set_pin(user_id, PIN, actor=SYSTEM, at=at)
    found, _ = await pupils(SYSTEM, PupilFilter(active=False), at_ms=clock.now_ms(), size=500)
    ids = {one.name: one.id for one in found}
    holders = await badges.holders_of_pupils(list(ids.values()))
    issued = await badge_services.issue_missing(holders, actor=SYSTEM, at=at)
    for name, pupil_id in ids.items():
        made.pass_ids[name] = issued[pupil_id]
        made.badges[name] = await passes.token_of(issued[pupil_id])
    made.code = (await devices.add_device("南门手机", made.gate.id, actor=SYSTEM, at=at)).code
    return made
