"""Fixtures for every test: databases, the application, real servers and browsers."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
import structlog

from tests import once, postgres
from web.logging import processors

pytest_plugins = [
    "tests.asked",
    "tests.hours",
    "tests.databases",
    "tests.app",
    "tests.letters",
    "tests.servers",
    "tests.commands",
]


# Databases ask for every act to be on disk before they go on; where files may lie in memory there is no
# waiting for that. TMPDIR, or PYTEST_DEBUG_TEMPROOT for pytest's own folders, says otherwise.
MEMORY, NEEDED_BYTES = Path("/dev/shm"), 2 << 30
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_configure(config):
    """Begin the folder that all workers share, in the process that starts them."""
    if not hasattr(config, "workerinput"):
        once.begin()


def pytest_collection(session):
    """Look for no garbage while thousands of tests are collected, which all stay."""
    gc.disable()


def pytest_collection_finish(session):
    """Look for garbage again, but never among what is there now."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Stop and take away what the workers made together; they have ended by now."""
    if not hasattr(session.config, "workerinput") and (folder := once.end()):
        postgres.stop(folder)
        shutil.rmtree(folder)


# How long an example takes says how busy the machine is, nothing more.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# What fails in a test is said in lines like the server's, without every local variable.
structlog.configure(processors=[*processors(), structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session")
def anyio_backend():
    """Asynchronous tests run on asyncio, like the server."""
    return "asyncio"
