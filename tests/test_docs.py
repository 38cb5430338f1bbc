"""The tutorial works as it is printed; the administrator's pages name the commands and settings there are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wheels import conformance, install
from web.cli import SUMMARIES

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


@pytest.mark.parametrize("page", ["docs/administrator.md", "docs/zh/administrator.md"])
def test_the_administrators_page_names_every_command(page):
    text = (ROOT / page).read_text("utf-8")
    table = text.partition("| `laifang` |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z]+)", table))
    groups = {"show", "adopt", "rehearse"}  # said once for all of `rules`
    assert named - groups == set(SUMMARIES)


def test_the_administrators_page_names_every_setting_and_no_other():
    text = (ROOT / "docs/administrator.md").read_text("utf-8")
    named = set(re.findall(r"LAIFANG_[A-Z_]+", text))
    named |= {f"LAIFANG_SMTP_{one}" for one in re.findall(r"`_([A-Z]+)`", text)}
    sources = [p for part in ("core", "web") for p in (ROOT / part).rglob("*.py")]
    read = set(re.findall(r"LAIFANG_[A-Z_]+", "\n".join(p.read_text("utf-8") for p in sources)))
    assert named == read - {"LAIFANG_TEST_UNGUARDED_GATE"}
