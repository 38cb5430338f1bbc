"""The files for servers name only what exists: commands, settings, paths of the checkout.

No container engine and no systemd run in the tests: these files are checked, not built.
"""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from core import settings
from web.cli import main

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r'"(LAIFANG_[A-Z_]+)"', (ROOT / "core/settings.py").read_text("utf-8")))
SOURCES = "\n".join(
    p.read_text("utf-8") for part in ("core", "web") for p in (ROOT / part).rglob("*.py")
)


def commands(text):
    """Yield what comes after `laifang` in shell lines."""
    for found in re.findall(r"(?:^|[\s/&\"])laifang ((?:migrate|serve)[^&\"\n\]]*)", text):
        yield shlex.split(found)


@pytest.mark.parametrize("name", ["laifang.service", "Dockerfile"])
def test_each_command_and_option_exists(name):
    found = list(commands((DEPLOY / name).read_text("utf-8")))
    assert {words[0] for words in found} == {"migrate", "serve"}
    for words in found:
        said = CliRunner().invoke(main, [words[0], "--help"])
        assert said.exit_code == 0, said.output
        for option in (word for word in words if word.startswith("--")):
            assert option in said.output


@pytest.mark.parametrize("name", ["laifang.service", "Dockerfile", "compose.yaml"])
def test_each_setting_is_one_that_is_read(name):
    named = set(re.findall(r"LAIFANG_[A-Z_]+", (DEPLOY / name).read_text("utf-8")))
    assert named
    assert all(one in SETTINGS or f'"{one}"' in SOURCES for one in named)


def test_the_unit_is_well_formed_and_locked_down():
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str
    unit.read_string((DEPLOY / "laifang.service").read_text("utf-8"))
    service = unit["Service"]
    assert service["User"] == "laifang"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["KillSignal"] == "SIGTERM"
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_the_image_copies_what_exists_and_runs_as_nobody_special():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
    assert text.index("USER laifang") < text.index('CMD ["sh"')
    assert "/health/ready" in text


def test_the_compose_file_starts_the_server_after_its_database_and_keeps_both_volumes():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    server, database = services["services"]["laifang"], services["services"]["database"]
    assert server["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in database
    assert set(services["volumes"]) == {"database", "data"}
    assert all(port.startswith("127.0.0.1:") for port in server["ports"])
    assert settings.load().database_url
