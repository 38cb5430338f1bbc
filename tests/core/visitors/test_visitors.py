"""Visitors known again, corrected, merged, unmasked; what is found by which search."""

from datetime import timedelta

import pytest

from core import db
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.log.tables import LogEntry
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.registrations import history
from core.registrations.rulebook import Reception
from core.visitors import queries, services
from core.visitors.matching import Person
from core.visitors.search import search
from core.visitors.tables import Visitor, VisitorMerge
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    LI,
    MONDAY,
    WANG,
    a_person,
    a_place,
    arrive,
)

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def remember(person, at=MONDAY):
    async with db.writing():
        return await services.remember(person, actor=GUARD, at=at)


async def names(text):
    return [card.name for card in await search(text)]


@pytest.mark.rule("CORE-2")
@pytest.mark.parametrize(
    "again",
    [
        a_person(),
        a_person(phone="13911112222"),
        a_person(number=""),
        a_person("王 小明", number=""),
        Person(name="王小明", document_kind="driving_licence", document_number=WANG),
    ],
    ids=["all the same", "another phone", "no document", "a space in the name", "licence"],
)
async def test_a_person_is_known_again(database, again):
    first = await remember(a_person())
    second = await remember(again, LATER)
    assert second.known
    assert second.visitor.id == first.visitor.id
    assert await Visitor.count() == 1


@pytest.mark.rule("CORE-2")
@pytest.mark.parametrize(
    "other",
    [
        a_person("王小红", number=LI),
        a_person("王小红", number=""),
        a_person(phone="", number=""),
        a_person(number=LI),
        Person(name="李雷", document_kind="work_card", document_number="001"),
    ],
    ids=["family phone", "family phone alone", "namesake", "same name and phone", "work card"],
)
async def test_another_person_is_not_taken_for_a_known_one(database, other):
    await remember(a_person())
    await remember(Person(name="韩梅", document_kind="work_card", document_number="001"))
    assert not (await remember(other, LATER)).known
    assert await Visitor.count() == 3


async def test_a_known_document_under_another_name_is_asked_about(database):
    await remember(a_person())
    with pytest.raises(InvalidInputError) as problem:
        await remember(a_person("王晓明", phone=""))
    assert "王小明" in str(problem.value.problems["same_person"])
    again = await remember(a_person("王晓明", phone="", same_person=True))
    assert again.visitor.name == "王晓明"
    entry = await LogEntry.objects().where(LogEntry.act == "visitor.correct").first()
    assert '"王小明"' in entry.before


@pytest.mark.rule("CORE-3")
async def test_cards_are_masked_and_each_unmasking_is_logged_with_its_reason(database):
    visitor = (await remember(a_person())).visitor
    card = await queries.visitor(visitor.id)
    assert (card.phone, card.document) == ("138****1234", "**************002X")
    with pytest.raises(NotFoundError):
        await services.unmask(visitor.id, reason="想看", actor=GUARD, at=LATER)
    with pytest.raises(InvalidInputError):
        await services.unmask(visitor.id, reason="", actor=CHIEF, at=LATER)
    shown = await services.unmask(visitor.id, reason="失物招领", actor=CHIEF, at=LATER)
    assert (shown.phone, shown.document) == ("13800001234", WANG)
    entries = await LogEntry.objects().where(LogEntry.act == "visitor.unmask")
    assert [(e.actor_name, e.record_id) for e in entries] == [(CHIEF.name, str(visitor.id))]
    assert "失物招领" in entries[0].after
    assert "13800001234" not in entries[0].after


@pytest.mark.rule("CORE-8")
async def test_a_correction_keeps_the_old_masks_in_the_log_and_empties_what_is_empty(database):
    visitor = (await remember(a_person(organisation="东升科技", plate="粤B12345"))).visitor
    with pytest.raises(StaleError):
        await services.correct(visitor.id, a_person(), remark="", version=9, actor=GUARD, at=LATER)
    changed = Person(name="王小明", phone="13911112222", keep_document=True)
    await services.correct(visitor.id, changed, remark="常客", version=1, actor=GUARD, at=LATER)
    card = await queries.visitor(visitor.id)
    assert (card.organisation, card.plate, card.remark) == ("", "", "常客")
    assert (card.phone, card.document) == ("139****2222", "**************002X")
    entry = await LogEntry.objects().where(LogEntry.act == "visitor.correct").first()
    assert "138****1234" in entry.before
    assert "139****2222" in entry.after
    assert await names("1234") == []
    assert await names("2222") == ["王小明"]


@pytest.mark.rule("CORE-2")
async def test_a_merge_keeps_both_histories_and_everything_it_is_found_by(database):
    place = await a_place()
    first = await arrive(place, a_person(phone="13800001234", number=""))
    second = await arrive(place, a_person("王晓明", "13911112222", LI), at=LATER)
    offered = await queries.duplicates(first.visitor_id)
    assert offered == []
    await services.merge(first.visitor_id, second.visitor_id, actor=CHIEF, at=LATER)
    ids = await queries.all_of(first.visitor_id)
    visits = await history.of_person(ids, actor=GUARD, now=LATER, times=Reception())
    assert [v.number for v in visits] == [second.number, first.number]
    for text in ("王小明", "王晓明", "13911112222", "2222", "13800001234", LI):
        assert await names(text) == ["王小明"], text
    again = await remember(a_person("王晓明", "13911112222", ""), LATER)
    assert again.visitor.id == first.visitor_id
    card = await queries.visitor(first.visitor_id)
    assert card.document == "**************0014"
    assert await VisitorMerge.count() == 1
    with pytest.raises(WrongStateError):
        await services.merge(first.visitor_id, second.visitor_id, actor=CHIEF, at=LATER)


async def test_doubles_are_offered_with_what_speaks_for_them(database):
    visitor = (await remember(a_person())).visitor
    other = (await remember(a_person("王小红", number=""))).visitor
    namesake = (await remember(Person(name="王小明"))).visitor
    stranger = (await remember(a_person("王小明", "13911112222", LI))).visitor
    offered = {card.id: by for card, by in await queries.duplicates(visitor.id)}
    assert offered == {other.id: "phone", namesake.id: "name"}
    assert stranger.id not in offered


async def test_a_record_cannot_be_merged_with_itself(database):
    visitor = (await remember(a_person())).visitor
    with pytest.raises(InvalidInputError):
        await services.merge(visitor.id, visitor.id, actor=CHIEF, at=LATER)


@pytest.mark.rule("CORE-28")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("伟民", ["张伟民"]),
        ("民", ["张伟民"]),
        ("张", ["张伟民"]),
        ("zhangweimin", ["张伟民"]),
        ("zhang wei", ["张伟民"]),
        ("zwm", ["张伟民"]),
        ("ZWM", ["张伟民"]),
        ("qiuhe", ["仇和"]),
        ("qh", ["仇和"]),
        ("ozh", ["区志航"]),
        ("ou zhihang", ["区志航"]),
        ("ycg", ["尉迟恭"]),
        ("lvbu", ["吕布"]),
        ("lubu", ["吕布"]),
        ("1234", ["张伟民"]),
        ("13800001234", ["张伟民"]),
        ("１３８ ００００ １２３４", ["张伟民"]),
        (WANG, ["张伟民"]),
        ("002X", ["张伟民"]),
        ("粤B77889", ["仇和"]),
        ("b77889", ["仇和"]),
        ("7889", ["仇和"]),
        ("东升", ["区志航"]),
        ("dskj", ["区志航"]),
        ("smith", ["John Smith"]),
        ("没有这个人", []),
        ("", []),
        ('"; DROP TABLE visitor; --', []),
        ("张*' OR 1=1", []),
    ],
)
async def test_search_finds_people_by_what_a_clerk_types(sqlite_database, text, expected):
    await _people()
    assert await names(text) == expected


@pytest.mark.rule("CORE-28")
async def test_search_finds_the_same_on_postgresql(postgres_database):
    await _people()
    for text, expected in (
        ("伟民", ["张伟民"]),
        ("zwm", ["张伟民"]),
        ("qiuhe", ["仇和"]),
        ("1234", ["张伟民"]),
        (WANG, ["张伟民"]),
        ("b77889", ["仇和"]),
        ("东升", ["区志航"]),
        ("'& | ! <->", []),
    ):
        assert await names(text) == expected, text


async def _people():
    for person in (
        a_person("张伟民", "13800001234", WANG),
        Person(name="仇和", plate="粤B77889"),
        Person(name="区志航", organisation="东升科技"),
        Person(name="尉迟恭"),
        Person(name="吕布"),
        Person(name="John Smith"),
    ):
        await remember(person)
