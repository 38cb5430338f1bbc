# ruff: noqa: F811 - arguments are fixtures
"""Whoever signs in to the demonstration finds pages that open, in Chinese, with something on them."""

import pytest

from core import clock, db
from tests.app import new_client
from tests.demonstration import PASSWORD, database_url, demonstration, made, wednesday  # noqa: F401
from tests.plugins.government.walk import Walk

pytestmark = pytest.mark.anyio
UNITS = ("rs", "rs-head", "lj", "lj-xf")
# The gate's page is kept by the device for whoever stands there next: its links are for all of them.
AT_GATE = ("/devices", "/school-gate/deposits", "/school-gate/valuables")
# Where a limit or a time of keeping comes from is cited as the rulebook has it.
SOURCES = ("Regulation on petition work", "Rules of a ", "Procedure of a municipal")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("demonstration", ["sqlite"], indirect=True)
async def test_every_page_of_every_role_of_the_demonstration_opens(made, app):
    faults, papers, pages = [], 0, 0
    for login in (*(one.login for one in made.sign_ins), *UNITS):
        client = new_client(app)
        assert (await client.sign_in(login, PASSWORD)).status_code == 303, login
        walk = Walk(login, client, english=SOURCES)
        await walk.through("/", 3)
        await client.aclose()
        faults += [
            one for one in walk.faults if (one[1], one[2]) not in [(p, 403) for p in AT_GATE]
        ]
        papers, pages = papers + walk.papers, pages + len(walk.opened)
    assert not faults, f"{len(faults)} of {pages} pages\n" + "\n".join(map(repr, faults[:80]))
    assert pages > 800
    assert papers > 20


# Something that waits for each: role, address, a part of what must stand there.
WAITING = (
    ("petition_clerk", "/government/desk", "来访"),
    ("petition_clerk", "/government/day?lacking=yes", "/government/matters/"),
    ("petition_clerk", "/government/weekly", "/government/matters/"),
    ("petition_clerk", "/government/duty", "有行动预告"),
    ("petition_clerk", "/government/petitioners", "姓名和电话相同"),
    ("petition_supervisor", "/government/supervising/monthly", "/government/supervising/"),
    ("petition_head", "/government/signing", "查看并签批"),
    ("petition_deputy", "/government/signing", "查看并签批"),
    ("petition_director", "/government/signing", "查看并签批"),
    ("petition_leader", "/government/signing", "/government/matters/"),
    ("petition_archivist", "/government/archive/destruction", "待第二人确认"),
    ("petition_unit", "/government/unit?view=new", "/government/matters/"),
    ("petition_unit", "/government/unit?view=working", "/government/matters/"),
    ("petition_unit_head", "/approvals", "/approvals/"),
)


@pytest.mark.parametrize("demonstration", ["sqlite"], indirect=True)
async def test_something_waits_for_whoever_signs_in_to_the_demonstration(made, app):
    for login, address, expected in WAITING:
        client = new_client(app)
        await client.sign_in(login, PASSWORD)
        page = await client.get(address)
        await client.aclose()
        assert page.status_code == 200, (login, address)
        main = page.text[page.text.index("<main") :]
        assert expected in main, (login, address, main[:1500])


async def test_the_demonstration_leaves_nothing_hanging_in_the_air(made):
    for table, column, other in (
        ("government_matter_person", "petitioner", "government_petitioner"),
        ("government_case_file", "document", "issued_document"),
        ("government_opinion", "document", "issued_document"),
        ("government_told", "document", "issued_document"),
        ("government_bulletin", "document", "issued_document"),
        ("government_forwarding", "weekly", "government_weekly_list"),
    ):
        rows = await db.fetch(
            f"SELECT t.id FROM {table} t WHERE t.{column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.id = t.{column})"
        )
        assert not rows, (table, column)
    rows = await db.fetch(
        "SELECT kind, year, count(*) AS n, max(number) AS last, min(number) AS first"
        " FROM issued_document WHERE kind LIKE 'government.%' GROUP BY kind, year"
    )
    assert len(rows) > 12
    for row in rows:
        assert (row["first"], row["last"]) == (1, row["n"]), row
        counted = await db.fetch(
            "SELECT last FROM document_number WHERE id = {}", f"{row['kind']}/{row['year']}"
        )
        assert counted[0]["last"] == row["last"], row
    archived = await db.fetch(
        "SELECT id FROM government_matter m WHERE m.stage = 'archived' AND NOT EXISTS"
        " (SELECT 1 FROM government_case_file f WHERE f.matter = m.id)"
    )
    assert not archived
    later = await db.fetch("SELECT id FROM government_step WHERE at > {}", clock.now())
    assert not later
