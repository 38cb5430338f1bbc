"""The rulebook in force at a moment is one, named, and changed only ahead of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.rulebooks import queries, services
from core.rulebooks.facts import Rulebook, setting

pytestmark = pytest.mark.anyio
HEAD = Actor(kind="user", name="head")
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hours:
    """Settings of a test."""

    offences: int = setting(3, label=N_("Name"), minimum=1, maximum=30)
    opens: str = setting("06:30", label=N_("Name"), kind="time")
    words: tuple[str, ...] = setting(("推销",), label=N_("Name"), kind="lines")


BOOK = Rulebook(plugin="test", title=N_("Name"), struct=Hours)


@pytest.fixture(autouse=True)
def _fresh():
    keys.hold(Keyring.generate())
    queries.forget()


async def adopt(values, at=MONDAY, **given):
    return await services.adopt(
        BOOK, values, effective_from=given.pop("effective_from", at), note="n", actor=HEAD, at=at
    )


async def test_before_any_version_the_defaults_are_in_force_under_a_name(database):
    in_force = await queries.in_force(BOOK, MONDAY)
    assert (in_force.name, in_force.values) == ("test/0", Hours())


async def test_a_moment_is_judged_under_the_version_in_force_then(database):
    await adopt({"offences": 5})
    await adopt({"offences": 7, "words": "推销\n传单"}, effective_from=MONDAY + timedelta(days=7))
    assert (await queries.in_force(BOOK, MONDAY - timedelta(seconds=1))).name == "test/0"
    assert (await queries.in_force(BOOK, MONDAY)).values.offences == 5
    later = await queries.in_force(BOOK, MONDAY + timedelta(days=8))
    assert (later.name, later.values.words) == ("test/2", ("推销", "传单"))


@pytest.mark.parametrize(
    ("values", "field"), [({"offences": 0}, "offences"), ({"offences": "x"}, "offences"),
                          ({"opens": "25:00"}, "opens")],
)  # fmt: skip
async def test_a_value_out_of_bounds_is_refused_by_field_and_nothing_changes(
    database, values, field
):
    with pytest.raises(InvalidInputError) as refused:
        await adopt(values)
    assert set(refused.value.problems) == {field}
    assert await queries.versions("test") == []


async def test_a_version_cannot_take_effect_in_the_past_or_twice_at_one_moment(database):
    with pytest.raises(InvalidInputError):
        await adopt({}, effective_from=MONDAY - timedelta(seconds=1))
    await adopt({})
    with pytest.raises(InvalidInputError):
        await adopt({"offences": 4})


async def test_a_version_not_yet_in_force_can_be_withdrawn_and_one_in_force_cannot(database):
    await adopt({"offences": 5})
    await adopt({"offences": 9}, effective_from=MONDAY + timedelta(days=1))
    await services.withdraw("test", 2, reason="mistake", actor=HEAD, at=MONDAY)
    assert (await queries.in_force(BOOK, MONDAY + timedelta(days=2))).values.offences == 5
    with pytest.raises(WrongStateError):
        await services.withdraw("test", 1, reason="late", actor=HEAD, at=MONDAY)
