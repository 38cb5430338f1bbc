"""`laifang demo` fills an empty installation only, all or nothing, and says how to sign in."""

import re

import pytest

from core import clock
from core.accounts.tables import User
from core.demo import services
from core.demo.services import NotEmptyError
from core.log.tables import LogEntry
from core.sites.tables import Site
from tests.app import an_account


async def test_it_is_never_mixed_into_data_that_is_there(app, settings, plugins, site):
    with pytest.raises(NotEmptyError):
        await services.fill(plugins, settings, at=clock.now())
    assert await Site.count() == 1
    assert not await User.exists()
    await an_account(plugins, "administrator")
    assert not await services.is_empty()


async def test_a_plugin_that_fails_leaves_nothing_half_made(app, settings, plugins, monkeypatch):
    async def broken(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(plugins, "do_demo", broken)
    with pytest.raises(RuntimeError):
        await services.fill(plugins, settings, at=clock.now())
    assert not await Site.exists()
    assert not await LogEntry.exists()


def test_the_command_prints_one_sign_in_for_each_role_and_refuses_a_second_time(tmp_path, laifang):
    assert laifang("migrate", data_dir=tmp_path).returncode == 0
    first = laifang("demo", data_dir=tmp_path, LAIFANG_DEMO_PASSWORD="jiaowu-shifan-2026")
    assert first.returncode == 0, first.stderr
    assert "jiaowu-shifan-2026" in first.stdout
    for role in ("administrator", "gatekeeper", "discipline_office", "class_teacher"):
        assert re.search(rf"^  {role}\s", first.stdout, re.MULTILINE), role
    assert len(re.findall(r"PIN \d{4}", first.stdout)) >= 3
    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", first.stdout)) == 2
    again = laifang("demo", data_dir=tmp_path)
    assert again.returncode == 1
    quiet = laifang("demo", "--if-empty", data_dir=tmp_path)
    assert (quiet.returncode, quiet.stdout) == (0, "")
