"""What is destroyed or let go leaves no text behind, in any room, under any of a person's entries."""

import ast
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from core import clock, db
from core.documents.tables import IssuedDocument
from core.permissions import SYSTEM
from core.privacy import retention
from plugins.government import papers as papers_package
from plugins.government import sealing
from plugins.government.archive import carrying, destroying, forgetting
from plugins.government.archive.tables import Destruction
from plugins.government.bulletins.tables import Bulletin
from plugins.government.papers import services as papers
from plugins.government.people import services as people
from plugins.government.piccolo_app import APP_CONFIG
from plugins.government.supervising import papers as letters
from tests.plugins.government.chain import handled_by
from tests.plugins.government.test_archive import at_its_end, filed

pytestmark = pytest.mark.anyio
PLUGIN = Path(papers_package.__file__).parents[1]
TABLES = {
    table._meta.tablename: [column._meta.name for column in table._meta.columns]
    for table in APP_CONFIG.table_classes
}
CIPHERS = {
    name: [column for column in columns if column.endswith("_cipher")]
    for name, columns in TABLES.items()
    if any(column.endswith("_cipher") for column in columns)
}


def sealed_columns():
    """Every column's name that some code of the plugin encrypts for, as it stands in the source."""
    found = set()
    for path in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            column = node.args[2]
            if name == "seal" and isinstance(column, ast.Constant):
                found.add(column.value)
    return found


@pytest.mark.rule("CORE-21", "GOV-48")
def test_every_encrypted_column_is_named_where_it_is_forgotten():
    """Whoever adds one says there how it goes: with its item, or by a retention rule of its own."""
    unnamed = {
        f"{table}.{column}"
        for table, columns in CIPHERS.items()
        if table not in forgetting.APART
        for column in columns
        if column not in forgetting.BLANKED.get(table, ())
    }
    assert unnamed == set()
    named = {column for columns in forgetting.BLANKED.values() for column in columns}
    named |= {column for table in forgetting.APART for column in TABLES[table]}
    of_the_core = {
        "data",
        "person",
    }  # of papers and deliveries, which `forgetting` has the core forget
    assert sealed_columns() <= named | of_the_core


def test_what_is_named_as_forgotten_exists():
    for table, columns in forgetting.BLANKED.items():
        assert set(columns) <= set(TABLES[table]), table
    assert set(forgetting.APART) <= set(TABLES)


@pytest.mark.rule("CORE-21")
async def test_what_no_item_holds_is_let_go_by_a_rule_of_its_own(city):
    """A rule that only tells how long something is kept would keep it for ever."""
    rules = {kept.rule.kind: kept for kept in await retention.rules(city.plugins, clock.now())}
    for kind in (*forgetting.APART.values(), "government.bulletin"):
        assert rules[kind].rule.find is not None, kind
        assert rules[kind].rule.erase is not None, kind
    assert rules["government.file_ordinary"].days == 3652
    assert rules["government.file_dedicated"].days == 10958


@pytest.mark.rule("CORE-21")
async def test_recommendations_notes_on_staff_and_bulletins_are_blanked_when_their_time_is_over(
    city,
):
    long_ago = clock.now() - timedelta(days=4000)
    user = (await city.client("petition_clerk")).user_id
    ids = {name: uuid4() for name in ("recommendation", "mark", "bulletin")}

    def sealed(table, column, name):
        return sealing.seal("记录内容", table, column, ids[name])

    await db.execute(
        "INSERT INTO government_recommendation (id, number, site, unit, kind, text_cipher, due_on,"
        " made_at) VALUES ({}, 'R1', {}, {}, 'improve', {}, {}, {})",
        ids["recommendation"],
        city.site.id,
        city.units["labour"],
        sealed("government_recommendation", "text_cipher", "recommendation"),
        long_ago.date(),
        long_ago,
    )
    letter = await letters.issue(ids["recommendation"], actor=SYSTEM, at=long_ago)
    await db.execute(
        'INSERT INTO government_staff_mark (id, site, "user", first, attitude, speed, results,'
        " satisfaction, note_cipher, at) VALUES ({}, {}, {}, {}, 4, 4, 4, 4, {}, {})",
        ids["mark"],
        city.site.id,
        user,
        long_ago.date(),
        sealed("government_staff_mark", "note_cipher", "mark"),
        long_ago,
    )
    await Bulletin.insert(
        Bulletin(
            id=ids["bulletin"],
            site=city.site.id,
            kind="weekly",
            batch=uuid4(),
            first=long_ago.date(),
            last=long_ago.date(),
            texts_cipher=sealed("government_bulletin", "texts_cipher", "bulletin"),
            created_at=long_ago,
        )
    )
    await retention.run(plugins=city.plugins, actor=SYSTEM, at=clock.now())
    for table, column in (
        ("government_recommendation", "text_cipher"),
        ("government_staff_mark", "note_cipher"),
        ("government_bulletin", "texts_cipher"),
    ):
        rows = await db.fetch(f"SELECT {column} AS text FROM {table}")
        assert [row["text"] for row in rows] == [""], table
    kept = await db.fetch("SELECT data, label FROM issued_document WHERE id = {}", letter)
    assert [(row["data"], row["label"]) for row in kept] == [("", "信访建〔2015〕1号")]


@pytest.mark.rule("CORE-21", "GOV-48", "GOV-55")
async def test_nothing_of_an_item_is_left_in_any_room_once_it_is_forgotten(city):
    """Whatever its rooms wrote: opinions, deliveries, requests, ratings, papers, bulletins, lists."""
    chain = await handled_by(city)
    matter = chain.matter.id
    await chain.issue()
    await chain.deliver()
    await chain.ask()
    bulletin = await Bulletin.insert(
        Bulletin(
            id=uuid4(),
            site=city.site.id,
            kind="special",
            batch=uuid4(),
            first=clock.now().date(),
            last=clock.now().date(),
            matter=matter,
            texts_cipher="x",
            created_at=clock.now(),
        )
    )
    async with db.writing():
        await papers.take_list(
            "special",
            {"heading": "关于周建国反映问题的专报"},
            record_kind="government_bulletin",
            record_id=bulletin[0]["id"],
            actor=SYSTEM,
            at=clock.now(),
        )
    own = [name for name in CIPHERS if "matter" in TABLES[name]]
    full = [name for name in own if await texts_of(name, "matter", matter)]
    assert {"government_opinion", "government_review", "government_bulletin"} <= set(full)
    await forgetting.item(matter, actor=SYSTEM, at=clock.now())
    left = {name: await texts_of(name, "matter", matter) for name in own}
    assert {name: found for name, found in left.items() if found} == {}
    assert await texts_of("government_matter", "id", matter) == []
    rows = await IssuedDocument.select(IssuedDocument.data, IssuedDocument.sha256)
    assert len(rows) > 2
    assert {(row["data"], row["sha256"]) for row in rows} == {("", "")}


async def texts_of(table, by, value):
    """What still stands in the encrypted columns of the rows of one item; steps say it is destroyed."""
    columns = [
        column for column in CIPHERS[table] if (table, column) != ("government_step", "text_cipher")
    ]
    rows = await db.fetch(f"SELECT {', '.join(columns)} FROM {table} WHERE {by} = {{}}", value)
    return [(column, row[column]) for row in rows for column in columns if row[column]]


@pytest.mark.rule("CORE-21")
async def test_entries_merged_into_one_another_are_forgotten_together(city):
    kept, second, first = [
        await city.petitioner(name="周建国", phone=f"1390794000{n}") for n in range(3)
    ]
    for one, into in ((second, kept), (first, second)):
        await db.execute(
            "UPDATE government_petitioner SET merged_into = {} WHERE id = {}", into, one
        )
    assert set(await people.merged_with(second)) == {kept, second, first}
    old, later = await city.matter(petitioner_id=first), await city.matter(petitioner_id=kept)
    await forgetting.item(old.id, actor=SYSTEM, at=clock.now())
    assert len(await names()) == 3, "the same person still has an item under another entry"
    await forgetting.item(later.id, actor=SYSTEM, at=clock.now())
    assert await names() == []
    assert await db.fetch("SELECT id FROM government_search") == []


async def names():
    """The names of petitioners that are still stored."""
    return await db.fetch("SELECT id FROM government_petitioner WHERE name_cipher <> ''")


@pytest.mark.rule("GOV-35", "GOV-48")
async def test_a_long_list_is_destroyed_part_by_part_and_what_is_held_meanwhile_is_spared(city):
    head, second = await city.client("petition_head"), await city.client("petition_archivist")
    city.travel("2014-03-03 09:00")
    rows = [await at_its_end(city) for _ in range(4)]
    await city.later("2014-03-04 09:00", head)
    files = [await filed(city, head, one) for one in rows]
    await city.later("2026-11-23 09:00", head, second)
    made = await head.post("/government/archive/destruction", data={"method": "碎纸"})
    page = made.headers["location"]
    list_id = page.rsplit("/", 1)[1]
    actor = await city.actor(second)
    done = await destroying.confirm(list_id, actor=actor, at=clock.now(), most=1)
    assert not done
    shown = await second.get(page)
    assert "正在分批销毁" in shown.text
    stages = [(await city.row(one.id)).stage for one in rows]
    assert stages.count("destroyed") == 1
    held = rows[stages.index("archived")]
    form = {"act": "hold", "why": "court"}
    assert (await head.post(f"/government/matters/{held.id}/file", data=form)).status_code == 303
    await carrying.minute(clock.now())
    stages = {one.id: (await city.row(one.id)).stage for one in rows}
    assert [stage for stage in stages.values()].count("destroyed") == 3
    assert stages[held.id] == "archived"
    row = await Destruction.objects().first()
    assert (row.state, row.total) == ("done", 3)
    paper = await second.get(f"/documents/{row.document}/paper")
    assert paper.status_code == 200
    spared = next(one["number"] for one in files if one["matter"] == held.id)
    assert spared not in (await head.get(page)).text
