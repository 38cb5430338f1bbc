"""Plugins register reports; each reader sees those they may."""

from types import SimpleNamespace

import pytest

from core import hookimpl
from core.asking import PluginError
from core.errors import NotFoundError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.reports.facts import Cell, Dimension, Measure, Report
from core.reports.queries import report_named, visible
from tests.core.registrations.reception import ADMIN


async def _nothing(asked) -> list[Cell]:
    return []


def a_plugin(name):
    @hookimpl
    def register_reports():
        return [
            Report(
                name=name,
                title=N_("Parcels"),
                hint=N_("What came by post."),
                permission="post:read",
                dimensions=(Dimension(name="day", label=N_("Day"), time=True),),
                measures=(Measure(name="parcels", label=N_("Parcels")),),
                query=_nothing,
            )
        ]

    return SimpleNamespace(register_reports=register_reports)


def test_a_plugins_report_stands_beside_the_cores_own_for_those_who_may_see_it():
    plugins = Plugins({"post": a_plugin("post.parcels")})
    clerk = Actor(kind="user", permissions=frozenset({"post:read"}))
    assert [one.name for one in visible(clerk, plugins)] == ["post.parcels"]
    assert [one.name for one in visible(ADMIN, plugins)] == [
        "core.visits", "core.waiting", "core.scans", "core.offline", "core.feedback"
    ]  # fmt: skip
    assert report_named("post.parcels", clerk, plugins).title == N_("Parcels")
    for name in ("core.visits", "post.nothing"):
        with pytest.raises(NotFoundError):
            report_named(name, clerk, plugins)


def test_two_reports_of_one_name_stop_the_start():
    with pytest.raises(PluginError, match=r"core\.visits"):
        Plugins({"post": a_plugin("core.visits")}).register_reports()
