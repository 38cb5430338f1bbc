"""Passes issued, printed, replaced and revoked; keys that rotate without refusing a valid pass."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.passes import keys, queries, services
from core.passes.services import NewPass
from core.passes.token import TokenFlag, TokenType, read
from core.permissions import SYSTEM
from core.privacy import keys as privacy_keys
from core.privacy.crypto import Keyring
from core.sites.tables import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def site(database):
    """A site on an open database, with a fresh keyring."""
    privacy_keys.hold(Keyring.generate())
    made = Site(id=uuid4(), code="S", name="Site", audience=77)
    await Site.insert(made)
    return made


def a_new_pass(site, **more):
    at = clock.now()
    given = {
        "kind": "lodge.badge",
        "holder_id": uuid4(),
        "site_id": site.id,
        "not_before": at,
        "expires": at + timedelta(days=1),
        **more,
    }
    return NewPass(**given)


async def issue(site, **more):
    (made,) = await services.issue_many([a_new_pass(site, **more)], actor=SYSTEM, at=clock.now())
    return made


async def test_a_token_says_what_was_asked_for_and_names_nobody(site):
    holder = uuid4()
    made = await issue(site, holder_id=holder, zones=0b101, single_entry=True)
    body = read(made.token, await keys.verifying_keys())
    assert body.audience == 77
    assert body.pass_id.hex() == made.pass_id
    assert (body.zones, body.generation, body.flags) == (0b101, 0, TokenFlag.SINGLE_ENTRY)
    assert body.expires - body.not_before == 86400
    assert holder.bytes not in made.token.encode()


@pytest.mark.rule("SCH-19")
async def test_480_badges_are_issued_in_one_act_each_with_its_log_row(site):
    made = await services.issue_many(
        [a_new_pass(site) for _ in range(480)], actor=SYSTEM, at=clock.now()
    )
    assert len({one.pass_id for one in made}) == 480
    tokens = await services.tokens_of([one.pass_id for one in made])
    assert tokens == {one.pass_id: one.token for one in made}
    rows = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE act = 'pass.issue'")
    assert rows[0]["n"] == 480


async def test_of_a_batch_with_one_bad_pass_none_is_issued(site):
    at = clock.now()
    bad = a_new_pass(site, expires=at - timedelta(days=1))
    with pytest.raises(InvalidInputError):
        await services.issue_many([a_new_pass(site), bad], actor=SYSTEM, at=at)
    elsewhere = a_new_pass(site, site_id=uuid4())
    with pytest.raises(NotFoundError):
        await services.issue_many([a_new_pass(site), elsewhere], actor=SYSTEM, at=at)
    assert await db.fetch("SELECT id FROM pass") == []


@pytest.mark.parametrize("zones", [0, -1, 0x10000])
async def test_a_pass_opens_some_zone_and_none_that_is_not_there(site, zones):
    with pytest.raises(InvalidInputError):
        await issue(site, zones=zones)


async def test_a_reprint_is_the_first_print(site):
    made = await issue(site)
    await keys.rotate_keys(actor=SYSTEM, at=clock.now())
    assert await services.token_of(made.pass_id) == made.token


@pytest.mark.rule("SCH-19")
async def test_a_replaced_pass_has_a_new_print_of_the_same_pass(site):
    made = await issue(site)
    new = await services.reissue(made.pass_id, actor=SYSTEM, at=clock.now(), reason="lost")
    assert new.pass_id == made.pass_id
    assert new.token != made.token
    assert read(new.token, await keys.verifying_keys()).generation == 1
    assert await services.token_of(made.pass_id) == new.token


async def test_a_pass_is_replaced_255_times_and_no_more(site):
    made = await issue(site)
    await db.execute("UPDATE pass SET generation = 255 WHERE id = {}", made.pass_id)
    with pytest.raises(WrongStateError):
        await services.reissue(made.pass_id, actor=SYSTEM, at=clock.now())


async def test_a_revoked_pass_stays_so(site):
    made = await issue(site)
    at = clock.now()
    with pytest.raises(InvalidInputError):
        await services.revoke(made.pass_id, reason=" ", actor=SYSTEM, at=at)
    await services.revoke(made.pass_id, reason="lost", actor=SYSTEM, at=at)
    with pytest.raises(WrongStateError):
        await services.revoke(made.pass_id, reason="lost", actor=SYSTEM, at=at)
    with pytest.raises(WrongStateError):
        await services.reissue(made.pass_id, actor=SYSTEM, at=at)
    (stored,) = await queries.stored_passes([made.pass_id])
    assert not stored.is_good(clock.to_ms(at))


async def test_what_is_not_there_is_said_to_be_missing(site):
    for act in (
        services.token_of("00" * 12),
        services.stub_token_of("00" * 12),
        services.revoke("00" * 12, reason="x", actor=SYSTEM, at=clock.now()),
        services.reissue("00" * 12, actor=SYSTEM, at=clock.now()),
    ):
        with pytest.raises(NotFoundError):
            await act


async def test_a_stub_is_of_the_same_pass_and_of_its_own_type(site):
    made = await issue(site, single_entry=True)
    body = read(await services.stub_token_of(made.pass_id), await keys.verifying_keys())
    assert (body.pass_id.hex(), body.type, body.flags) == (made.pass_id, TokenType.STUB, 0)


async def test_the_good_pass_of_a_holder_is_the_latest_one(site):
    holder = uuid4()
    old = await issue(site, holder_id=holder)
    new = await issue(site, holder_id=holder)
    at = clock.now()
    await db.execute("UPDATE pass SET issued_at = issued_at - 5 WHERE id = {}", old.pass_id)

    async def good():
        found = await queries.good_passes_of_holders(
            [holder, uuid4()], "lodge.badge", at_ms=clock.to_ms(at)
        )
        return {key: stored.pass_id for key, stored in found.items()}

    assert await good() == {holder: new.pass_id}
    await services.revoke(new.pass_id, reason="lost", actor=SYSTEM, at=at)
    assert await good() == {holder: old.pass_id}
    assert [p.pass_id for p in await queries.passes_of_holder(holder, "lodge.badge")] == [
        new.pass_id,
        old.pass_id,
    ]


async def test_two_keys_are_always_published_and_private_ones_are_sealed(site):
    await issue(site)
    for _ in range(3):
        published = await keys.published()
        assert {"current", "next"} <= {key.state for key in published}
        await keys.rotate_keys(actor=SYSTEM, at=clock.now())
    for row in await db.fetch("SELECT private_sealed FROM pass_key"):
        assert row["private_sealed"].startswith("e1.")


async def test_keys_of_a_new_installation_are_made_once_by_many_at_the_same_time(site):
    await asyncio.gather(*(keys.prepare(at=clock.now()) for _ in range(8)))
    states = sorted(key.state for key in await keys.published())
    assert states == ["current", "next"]


async def test_many_rotations_lose_no_valid_pass_and_run_out_of_no_numbers(site):
    made = await issue(site)
    later = clock.now() + timedelta(days=400)
    for _ in range(260):
        await keys.rotate_keys(actor=SYSTEM, at=clock.now())
    assert read(made.token, await keys.verifying_keys()).key_id == 1
    for _ in range(5):
        await keys.rotate_keys(actor=SYSTEM, at=later)


async def test_a_withdrawn_key_opens_nothing_and_its_passes_are_printed_anew(site):
    made = await issue(site)
    other = await issue(site)
    await services.revoke(other.pass_id, reason="lost", actor=SYSTEM, at=clock.now())
    moved = await keys.withdraw_key(1, actor=SYSTEM, at=clock.now(), reason="stolen")
    assert moved == 1
    assert 1 not in await keys.verifying_keys()
    again = await services.token_of(made.pass_id)
    assert read(again, await keys.verifying_keys()).key_id == 2
    assert len(await keys.published()) >= 2
    for worthless in (services.token_of(other.pass_id), services.stub_token_of(other.pass_id)):
        with pytest.raises(NotFoundError):
            await worthless
    with pytest.raises(WrongStateError):
        await keys.withdraw_key(1, actor=SYSTEM, at=clock.now(), reason="stolen")
    with pytest.raises(NotFoundError):
        await keys.withdraw_key(99, actor=SYSTEM, at=clock.now(), reason="stolen")
