"""A secret item with a mark in every field of every table, and those who must not know of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from core import clock, db
from core.approvals import services as requests
from core.approvals import substitutes
from core.approvals.facts import ALL, NewRequest, StepPlan
from core.documents.tables import DocumentNumber
from core.gate import devices
from core.i18n import Message
from core.incidents import services as incidents
from core.incidents.facts import Opening
from core.permissions import SYSTEM, Role
from core.registrations.services import Arrival, register
from core.sites.tables import Gate
from core.visitors.matching import Person as Visiting
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.intake.arrivals import reception_room
from plugins.government.intake.facts import PURPOSE
from plugins.government.rights import (
    ARCHIVIST,
    CLERK,
    DEPUTY,
    DIRECTOR,
    HEAD,
    SETTINGS,
    SUPERVISOR,
    UNIT_CLERK,
    UNIT_HEAD,
)
from tests.app import new_client
from tests.plugins.government.crawl import Crawl, ids_of, uuid_text
from tests.plugins.government.marked import HAN, OPEN_STEM, STEM, Marked, mark
from tests.plugins.government.scene import ZONE
from tests.web.scenes import an_appointment

NAME, PHONE, NUMBER = f"{HAN}齉", "13907949917", "36250119700312771X"
AT_THE_GATE = "周来访"  # what the gate wrote down of who came for the item
PDF = (
    b"%PDF-1.4\n1 0 obj<</Title(" + STEM.encode() + b"PDF)>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass
class Secret:
    """The item, who may see it, who may not know of it, by what they are."""

    city: object
    row: object
    insider: object
    head: object
    users: dict
    marked: Marked
    crawl: Crawl
    visit: object


@pytest.fixture
async def secret(desk, app, plugins, monkeypatch):
    """An accusation against a county and against the head of the room, marked in every field."""
    city = desk.city
    app.broadcaster.close()  # a live board ends at once instead of staying open
    head = await city.client(HEAD, name="王主任")
    insider = await city.client(HEAD, DIRECTOR, SUPERVISOR, ARCHIVIST, name="知情人")
    accused = await city.client(HEAD, "auditor", "duty_officer", name="赵副主任")
    boss = await city.client(DEPUTY, name="孙局长")
    visit = await register(
        Arrival(
            site_id=city.site.id,
            person=Visiting(name=AT_THE_GATE, phone="13800007788"),
            purpose=PURPOSE,
            host_text=await reception_room(city.site.id),
            document_shown=True,
        ),
        actor=SYSTEM,
        at=clock.now(),
        plugins=plugins,
    )
    petitioner = await city.petitioner(
        name=NAME,
        phone=PHONE,
        document=NUMBER,
        address=mark("address"),
        employer=mark("employer"),
        occupation="农民",
        email=f"{STEM.lower()}@example.test",
        visitor_id=visit.visitor_id,
    )
    await DocumentNumber.insert(DocumentNumber(id="government.matter/2026", last=7340))
    row = await city.matter(
        held_by="county1_office",
        concerns=("county1",),
        petitioner_id=petitioner,
        purpose="accusation",
        title=mark("title"),
        demand=mark("demand"),
        facts=mark("facts"),
        place_text=mark("place_text"),
        skip_level=True,
        skip_reason=mark("skip_reason"),
    )
    await by_pages(city, row, head)
    # Hands that had it before it was known whom it accuses.
    request = await asked(city, row, [boss, accused, insider])
    await clocks.start(
        row.id, clocks.HANDLE, number=row.number, site_id=row.site, event=Message("x"),
        actor=SYSTEM, at=clock.now(), owner=accused.user_id,
    )  # fmt: skip
    users = await who_must_not_know(city, app, accused, boss, monkeypatch)
    for form in (
        {"accused_unit": str(city.units["county1"]), "accused_name": "县长"},
        {"accused_user": str(accused.user_id), "accused_name": "赵副主任"},
    ):
        answer = await head.post(f"/government/matters/{row.id}/accused", data=form)
        assert answer.status_code == 303
    appointment = await an_appointment(
        city.site, plugins, person=Visiting(name=AT_THE_GATE, phone="13800007788"), reason="",
        host_text=await reception_room(city.site.id),
    )  # fmt: skip
    marked = Marked(
        city,
        row.id,
        approval=request,
        request=request,
        registration=visit.id,
        appointment=appointment,
        government_petitioner=petitioner,
    )
    await marked.fill()
    incident = await incidents.open_incident(
        Opening(site_id=city.site.id, kind="government.disorder", registration_id=visit.id,
                spot="大厅", seen=mark("incident")),
        actor=SYSTEM, at=clock.now(), plugins=plugins,
    )  # fmt: skip
    assert incident
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
        [STEM, HAN, OPEN_STEM, PHONE, NUMBER, code, row.number],
    )
    return Secret(city, row, insider, head, users, marked, crawl, visit)


async def by_pages(city, row, head):
    """Fill what pages fill: files, an urging by letter, a recusal, a wish to look."""
    page = f"/government/matters/{row.id}"
    sent = await head.post(
        f"{page}/files",
        data={"file_kind": "evidence"},
        files={"file": (f"{mark('file')}.pdf", PDF, "application/pdf")},
    )
    assert sent.status_code == 303
    urging = {
        "unit": str(city.units["county1_office"]), "means": "letter", "text": mark("urging"),
        "answer_by": (clock.now() + timedelta(days=3)).date().isoformat(),
    }  # fmt: skip
    sent = await head.post(f"{page}/urge", data=urging)
    assert sent.status_code == 303, sent.text[-2000:]
    [paper] = await db.fetch("SELECT id FROM issued_document")
    delivery = {
        "method": "direct", "at": clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"),
        "receiver": mark("receiver"),
    }  # fmt: skip
    await head.post(f"/documents/{paper['id']}/deliver", data=delivery)
    gone = await city.client(CLERK, name="钱某")
    recusal = {"recused": str(gone.user_id), "recused_why": mark("recusal")}
    assert (await head.post(f"{page}/recusals", data=recusal)).status_code == 303
    wish = {"number": row.number, "reason": mark("wish")}
    other = await city.client(CLERK, name="许志强")
    assert (await other.post("/government/secrecy/glass", data=wish)).status_code == 303


async def asked(city, row, clients):
    """Ask for signatures on the item, as its paper would; the first signs with a marked remark."""
    new = NewRequest(
        kind="government.test",
        record_kind=MATTER,
        record=str(row.id),
        title=Message(f"签批 {row.number}"),
        steps=(
            StepPlan(label=Message("x"), rule=ALL, users=tuple(one.user_id for one in clients)),
        ),
        confidential=True,
        site_id=row.site,
        url=f"/government/matters/{row.id}",
    )
    async with db.writing():
        request = await requests.open_request(
            new, actor=SYSTEM, at=clock.now(), plugins=city.plugins
        )
    await requests.vote(
        request, "approve", actor=await city.actor(clients[0]), at=clock.now(),
        plugins=city.plugins, opinion=mark("opinion"),
    )  # fmt: skip
    return request


async def who_must_not_know(city, app, accused, boss, monkeypatch):
    """A dozen kinds of user that must not know of the item."""
    member = await city.client(UNIT_CLERK, unit="county1_office", name="县办科员")
    delegate = await city.client(UNIT_CLERK, "auditor", unit="county1", name="代签人")
    friend = await city.client(UNIT_HEAD, unit="housing", head=True, name="代签友人")
    day = clock.now().date()
    for principal, substitute in ((boss, delegate), (accused, friend)):
        await substitutes.appoint(
            principal.user_id, substitute.user_id, first_day=day,
            last_day=day + timedelta(days=9), actor=SYSTEM, at=clock.now(),
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
    device = await city.stack.enter_async_context(new_client(app))  # stolen from the gate, as it is
    device.headers["x-gate-device"] = await enrolled(device, city.site)
    return {
        "accused person": accused,
        "accused unit's head": await city.client(
            UNIT_HEAD, "auditor", unit="county1", head=True, name="县长"
        ),
        "member below it": member,
        "delegate": delegate,
        "delegate of the accused": friend,
        "other unit": await city.client(
            UNIT_HEAD, "auditor", unit="labour", head=True, name="人社"
        ),
        "reception": await city.client(CLERK, "desk", name="实习生"),
        "gate": await city.client("gatekeeper", name="门卫"),
        "gate device": device,
        "administrator": await city.client("administrator", name="管理员"),
        "plugin administrator": settings_only,
        "anonymous": stranger,
    }


async def enrolled(client, site):
    """Enrol a device at the site's gate; returns its secret."""
    gate = await Gate.objects().get(Gate.site == site.id)
    code = await devices.add_device("平板", gate.id, actor=SYSTEM, at=clock.now())
    return (await client.post("/gate/api/enrol", json={"code": code.code})).json()["secret"]
