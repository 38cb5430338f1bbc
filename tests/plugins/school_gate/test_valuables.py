"""Valuables that leave the school: a proof, or somebody who stands there (SCH-17), by the pages."""

import io
import re

import pypdf
import pytest
from PIL import Image

from core import clock, db
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from core.privacy.facts import Erasing
from plugins.school_gate.services import lodge_keeping
from plugins.school_gate.stay_tables import ValuableRelease

pytestmark = pytest.mark.anyio

LAPTOP = {"person": "周阿姨", "item": "笔记本电脑一台", "mark": "联想 PF3XYZ"}


@pytest.fixture
async def guard(school, client_as):
    """A gatekeeper at the lodge."""
    return await client_as("gatekeeper", name="老周")


async def decided(guard, **given):
    answer = await guard.post("/school-gate/valuables", data={**LAPTOP, **given})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def latest():
    return await ValuableRelease.objects().order_by(ValuableRelease.number, ascending=False).first()


async def voucher(guard, name):
    """The key of who may vouch, as the page offers it."""
    page = await guard.post(
        "/school-gate/valuables", data={**LAPTOP, "voucher_q": name, "find": "1"}
    )
    assert page.status_code == 200
    assert LAPTOP["mark"] in page.text  # nothing typed is lost
    return re.search(r'name="voucher" value="([^"]+)"', page.text)[1]


@pytest.mark.rule("SCH-17")
async def test_without_proof_or_voucher_it_stays_and_that_is_written_down(guard):
    here = await decided(guard)
    page = await guard.get(here)
    assert "SCH-17" in page.text
    assert "不放行" in page.text
    assert (await guard.post(f"{here}/release.pdf", data={"paper": "a4"})).status_code == 404
    row = await latest()
    assert (row.state, row.decision_code, row.guard_name) == ("refused", "no_proof", "老周")
    logged = await LogEntry.objects().where(LogEntry.act == "school_gate.valuable_refuse").first()
    assert '"rule": "SCH-17"' in logged.after


@pytest.mark.rule("SCH-17")
async def test_a_valid_proof_releases_it_by_the_guards_name_with_a_paper(guard):
    here = await decided(guard, proof="document", proof_text="总务处出门条 12 号")
    page = await guard.get(here)
    assert "已放行" in page.text
    assert "老周" in page.text
    for paper in ("a4", "thermal"):
        answer = await guard.post(f"{here}/release.pdf", data={"paper": paper})
        text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
        text = text.replace("\n", "").replace(" ", "")
        assert "笔记本电脑一台" in text
        assert "总务处出门条12号" in text
    listed = await guard.get("/school-gate/valuables")
    assert "笔记本电脑一台" in listed.text
    assert "笔记本" not in (await guard.get("/school-gate/valuables?state=refused")).text


@pytest.mark.rule("SCH-17")
@pytest.mark.parametrize(("name", "shown"), [("王珺", "语文组"), ("李雷", "七年级1班")])
async def test_staff_or_a_pupil_vouches_in_person_and_a_call_is_not_enough(guard, name, shown):
    key = await voucher(guard, name)
    here = await decided(guard, proof="voucher", voucher=key)
    row = await latest()
    assert (row.state, row.decision_code) == ("refused", "voucher_absent")
    here = await decided(guard, proof="voucher", voucher=key, voucher_present="1")
    assert (await latest()).state == "released"
    page = await guard.get(here)
    assert name in page.text
    assert shown in page.text


@pytest.mark.rule("SCH-17")
@pytest.mark.parametrize(
    "given",
    [
        {"proof": "document"},
        {"proof": "voucher"},
        {"proof": "voucher", "voucher_present": "1"},
        {"proof": "voucher", "voucher": "staff/x", "voucher_present": "1"},
        {"proof": "voucher", "voucher": "pupil/00000000-0000-4000-8000-000000000000", "voucher_present": "1"},
        {"proof_text": "口头说明"},
    ],
    ids=["nothing shown", "nobody", "nobody there", "nonsense", "nobody known", "no kind"],
)  # fmt: skip
async def test_half_a_proof_is_none(guard, given):
    await decided(guard, **given)
    assert (await latest()).state == "refused"


@pytest.mark.parametrize(
    "given",
    [
        {"person": ""},
        {"item": ""},
        {"item": "x" * 201},
        {"proof": "smile"},
        {"stay": "00000000-0000-4000-8000-000000000000"},
    ],
)
async def test_a_form_that_cannot_be_taken_comes_back_as_typed(guard, given):
    answer = await guard.post("/school-gate/valuables", data={**LAPTOP, **given})
    assert answer.status_code == 422
    assert LAPTOP["mark"] in answer.text
    assert not await ValuableRelease.exists()


async def test_a_picture_of_the_thing_is_kept_and_let_go_with_the_rest(guard, client_as):
    here = await decided(guard, proof="document", proof_text="发票")
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    bad = await guard.post(f"{here}/photo", files={"photo": ("a.jpg", b"MZ no picture")})
    assert bad.status_code == 422
    await guard.post(f"{here}/photo", files={"photo": ("a.jpg", data.getvalue(), "image/jpeg")})
    photo = re.search(rf'src="({re.escape(here)}/photos/[^"]+)"', (await guard.get(here)).text)[1]
    assert (await guard.get(photo)).headers["content-type"] == "image/jpeg"
    host = await client_as("host")
    assert (await host.get(photo)).status_code == 403
    due = await lodge_keeping.valuables_due(clock.now(), 10, 0)
    assert not due
    row = await latest()
    async with db.writing():
        erasing = Erasing(actor=SYSTEM, at=clock.now(), visitor=None)
        await lodge_keeping.erase_valuables([str(row.id)], erasing)
    page = await guard.get(here)
    assert "周阿姨" not in page.text
    assert "笔记本电脑一台" in page.text
    assert (await guard.get(photo)).status_code == 404
