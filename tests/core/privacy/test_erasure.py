"""What is stored of a person can be given, is nowhere in the clear, and can be erased."""

import tarfile
from pathlib import Path
from uuid import uuid4

import pytest

from core import clock, db
from core.attachments.store import DiskStore
from core.backup import services as backup
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys, services
from core.privacy.crypto import Keyring
from core.registrations import correcting
from core.registrations.services import Arrival, register
from core.registrations.tables import Registration
from core.sites import services as sites
from core.visitors.matching import Person
from core.visitors.tables import Visitor, VisitorSearchRow

pytestmark = pytest.mark.anyio
PLUGINS = Plugins({})
PHONE, DOCUMENT = "13912345678", "11010519491231002X"
CANARIES = (PHONE, DOCUMENT, DOCUMENT[6:14])


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def a_visit(**given):
    at = clock.now()
    site = await sites.add_site(
        code=uuid4().hex[:8], name="主校区", audience=1, actor=SYSTEM, at=at
    )
    person = Person(
        name="单雄信", phone=PHONE, document_kind="resident_id", document_number=DOCUMENT,
        organisation="瓦岗", plate="京A12345",
    )  # fmt: skip
    arrival = Arrival(
        site_id=site, person=person, purpose="core.visit", reason="找人商量事情", document_shown=True,
        **given,
    )  # fmt: skip
    return await register(arrival, actor=SYSTEM, at=at, plugins=PLUGINS)


async def end(visit):
    await correcting.cancel(visit.id, reason="走了", actor=SYSTEM, at=clock.now(), plugins=PLUGINS)


async def erase(visitor_id, reason="本人要求"):
    await services.erase_visitor(
        visitor_id, reason=reason, plugins=PLUGINS, actor=SYSTEM, at=clock.now()
    )


async def every_row():
    rows = [await db.fetch(f'SELECT * FROM "{t._meta.tablename}"') for t in backup.tables()]
    return "\n".join(str(one) for one in rows)


async def test_numbers_are_nowhere_in_the_clear(database, tmp_path):
    await a_visit()
    rows = await every_row()
    assert "单雄信" in rows
    assert not [canary for canary in CANARIES if canary in rows]
    await backup.make(tmp_path / "b", DiskStore(tmp_path / "a"), tmp_path / "p", at=clock.now())
    with tarfile.open(tmp_path / "b") as archive:
        archive.extractall(tmp_path / "x", filter="data")
    files = [p for p in (tmp_path / "x").rglob("*") if p.is_file()]
    if db.is_sqlite():
        files += list(Path(database.removeprefix("sqlite:///")).parent.glob("*.sqlite*"))
        assert any(p.name.endswith("-wal") for p in files)
    for path in files:
        data = path.read_bytes()
        assert not [c for c in CANARIES if c.encode() in data], path.name


async def test_a_person_is_given_all_that_is_stored_and_the_giving_is_logged(database):
    visit = await a_visit(goods="一箱书")
    given, failed = await services.export_person(
        visit.visitor_id, plugins=PLUGINS, actor=SYSTEM, at=clock.now()
    )
    said = " ".join(detail.value for group in given for detail in group.details)
    assert not failed
    for text in ("单雄信", PHONE, DOCUMENT, "瓦岗", "京A12345", "找人商量事情", "一箱书"):
        assert text in said
    assert await LogEntry.exists().where(LogEntry.act == "visitor.export")


async def test_after_erasure_nothing_personal_is_left_and_figures_stay(database):
    visit = await a_visit(goods="一箱书", remark="戴帽子")
    await end(visit)
    await erase(visit.visitor_id)
    tables = (Visitor, Registration, VisitorSearchRow)
    left = "\n".join([str(await table.select()) for table in tables])
    for text in ("单雄信", "shan", "瓦岗", "京A12345", "找人商量事情", "一箱书", "戴帽子"):
        assert text not in left
    row = await Registration.objects().get(Registration.id == visit.id)
    assert (row.number, row.state, row.purpose) == (visit.number, "cancelled", "core.visit")
    with pytest.raises(NotFoundError):
        await erase(visit.visitor_id)


async def test_an_open_visit_a_legal_hold_and_a_missing_reason_stop_the_erasure(database):
    visit = await a_visit()
    with pytest.raises(WrongStateError, match="open visit"):
        await erase(visit.visitor_id)
    await end(visit)
    with pytest.raises(InvalidInputError):
        await erase(visit.visitor_id, reason=" ")
    hold = await services.place_hold(
        "visitor", visit.visitor_id, reason="警方调查", actor=SYSTEM, at=clock.now()
    )
    with pytest.raises(WrongStateError, match="legal hold"):
        await erase(visit.visitor_id)
    assert (await Visitor.objects().get(Visitor.id == visit.visitor_id)).name == "单雄信"
    await services.lift_hold(hold.id, actor=SYSTEM, at=clock.now())
    await erase(visit.visitor_id)
