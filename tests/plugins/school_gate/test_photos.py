"""Whatever file is sent as a pupil's photo: a picture is kept painted anew, anything else is refused."""

import re

import pytest

from core.attachments.tables import Attachment
from tests.core.attachments.corpus import NEUTRALISED, REFUSED

pytestmark = pytest.mark.anyio


async def send(client, pupil, data):
    return await client.post(
        f"/school-gate/pupils/{pupil.id}/photo", files={"photo": ("photo.jpg", data, "image/jpeg")}
    )


@pytest.mark.rule("CORE-20")
async def test_each_hostile_file_is_refused_with_a_sentence_and_nothing_is_kept(school, client):
    pupil = await school.pupil("李雷")
    said = set()
    for name, (make, _) in REFUSED.items():
        answer = await send(client, pupil, make())
        assert answer.status_code == 422, name
        problem = re.search(r'class="field-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
        assert problem, name
        said.add(re.sub(r"<[^>]+>", "", problem[1]).strip())
    assert len(said) > 10, "each kind has its own sentence"
    assert not any(re.search(r"[A-Za-z]{12,}", sentence) for sentence in said), said
    assert await Attachment.count() == 0
    assert (await school.pupil("李雷")).photo is None


@pytest.mark.rule("CORE-20")
async def test_a_picture_with_something_hidden_is_shown_without_it(school, client):
    pupil = await school.pupil("李雷")
    for name, (make, mark) in NEUTRALISED.items():
        answer = await send(client, pupil, make())
        assert answer.status_code == 303, name
        page = await client.get(f"/school-gate/pupils/{pupil.id}")
        photo = await client.get(re.search(r'src="(/gate/api/photos/[^"]+)"', page.text)[1])
        assert photo.headers["content-type"].startswith("image/"), name
        assert mark not in photo.content, name
