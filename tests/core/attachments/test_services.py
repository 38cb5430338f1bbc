import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import db
from core.attachments import services
from core.attachments.images import FileRefusedError
from core.attachments.store import CorruptContentError, MissingContentError
from core.attachments.tables import Attachment
from core.errors import NotFoundError
from core.log.tables import LogEntry
from core.permissions import Actor
from core.privacy import keys
from tests.core.attachments import corpus

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GUARD = Actor(kind="user", id=uuid4(), name="李卫国")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    keys.open(tmp_path / "keyring.json")


def photo(colour=(200, 60, 40)):
    image = corpus.scene()
    image.paste(colour, (0, 0, 60, 60))
    return corpus.saved(image, "JPEG")


async def attach(data=None, **changes):
    picture = await services.take(photo() if data is None else data)
    return await services.attach(
        picture,
        **{"record_kind": "visitor", "record_id": uuid4(), "actor": GUARD, "at": AT, **changes},
    )


def kept():
    return list(services.store().iterate())


async def acts():
    return [row["act"] for row in await LogEntry.select(LogEntry.act).order_by(LogEntry.id)]


async def test_attached_picture_is_opened_as_it_was_kept_and_both_are_logged(database):
    row = await attach(name="C:\\fakepath\\照片\u202egpj.exe")
    found, data = await services.open_attachment(row.id)
    assert found.sha256 == row.sha256
    assert (found.media_type, found.width, found.height) == ("image/jpeg", 320, 240)
    assert found.size == len(data)
    assert found.created_by == GUARD.id
    assert found.created_at == AT
    assert found.name == "照片gpj.exe"
    assert kept() == [row.sha256]
    assert await acts() == ["attachment.add"]


@pytest.mark.parametrize("name", ["pixel bomb", "svg with a script", "truncated jpeg", "empty"])
async def test_refused_file_writes_nothing(database, name):
    make, code = corpus.REFUSED[name]
    with pytest.raises(FileRefusedError) as refusal:
        await attach(make())
    assert refusal.value.code == code
    assert kept() == []
    assert await Attachment.count() == 0
    assert await acts() == []


async def test_portrait_keeps_no_more_than_a_badge_needs(database):
    picture = await services.take(corpus.saved(corpus.scene(3000, 2000), "JPEG"), portrait=True)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 480, 640)
    assert len(picture.data) < 60_000


async def test_same_picture_on_two_records_is_kept_once(database):
    first, second = await attach(), await attach()
    assert first.id != second.id
    assert kept() == [first.sha256]


async def test_erased_attachment_is_gone_with_its_bytes_and_its_name(database):
    row = await attach(name="王珺.jpg")
    await services.erase(row.id, actor=GUARD, at=AT)
    await services.settled()
    assert kept() == []
    with pytest.raises(NotFoundError):
        await services.open_attachment(row.id)
    with pytest.raises(NotFoundError):
        await services.erase(row.id, actor=GUARD, at=AT)
    left = await Attachment.objects().get(Attachment.id == row.id)
    assert (left.name, left.erased_at) == ("", AT)
    assert await acts() == ["attachment.add", "attachment.erase"]


async def test_bytes_stay_while_another_record_needs_them(database):
    first, second = await attach(), await attach()
    await services.erase(first.id, actor=GUARD, at=AT)
    await services.settled()
    assert (await services.open_attachment(second.id))[1]
    await services.erase(second.id, actor=GUARD, at=AT)
    await services.settled()
    assert kept() == []


async def test_erasure_that_is_rolled_back_keeps_everything(database):
    row = await attach()

    async def erase_and_fail():
        async with db.writing():
            await services.erase(row.id, actor=GUARD, at=AT)
            raise RuntimeError("something else in the act failed")

    with pytest.raises(RuntimeError):
        await erase_and_fail()
    await services.settled()
    assert (await services.open_attachment(row.id))[1]


async def test_attaching_that_is_rolled_back_leaves_bytes_that_a_sweep_removes(database):
    stays = await attach(photo((1, 2, 3)))
    picture = await services.take(photo())

    async def attach_and_fail():
        async with db.writing():
            await services.attach(
                picture, record_kind="visitor", record_id=uuid4(), actor=GUARD, at=AT
            )
            raise RuntimeError("something else in the act failed")

    with pytest.raises(RuntimeError):
        await attach_and_fail()
    assert sorted(kept()) == sorted([stays.sha256, picture.sha256])
    assert await services.sweep() == 1
    assert kept() == [stays.sha256]
    assert await Attachment.count() == 1


async def test_picture_swept_away_before_it_was_attached_comes_back(database):
    picture = await services.take(photo())
    assert await services.sweep() == 1
    row = await services.attach(
        picture, record_kind="visitor", record_id=uuid4(), actor=GUARD, at=AT
    )
    assert (await services.open_attachment(row.id))[1] == picture.data


async def test_attaching_and_erasing_at_once_never_leaves_a_row_without_bytes(database):
    picture = await services.take(photo())

    async def come_and_go(stay):
        row = await services.attach(
            picture, record_kind="visitor", record_id=uuid4(), actor=GUARD, at=AT
        )
        assert (await services.open_attachment(row.id))[1] == picture.data
        if not stay:
            await services.erase(row.id, actor=GUARD, at=AT)

    for _ in range(4):
        await asyncio.gather(*(come_and_go(stay=False) for _ in range(6)), services.sweep())
    await services.settled()
    assert kept() == []
    await asyncio.gather(*(come_and_go(stay=n == 3) for n in range(6)), services.sweep())
    await services.settled()
    assert kept() == [picture.sha256]


async def test_changed_or_lost_bytes_are_named_and_never_shown(database):
    row = await attach()
    path = services.store().path(row.sha256)
    path.write_bytes(b"changed")
    with pytest.raises(CorruptContentError):
        await services.open_attachment(row.id)
    path.unlink()
    with pytest.raises(MissingContentError):
        await services.open_attachment(row.id)


async def test_event_loop_runs_on_while_a_large_picture_is_painted(database):
    large = corpus.saved(corpus.noise(1500, 1000).resize((6000, 4000)), "JPEG", quality=60)
    longest = 0.0
    loop = asyncio.get_running_loop()
    taking = asyncio.ensure_future(services.take(large))
    began = last = loop.time()
    while not taking.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, loop.time() - last), loop.time()
    await taking
    assert longest < (last - began) / 2
