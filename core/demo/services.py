"""Filling a new installation: a site with two gates, hosts, one user for each role, visits.

What the organisation does is its plugins' part: each fills its own side by the hook `do_demo`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from core import clock, db
from core.accounts import passwords, pins, tokens
from core.accounts import services as accounts
from core.accounts.queries import any_user
from core.demo.facts import DemoFacts, DemoGate
from core.demo.history import PastVisit, write_visits
from core.demo.offline import cut_a_gate_off
from core.demo.people import People
from core.errors import DomainError
from core.gate import devices
from core.gate.tables import Device
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.i18n import DEFAULT_LOCALE, N_
from core.permissions import SYSTEM, Actor, Role
from core.plugins import Plugins
from core.registrations import consent
from core.registrations.services import Arrival, admit, register
from core.settings import Settings
from core.sites import services as sites
from core.sites.tables import Site
from core.visitors.matching import Person

SEED = 20260901
WEEKS = 3
GATES = (("south", "南门"), ("north", "北门"))
OFFICES = ("办公室", "总务处", "财务室", "保卫处", "档案室")
REASONS = ("送文件", "设备检修", "业务洽谈", "取材料", "参观", "面试", "签合同", "核对账目")
_SCAN, _ADMINISTRATOR = "core:gate:scan", "administrator"


class NotEmptyError(DomainError):
    """There is data already: a demonstration is never mixed into it."""

    code = "not_empty"

    def __init__(self) -> None:
        super().__init__(
            N_("The database holds data already. Use an empty one for a demonstration.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One account of the demonstration. `pin` is for gate devices, empty where there is none."""

    role: Role
    login: str
    name: str
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramToken:
    """The account of another system, which nobody signs in with: it comes with this API token."""

    role: Role
    login: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: how to sign in, and the codes that enrol gate devices.

    `also`: logins that plugins added, with the same password, and whose they are.
    """

    sign_ins: tuple[SignIn, ...]
    programs: tuple[ProgramToken, ...]
    also: tuple[tuple[str, str], ...]
    password: str
    enrolments: tuple[tuple[str, str], ...]


async def is_empty() -> bool:
    """Say whether the database holds neither a site nor an account."""
    return not await Site.exists() and not await any_user()


async def fill(
    plugins: Plugins,
    settings: Settings,
    *,
    at: datetime,
    password: str = "",
    seed: int = SEED,
    weeks: int = WEEKS,
) -> Made:
    """Fill an empty database, all or nothing; without a password one is made up."""
    passwords.configure(settings)
    password = password or accounts.new_password()
    people, dice = People(seed), Random(seed)  # noqa: S311 - made-up traffic, no secrets
    async with db.writing():
        if not await is_empty():
            raise NotEmptyError
        local = clock.local(at, settings.zone)
        site_id = await sites.add_site(
            code="main",
            name=settings.organisation_name or "主校区",
            audience=1,
            actor=SYSTEM,
            at=at,
        )
        gates = await _gates(site_id, local, weeks)
        host_ids = await _hosts(site_id, people, at)
        sign_ins, users = await _users(plugins, people, host_ids, password, at)
        programs = await _programs(plugins, at)
        demo = DemoFacts(
            site_id=site_id,
            gates=gates,
            hosts=host_ids,
            users=users,
            at=local,
            seed=seed,
            weeks=weeks,
            actor=SYSTEM,
        )
        await write_visits(_visits(demo, people, dice), site_id=site_id, actor=SYSTEM, now=local)
        await plugins.do_demo(demo)
        await cut_a_gate_off(demo, plugins, settings.zone)
        await _today(demo, people, plugins)
        enrolments = [
            (name, (await devices.add_device(f"{name}手机", gate.id, actor=SYSTEM, at=at)).code)
            for gate, (_, name) in zip(gates, GATES, strict=True)
        ]
    return Made(
        sign_ins=tuple(sign_ins),
        programs=tuple(programs),
        also=tuple(demo.also),
        password=password,
        enrolments=tuple(enrolments),
    )


async def _gates(site_id: UUID, at: datetime, weeks: int) -> tuple[DemoGate, ...]:
    """Make the gates, each with the device of past weeks, which was taken out of use."""
    made: list[DemoGate] = []
    for zone, (code, name) in enumerate(GATES):
        gate_id = await sites.add_gate(
            site_id, code=code, name=name, zone=zone, actor=SYSTEM, at=at
        )
        device = Device(
            id=uuid4(),
            name=f"{name}（旧手机）",
            gate=gate_id,
            enrolled_at=at - timedelta(weeks=weeks),
            revoked_at=at,
            created_at=at - timedelta(weeks=weeks),
        )
        await Device.insert(device)
        made.append(DemoGate(id=gate_id, name=name, device_id=device.id))
    return tuple(made)


async def _hosts(site_id: UUID, people: People, at: datetime) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for number, office in enumerate(OFFICES, 1):
        name = people.name()
        while name in found:
            name = people.name()
        entry = HostEntry(
            name=name,
            department=office,
            room=f"B{100 + number}",
            phone=f"80{number:02}",
            site_id=site_id,
        )
        found[name] = await hosts.add(entry, actor=SYSTEM, at=at)
    return found


async def _users(
    plugins: Plugins, people: People, host_ids: dict[str, UUID], password: str, at: datetime
) -> tuple[list[SignIn], dict[str, UUID]]:
    """Make one user for each role of a person; who may scan gets a PIN for gate devices."""
    roles = plugins.register_roles()
    made: list[SignIn] = []
    users: dict[str, UUID] = {}
    host_name = next(iter(host_ids))
    for role in sorted(roles.values(), key=lambda one: (one.name != _ADMINISTRATOR, one.name)):
        if role.program:
            continue
        name = host_name if role.name == "host" else people.name()
        user_id, _ = await accounts.create_user(
            actor=SYSTEM,
            at=at,
            login=role.name,
            name=name,
            roles=[(role.name, None)],
            known_roles=roles,
            password=password,
            host_id=host_ids[host_name] if role.name == "host" else None,
        )
        pin = _new_pin() if _SCAN in role.permissions else ""
        if pin:
            await pins.set_pin(user_id, pin, actor=SYSTEM, at=at)
        users[role.name] = user_id
        made.append(SignIn(role=role, login=role.name, name=name, pin=pin))
    return made, users


async def _programs(plugins: Plugins, at: datetime) -> list[ProgramToken]:
    """Make an account with a token for each role of another system; its password nobody knows."""
    roles = plugins.register_roles()
    made: list[ProgramToken] = []
    for role in sorted((one for one in roles.values() if one.program), key=lambda one: one.name):
        name = role.label.translate(DEFAULT_LOCALE)
        user_id, _ = await accounts.create_user(
            actor=SYSTEM,
            at=at,
            login=role.name,
            name=name,
            roles=[(role.name, None)],
            known_roles=roles,
        )
        program = Actor(kind="user", id=user_id, name=name, permissions=role.permissions)
        _, token = await tokens.create(
            actor=program, at=at, name=name, scopes=sorted(role.permissions), expires_at=None
        )
        made.append(ProgramToken(role=role, login=role.name, token=token))
    return made


def _new_pin() -> str:
    """Return four digits that are neither a run nor a repetition."""
    digits = list("0123456789")
    secrets.SystemRandom().shuffle(digits)
    pin = "".join(digits[:4])
    return pin if pin not in "01234567899876543210" else _new_pin()


def _visits(demo: DemoFacts, people: People, dice: Random) -> Sequence[PastVisit]:
    """Return plain visits of past weeks: some a day, in office hours."""
    found: list[PastVisit] = []
    names = list(demo.hosts)
    for days in range(demo.weeks * 7, 0, -1):
        day = demo.at - timedelta(days=days)
        if day.weekday() > 4:
            continue
        for _ in range(dice.randint(1, 4)):
            host = dice.choice(names)
            found.append(
                PastVisit(
                    person=a_person(people),
                    purpose="core.visit",
                    reason=dice.choice(REASONS),
                    gate_id=demo.gates[0].id,
                    host_id=demo.hosts[host],
                    host_name=host,
                    arrived_at=day.replace(hour=dice.randint(9, 16), minute=dice.randint(0, 59)),
                    minutes=dice.randint(10, 90),
                    received_by="",
                )
            )
    return found


def a_person(people: People) -> Person:
    """Return somebody with phone and identity card."""
    sex = people.sex()
    return Person(
        name=people.name(sex),
        sex="female" if sex == "女" else "male",
        phone=people.phone(),
        document_kind="resident_id",
        document_number=people.id_number(sex),
    )


async def _today(demo: DemoFacts, people: People, plugins: Plugins) -> None:
    """Let some people be here now: two who wait, one of whom the host was asked for, and two inside."""
    for place, (host, minutes) in enumerate(zip(demo.hosts, (25, 8, 40, 70), strict=False)):
        at = demo.at - timedelta(minutes=minutes)
        registered = await register(
            Arrival(
                site_id=demo.site_id,
                gate_id=demo.gates[0].id,
                person=a_person(people),
                purpose="core.visit",
                reason=REASONS[place],
                host_id=demo.hosts[host],
                document_shown=True,
            ),
            actor=SYSTEM,
            at=at,
            plugins=plugins,
        )
        if place < 2:
            continue
        await consent.note(
            registered.id,
            given=True,
            by=host,
            means="phone",
            actor=SYSTEM,
            at=at + timedelta(minutes=1),
            plugins=plugins,
        )
        await admit(registered.id, actor=SYSTEM, at=at + timedelta(minutes=3), plugins=plugins)
