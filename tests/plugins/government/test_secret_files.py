"""Files of items: encrypted in the store, painted anew, erased with their item."""

import io

import pytest
from PIL import Image

from core import clock, db
from core.attachments import services as attachments
from core.errors import NotFoundError
from core.permissions import SYSTEM
from plugins.government.rights import CLERK, UNIT_CLERK
from plugins.government.secrecy import files
from tests.plugins.government.scene import page_of


def a_picture():
    made = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(made, "PNG")
    return made.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Title(MARKER)>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.rule("GOV-50")
async def test_a_file_lies_encrypted_in_the_store_and_opens_only_for_who_may_see_its_item(city):
    clerk, unit = await city.client(CLERK), await city.client(UNIT_CLERK, unit="labour")
    row = await city.matter()
    sent = await clerk.post(
        f"{page_of(row)}/files",
        data={"file_kind": "evidence"},
        files={"file": ("张三的举报信.pdf", PDF, "application/pdf")},
    )
    assert sent.status_code == 303, sent.text
    [kept] = await db.fetch("SELECT id, attachment FROM government_file")
    line, locked = await attachments.open_attachment(kept["attachment"])
    assert b"MARKER" not in locked
    assert line.name == ""
    stored = str(await db.fetch("SELECT * FROM government_file"))
    assert "举报信" not in stored
    address = f"/government/files/{kept['id']}"
    opened = await clerk.get(address)
    assert opened.content == PDF
    assert opened.headers["content-disposition"].startswith("attachment;")
    assert "举报" not in opened.headers["content-disposition"]
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in opened.headers["cache-control"]
    assert (await unit.get(address)).status_code == 404
    assert "张三的举报信.pdf" in (await clerk.get(page_of(row))).text
    await clerk.post(f"{page_of(row)}/step-back", data={"interest": "亲属"})
    assert (await clerk.get(address)).status_code == 404


@pytest.mark.rule("CORE-20")
async def test_a_picture_is_painted_anew_and_a_program_is_refused_beside_the_field(city):
    clerk = await city.client(CLERK)
    row = await city.matter()
    address = f"{page_of(row)}/files"
    wrong = await clerk.post(
        address,
        data={"file_kind": "scan"},
        files={"file": ("x.exe", b"MZ" + b"0" * 200, "image/png")},
    )
    assert wrong.status_code == 422
    assert 'id="f-file-error"' in wrong.text
    right = await clerk.post(
        address,
        data={"file_kind": "scan"},
        files={"file": ("x.png", a_picture() + b"HIDDEN TAIL", "image/png")},
    )
    assert right.status_code == 303
    [line] = await files.of_matter(row.id, SYSTEM, clock.now())
    _, shown = await files.open_file(line.id, SYSTEM, clock.now())
    assert shown.startswith(b"\x89PNG")
    assert b"HIDDEN" not in shown


async def test_files_are_erased_with_their_item(city):
    row = await city.matter()
    safe = await files.prepared(PDF)
    made = await files.attach(
        safe, kind="scan", name="a.pdf", matter_id=row.id, actor=SYSTEM, at=clock.now()
    )
    assert await files.erase_of(row.id, actor=SYSTEM, at=clock.now()) == 1
    await attachments.settled()
    with pytest.raises(NotFoundError):
        await files.open_file(made, SYSTEM, clock.now())
