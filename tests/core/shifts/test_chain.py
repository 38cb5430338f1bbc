"""Whatever guards do, and in whatever order: the shifts at a post form a chain without overlap."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.shifts import handovers, policies, queries, services
from core.shifts.policies import Span
from core.shifts.tables import Shift, ShiftHandover
from tests.core.registrations import reception

START = datetime(2026, 11, 23, tzinfo=UTC)
GUARDS = [
    Actor(kind="user", id=uuid4(), name=f"门卫{n}", permissions=frozenset({"core:shift:write"}))
    for n in range(3)
]


async def some_act(rng, gate, at, plugins):
    """Let somebody try something; what is refused changes nothing."""
    who = rng.choice(GUARDS)
    given = {"actor": who, "at": at, "plugins": plugins}
    offers = await ShiftHandover.objects().where(ShiftHandover.gate == gate)
    if rng.random() < 0.7:  # mostly what is really open, else any old one
        offers = [offer for offer in offers if offer.state == "offered"]
    act = rng.choice(("take", "offer", "offer", "accept", "accept", "relieve", "leave", "withdraw"))
    if act == "take":
        await services.take_over(gate, **given)
    elif act == "offer":
        await handovers.offer(gate, **given)
    elif act == "relieve":
        await services.relieve(gate, reason="未到", **given)
    elif act == "leave":
        await services.leave(gate, **given)
    elif offers and act == "accept":
        await handovers.accept(rng.choice(offers).id, **given)
    elif offers:
        await handovers.withdraw(rng.choice(offers).id, actor=who, at=at)


@pytest.mark.rule("CORE-17")
@pytest.mark.parametrize("seed", range(6))
async def test_random_acts_leave_a_chain_without_overlap(seed, database):
    keys.hold(Keyring.generate())
    rng = random.Random(seed)
    plugins = Plugins({})
    place = await reception.a_place(plugins)
    at, done = START, 0
    for _ in range(80):
        at += timedelta(minutes=rng.randint(-3, 90))  # clocks of two devices differ a little
        try:
            await some_act(rng, place.gate_id, at, plugins)
            done += 1
        except DomainError:
            pass
        spans = [queries.span(s) for s in await Shift.objects()]
        assert policies.overlaps(spans) == []
        assert sum(span.ended_at is None for span in spans) <= 1
    assert done > 10
    shifts = await Shift.objects().order_by(Shift.began_at)
    signed = await ShiftHandover.objects().where(
        ShiftHandover.state == "signed",
        ShiftHandover.outgoing_shift.is_not_null(),
        ShiftHandover.incoming_shift.is_not_null(),
    )
    by_id = {shift.id: shift for shift in shifts}
    for record in signed:  # no moment between the two shifts of a handover
        assert by_id[record.outgoing_shift].ended_at == by_id[record.incoming_shift].began_at
    ended = [shift for shift in shifts if shift.ended_at is not None]
    outgoing = [
        record.outgoing_shift
        for record in await ShiftHandover.objects()
        if record.state == "signed"
    ]
    for shift in ended:  # each end has exactly one record
        assert outgoing.count(shift.id) == 1


times = st.integers(0, 20).map(lambda hour: START + timedelta(hours=hour))


@given(st.lists(st.tuples(times, st.none() | times), max_size=6))
def test_overlap_is_found_exactly_when_two_spans_share_a_moment(pairs):
    spans = [
        Span(holder=UUID(int=1), began_at=began, ended_at=ended)
        for began, ended in pairs
        if ended is None or ended > began
    ]
    far = START + timedelta(days=365)

    def share(a, b):
        return max(a.began_at, b.began_at) < min(a.ended_at or far, b.ended_at or far)

    expected = any(share(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :])
    assert bool(policies.overlaps(spans)) == expected
