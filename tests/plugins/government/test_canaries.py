"""A secret item with marks in every field: ten kinds of user call every address and find none of them.

Whoever may see it finds them all; and with the guard taken away the same crawl fails.
"""

import tarfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock, db
from core import settings as core_settings
from core.approvals import services as requests
from core.approvals import substitutes
from core.approvals.facts import NewRequest, StepPlan
from core.attachments import services as attachments
from core.backup import services as backup
from core.documents.tables import DocumentNumber
from core.i18n import Message
from core.permissions import SYSTEM, Role
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.rights import CLERK, DEPUTY, HEAD, SETTINGS, UNIT_CLERK, UNIT_HEAD
from plugins.government.secrecy import guarding
from tests.plugins.government.crawl import HAN, STEM, Crawl, ids_of, needles, plain, uuid_text

pytestmark = pytest.mark.anyio
NAME, PHONE, NUMBER = f"{HAN}齉", "13907949917", "36250119700312771X"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Title(" + STEM.encode() + b"PDF)>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
# Another domain's pages and devices: two of the ten call them, too.
ELSEWHERE = ("/school-gate", "/gate/api", "/static")


def mark(field):
    """A text that no other field holds."""
    return f"{STEM}-{field}-{HAN}"


@dataclass
class Secret:
    """The item, and who may not know of it, by what they are."""

    city: object
    row: object
    head: object
    users: dict
    fields: set
    crawl: Crawl


@pytest.fixture
async def secret(desk, app, plugins, monkeypatch):
    """An accusation against a county and against the head of the room, marked in every field."""
    city = desk.city
    app.broadcaster.close()  # a live board ends at once instead of staying open
    head = await city.client(HEAD, name="王主任")
    accused = await city.client(HEAD, "auditor", "duty_officer", name="赵副主任")
    boss = await city.client(DEPUTY, name="孙局长")
    fields = {"title", "demand", "facts", "place_text", "address", "employer", "skip_reason"}
    petitioner = await city.petitioner(
        name=NAME,
        phone=PHONE,
        document=NUMBER,
        address=mark("address"),
        employer=mark("employer"),
        occupation="农民",
        email="secret@example.test",
    )
    await DocumentNumber.insert(DocumentNumber(id="government.matter/2026", last=7340))
    row = await city.matter(
        held_by="county1_office",
        concerns=("county1",),
        petitioner_id=petitioner,
        channel="letter",
        purpose="accusation",
        title=mark("title"),
        demand=mark("demand"),
        facts=mark("facts"),
        place_text=mark("place_text"),
        skip_level=True,
        skip_reason=mark("skip_reason"),
    )
    await by_pages(city, row, head, desk, fields)
    # Hands that had it before it was known whom it accuses.
    request = await asked(city, row, [boss.user_id, accused.user_id])
    await clocks.start(
        row.id, clocks.HANDLE, number=row.number, site_id=row.site, event=Message("x"),
        actor=SYSTEM, at=clock.now(), owner=accused.user_id,
    )  # fmt: skip
    users = await ten(city, app, accused, boss, monkeypatch)
    for form in (
        {"accused_unit": str(city.units["county1"]), "accused_name": mark("accused")},
        {"accused_user": str(accused.user_id), "accused_name": mark("accused-person")},
    ):
        answer = await head.post(f"/government/matters/{row.id}/accused", data=form)
        assert answer.status_code == 303
    fields |= {"accused", "accused-person"}
    row = await city.row(row.id)
    code = await city.code(row.id)
    crawl = Crawl(
        app,
        await ids_of([row.id]),
        [row.number, code],
        [
            (row.number, "2026-990001"),
            (NAME, "齾龗龖"),
            (PHONE, "13907949000"),
            (str(row.id), uuid_text(77)),
        ],
        [STEM, HAN, PHONE, NUMBER, code, row.number],
    )
    assert request in {row["id"] for row in await db.fetch("SELECT id FROM approval_request")}
    return Secret(city, row, head, users, fields, crawl)


async def by_pages(city, row, head, desk, fields):
    """Fill what pages fill: files, the time line, urging, an opinion, a recusal, a wish to look."""
    page = f"/government/matters/{row.id}"
    sent = await head.post(
        f"{page}/files",
        data={"file_kind": "evidence"},
        files={"file": (f"{mark('file')}.pdf", PDF, "application/pdf")},
    )
    assert sent.status_code == 303
    urging = {
        "unit": str(city.units["county1_office"]), "means": "phone", "spoke_with": "刘主任",
        "text": mark("urging"), "answer_by": (clock.now() + timedelta(days=3)).date().isoformat(),
    }  # fmt: skip
    sent = await head.post(f"{page}/urge", data=urging)
    assert sent.status_code == 303, sent.text[-2000:]
    gone = await city.client(CLERK, name="钱某")
    recusal = {"recused": str(gone.user_id), "recused_why": mark("recusal")}
    assert (await head.post(f"{page}/recusals", data=recusal)).status_code == 303
    wish = {"number": row.number, "reason": mark("wish")}
    other = await city.client(CLERK, name="许志强")
    assert (await other.post("/government/secrecy/glass", data=wish)).status_code == 303
    fields |= {"file", "urging", "recusal", "wish"}


async def asked(city, row, users):
    """Ask for signatures on the item, as its paper would."""
    new = NewRequest(
        kind="government.test",
        record_kind=MATTER,
        record=str(row.id),
        title=Message(f"签批 {row.number}"),
        steps=(StepPlan(label=Message("x"), users=tuple(users)),),
        confidential=True,
        site_id=row.site,
        url=f"/government/matters/{row.id}",
    )
    async with db.writing():
        return await requests.open_request(new, actor=SYSTEM, at=clock.now(), plugins=city.plugins)


async def ten(city, app, accused, boss, monkeypatch):
    """The ten kinds of user that must not know of the item."""
    member = await city.client(UNIT_CLERK, unit="county1_office", name="县办科员")
    delegate = await city.client(UNIT_CLERK, "auditor", unit="county1", name="代签人")
    day = clock.now().date()
    await substitutes.appoint(
        boss.user_id, delegate.user_id, first_day=day, last_day=day + timedelta(days=9),
        actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    keeper = Role("house_keeper", Message("x"), frozenset({SETTINGS}))
    roles = {**app.inbound.authentication.roles, keeper.name: keeper}
    monkeypatch.setattr(app.inbound.authentication, "roles", roles)
    settings_only = await city.client("host", name="设置员")
    await db.execute(
        'UPDATE account_role SET role = {} WHERE "user" = {}', keeper.name, settings_only.user_id
    )
    stranger = await city.anonymous()
    await stranger.read_token()
    return {
        "accused person": accused,
        "accused unit's head": await city.client(
            UNIT_HEAD, "auditor", unit="county1", head=True, name="县长"
        ),
        "member below it": member,
        "delegate": delegate,
        "other unit": await city.client(
            UNIT_HEAD, "auditor", unit="labour", head=True, name="人社"
        ),
        "reception": await city.client(CLERK, "desk", name="实习生"),
        "gate": await city.client("gatekeeper", name="门卫"),
        "administrator": await city.client("administrator", name="管理员"),
        "plugin administrator": settings_only,
        "anonymous": stranger,
    }


@pytest.fixture
def database(request):
    """SQLite, and a lighter crawl on PostgreSQL."""
    return request.getfixturevalue(getattr(request, "param", "sqlite_database"))


@pytest.mark.timeout(600)
@pytest.mark.rule("GOV-50", "CORE-14")
async def test_ten_kinds_of_user_find_no_mark_of_a_secret_item_anywhere(secret, capsys):
    for who, client in secret.users.items():
        leave = () if who in ("accused person", "administrator") else ELSEWHERE
        await secret.crawl.read(who, client, leave=leave)
    for who in ("accused person", "accused unit's head", "reception", "administrator"):
        await secret.crawl.ask(who, secret.users[who])
    for who, client in secret.users.items():
        leave = () if who == "administrator" else ELSEWHERE
        await secret.crawl.act(who, client, leave=leave)
    assert not secret.crawl.found, secret.crawl.told()
    assert secret.crawl.calls > 2000
    said = capsys.readouterr()
    assert not secret.crawl.secrets.search((said.out + said.err).encode())


@pytest.mark.rule("GOV-50", "CORE-14")
@pytest.mark.parametrize("database", ["postgres_database"], indirect=True)
async def test_on_postgresql_the_accused_find_no_mark_either(secret):
    head = "accused unit's head"
    await secret.crawl.read("accused person", secret.users["accused person"], leave=ELSEWHERE)
    await secret.crawl.read(head, secret.users[head], leave=ELSEWHERE)
    await secret.crawl.ask(head, secret.users[head], prefix="/government")
    assert not secret.crawl.found, secret.crawl.told()


async def test_who_may_see_it_finds_every_mark(secret):
    page = plain((await secret.head.get(f"/government/matters/{secret.row.id}")).content).decode()
    missing = {field for field in secret.fields if mark(field) not in page}
    assert missing <= {"address", "employer", "skip_reason"}  # other pages show these
    [file_id] = secret.crawl.ids["file"]
    assert (await secret.head.get(f"/government/files/{file_id}")).content == PDF
    assert NAME in (await secret.head.get(f"/government/matters?text={NAME}")).text


async def test_without_the_guard_the_crawl_finds_it(secret, monkeypatch):
    async def everybody(actor, at):
        return "1 = 1", []

    async def nothing(kind, records, actor, at):
        return set()

    monkeypatch.setattr(access, "seen_by", everybody)
    monkeypatch.setattr(guarding, "hidden", nothing)
    await secret.crawl.read("accused unit's head", secret.users["accused unit's head"])
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
