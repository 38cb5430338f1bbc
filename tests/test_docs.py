"""The tutorial for plugin authors works as it is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wheels import conformance, install

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the tutorial's plugin, built as a wheel and installed."""
    folder = tmp_path_factory.mktemp("lab")
    for name, text in BLOCK.findall((ROOT / "docs/plugins.md").read_text("utf-8")):
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return install(folder / "source", folder)


def test_the_plugin_of_the_tutorial_conforms(site):
    tried = conformance(site, "lab")
    assert tried.returncode == 0, tried.stdout + tried.stderr


def test_the_plugin_of_the_tutorial_holds_who_lacks_the_talk(site):
    asked = (
        "import asyncio\n"
        "from core.plugins import Plugins, installed\n"
        "from core.testing.conformance import facts_of\n"
        "from core import db\n"
        "async def main():\n"
        "    await db.open('sqlite:///lab.sqlite')\n"
        "    plugins = Plugins(installed(['lab']))\n"
        "    for answers in ({}, {'lab_talk': str(facts_of('x').asked_at.year)}):\n"
        "        async with db.writing():\n"
        "            print(await plugins.check_registration(facts_of('lab.work', answers=answers)))\n"
        "    await db.close()\n"
        "asyncio.run(main())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=site, env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert "no_safety_talk" in said[0]
    assert said[1].startswith("Allow")
