"""No page looks at every item to say what waits: what grows with the years is found by indexes."""

import re

import pytest

from core import db

pytestmark = pytest.mark.anyio

# They grow with every item; the other tables stay small or are read by their key.
LARGE = {
    *("government_matter", "government_contact", "government_step", "government_told"),
    *("government_opinion", "government_forwarding", "government_matter_unit"),
    *("government_matter_person", "government_petitioner", "government_result"),
    *("issued_document", "document_delivery", "deadline", "deadline_alarm", "holding", "log_entry"),
    *("approval_request", "notice", "visitor", "registration", "attachment"),
}
PAGES = {
    "petition_clerk": (
        *("/", "/government/desk", "/government/matters", "/government/matters?open=yes"),
        *("/government/day", "/government/duty", "/government/call-backs", "/government/weekly"),
        *("/government/letters", "/government/online", "/government/interviews"),
        *(
            f"/government/opinions?due={name}"
            for name in ("undelivered", "untold", "lapsed", "delays")
        ),
    ),
    "petition_unit": ("/", "/government/unit", "/government/unit?view=past"),
    "petition_deputy": ("/", "/government/signing", "/government/duty"),
    "petition_supervisor": ("/", "/government/supervising", "/government/supervising/all"),
    "petition_archivist": ("/", "/government/archive"),
}
_WALKED = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_PARTIAL = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
_TABLE = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?(?:\s+(?:AS\s+)?(\w+))?', re.IGNORECASE)


async def walked(sql, args):
    """Return the large tables that a statement reads from end to end, as SQLite plans it."""
    if "LIMIT" in sql and sql.count("EXISTS") <= len(("reader", "barred")):
        return []  # a plain list, read along an index until the page is full
    names = {alias or table: table for table, alias in _TABLE.findall(sql)}
    small = {row["name"] for row in await db.fetch(_PARTIAL)}  # these hold only what waits
    plan = [row["detail"] for row in await db.fetch(f"EXPLAIN QUERY PLAN {sql}", *args)]
    scans = [found.groups() for line in plan if (found := _WALKED.match(line))]
    tables = {names.get(name, name) for name, index in scans if index not in small}
    return [(table, sql) for table in sorted(tables & LARGE)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", PAGES)
async def test_what_waits_is_counted_without_reading_all_items(city, asked, role):
    place = {"unit": "labour"} if role == "petition_unit" else {}
    client = await city.client(role, **place)
    faults = []
    for page in PAGES[role]:
        asked.clear()
        answer = await client.get(page)
        assert answer.status_code == 200, page
        for sql, args in {one.sql: one.args for one in asked if one.how == "fetch"}.items():
            faults += [(page, *one) for one in await walked(sql, args)]
    assert not faults, "\n".join(map(str, faults))
