"""What plugins add to the pages: routes, entries of the menu, cards of the first page."""

import asyncio

import pytest
from litestar import Router, get

from core import hookimpl
from core.asking import PluginError
from core.i18n import Message
from core.navigation import (
    Home,
    HomeAct,
    HomeCard,
    HomeItem,
    HomePage,
    HomeSection,
    NavigationItem,
)
from core.permissions import Permission, Role
from tests.app import new_client
from web import background
from web.app import create_app
from web.plugins import WebPlugins


@get("/greenhouse", requires="greenhouse:plant:read")
async def greenhouse() -> str:
    return "tomatoes"


class Greenhouse:
    """A plugin of its own, as another distribution would bring it."""

    @hookimpl
    def register_permissions(self):
        return [Permission("greenhouse:plant:read", Message("See plants"))]

    @hookimpl
    def register_roles(self):
        return [Role("gatekeeper", Message(""), frozenset({"greenhouse:plant:read"}))]

    @hookimpl
    def register_routes(self):
        return [Router(path="", route_handlers=[greenhouse])]

    @hookimpl
    def register_navigation(self):
        return [
            NavigationItem(
                label=Message("温室"),
                path="/greenhouse",
                permission="greenhouse:plant:read",
                order=5,
            )
        ]

    @hookimpl
    async def collect_home_cards(self, actor):
        return [
            HomeCard(title=Message("浇水"), count=3, path="/greenhouse", level="warning"),
            HomeCard(title=Message("收获"), count=0, path="/greenhouse"),
            HomeCard(title=Message("救火"), count=1, path="/greenhouse", level="danger"),
        ]


async def orchard(actor, at):
    """The first page of an auditor: one tree to water, and a pond to look at."""
    act = HomeAct(label=Message("浇树"), path="/greenhouse", post=True, values={"can": "big"})
    tree = HomeItem(title="苹果树", path="/trees/1", act=act, lines=(Message("三天没浇"),))
    return HomePage(
        sections=(
            HomeSection(
                name="trees", title=Message("该浇的树"), items=(tree,), path="/trees", more=2
            ),
            HomeSection(
                name="pond",
                title=Message("池塘"),
                items=(HomeItem(title="水位正常", path="/pond"),),
                shown=True,
            ),
            HomeSection(name="none", title=Message("空着的"), items=()),
        ),
        covers=frozenset({"/greenhouse"}),
    )


async def storm(actor, at):
    raise RuntimeError("no home today")


class Orchard(Greenhouse):
    """A plugin that gives two roles first pages; one of them fails."""

    @hookimpl
    def register_homes(self):
        return [
            Home(role="auditor", label=Message("果园"), collect=orchard),
            Home(role="gatekeeper", label=Message("风暴"), collect=storm),
        ]


class Broken:
    """A plugin whose cards fail."""

    @hookimpl
    async def collect_home_cards(self, actor):
        raise RuntimeError("no cards today")


@pytest.fixture
async def with_plugins(settings, client_as):
    keeper, auditor = await client_as("gatekeeper"), await client_as("auditor")
    plugins = WebPlugins({"greenhouse": Greenhouse(), "broken": Broken()})
    app = create_app(settings, plugins, with_background=False)
    clients = []
    for login in (keeper.login, auditor.login):
        client = new_client(app)
        await client.sign_in(login)
        clients.append(client)
    yield clients
    for client in clients:
        await client.aclose()


async def test_a_plugin_s_page_and_menu_are_for_those_who_hold_its_permission(with_plugins):
    keeper, auditor = with_plugins
    assert (await keeper.get("/greenhouse")).text == "tomatoes"
    assert 'href="/greenhouse"' in (await keeper.get("/account")).text
    assert (await auditor.get("/greenhouse")).status_code == 403
    assert 'href="/greenhouse"' not in (await auditor.get("/account")).text


async def test_the_first_page_shows_what_is_due_most_urgent_first(with_plugins):
    page = (await with_plugins[0].get("/")).text
    assert page.index("救火") < page.index("浇水")
    assert "收获" not in page


async def test_a_part_that_fails_is_left_out_and_named(with_plugins):
    page = await with_plugins[0].get("/")
    assert page.status_code == 200
    assert "broken" in page.text
    assert "no cards today" not in page.text


async def test_a_role_has_a_first_page_of_its_own_and_the_cards_when_it_fails(settings, client_as):
    keeper, auditor = await client_as("gatekeeper"), await client_as("auditor")
    app = create_app(settings, WebPlugins({"orchard": Orchard()}), with_background=False)
    async with new_client(app) as client:
        await client.sign_in(auditor.login)
        page = (await client.get("/")).text
        assert "有 3 件事等您办理" in page, "one named, two more; the pond is not due"
        assert page.index("苹果树") < page.index("水位正常")
        assert 'name="can" value="big"' in page
        assert "空着的" not in page
        assert "救火" not in page, "the page tells of it"
        assert "救火" in (await client.get("/?role=all")).text
    async with new_client(app) as client:
        await client.sign_in(keeper.login)
        page = await client.get("/")
        assert page.status_code == 200
        assert "救火" in page.text
        assert "no home today" not in page.text


def test_two_entries_for_one_page_and_routes_that_fail_stop_the_start():
    class Second(Greenhouse):
        @hookimpl
        def register_routes(self):
            raise RuntimeError("no routes")

        @hookimpl
        def register_permissions(self):
            return []

    plugins = WebPlugins({"a": Greenhouse(), "b": Second()})
    with pytest.raises(PluginError, match="/greenhouse"):
        plugins.register_navigation()
    with pytest.raises(PluginError, match=r"b\.register_routes"):
        plugins.register_routes()


def test_the_core_comes_first_and_plugins_in_the_order_of_their_names():
    plugins = WebPlugins({"zebra": Broken(), "ant": Greenhouse()})
    assert plugins.names == ["ant", "zebra"]
    assert [folder.name for folder in plugins.folders] == ["web", "core"]


async def test_a_job_that_fails_is_started_again_and_all_end_with_the_server(settings, plugins):
    started = []

    async def fails_once(_settings, _plugins, stop):
        started.append("fails")
        if len(started) == 1:
            raise RuntimeError("once")
        await stop.wait()

    async def deaf(_settings, _plugins, _stop):
        started.append("deaf")
        await asyncio.sleep(60)

    jobs = [("fails", fails_once), ("deaf", deaf)]
    loop = asyncio.get_running_loop()
    async with background.running(settings, plugins, jobs):
        async with asyncio.timeout(20):
            while started.count("fails") < 2:
                await asyncio.sleep(0.05)
        stopped = loop.time()
    assert loop.time() - stopped < background.STOP_SECONDS + 1
