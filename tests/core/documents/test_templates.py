"""Templates as administrators change them: tried, adopted, taken back, and unable to harm the server."""

import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core.documents import templates, typst
from core.documents.templates import FaultyTemplateError
from core.errors import InvalidInputError, StaleError
from core.i18n import Message
from core.permissions import Actor
from tests.core.documents import hall

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ADMIN = Actor(kind="user", id=uuid4(), name="管理员")
HEAD = '#import "house.typ": *\n#show: letter.with(title: "告知书")\n'


async def tried(source):
    return await templates.tried(hall.NOTICE, source, office="云川市信访局")


async def refusal(source):
    with pytest.raises(FaultyTemplateError) as error:
        await tried(source)
    return error.value.problems["source"].msgid, error.value.detail


def adopt(source, **changes):
    given = {"prefix": "信访告", "note": "局务会要求", "based_on": 0, "office": "局"} | changes
    return templates.adopt(hall.NOTICE, source, actor=ADMIN, at=AT, **given)


async def test_a_try_gives_a_picture_of_each_page():
    pages = await tried(HEAD + "甲 #pagebreak() 乙")
    assert len(pages) == 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


@pytest.mark.rule("CORE-12")
@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../etc/passwd")',
        '#image("/proc/self/environ")',
        '#include "../worker.typ"',
        '#json("keyring.json")',
        '#plugin("evil.wasm")',
        '#read("https://example.org/x")',
    ],
)
async def test_no_file_but_its_own_is_read(source):
    said, detail = await refusal(HEAD + source)
    assert said.startswith("The template asks for a file that is not its own.")
    assert "root:" not in detail
    assert "laifang-papers" not in detail


@pytest.mark.rule("CORE-12")
@pytest.mark.parametrize(
    "source", ['#import "@preview/cetz:0.3.0": canvas', '#import "@local/own:0.1.0": x']
)
async def test_packages_and_the_network_are_out_of_reach(source):
    began = time.monotonic()
    said, _ = await refusal(HEAD + source)
    assert said.startswith("The template asks for a package from outside.")
    assert time.monotonic() - began < 5


@pytest.mark.rule("CORE-12")
async def test_an_endless_template_is_given_up_while_others_print(monkeypatch, tmp_path):
    monkeypatch.setattr(typst, "TRIAL_SECONDS", 3)
    (tmp_path / "other.typ").write_text("other")
    slow = "#for i in range(9999) { for j in range(9999) { let x = calc.pow(1.0001, j) } }"
    import asyncio

    # The process that prints is there already, as in an office.
    assert await typst.in_turn(typst.render, "other.typ", {}, root=tmp_path)
    trying = asyncio.ensure_future(refusal(HEAD + slow))
    await asyncio.sleep(0.2)
    assert await typst.in_turn(typst.render, "other.typ", {}, root=tmp_path)
    assert not trying.done(), "nobody waited for it"
    said, _ = await trying
    assert said.startswith("The paper took too long to make")
    assert await tried(HEAD + "next")


@pytest.mark.rule("CORE-12")
@pytest.mark.parametrize(
    "source",
    [
        '#let a = "x" * 1000000\n#let b = range(9000).map(i => a + str(i))\n#b.len()',
        "#let f(x) = f(x + 1)\n#f(1)",
        "#while true {}",
    ],
)
async def test_a_greedy_template_ends_itself_only(source):
    said, _ = await refusal(HEAD + source)
    assert said
    assert await tried(HEAD + "next")


async def test_a_fault_names_its_place():
    said, detail = await refusal(HEAD + "\n#let x = \n#oops")
    assert said == "The template of this paper is faulty. Tell the administrator."
    assert "paper.typ:" in detail


@pytest.mark.rule("CORE-12")
async def test_a_change_is_a_version_that_can_be_taken_back(database):
    assert await adopt(HEAD + "改过的", prefix="云信告") == 1
    current = await templates.in_force(hall.NOTICE)
    assert ("改过的" in current.source, current.prefix, current.by) == (True, "云信告", "管理员")
    assert await templates.go_back(hall.NOTICE, 0, based_on=1, actor=ADMIN, at=AT) == 2
    current = await templates.in_force(hall.NOTICE)
    assert current.source == templates.shipped(hall.NOTICE).source
    assert current.prefix == "信访告"
    numbers = [version.number for version in await templates.history(hall.NOTICE)]
    assert numbers == [2, 1, 0]


async def test_a_faulty_change_is_not_adopted(database):
    with pytest.raises(InvalidInputError) as error:
        await adopt(HEAD + "#oops")
    assert "source" in error.value.problems
    assert (await templates.in_force(hall.NOTICE)).is_shipped


@pytest.mark.parametrize("prefix", ["信访〔2026〕", "信访1", "x" * 60])
async def test_a_prefix_is_words_only(database, prefix):
    with pytest.raises(InvalidInputError) as error:
        await adopt(HEAD + "甲", prefix=prefix)
    assert "prefix" in error.value.problems


async def test_who_changes_an_old_version_is_told(database):
    await adopt(HEAD + "甲")
    with pytest.raises(StaleError):
        await adopt(HEAD + "乙")
    assert await adopt(HEAD + "乙", based_on=1) == 2


async def test_the_note_says_why(database):
    with pytest.raises(InvalidInputError) as error:
        await adopt(HEAD + "甲", note=" ")
    assert isinstance(error.value.problems["note"], Message)
