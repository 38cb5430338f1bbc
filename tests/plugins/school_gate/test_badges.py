"""Badges: printed singly and in batches, revoked, replaced; what is on the paper is scanned again."""

import io
import re

import pypdf
import pytest

from core import clock
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from plugins.school_gate.queries.pupils import PupilFilter, pupils
from plugins.school_gate.services import badges
from plugins.school_gate.tables import BadgeBatch, Pupil
from tests.plugins.school_gate.conftest import import_roster
from tests.plugins.school_gate.rosters import a_csv

pytestmark = pytest.mark.anyio


def text_of(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace(" ", "")


@pytest.fixture
async def officer(school, client_as):
    """A duty officer, who prints badges."""
    return await client_as("duty_officer", name="保卫科")


async def printed(officer, scope, paper="a4"):
    answer = await officer.post("/school-gate/badges", data={"scope": scope, "paper": paper})
    assert answer.status_code == 303, answer.text
    await badges.finished()
    return answer.headers["location"]


@pytest.mark.rule("SCH-19")
async def test_one_card_is_issued_and_printed_with_name_class_and_number(school, officer):
    pupil = await school.pupil("欧阳䶮")
    page = await officer.get(f"/school-gate/pupils/{pupil.id}")
    assert "签发胸卡" in page.text
    await officer.post(f"/school-gate/pupils/{pupil.id}/badge")
    answer = await officer.post(f"/school-gate/pupils/{pupil.id}/badge.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    text = text_of(answer.content)
    for word in ("欧阳䶮", "七年级2班", "走读生", "2026003"):
        assert word in text
    acts = [row["act"] for row in await LogEntry.select(LogEntry.act)]
    assert "school_gate.badge_print" in acts
    again = await officer.post(f"/school-gate/pupils/{pupil.id}/badge.pdf")
    assert again.status_code == 200
    assert acts.count("pass.issue") == 1


@pytest.mark.rule("SCH-19")
async def test_a_batch_shows_its_progress_and_gives_one_file(school, officer):
    place = await printed(officer, "missing")
    page = await officer.get(place)
    assert "3 / 3" in page.text
    assert "badges.pdf" in page.text
    answer = await officer.get(f"{place}/badges.pdf")
    text = text_of(answer.content)
    assert all(name in text for name in ("李雷", "韩梅梅", "欧阳䶮"))
    assert oct(badges.file_of(place.rsplit("/", 1)[1]).stat().st_mode)[-3:] == "600"
    nobody = await officer.post("/school-gate/badges", data={"scope": "missing", "paper": "a4"})
    assert nobody.status_code == 422
    page = await officer.get("/school-gate/classes")
    assert re.search(r"七年级1班.*?>2<.*?>1<.*?>2<", page.text, re.DOTALL)


@pytest.mark.rule("SCH-19")
async def test_a_class_alone_and_staff_can_be_printed(school, officer):
    classes = await officer.get("/school-gate/classes")
    class_id = re.search(r"badges\?scope=([0-9a-f-]{36})", classes.text)[1]
    place = await printed(officer, class_id, "card")
    content = (await officer.get(f"{place}/badges.pdf")).content
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 2
    assert "欧阳䶮" not in text_of(content)
    place = await printed(officer, "staff")
    assert "王珺" in text_of((await officer.get(f"{place}/badges.pdf")).content)


@pytest.mark.rule("SCH-19")
async def test_the_printed_code_opens_the_gate_and_an_old_print_does_not(school, officer):
    pupil = await school.pupil("李雷")
    old = await school.token("李雷")
    device = await school.device()
    answer = await officer.post(
        f"/school-gate/pupils/{pupil.id}/badge/replace", data={"reason": "丢失"}
    )
    assert answer.status_code == 303
    new = await school.token("李雷")
    assert new != old
    verdict = await device.scan(old, "in")
    assert (verdict["verdict"], verdict["code"], verdict["rule"]) == ("deny", "reissued", "SCH-19")
    assert (await device.scan(new, "in"))["verdict"] == "allow"

    await officer.post(f"/school-gate/pupils/{pupil.id}/badge/revoke", data={"reason": "休学"})
    verdict = await device.scan(new, "out")
    assert (verdict["verdict"], verdict["code"]) == ("deny", "revoked")
    page = await officer.get(f"/school-gate/pupils/{pupil.id}")
    assert "没有有效胸卡" in page.text
    await officer.post(f"/school-gate/pupils/{pupil.id}/badge")
    assert (await device.scan(await school.token("李雷"), "in"))["verdict"] == "allow"


@pytest.mark.parametrize("act", ["revoke", "replace"])
async def test_revoking_and_replacing_need_a_reason(school, officer, act):
    pupil = await school.pupil("李雷")
    token = await school.token("李雷")
    answer = await officer.post(f"/school-gate/pupils/{pupil.id}/badge/{act}", data={"reason": " "})
    assert answer.status_code == 422
    assert await school.token("李雷") == token


async def test_files_of_badges_are_deleted_after_a_day_and_stopped_ones_called_failed(
    school, officer, on_the_clock
):
    place = await printed(officer, "all")
    path = badges.file_of(place.rsplit("/", 1)[1])
    assert path.exists()
    await BadgeBatch(
        site=school.site.id, title="half", paper="a4", state="running", created_at=clock.now()
    ).save()
    on_the_clock("2026-11-24 07:20")
    await badges.let_go(clock.now())
    assert not path.exists()
    assert sorted(row.state for row in await BadgeBatch.objects()) == ["expired", "failed"]


async def test_who_may_not_print_is_kept_out(school, client_as):
    pupil = await school.pupil("李雷")
    guard = await client_as("gatekeeper")
    for path in ("/school-gate/badges", f"/school-gate/pupils/{pupil.id}/badge.pdf"):
        answer = await guard.post(path, data={})
        assert answer.status_code == 403, path
    assert not await LogEntry.exists().where(LogEntry.act == "pass.issue")


@pytest.mark.rule("SCH-19")
async def test_a_photo_stands_on_card_and_page(school, client):
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (600, 800), "teal").save(picture, "JPEG")
    pupil = await school.pupil("李雷")
    answer = await client.post(
        f"/school-gate/pupils/{pupil.id}/photo",
        files={"photo": ("l.jpg", picture.getvalue(), "image/jpeg")},
    )
    assert answer.status_code == 303, answer.text[-2000:]
    page = await client.get(f"/school-gate/pupils/{pupil.id}")
    src = re.search(r'src="(/gate/api/photos/[^"]+)"', page.text)[1]
    assert (await client.get(src)).headers["content-type"] == "image/jpeg"
    with_photo = await client.post(f"/school-gate/pupils/{pupil.id}/badge.pdf")
    images = [i for p in pypdf.PdfReader(io.BytesIO(with_photo.content)).pages for i in p.images]
    assert images

    refused = await client.post(
        f"/school-gate/pupils/{pupil.id}/photo",
        files={"photo": ("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")},
    )
    assert refused.status_code == 422
    assert (await school.pupil("李雷")).photo is not None


async def test_the_search_finds_pupils_by_what_people_type(school, client):
    for typed, name in (
        ("李雷", "李雷"),
        ("lilei", "李雷"),
        ("ll", "李雷"),
        ("ouyang", "欧阳䶮"),
        ("2026002", "韩梅梅"),
        ("026002", "韩梅梅"),
        ("梅梅", "韩梅梅"),
    ):
        found, total = await pupils(SYSTEM, PupilFilter(text=typed), at_ms=clock.now_ms())
        assert [one.name for one in found] == [name], typed
        assert total == 1
    for hostile in ("%", "_", "' OR 1=1", "\\", "{}"):
        assert (await client.get("/school-gate/pupils", params={"q": hostile})).status_code == 200


async def test_a_batch_of_a_whole_school_counts_up_while_it_is_made(school, officer, site):
    rows = [
        ["八年级", f"{n // 40 + 1}班", f"学生{chr(0x4E00 + n)}", f"S{n:04}", "", "", "", "", ""]
        for n in range(120)
    ]
    await import_roster(site, "pupils", a_csv(rows))
    assert await Pupil.count() == 123
    answer = await officer.post("/school-gate/badges", data={"scope": "all", "paper": "a4"})
    place = answer.headers["location"]
    progress = await officer.get(f"{place}/progress")
    assert 'hx-trigger="every' in progress.text
    await badges.finished()
    progress = await officer.get(f"{place}/progress")
    assert 'hx-trigger="every' not in progress.text
    assert "123 / 123" in progress.text
    content = (await officer.get(f"{place}/badges.pdf")).content
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 13
