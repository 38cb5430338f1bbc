"""What gates without network deliver: in any order, twice, a week late, from cloned devices (SCH-20).

Some 5,000 events here; `make faults` delivers 100,000 (tests/faults/deliveries.py).
"""

import asyncio
import shutil
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from core import db
from core.privacy import keys as privacy_keys
from core.privacy.crypto import Keyring
from tests.core.gate.deliveries import a_world

EXAMPLES, STEPS, MOST_SCANS = 24, 30, 60


class Deliveries(RuleBasedStateMachine):
    """Devices at two gates that scan, restart, are cloned, lose scans, and deliver when they can."""

    template = None
    folder = None
    numbers = count(1)
    events = 0

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        path = self.folder / f"{next(self.numbers)}.sqlite"
        shutil.copyfile(self.template, path)
        privacy_keys.hold(Keyring.generate())
        self.path = path
        self.runner = asyncio.Runner()
        self.runner.run(db.open(f"sqlite:///{path}"))
        self.world = self.runner.run(a_world(seed))

    @rule(number=st.integers(5, MOST_SCANS))
    def scan(self, number):
        for _ in range(number):
            self.world.scan()

    @rule(number=st.integers(1, 3))
    def undo(self, number):
        for _ in range(number):
            self.world.undo()

    @rule()
    def restart(self):
        self.world.restart()

    @rule()
    def clone(self):
        self.world.clone()

    @rule()
    def lose(self):
        self.world.lose()

    @rule()
    def revoke(self):
        self.runner.run(self.world.revoke())

    @rule()
    def deliver(self):
        self.runner.run(self.world.deliver())

    @rule()
    def deliver_and_get_no_answer(self):
        self.runner.run(self.world.deliver(forget=False))

    def teardown(self):
        if not hasattr(self, "runner"):
            return
        try:
            self.runner.run(self._settle())
        finally:
            self.runner.run(db.close())
            self.runner.close()
            self.path.unlink()

    async def _settle(self):
        world = self.world
        await world.finish()
        await world.check()
        await world.start_over()
        await world.deliver_all()
        await world.check()
        type(self).events += len(world.happened)


@pytest.mark.rule("SCH-20")
def test_the_same_history_comes_to_the_same_end_in_whatever_order_it_is_delivered(
    sqlite_template, tmp_path
):
    Deliveries.template, Deliveries.folder, Deliveries.events = sqlite_template, tmp_path, 0
    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True
        ),
    )
    assert Deliveries.events > 1500


@pytest.mark.anyio
@pytest.mark.rule("SCH-20")
async def test_a_long_history_on_either_engine(database):
    privacy_keys.hold(Keyring.generate())
    world = await a_world(7)
    for _ in range(6):
        for _ in range(50):
            world.scan()
        world.undo()
        world.restart()
        world.clone()
        world.lose()
        await world.revoke()
        await world.deliver()
    await world.finish()
    await world.check()
    await world.start_over()
    await world.deliver_all()
    await world.check()


@pytest.mark.anyio
@pytest.mark.rule("SCH-20")
async def test_devices_that_deliver_at_the_same_moment_come_to_the_same_end(database):
    privacy_keys.hold(Keyring.generate())
    world = await a_world(11, badges=150)
    for _ in range(900):
        world.scan()
    world.pass_time(60_000)

    async def deliver(body):
        while body.queue:
            part, body.queue = body.queue[:120], body.queue[120:]
            await world.send(body.id, part, body)

    await asyncio.gather(*(deliver(body) for body in world.bodies))
    await world.finish()
    await world.check()
