"""What those who worked with a landed version find again on the pages of this one, and go on doing."""

import re

from core import db
from plugins.government import sealing
from tests.app import new_client
from tests.core.documents import papers
from tests.plugins.government.test_asking import ask

DOCUMENT = "362501197003126610"  # of who asks after the item under review
FILE = b"%PDF-1.4\n1 0 obj<</Title(evidence)>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


async def signed_in(stack, app, *logins):
    """Sign in those who were there; returns their clients."""
    clients = []
    for login in logins:
        client = await stack.enter_async_context(new_client(app))
        assert (await client.sign_in(login)).status_code == 303, login
        clients.append(client)
    return clients


async def first(app, stack, *, files):
    """A school: a slip, offences, a coat, a visitor; what a later version added works on old rows."""
    teacher, administrator = await signed_in(stack, app, "teacher", "administrator")
    assert "看牙" in (await teacher.get("/")).text
    [row] = await db.fetch("SELECT id FROM school_gate_leave WHERE reason = '发烧就医'")
    slip = await teacher.get(f"/school-gate/leave/{row['id']}")
    assert "由 李强 接走" in slip.text
    assert "<svg" in slip.text
    offences = await administrator.get("/school-gate/offences")
    pupil = re.search(r'href="(/school-gate/pupils/[0-9a-f-]+)">李雷', offences.text)[1]
    assert "第一版记录" in (await administrator.get(pupil)).text
    assert "羽绒服" in (await administrator.get("/school-gate/deposits")).text
    visitors = await administrator.post("/visitors", data={"q": "13800138001"})
    assert "李强" in visitors.text
    for path in ("/registrations", "/incidents", "/passes", "/log", "/devices", "/reports"):
        assert (await administrator.get(path)).status_code == 200, path
    done = await administrator.post(f"{pupil}/spoken", data={"note": "谈过"})
    assert done.status_code == 303
    assert "谈过" in (await administrator.get(pupil)).text


async def second(app, stack, *, files):
    """A school and a petition office: what was written, signed, delivered, kept secret, asked for."""
    teacher, clerk, head, signer, county = await signed_in(
        stack, app, "teacher", "clerk", "head", "unit-head", "county"
    )
    [event] = await db.fetch("SELECT approval FROM school_gate_event")
    signatures = (await teacher.get(f"/approvals/{event['approval']}")).text
    assert "请准备签到表" in signatures
    assert "同意，走南门" in signatures

    review = await item("城东工地拖欠工资")
    page = (await clerk.get(review)).text
    for text in ("要求支付拖欠的工资三万元", "《劳动合同法》第七条", "认定事实有误", "周建国"):
        assert text in page, text
    [opinion] = await db.fetch(
        "SELECT approval FROM government_opinion WHERE matter = {}", review.rpartition("/")[2]
    )
    signatures = (await signer.get(f"/approvals/{opinion['approval']}")).text
    assert "依据不足，请补充" in signatures
    assert "同意发出" in signatures
    assert "同意，请抓紧" in (await clerk.get(await item("征地补偿款未到账"))).text
    await asked_after(app, stack, review)

    found = await clerk.get("/government/matters", params={"text": "吴明"})
    assert len(set(re.findall(r"/government/matters/[0-9a-f-]{36}", found.text))) == 1
    refused = await item("房屋漏水无人维修")
    assert "社区刘主任" in (await clerk.get(refused)).text
    await delivered_anew(clerk)

    urged = await item("村道路灯不亮")
    page = (await county.get(urged)).text
    for text in ("约见当事人，现场查看", "已联系供电所", "请尽快答复", "用人单位已补发工资三万元"):
        assert text in page, text
    secret = await item("反映干部收受财物")
    assert "某副县长" in (await head.get(secret)).text
    assert (await county.get(secret)).status_code == 404
    if files:
        [kept] = await db.fetch("SELECT id FROM government_file")
        assert (await head.get(f"/government/files/{kept['id']}")).content == FILE

    [opinion] = await db.fetch(
        "SELECT id FROM government_opinion WHERE matter = {}", refused.rpartition("/")[2]
    )
    taken = {"taken": "content", "note": "电话中表示满意"}
    done = await clerk.post(f"/government/opinions/{opinion['id']}/taken", data=taken)
    assert done.status_code == 303
    assert "电话中表示满意" in (await clerk.get(refused)).text


async def item(title):
    """Find an item by its sealed title; returns its address."""
    for row in await db.fetch("SELECT id, title_cipher FROM government_matter"):
        stored = sealing.unseal(row["title_cipher"], "government_matter", "title_cipher", row["id"])
        if stored == title:
            return f"/government/matters/{row['id']}"
    raise AssertionError(title)


async def asked_after(app, stack, review):
    """The petitioner asks with the code that was given then."""
    matter_id = review.rpartition("/")[2]
    [row] = await db.fetch(
        "SELECT id, number, query_cipher FROM government_matter WHERE id = {}", matter_id
    )
    code = sealing.unseal(row["query_cipher"], "government_matter", "query_cipher", row["id"])
    phone = await stack.enter_async_context(new_client(app))
    answer = await ask(phone, code, DOCUMENT[-4:])
    assert answer.status_code == 303, answer.text
    assert row["number"] in (await phone.get(answer.headers["location"])).text


async def delivered_anew(clerk):
    """The notice says to whom it was handed, and to whom not; it is printed with what was stored."""
    [note] = await db.fetch("SELECT document FROM document_delivery WHERE voided_at IS NOT NULL")
    page = f"/documents/{note['document']}"
    shown = (await clerk.get(page)).text
    for text in ("吴明", "吴朋", "姓名写错"):
        assert text in shown, text
    printed = papers.text((await clerk.get(f"{page}/paper")).content)
    assert "市中级人民法院" in printed
    assert "吴明" in printed
