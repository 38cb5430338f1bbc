"""Fixtures for every test: databases, the application, real servers and browsers."""

import pytest
import structlog

from web.logging import processors

pytest_plugins = ["tests.databases", "tests.app", "tests.servers"]


# What fails in a test is said in lines like the server's, without every local variable.
structlog.configure(processors=[*processors(), structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session")
def anyio_backend():
    """Asynchronous tests run on asyncio, like the server."""
    return "asyncio"
