"""Fixtures of the desk's tests."""

import pytest

from core import clock
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import SYSTEM


@pytest.fixture
async def desk(client_as):
    """A gatekeeper at the desk."""
    return await client_as("gatekeeper", name="老周")


@pytest.fixture
async def host(site):
    """A host of the directory."""
    entry = HostEntry(
        name="张明", department="教务处", phone="0755-12345678", email="zhang@school.test"
    )
    return await hosts.add(entry, actor=SYSTEM, at=clock.now())
