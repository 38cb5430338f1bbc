"""What plugins do each minute and say of a gate: one that fails leaves the others alone."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from core import clock, hookimpl
from core.gate.facts import GateLine
from core.i18n import N_
from core.plugins import Plugins

pytestmark = pytest.mark.anyio


async def test_on_minute_goes_on_after_a_plugin_that_fails():
    done = []

    @hookimpl
    async def on_minute(at):
        raise RuntimeError("boom")

    broken = SimpleNamespace(on_minute=on_minute)

    @hookimpl
    async def on_minute(at):
        done.append(at)

    now = clock.now()
    plugins = Plugins({"a": broken, "b": SimpleNamespace(on_minute=on_minute)})
    plugins.manager.unregister(name="core")
    await plugins.on_minute(now)
    assert done == [now]


async def test_collect_gate_lines_leaves_out_and_names_who_fails(sqlite_database):
    @hookimpl
    async def collect_gate_lines(gate_id, site_id, at):
        raise RuntimeError("boom")

    broken = SimpleNamespace(collect_gate_lines=collect_gate_lines)

    @hookimpl
    async def collect_gate_lines(gate_id, site_id, at):
        return [GateLine(text=N_("Open"))]

    plugins = Plugins({"a": broken, "b": SimpleNamespace(collect_gate_lines=collect_gate_lines)})
    lines, failed = await plugins.collect_gate_lines(UUID(int=1), UUID(int=2), clock.now())
    assert ([str(line.text) for line in lines], failed) == (["Open"], ["a"])
