"""Urging and supervision in the demonstration: what the city's late items led to."""

from datetime import timedelta
from uuid import UUID

from core.demo.facts import DemoFacts
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.government.rights import HEAD
from plugins.government.supervising import finding, recommending, services, urging
from plugins.government.supervising.facts import BY_LETTER, BY_PHONE, BY_TALK, POLICY
from plugins.government.supervising.writing import units_of_item
from plugins.government.units import queries as units

URGED, SUPERVISED = 18, 7
_SPOKE = ("办公室刘主任", "信访科陈科长", "分管副局长", "督查科小赵")
_SAID = (
    "此件已超过办理期限，请说明原因，三日内书面报告办理进展。",
    "信访人再次来电询问结果，请尽快与其联系并反馈。",
    "材料已补齐，请抓紧调查核实，按期出具处理意见。",
)
_ANSWERS = (
    "已安排专人办理，正在核实工程款支付情况，本周内反馈。",
    "与信访人当面沟通过，待会议研究后出具意见。",
)


async def fill(demo: DemoFacts) -> None:
    """Urge units about late items, supervise some of them, make a recommendation."""
    # No permissions are looked up here: the head acts, as it were, by the system's hand.
    actor = Actor(kind="system", id=demo.users.get(HEAD), name="接待室主任")
    made = 0
    for number, late in enumerate(await finding.late(SYSTEM, at=demo.at, limit=500)):
        if made == URGED:
            break
        concerned = await units_of_item(late.matter_id)
        if not concerned:
            continue
        made += 1
        unit = concerned[0][0]
        await _urge(number, late.matter_id, unit, actor, demo)
        if made <= SUPERVISED:
            await _supervise(number, late.matter_id, unit, actor, demo)
    for one in (await units.units("department"))[:1]:
        at = demo.at - timedelta(days=12)
        await recommending.recommend(
            site_id=one.site_id,
            unit_id=one.id,
            kind=POLICY,
            text="今年以来同类信访事项较多，建议研究完善相关办法，明确办理标准和时限。",
            due_on=site_time(at).date() + timedelta(days=30),
            actor=actor,
            at=at,
        )


async def _urge(number: int, matter_id: UUID, unit: UUID, actor: Actor, demo: DemoFacts) -> None:
    at = demo.at - timedelta(days=2 + number % 6, hours=number % 5)
    made = await urging.urge(
        matter_id,
        unit_id=unit,
        means=BY_PHONE if number % 3 else BY_LETTER,
        text=_SAID[number % len(_SAID)],
        spoke_with=_SPOKE[number % len(_SPOKE)],
        answer_by=site_time(at).date() + timedelta(days=3),
        actor=actor,
        at=at,
    )
    if number % 2:
        await urging.answer_urging(
            made, text=_ANSWERS[number % len(_ANSWERS)], actor=actor, at=at + timedelta(days=1)
        )


async def _supervise(
    number: int, matter_id: UUID, unit: UUID, actor: Actor, demo: DemoFacts
) -> None:
    at = demo.at - timedelta(days=1, hours=number % 7)
    made = await services.supervise(
        matter_id,
        services.Opening(
            unit_id=unit,
            reason="passed_around" if number % 3 == 0 else "not_in_time",
            requirement="请于十日内办结，书面报告办理结果和超期原因。",
            due_on=site_time(at).date() + timedelta(days=10),
            means=BY_TALK if number % 2 else BY_LETTER,
            with_whom=_SPOKE[number % len(_SPOKE)],
        ),
        actor=actor,
        at=at,
    )
    if number % 3 == 1:
        await services.answer(made, text=_ANSWERS[0], actor=actor, at=at + timedelta(hours=3))
