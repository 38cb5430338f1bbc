"""People who ask for approval and sign, and a plugin that hears of it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core import hookimpl
from core.accounts.tables import User, UserRole
from core.approvals import services
from core.approvals.facts import ANY, NewRequest, StepPlan
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


@pytest.fixture
def heard():
    return []


@pytest.fixture
def locked():
    return []


@pytest.fixture
def plugins(heard, locked):
    @hookimpl
    async def do_lock(record_kind, record):
        locked.append((record_kind, record))

    @hookimpl
    async def do_approved(request):
        heard.append(("approved", request))
        if request.payload.get("fails"):
            raise RuntimeError("the owner cannot do it")

    @hookimpl
    async def do_rejected(request):
        heard.append(("rejected", request))

    @hookimpl
    async def on_event(event):
        raise AssertionError("events go through the outbox")

    owner = SimpleNamespace(
        do_lock=do_lock, do_approved=do_approved, do_rejected=do_rejected, on_event=on_event
    )
    return Plugins({"owner": owner})


async def a_user(name, *roles, email=""):
    user = User(id=uuid4(), login=uuid4().hex[:8], name=name, created_at=MONDAY, email=email)
    await User.insert(user)
    for role in roles:
        await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role))
    return Actor(kind="user", id=user.id, name=name, roles=frozenset(roles))


def step(*people, rule=ANY, roles=(), must=()):
    return StepPlan(
        label=N_("Signature"),
        rule=rule,
        roles=roles,
        users=tuple(p.id for p in people),
        must=tuple(p.id for p in must),
    )


def a_request(*steps, **given):
    plain = {
        "kind": "owner.thing",
        "record_kind": "thing",
        "record": "42",
        "title": N_("Visitors"),
        "steps": steps,
        "payload": {"days": "3"},
    }
    return NewRequest(**(plain | given))


class Case:
    """A request being voted on, an hour after the other."""

    def __init__(self, plugins, request_id):
        self.plugins, self.id, self.at = plugins, request_id, MONDAY

    async def vote(self, who, choice="approve", opinion="理由", **given):
        self.at += timedelta(hours=1)
        return await services.vote(
            self.id, choice, actor=who, at=self.at, plugins=self.plugins, opinion=opinion, **given
        )


@pytest.fixture
async def people(database):
    names = ("申请人", "甲", "乙", "丙", "丁")
    return [await a_user(name) for name in names]


async def opened(plugins, by, *steps, **given):
    request_id = await services.open_request(
        a_request(*steps, **given), actor=by, at=MONDAY, plugins=plugins
    )
    return Case(plugins, request_id)
