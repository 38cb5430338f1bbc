"""The application in this process, and clients that are really signed in."""

import gc
import re
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

import httpx
import pytest

from core import clock
from core import settings as core_settings
from core.accounts import services as accounts
from core.permissions import SYSTEM
from core.sites.tables import Gate, Site
from tests import compiled
from tests.once import shared
from web.app import create_app
from web.plugins import load

BASE_URL = "https://laifang.test"
PASSWORD = "correct horse battery"
_addresses = count(1)


@pytest.fixture(scope="session")
def settings_of_all():
    """The settings that the application is made with, once; each test puts its own places in."""
    return replace(
        core_settings.load(),
        base_url=BASE_URL,
        organisation_name="第一中学",
        password_memory_kib=8,
        password_rounds=1,
    )


@pytest.fixture
def settings(settings_of_all, tmp_path, database):
    """Settings with everything in a throw-away folder; passwords cost little to hash."""
    object.__setattr__(settings_of_all, "data_dir", tmp_path / "data")
    object.__setattr__(settings_of_all, "database_url", database)
    return settings_of_all


@pytest.fixture(scope="session")
def plugins():
    """The installed plugins."""
    return load(core_settings.load())


@pytest.fixture(scope="session")
def made_once(settings_of_all, plugins):
    """The application, not started: to make it costs more than most tests."""
    compiled.keep(shared("templates"))
    app = create_app(settings_of_all, plugins, with_background=False)
    gc.freeze()  # it stays: no need to look through it for garbage, again and again
    return app


@pytest.fixture
async def app(made_once, settings):
    """The application, started on the open database; its background jobs do not run."""
    made_once.inbound.set_up = False
    if "gate" in made_once.state:
        del made_once.state["gate"]
    async with made_once.lifespan():
        yield made_once


@pytest.fixture
async def site(database):
    """A site, with one gate."""
    made = Site(id=uuid4(), code="main", name="主校区")
    await Site.insert(made)
    await Gate.insert(Gate(id=uuid4(), site=made.id, code="south", name="南门"))
    return made


class Client(httpx.AsyncClient):
    """A browser without a screen: keeps cookies, sends the page's CSRF token as htmx would."""

    user_id = None
    login = ""

    async def read_token(self, path="/sign-in"):
        """Open a page and send its CSRF token from now on."""
        page = await self.get(path, follow_redirects=True)
        self.headers["x-csrftoken"] = csrf_of(page.text)
        return page

    async def sign_in(self, login, password=PASSWORD):
        """Fill in the sign-in form and send it."""
        self.headers.pop("x-csrftoken", None)
        page = await self.get("/sign-in")
        answer = await self.post(
            "/sign-in",
            data={"login": login, "password": password, "_csrf_token": csrf_of(page.text)},
        )
        if answer.status_code == 303:
            await self.read_token("/account")
        return answer


def csrf_of(html):
    """Return the CSRF token that a page holds."""
    return re.search(r'name="csrf-token" content="([^"]+)"', html)[1]


def new_client(app, *, base_url=BASE_URL, address=None, **options):
    """Return a client that nobody has signed in; each has its own address."""
    address = address or f"10.0.{next(_addresses) // 250}.{next(_addresses) % 250 + 1}"
    transport = httpx.ASGITransport(app=app, client=(address, 50000))
    return Client(transport=transport, base_url=base_url, **options)


async def an_account(plugins, *roles, login="", name="", site_id=None, password=PASSWORD):
    """Make an account with these roles; return its id and login."""
    login = login or f"{roles[0] if roles else 'nobody'}-{uuid4().hex[:6]}"
    user_id, _ = await accounts.create_user(
        actor=SYSTEM,
        at=clock.now(),
        login=login,
        name=name or login,
        roles=[(role, site_id) for role in roles],
        known_roles=plugins.register_roles(),
        password=password,
    )
    return user_id, login


@pytest.fixture
async def client_as(app, plugins, site):
    """Make clients by role: `await client_as("gatekeeper")`; without a role, anonymous.

    With `site_id` the roles hold at that site only.
    """
    async with AsyncExitStack() as stack:

        async def make(*roles, site_id=None, name="", base_url=BASE_URL):
            client = await stack.enter_async_context(new_client(app, base_url=base_url))
            if roles:
                client.user_id, client.login = await an_account(
                    plugins, *roles, site_id=site_id, name=name
                )
                answer = await client.sign_in(client.login)
                assert answer.status_code == 303, answer.text
            return client

        yield make


@pytest.fixture
async def client(client_as):
    """A client signed in as administrator."""
    return await client_as("administrator")


@pytest.fixture
def stopped_clock():
    """The clock, standing still now; `advance` moves it. It runs again after the test."""
    clock.CLOCK.travel(clock.now(), running=False)
    yield clock.CLOCK
    clock.CLOCK.reset()


HOUR = timedelta(hours=1)
