"""What a user may do: roles everywhere and by site, never more than given."""

from uuid import uuid4

from core.accounts.actors import actor_of, narrowed
from core.i18n import Message
from core.permissions import Role

ROLES = {
    "guard": Role("guard", Message("Guard"), frozenset({"scan", "read"})),
    "chief": Role("chief", Message("Chief"), frozenset({"read", "decide"})),
}
USER = {"user_id": uuid4(), "host_id": None, "name": "王", "locale": "en"}
NORTH, SOUTH = uuid4(), uuid4()


def test_a_role_at_one_site_gives_nothing_at_another():
    actor = actor_of(USER, [("guard", NORTH), ("chief", SOUTH)], ROLES)
    assert actor.permissions == {"scan", "read", "decide"}
    assert actor.may_at("scan", NORTH)
    assert not actor.may_at("scan", SOUTH)
    assert actor.may_at("decide", SOUTH)
    assert not actor.may_at("decide", NORTH)
    assert actor.sites_with("read") == {NORTH, SOUTH}
    assert actor.sites_with("scan") == {NORTH}
    assert actor.site_ids == {NORTH, SOUTH}


def test_a_role_everywhere_does_not_carry_a_local_one_along():
    actor = actor_of(USER, [("guard", None), ("chief", SOUTH)], ROLES)
    assert actor.may_at("scan", NORTH)
    assert actor.sites_with("scan") is None
    assert not actor.may_at("decide", NORTH)
    assert actor.sites_with("decide") == {SOUTH}


def test_no_role_and_a_role_that_nobody_knows_give_nothing():
    for held in ([], [("ghost", None)]):
        actor = actor_of(USER, held, ROLES)
        assert actor.permissions == frozenset()
        assert not actor.may_at("scan", NORTH)
        assert actor.sites_with("scan") == frozenset()


def test_a_token_is_narrower_at_every_site():
    actor = narrowed(
        actor_of(USER, [("guard", NORTH), ("chief", SOUTH)], ROLES), frozenset({"decide", "erase"})
    )
    assert actor.kind == "token"
    assert actor.permissions == {"decide"}
    assert actor.may_at("decide", SOUTH)
    assert not actor.may_at("read", SOUTH)
    assert actor.sites_with("decide") == {SOUTH}
