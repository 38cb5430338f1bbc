# ruff: noqa: E501 - a table reads better with one case in a line
"""Importing a roster through its pages: preview, apply, what is left over."""

import csv
import io

import pytest

from core import clock, db
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from plugins.school_gate.queries.pupils import PupilFilter, guardians_of, pupils
from plugins.school_gate.tables import Guardian, Pupil, RosterImport
from tests.plugins.school_gate.conftest import STAFF, STAFF_HEADER
from tests.plugins.school_gate.rosters import HEADER, ROWS, a_csv, an_xlsx

pytestmark = pytest.mark.anyio

BAD = ["七年级", "1班", "", "2026009", "男", "走读", "=1+1", "父亲", "12"]


async def upload(client, data, kind="pupils", name="名册.csv"):
    answer = await client.post(
        "/school-gate/roster", data={"kind": kind}, files={"file": (name, data)}
    )
    if answer.status_code != 303:
        return answer, ""
    return await client.get(answer.headers["location"]), answer.headers["location"]


async def everybody():
    found, _ = await pupils(SYSTEM, PupilFilter(), at_ms=clock.now_ms(), size=500)
    return found


@pytest.mark.rule("SCH-21")
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (a_csv([*ROWS, BAD]), "utf8.csv"),
        (a_csv([*ROWS[:2], ["七年级", "2班", "欧阳喆", "2026003", "男", "走读", "", "", ""], BAD], encoding="gbk"), "gbk.csv"),
        (an_xlsx([*ROWS, BAD]), "名册.xlsx"),
    ],
    ids=["UTF-8", "GBK", "XLSX"],
)  # fmt: skip
async def test_a_roster_is_shown_with_errors_by_row_and_changes_nothing_before_it_is_applied(
    client, data, name
):
    page, place = await upload(client, data, name=name)
    assert page.status_code == 200
    assert "韩梅梅" in page.text
    assert "七年级1班" in page.text
    assert "12" in page.text
    assert not await Pupil.exists()

    await client.post(f"{place}/apply", data={"create_classes": "1"})
    found = await everybody()
    assert [one.number for one in found] == ["2026001", "2026002", "2026003"]
    assert [one.boards for one in found] == [False, True, False]


@pytest.mark.rule("SCH-21")
async def test_rows_of_unknown_classes_are_left_out_unless_the_classes_are_created(client):
    _, place = await upload(client, a_csv())
    await client.post(f"{place}/apply")
    assert not await Pupil.exists()
    page = await client.get(place)
    assert "韩梅梅" in page.text

    _, place = await upload(client, a_csv())
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    assert len(await everybody()) == 3


@pytest.mark.rule("SCH-21")
async def test_the_same_roster_twice_changes_nothing_the_second_time(client):
    for effect in ("created", "the same"):
        _, place = await upload(client, a_csv())
        await client.post(f"{place}/apply", data={"create_classes": "1"})
        entry = await RosterImport.objects().order_by(RosterImport.created_at).first()
        assert entry is not None, effect
    latest = (await RosterImport.objects().order_by(RosterImport.created_at))[-1]
    assert (latest.added, latest.changed, latest.same) == (0, 0, 3)
    assert await Guardian.count() == 3


@pytest.mark.rule("SCH-21")
async def test_a_roster_updates_by_number_and_lists_who_is_missing(client):
    _, place = await upload(client, a_csv())
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    moved = ["七年级", "2班", "李雷", "2026001", "男", "住校", "李强", "父亲", "13900139000"]
    page, place = await upload(client, a_csv([moved, ROWS[2]]))
    assert "1班 → 2班" in page.text
    missing, place_of_all = await upload(client, a_csv([ROWS[0]]))
    assert "韩梅梅" in missing.text
    assert place_of_all != place

    await client.post(f"{place}/apply")
    found = {one.number: one for one in await everybody()}
    assert found["2026001"].full_class == "七年级2班"
    assert found["2026001"].boards
    assert len(found) == 3
    assert (await guardians_of(found["2026001"].id))[0].phone == "139****9000"


@pytest.mark.rule("SCH-21")
async def test_bad_rows_can_be_downloaded_with_their_reasons_and_no_formula(client):
    _, place = await upload(client, a_csv([*ROWS, BAD]))
    answer = await client.get(f"{place}/bad-rows.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][: len(HEADER)] == HEADER
    assert rows[1][6] == "'=1+1"
    assert rows[1][-2] == "5"
    assert "姓名" in rows[1][-1]

    await client.post(f"{place}/apply", data={"create_classes": "1"})
    again = await client.get(f"{place}/bad-rows.csv")
    assert again.content == answer.content


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xlsx"),
        (a_csv(header=["甲", "乙"], rows=[["1", "2"]]), "年级、班级、姓名、学号"),
        (b"", "选择"),
        (b"\xff\xff\x81\x81", "UTF-8"),
    ],
    ids=["old Excel", "other columns", "no file", "no text"],
)
@pytest.mark.rule("SCH-21")
async def test_a_file_that_is_no_roster_comes_back_with_what_to_do(client, data, says):
    page, _ = await upload(client, data)
    assert page.status_code == 422
    assert says in page.text
    assert not await RosterImport.exists()


async def test_a_file_larger_than_the_bound_is_refused(client):
    page, _ = await upload(client, b"a" * (6 * 1024 * 1024))
    assert page.status_code in (413, 422)


async def test_guardians_and_staff_have_files_of_their_own(school, client):
    page, place = await upload(
        client,
        a_csv(
            [
                ["2026001", "李雷", "王芳", "母亲", "13700137000", "否"],
                ["999", "", "甲", "", "", ""],
            ],
            ["学号", "学生姓名", "家长姓名", "关系", "家长电话", "可接送"],
        ),
        kind="guardians",
    )
    assert page.status_code == 200
    await client.post(f"{place}/apply")
    pupil = await school.pupil("李雷")
    assert [(g.name, g.may_collect) for g in await guardians_of(pupil.id)] == [
        ("李强", True),
        ("王芳", False),
    ]

    changed = [["T1", "王珺", "办公室", "B1", "8001", "", "七年级2班"], *STAFF[1:]]
    _, place = await upload(client, a_csv(changed, STAFF_HEADER), kind="staff")
    await client.post(f"{place}/apply")
    page = await client.get("/school-gate/staff")
    assert "办公室" in page.text
    page = await client.get("/school-gate/classes")
    assert page.text.count("王珺") == 2


async def test_a_discarded_file_leaves_nothing_behind(client):
    _, place = await upload(client, a_csv())
    await client.post(f"{place}/discard")
    row = await RosterImport.objects().first()
    assert (row.state, row.rows_cipher) == ("discarded", None)
    assert (await client.get(place)).status_code == 200
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    assert not await Pupil.exists()


async def test_a_file_is_applied_once_and_a_second_time_is_told_so(client):
    _, place = await upload(client, a_csv([*ROWS, BAD]))
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    again = await client.post(f"{place}/apply", data={"create_classes": "1"}, follow_redirects=True)
    assert again.status_code == 200
    assert await Pupil.count() == 3


async def test_phones_of_a_file_lie_nowhere_in_clear(client, database):
    _, place = await upload(client, a_csv([*ROWS, BAD]))
    stored = await db.fetch("SELECT rows_cipher FROM school_gate_import")
    assert "13800138001" not in str(stored)
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    for table in ("school_gate_guardian", "school_gate_import", "log_entry"):
        assert "13800138001" not in str(await db.fetch(f"SELECT * FROM {table}")), table


async def test_an_import_is_logged_with_each_pupil(client):
    _, place = await upload(client, a_csv())
    await client.post(f"{place}/apply", data={"create_classes": "1"})
    acts = [row["act"] for row in await LogEntry.select(LogEntry.act)]
    assert acts.count("school_gate.pupil_add") == 3
    assert acts.count("school_gate.roster_apply") == 1


async def test_templates_can_be_downloaded_and_read_again(client):
    for kind in ("pupils", "guardians", "staff"):
        template = await client.get(f"/school-gate/roster/template/{kind}")
        assert template.headers["content-type"].startswith("text/csv")
        page, _ = await upload(client, template.content, kind=kind)
        assert page.status_code == 200
    assert (await client.get("/school-gate/roster/template/others")).status_code == 404


async def test_a_roster_of_another_site_is_not_there(client_as, site, client):
    from core.sites.tables import Site

    other = Site(code="other", name="分校")
    await Site.insert(other)
    _, place = await upload(client, a_csv())
    stranger = await client_as("administrator", site_id=other.id)
    assert (await stranger.get(place)).status_code == 404
    assert (await stranger.post(f"{place}/apply")).status_code == 404
