"""Whatever the core shows of other parts' records asks their plugins first; a fault hides everything."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from core import clock, hiding, hookimpl
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins

pytestmark = pytest.mark.anyio
READER = Actor(kind="user", id=UUID(int=7), name="reader")


def vault(secret, *, broken=False, barred=()):
    """A plugin that hides one record of its own kind, and bars some users from it."""

    @hookimpl
    async def collect_hidden(kind, records, actor, at):
        if broken:
            raise RuntimeError("boom")
        return {one for one in records if secret in one}

    @hookimpl
    async def collect_barred(kind, records, at):
        return {one: frozenset(barred) for one in records if secret in one}

    return Plugins(
        {"vault": SimpleNamespace(collect_hidden=collect_hidden, collect_barred=collect_barred)}
    )


async def hidden(records, kind="vault_item", actor=READER):
    return await hiding.hidden(kind, records, actor=actor, at=clock.now())


async def test_a_plugins_record_is_hidden_and_those_of_others_are_not(sqlite_database):
    with hiding.asking(vault("s1")):
        assert await hidden(["s1", "s2"]) == {"s1"}
        assert await hidden(["s1"], kind="other_item") == frozenset()
        assert await hidden(["s1"], actor=SYSTEM) == frozenset()
    assert await hidden(["s1"]) == frozenset()


@pytest.mark.rule("CORE-14")
async def test_a_plugin_that_cannot_answer_hides_everything_it_guards(sqlite_database):
    with hiding.asking(vault("s1", broken=True)):
        assert await hidden(["s1", "s2"]) == {"s1", "s2"}
        gone = await hiding.hidden_addresses(
            ["/vault/1", "/registrations/1"], actor=READER, at=clock.now()
        )
        assert gone == {"/vault/1"}


async def test_a_page_is_hidden_with_the_record_it_shows(sqlite_database):
    with hiding.asking(vault("s1")):
        gone = await hiding.hidden_addresses(
            ["/vault/s1", "/vault/s2", "", "/s1"], actor=READER, at=clock.now()
        )
        assert gone == {"/vault/s1"}


async def test_users_are_barred_by_record(sqlite_database):
    user = uuid4()
    with hiding.asking(vault("s1", barred=[user])):
        assert await hiding.barred("vault_item", "s1", at=clock.now()) == {user}
        assert await hiding.barred("vault_item", "s2", at=clock.now()) == frozenset()
        assert await hiding.barred("other_item", "s1", at=clock.now()) == frozenset()


@pytest.mark.rule("CORE-14")
async def test_what_is_not_there_is_asked_for_as_if_it_were_hidden(sqlite_database):
    asked = []

    @hookimpl
    async def collect_hidden(kind, records, actor, at):
        asked.append((kind, tuple(records)))
        return frozenset()

    missing = str(uuid4())
    plugins = Plugins({"vault": SimpleNamespace(collect_hidden=collect_hidden)})
    with hiding.asking(plugins):
        assert await hidden([missing], kind="approval") == frozenset()
    assert asked == [(hiding.NOTHING, (missing,))]
