"""People without an account: a visitor, a host who is asked, forms filled in without JavaScript."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import SYSTEM
from core.registrations import consent
from core.registrations.services import Arrival, register
from core.rulebooks import queries as rulebooks
from core.visitors.matching import Person
from tests.app import an_account, csrf_of

PHONE = "13800001234"


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} =1+1"


@pytest.fixture(autouse=True)
async def _an_account(app, plugins):
    """Somebody has an account, or every address leads to the first start."""
    rulebooks.forget()
    await an_account(plugins, "auditor")


@pytest.fixture
async def host(site):
    """A host with an address."""
    entry = HostEntry(
        name="张明", department="教务处", room="302", email="zhang@school.test", phone="01088889999"
    )
    return await hosts.add(entry, actor=SYSTEM, at=clock.now())


@pytest.fixture
async def visit(site, host, plugins, app):
    """Somebody who waits for the host."""
    arrival = Arrival(
        site_id=site.id, person=Person(name="王小明", phone=PHONE, organisation="明远公司"),
        purpose="core.visit", reason="谈合同", host_id=host, document_shown=True,
    )  # fmt: skip
    done = await register(arrival, actor=SYSTEM, at=clock.now(), plugins=plugins)
    return done.id


@pytest.fixture
async def asked(visit, plugins):
    """The path of the link that the host got."""
    path, _ = await consent.ask(visit, actor=SYSTEM, at=clock.now(), plugins=plugins)
    return path


@pytest.fixture
async def visitor(client_as):
    """A browser of somebody without an account."""
    return await client_as()


async def fill(client, path, **data):
    """Open a page and send its form, as a browser without JavaScript does."""
    page = await client.get(path)
    return await client.post(
        re.sub(r"\?.*", "", path), data={"_csrf_token": csrf_of(page.text), **data}
    )


def said(page):
    """Return a page's text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# -- a proposal


def a_proposal(**given):
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    plain = {
        "site": "main", "name": "王小明", "phone": "１３８-0000-1234", "host": "张明", "day": tomorrow,
        "begins": "14：00", "ends": "15:00", "reason": "谈合同", "head_count": "2", "agree": "1",
        "website": "", "purpose": "core.visit",
    }  # fmt: skip
    return plain | given
