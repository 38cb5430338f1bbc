"""A secret item with marks in every field: a dozen kinds of user call every address and find none.

Whoever may see it finds them all; and with the guard taken away the same crawl fails.
"""

import base64
import tarfile
from pathlib import Path

import pytest

from core import clock
from core import settings as core_settings
from core.attachments import services as attachments
from core.backup import services as backup
from plugins.government.matters import access
from plugins.government.secrecy import guarding
from tests.plugins.government.crawl import needles, plain
from tests.plugins.government.marked import OPEN_STEM, STEM, mark, plain_mark
from tests.plugins.government.secret_scene import AT_THE_GATE, NAME, NUMBER, PDF, PHONE

pytestmark = pytest.mark.anyio
# Another domain's pages and devices: two of the twelve call them, too.
ELSEWHERE = ("/school-gate", "/gate/api", "/static")
CIPHERS = {"skip_reason"}
# Who sends every form, too: the others hold no right that none of these holds.
ACTING = (
    "accused person", "accused unit's head", "delegate", "reception", "gate device",
    "administrator", "plugin administrator", "anonymous",
)  # fmt: skip
# Columns whose words a page shows once their record is further along; they are looked for all the same.
SHOWN_LATER = set(
    [
        "accused.reason_cipher",
        "after_visit_letter.decided_by_name",
        "after_visit_letter.told_to_cipher",
        "booking.booked_by_name",
        "booking.settled_by_name",
        "destruction_entry.number",
        "final_filing.by_name",
        "follow_up.by_name",
        "foreign_report.approved_by",
        "instruction.done_cipher",
        "interview.demands_cipher",
        "interview.facts_cipher",
        "interview.history_cipher",
        "interview.why_cipher",
        "joint_unit.people",
        "measure.done_by_name",
        "objection.answer_cipher",
        "online_row.platform",
        "opinion.circle_cipher",
        "opinion.drafted_by_name",
        "opinion.told_by_name",
        "recusal.lift_reason_cipher",
        "result.checked_by_name",
        "result.findings_cipher",
        "review.recorded_by_name",
        "told.rules",
        "unit_call.answer_cipher",
        "unit_call.by_name",
        "unit_call.spoke_with",
        "urging.answer_cipher",
    ]
)


@pytest.fixture
def database(request):
    """SQLite, and a lighter crawl on PostgreSQL."""
    return request.getfixturevalue(getattr(request, "param", "sqlite_database"))


@pytest.mark.timeout(600)
@pytest.mark.rule("GOV-50", "CORE-14")
async def test_twelve_kinds_of_user_find_no_mark_of_a_secret_item_anywhere(secret, capsys):
    crawl = secret.crawl
    everywhere = ("accused person", "administrator", "gate device")
    for who, client in secret.users.items():
        await crawl.read(who, client, leave=() if who in everywhere else ELSEWHERE)
    for who in ("accused person", "accused unit's head", "reception"):
        await crawl.ask(who, secret.users[who])
    for who in ACTING:
        leave = () if who in ("administrator", "gate device") else ELSEWHERE
        await crawl.act(who, secret.users[who], leave=leave)
    assert not crawl.found, crawl.told()
    assert crawl.calls > 2500
    said = capsys.readouterr()
    assert not crawl.secrets.search((said.out + said.err).encode())


@pytest.mark.rule("GOV-50", "CORE-14")
@pytest.mark.parametrize("database", ["postgres_database"], indirect=True)
async def test_on_postgresql_the_accused_find_no_mark_either(secret):
    head = "accused unit's head"
    await secret.crawl.read("accused person", secret.users["accused person"], leave=ELSEWHERE)
    await secret.crawl.read(head, secret.users[head], leave=ELSEWHERE)
    await secret.crawl.ask(head, secret.users[head], prefix="/government")
    assert not secret.crawl.found, secret.crawl.told()


@pytest.mark.timeout(300)
@pytest.mark.rule("GOV-50", "CORE-14")
async def test_what_one_may_not_see_answers_like_what_never_was(secret, asked):
    for who in ("accused person", "accused unit's head", "delegate of the accused", "reception"):
        await secret.crawl.compare(who, secret.users[who], asked)
    assert not secret.crawl.found, secret.crawl.told()
    assert secret.crawl.calls > 400


async def test_who_may_see_it_finds_every_mark(secret):
    seen = b""
    for address in shown_to_an_insider(secret):
        answer = await secret.insider.get(address)
        assert answer.status_code == 200, (address, answer.text[-800:])
        seen += plain(answer.content)
    text = seen.decode("utf-8", "replace")
    missing = {field for field in secret.marked.fields if bears(field) not in text}
    assert missing <= SHOWN_LATER, " ".join(sorted(missing - SHOWN_LATER))
    for field in ("title", "demand", "facts", "place_text"):
        assert mark(field) in text
    [file_id] = secret.crawl.ids["file"]
    assert (await secret.insider.get(f"/government/files/{file_id}")).content == PDF
    assert NAME in (await secret.insider.get(f"/government/matters?text={NAME}")).text


def bears(field):
    """What a column that was filled in holds."""
    table, column = field.split(".")
    return (
        mark(field) if column in CIPHERS or "_cipher" in column else plain_mark(table + column, 18)
    )


def shown_to_an_insider(secret):
    """The pages on which an insider finds what is written of the item."""
    ids = secret.crawl.ids
    page = f"/government/matters/{secret.row.id}"
    yield page
    yield "/government/secrecy/glass"
    for name in ("interview", "supervision", "contact"):
        part = "supervising" if name == "supervision" else f"{name}s"
        yield from (f"/government/{part}/{one}" for one in ids.get(name, ()))
    yield from (f"/government/reception/{one}" for one in ids["reception_day"])
    yield from (f"/government/bulletins/{one}" for one in ids["bulletin"])
    yield f"{page}/file"
    yield "/government/after-visit"
    yield "/government/satisfaction"


async def test_without_the_guard_the_crawl_finds_it(secret, monkeypatch):
    async def everybody(actor, at, *, acting=False):
        return "1 = 1", []

    async def nothing(kind, records, actor, at):
        return set()

    monkeypatch.setattr(access, "seen_by", everybody)
    monkeypatch.setattr(guarding, "hidden", nothing)
    await secret.crawl.read(
        "accused unit's head", secret.users["accused unit's head"], leave=ELSEWHERE
    )
    places = {
        what.partition("/government/")[2].partition("/")[0] for _, what, _ in secret.crawl.found
    }
    assert {"matters", "files"} <= places
    assert any("differs" in how for *_, how in await asked_again(secret))


async def asked_again(secret):
    """Ask the list of items as the accused unit's head, and return what was found."""
    await secret.crawl.ask(
        "head", secret.users["accused unit's head"], prefix="/government/matters"
    )
    return secret.crawl.found


@pytest.mark.rule("GOV-50", "CORE-1")
async def test_the_gate_learns_that_somebody_comes_to_the_reception_room_and_no_more(secret):
    gate, site = secret.users["gate"], secret.city.site.id
    pages = (
        "/board", "/desk", f"/registrations/{secret.visit.id}", f"/roll-call/{site}", "/incidents",
        "/registrations",
    )  # fmt: skip
    said = ""
    for page in pages:
        answer = await gate.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        said += answer.text
    assert AT_THE_GATE in said
    assert "临川市人民来访接待室" in said
    device = secret.users["gate device"]
    for address in ("/gate/api/bundle", "/gate/api/state"):
        answer = await device.get(address)
        assert answer.status_code in (200, 401), answer.text
        said += unpacked(answer.json())
    for word in ("揭发控告", "申诉求决", "accusation", secret.row.number, STEM, OPEN_STEM):
        assert word not in said, word


def unpacked(answer):
    """What an answer to a device says, its bundle opened."""
    coded = answer.get("bundle", "")
    return str(answer) + base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()


@pytest.mark.rule("GOV-50")
async def test_no_mark_lies_in_the_open_in_the_database_the_store_or_a_backup(
    secret, tmp_path, settings
):
    folder = Path(core_settings.load().data_dir)
    archive = tmp_path / "backup.tar.gz"
    await backup.make(
        archive, attachments.store(), folder / "log-checkpoints.jsonl", at=clock.now()
    )
    places = {"backup": b""}
    with tarfile.open(archive) as packed:
        for member in packed:
            if file := packed.extractfile(member):
                places[f"backup: {member.name}"] = plain(file.read())
    for path in [*tmp_path.glob("*.sqlite*"), *folder.rglob("*")]:
        if path.is_file():
            places[str(path)] = path.read_bytes()
    assert any(name.endswith("-wal") for name in places)
    assert any("attachments" in name for name in places)
    wanted = needles(STEM, NAME, PHONE, NUMBER)
    found = {
        name: content[max(0, match.start() - 60) : match.end() + 40]
        for name, content in places.items()
        if (match := wanted.search(content))
    }
    assert not found, "\n".join(f"{name}: {text!r}" for name, text in found.items())
