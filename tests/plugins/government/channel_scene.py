"""What comes by each channel: letters of a delivery, assigned items, petitions of the public form."""

import io
import re

from PIL import Image

from tests.plugins.government.desk_scene import said
from tests.plugins.government.scene import an_id


def a_scan(colour="white"):
    file = io.BytesIO()
    Image.new("RGB", (200, 280), colour).save(file, "JPEG")
    return file.getvalue()


async def a_batch(desk, **changed):
    data = {"received_on": "2026-11-23", "pieces": "3", "carrier": "邮局", **changed}
    answer = await desk.clerk.post("/government/letters", data=data)
    assert answer.status_code == 303, said(answer.text)
    return answer.headers["location"]


def letter(desk, **changed):
    return {
        **desk.form(decision="later", suggestion="forward"),
        "do": "enter",
        "envelope": "whole",
        "stamp": "registered",
        "postmark": "东河 11-21",
        "pages": "4",
        **changed,
    }


async def enter(desk, batch, files=(), **changed):
    """Send the form of a letter as a browser does: without a scan an empty part stands there."""
    files = [("scans", one) for one in files or [("", b"", "application/octet-stream")]]
    return await desk.clerk.post(batch, data=letter(desk, **changed), files=files)


def assigned(desk, **changed):
    return {
        **desk.form(decision="later", suggestion="assign"),
        "do": "enter",
        "source": "province",
        "assigned_by": "省信访局",
        "source_number": "赣信交〔2026〕88号",
        "received_on": "2026-11-21",
        "report_by": "2027-01-20",
        "instruction": "请依法处理并报结果。",
        **changed,
    }


async def send(client, path, data):
    """Send a form that may carry files, as a browser does without one."""
    nothing = [("scans", ("", b"", "application/octet-stream"))]
    return await client.post(path, data=data, files=nothing)


def petition(**changed):
    return {
        "name": "吴明",
        "document_kind": "resident_id",
        "document_number": an_id(),
        "phone": "13800001111",
        "address": "西岭区人民路3号",
        "purpose": "opinion",
        "title": "建议增设公交站",
        "demand": "在人民路增设公交站",
        "facts": "最近的车站在两公里外。",
        "website": "",
        "agree": "1",
        **changed,
    }


async def a_form(client):
    page = await client.read_token("/government/write")
    return re.search(r'name="once" value="([0-9a-f-]{36})"', page.text)[1]
