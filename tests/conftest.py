"""Fixtures for every test: databases, the application, real servers and browsers."""

import pytest

pytest_plugins = ["tests.databases", "tests.app", "tests.servers"]


@pytest.fixture(scope="session")
def anyio_backend():
    """Asynchronous tests run on asyncio, like the server."""
    return "asyncio"
