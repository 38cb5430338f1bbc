"""The leaders' part of the demonstration: rota with bookings, instructions, major items."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from uuid import UUID

from core import db
from core.permissions import SYSTEM
from plugins.government import facts
from plugins.government.city import office_texts, places
from plugins.government.city.scene import Scene
from plugins.government.matters import states
from plugins.government.reception import acts, booking, services
from plugins.government.reception.facts import CALLED_OFF, CAME, MISSED
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD, LEADER
from plugins.government.signing import instructing as signing
from plugins.government.signing import queries as signing_queries
from plugins.government.signing import services as chains

_POSTS = ((LEADER, "市委常委、副市长"), (DEPUTY, "副局长"), (DIRECTOR, "局长"))
_WEEKS_BACK = timedelta(days=56)
_SETTLED = (CAME, CAME, CAME, MISSED, CAME, CALLED_OFF)


async def rota(scene: Scene) -> None:
    """Name who takes turns, plan the days of past and coming weeks, let people book."""
    for role, post in _POSTS:
        user_id = scene.made.roles[role].id
        assert user_id is not None  # noqa: S101 - an account
        await services.name_leader(
            scene.made.site_id, user_id, post=post, director=role == DIRECTOR,
            actor=SYSTEM, at=scene.now - _WEEKS_BACK,
        )  # fmt: skip
    for at in (scene.now - _WEEKS_BACK, scene.now):
        await services.plan(scene.made.site_id, actor=SYSTEM, at=at)
    rows = await db.fetch(
        "SELECT id, day FROM government_reception_day WHERE site = {} ORDER BY day",
        scene.made.site_id,
    )
    today = scene.now.date()
    past = [row for row in rows if row["day"] < today]
    coming = [row for row in rows if row["day"] > today]
    for turn, row in enumerate(past):
        await _booked(scene, row["id"], turn, ago=(today - row["day"]).days, count=2 + turn % 4)
    for turn, row in enumerate(coming[:3]):
        await _booked(scene, row["id"], turn + 3, ago=0, count=(5, 3, 1)[turn])
    for row, code in zip(coming, ("zj", places.SHOWN, "zr"), strict=False):
        await acts.add_section(row["id"], scene.made.units[code], actor=SYSTEM, at=scene.now)
    if len(coming) > 2 and (deputy := scene.made.roles[DEPUTY].id) is not None:
        leader = await db.fetch(
            "SELECT leader FROM government_reception_day WHERE id = {}", coming[2]["id"]
        )
        if leader[0]["leader"] != deputy:
            await acts.delegate(coming[2]["id"], deputy, post="副局长", actor=SYSTEM, at=scene.now)


async def _booked(scene: Scene, day_id: UUID, turn: int, *, ago: int, count: int) -> None:
    """Let some book a day: by the public page, one at the desk about an item."""
    dice = Random(turn)  # noqa: S311 - made-up bookings, no secrets
    for number in range(count):
        at = scene.now - timedelta(days=ago + 2 + number % 3, hours=number)
        topic = office_texts.BOOKED[dice.randrange(len(office_texts.BOOKED))]
        made, _ = await booking.book(
            day_id,
            name=scene.people.name(),
            phone=scene.people.phone(),
            topic=topic,
            heads=1 + (number % 3 == 2) * 2,
            at=at,
            actor=scene.clerk if number % 3 == 1 else None,
        )
        if ago:
            state = _SETTLED[(turn + number) % len(_SETTLED)]
            # On that very day, at whatever hour the demonstration is made.
            settled = (scene.now - timedelta(days=ago)).replace(hour=9 + number % 3)
            await booking.settle(made, state, actor=scene.clerk, at=settled)


async def instructions(scene: Scene) -> None:
    """Put major items to the leaders: one instructed and carried out, one instructed, one waiting."""
    for turn, (ago, how) in enumerate(((30, "done"), (8, "told"), (1, "waits"), (0, "asked"))):
        at = scene.ago(ago, 9)
        plan = scene.item(
            states.HANDLING, since=at, fits=lambda one: one.urgency > facts.CALM
        ) or scene.item(states.HANDLING, since=at)
        if plan is None:
            continue
        text = office_texts.MAJOR[turn % len(office_texts.MAJOR)]
        await signing.suggest_major(plan.id, text, actor=scene.clerk, at=at, plugins=scene.plugins)
        if how == "asked":
            continue
        await scene.sign(plan.id, at, HEAD, DIRECTOR)
        if how == "waits":
            continue
        told = min(at + timedelta(hours=6), scene.now)
        await signing.instruct(
            plan.id,
            office_texts.INSTRUCTED[turn % len(office_texts.INSTRUCTED)],
            leader=scene.made.roles[LEADER].name,
            given_on=told.date(),
            actor=scene.able(LEADER),
            at=told,
        )
        if how == "done":
            one = (await signing_queries.instructions(plan.id))[0]
            moment = min(at + timedelta(days=9), scene.now)
            await signing.carry_out(
                plan.id, one.id, office_texts.CARRIED_OUT, actor=scene.clerk, at=moment
            )


async def results(scene: Scene, checked: Sequence[UUID]) -> None:
    """Let preliminary opinions on results wait: for the deputy director, then for the director."""
    for turn, matter_id in enumerate(checked):
        at = scene.now - timedelta(hours=4 + turn)
        text = office_texts.PRELIMINARY[turn % len(office_texts.PRELIMINARY)]
        await chains.ask_after(matter_id, text, actor=scene.clerk, at=at, plugins=scene.plugins)
        if turn % 2:
            await scene.sign(matter_id, at, DEPUTY)
