"""A plugin from another distribution has the same powers as those that ship (CORE-23)."""

import shutil
from pathlib import Path

import pytest

from tests.wheels import conformance, install

SOURCE = Path(__file__).parent / "fifth_plugin"


@pytest.fixture(scope="module")
def contractors(tmp_path_factory):
    """The plugin, built as a wheel and installed beside the project."""
    folder = tmp_path_factory.mktemp("contractors")
    shutil.copytree(SOURCE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    return install(folder / "source", folder)


def test_it_conforms_like_those_that_ship(contractors):
    tried = conformance(contractors, "contractors")
    assert tried.returncode == 0, tried.stdout + tried.stderr
