"""Urging and supervision in the demonstration: what the city's late items led to."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from core import settings
from core.demo.facts import DemoFacts
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins, installed
from core.registrations.judging import site_time
from plugins.government.city.places import SHOWN
from plugins.government.rights import HEAD
from plugins.government.supervising import finding, queries, recommending, services, urging
from plugins.government.supervising.facts import (
    ACCOUNTABILITY,
    ADOPTED,
    BY_LETTER,
    BY_PHONE,
    BY_TALK,
    BY_VISIT,
    IMPROVE,
    LATE,
    NO_RESULT,
    NOT_CARRIED_OUT,
    NOT_IN_TIME,
    PARTLY,
    PASSED_AROUND,
    POLICY,
)
from plugins.government.supervising.writing import units_of_item
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

URGED, SUPERVISED, LOOKED_AT, OF_SHOWN, MONTHS = 18, 9, 400, 4, 4
_LONG = 45  # days late: may have been supervised a month ago already
_SPOKE = ("办公室刘主任", "信访科陈科长", "分管副局长", "督查科小赵")
_SAID = (
    "此件已超过办理期限，请说明原因，三日内书面报告办理进展。",
    "信访人再次来电询问结果，请尽快与其联系并反馈。",
    "材料已补齐，请抓紧调查核实，按期出具处理意见。",
    "此件涉及多户群众，请分管负责人过问，按期报送结果。",
)
_ANSWERS = (
    "已安排专人办理，正在核实工程款支付情况，本周内反馈。",
    "与信访人当面沟通过，待会议研究后出具意见。",
    "因需调取历年档案，进度较慢，已明确下周三前办结。",
)
_REASONS = (NOT_IN_TIME, NO_RESULT, PASSED_AROUND, NOT_IN_TIME, NOT_CARRIED_OUT)
_MEANS = (BY_LETTER, BY_TALK, BY_PHONE, BY_VISIT)
_REQUIRED = (
    "请于十日内办结，书面报告办理结果和超期原因。",
    "请主要负责人听取汇报，明确办结时间，每周报告进展。",
    "请与信访人当面沟通一次，听取意见，依法出具处理意见书。",
)
_OVER = "经两次催办和书面督办仍未办结，建议移交督查室督办。"
_AGAIN = "答复未说明款项支付时间，请补充具体时间和责任人。"
_ENDED = "承办单位已出具处理意见并送达，款项全部支付，信访人表示认可。"
# Which department, what kind, how many days ago, the text, and how it was answered.
_RECOMMENDED = (
    (
        0,
        POLICY,
        41,
        "今年以来同类信访事项较多，建议研究完善相关办法，明确办理标准和时限。",
        ADOPTED,
    ),
    (3, IMPROVE, 24, "个别事项转办后长期未与信访人联系，建议完善首接责任和回访制度。", PARTLY),
    (4, IMPROVE, 9, "劳动报酬类事项多次反映，建议建立在建项目工资支付台账，按月核查。", ""),
    (5, ACCOUNTABILITY, 5, "一件事项多次退回仍未按要求办理，建议对责任人员依规处理。", ""),
)
_FEEDBACK = "已组织专题研究，修订内部办理规程，明确三日内联系信访人、十五日内书面答复。"


@dataclass(frozen=True, slots=True)
class _Late:
    """An item over its time, the unit that holds it, how many days it is late."""

    matter: UUID
    unit: UUID
    days: int


async def fill(demo: DemoFacts) -> None:
    """Urge units about late items, supervise some of them, make recommendations."""
    # No permissions are looked up here: the head acts, as it were, by the system's hand.
    actor = Actor(kind="system", id=demo.users.get(HEAD), name="接待室主任")
    plugins = Plugins(installed(settings.load().plugins))
    for number, one in enumerate((await _late(demo))[:URGED]):
        await _urge(number, one, actor, demo)
        if number < SUPERVISED:
            await _supervise(number, one, actor, demo, plugins)
    await _recommend(actor, demo)
    await _give_lists(actor, demo)


async def _late(demo: DemoFacts) -> list[_Late]:
    """Return late items with their units; some of the unit whose sign-in is shown come first."""
    found = []
    for late in await finding.find(LATE, SYSTEM, at=demo.at, limit=LOOKED_AT):
        concerned = await units_of_item(late.matter_id)
        holding = [unit for unit, _ in concerned if unit == late.holder_id]
        if holding or concerned:
            found.append(_Late(late.matter_id, (holding or [concerned[0][0]])[0], late.days))
    shown = next((one.id for one in await units.units() if one.code == SHOWN), None)
    first = [one for one in found if one.unit == shown][:OF_SHOWN]
    return first + [one for one in found if one not in first]


async def _urge(number: int, one: _Late, actor: Actor, demo: DemoFacts) -> None:
    at = _then(number, one, demo) - timedelta(days=4 + number % 6, hours=number % 5)
    made = await urging.urge(
        one.matter,
        unit_id=one.unit,
        means=BY_PHONE if number % 3 else BY_LETTER,
        text=_SAID[number % len(_SAID)],
        spoke_with=_SPOKE[number % len(_SPOKE)],
        answer_by=site_time(at).date() + timedelta(days=3),
        actor=actor,
        at=at,
    )
    if number % 2:
        answered = at + timedelta(days=1)
        text = _ANSWERS[number % len(_ANSWERS)]
        await urging.answer_urging(made, text=text, actor=actor, at=answered)


async def _supervise(
    number: int, one: _Late, actor: Actor, demo: DemoFacts, plugins: Plugins
) -> None:
    """Supervise an item: each of the first stands at another step."""
    at = _then(number, one, demo) - timedelta(days=3, hours=number % 7)
    made = await services.supervise(
        one.matter,
        services.Opening(
            unit_id=one.unit,
            reason=_REASONS[number % len(_REASONS)],
            requirement=_REQUIRED[number % len(_REQUIRED)],
            due_on=site_time(at).date() + timedelta(days=10),
            means=_MEANS[number % len(_MEANS)],
            with_whom=_SPOKE[number % len(_SPOKE)],
        ),
        actor=actor,
        at=at,
    )
    later = at + timedelta(days=1)
    if number % 3 == 1:
        await services.answer(made, text=_ANSWERS[number % 3], actor=actor, at=later)
    if number == 4:
        due = site_time(demo.at).date() + timedelta(days=5)
        await services.insist(made, text=_AGAIN, due_on=due, actor=actor, at=_next(later))
    if number == 5:
        await services.ask_over(made, reason=_OVER, actor=actor, at=_next(later), plugins=plugins)
    if number == 7:
        await services.close(made, outcome=_ENDED, actor=actor, at=_next(later))


def _then(number: int, one: _Late, demo: DemoFacts) -> datetime:
    """Return about when an item was urged and supervised: some of the longest late in the month before."""
    earlier = 5 < number < SUPERVISED and one.days > _LONG
    return demo.at - timedelta(days=32) if earlier else demo.at


async def _give_lists(actor: Actor, demo: DemoFacts) -> None:
    """Give the supervision office the lists of the months before, each early in the next month."""
    zone = site_time(demo.at).tzinfo
    first = site_time(demo.at).date().replace(day=1)
    for site_id in sorted({one.site_id for one in await units.units(OFFICE)}):
        end = first
        for _ in range(MONTHS):
            given = datetime.combine(end + timedelta(days=1), time(10, 20), zone)
            month = (end - timedelta(days=1)).replace(day=1)
            begin = datetime.combine(month, time(), zone)
            until = datetime.combine(end, time(), zone)
            if given <= demo.at:
                wanted = queries.Wanted(site_id=site_id, since=begin, until=until)
                count = len(await queries.supervisions(SYSTEM, wanted, at=demo.at, limit=1000))
                count += len(
                    await queries.assigned(
                        SYSTEM, at=demo.at, site_id=site_id, since=begin, until=until
                    )
                )
                await recommending.give_month(
                    site_id=site_id, month=month, count=count, actor=actor, at=given
                )
            end = month


def _next(at: datetime) -> datetime:
    return at + timedelta(days=1)


async def _recommend(actor: Actor, demo: DemoFacts) -> None:
    departments = await units.units("department")
    for place, kind, ago, text, feedback in _RECOMMENDED:
        one, at = departments[place % len(departments)], demo.at - timedelta(days=ago)
        made = await recommending.recommend(
            site_id=one.site_id,
            unit_id=one.id,
            kind=kind,
            text=text,
            due_on=site_time(at).date() + timedelta(days=30),
            actor=actor,
            at=at,
        )
        if feedback:
            await recommending.give_feedback(
                made, feedback=feedback, text=_FEEDBACK, actor=actor, at=at + timedelta(days=9)
            )
