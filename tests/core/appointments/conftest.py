"""Fixtures of the appointments' tests."""

import pytest

from core.privacy import keys
from core.privacy.crypto import Keyring
from core.rulebooks import queries as rulebooks
from tests.core.registrations.reception import a_place


@pytest.fixture(autouse=True)
def _fresh():
    keys.hold(Keyring.generate())
    rulebooks.forget()


@pytest.fixture
async def place(database):
    """A site, a gate and a host on an open database."""
    return await a_place()
