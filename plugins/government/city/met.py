"""Coordinations and joint receptions of the demonstration: past, going on, and to come."""

from datetime import datetime, timedelta
from uuid import UUID

from plugins.government.city import places
from plugins.government.city.plans import Plan
from plugins.government.city.scene import Scene
from plugins.government.coordination import joint, queries, services
from plugins.government.coordination.facts import ASSIGNED, PERSUADED, TRANSFERRED
from plugins.government.matters import states
from plugins.government.rights import DIRECTOR, HEAD

_PLACE = "三楼会议室"
_PLANS = (
    "由承办单位牵头，相关部门配合，核清应付工资和工程款，分清责任后限期支付。",
    "请承办单位会同住建、自然资源部门现场核查，对历史资料逐一核对后提出处理方案。",
    "召集有关单位会商，明确牵头单位和完成时限，由接待室跟踪落实。",
)
_MINUTES = (
    "会议听取了各单位意见，一致认为诉求基本合理。由牵头单位本月内核清数额，配合单位提供有关资料。",
    "各单位就补偿口径达成一致：按签约时标准核算差额，由属地政府组织兑付，接待室跟踪。",
)
_UNAGREED = (
    "各单位对责任主体认识不一致：一方认为属历史遗留，应由属地处理；另一方认为应由主管部门牵头。"
)
_MEASURES = (
    "核实欠款数额，与信访人签订分期支付协议",
    "调取档案资料，出具核查说明",
    "督促企业将首期款项支付到位",
)
_DONE = ("已签订分期支付协议，首期款项支付到位。", "核查说明已出具并送信访人。")
_LEADER = "由属地政府牵头，主管部门配合，一个月内拿出解决方案。历史遗留不是推诿的理由。"
_CAME = ("副局长带队，2人", "办公室主任、业务科长共3人", "分管负责人1人", "信访科2人")
_ANSWERS = ("马上派人，四十分钟内到。", "已报告领导，分管负责人带队前往。")
_NOTES = ("信访人同意按程序办理，已返回。", "代表与承办单位面谈，约定三日内答复。")
_OPEN = (states.HANDLING, states.FORWARDED)
_GROUPS = 5


def _group(plan: Plan) -> bool:
    return plan.heads >= _GROUPS


async def fill(scene: Scene) -> None:
    """Let hard items be coordinated and groups be received jointly."""
    await _coordinated(scene)
    await _received(scene)


async def _coordinated(scene: Scene) -> None:
    for turn, (ago, ends) in enumerate(
        ((38, "done"), (21, "agreed"), (12, "undecided"), (9, "decided"), (3, "coming"))
    ):
        asked = scene.ago(ago, 9)
        plan = scene.item(*_OPEN, since=asked, holder=places.SHOWN if turn == 1 else "")
        if plan is None:
            continue
        meets = scene.now + timedelta(days=2) if ends == "coming" else asked + timedelta(days=3)
        made = await _planned(scene, plan, turn, asked, meets)
        await scene.sign(plan.id, asked, HEAD, DIRECTOR)
        if ends != "coming":
            await _held(scene, plan, made, turn, ends)
    # One whose plan waits for the director.
    asked = scene.ago(1, 9)
    plan = scene.item(*_OPEN, since=asked)
    if plan is not None:
        await _planned(scene, plan, 2, asked, scene.now + timedelta(days=5))
        await scene.sign(plan.id, asked, HEAD)


async def _planned(
    scene: Scene, plan: Plan, turn: int, asked: datetime, meets: datetime
) -> list[UUID]:
    wanted = [code for code in ("zj", "zr", "rs") if code != plan.accused][: 1 + turn % 2]
    units = scene.others(plan, *wanted)
    await services.plan(
        plan.id,
        services.Plan(
            why=("many", "several", "disputed", "hard", "complex")[turn],
            unit_ids=units,
            text=_PLANS[turn % len(_PLANS)],
            meets_at=meets.replace(hour=15, minute=0),
            place=_PLACE,
        ),
        actor=scene.clerk,
        at=asked,
        plugins=scene.plugins,
    )
    return units


async def _held(scene: Scene, plan: Plan, units: list[UUID], turn: int, ends: str) -> None:
    current = await queries.current(plan.id)
    if current is None or current.meets_at is None:
        return
    at = min(current.meets_at + timedelta(hours=2), scene.now)
    agreed = ends in ("done", "agreed")
    due = (scene.now + timedelta(days=10)).date()
    follows = [(unit, _MEASURES[n % len(_MEASURES)], due) for n, unit in enumerate(units)]
    held = services.Held(
        came=units,
        minutes=_MINUTES[turn % len(_MINUTES)] if agreed else _UNAGREED,
        agreed=agreed,
        follow_ups=follows if agreed else (),
    )
    await services.hold_meeting(plan.id, held, actor=scene.clerk, at=at)
    if ends == "decided":
        await services.decide(
            plan.id,
            _LEADER,
            leader=scene.made.roles["petition_leader"].name,
            follow_ups=[(units[0], _MEASURES[0], due)],
            actor=scene.clerk,
            at=min(at + timedelta(days=2), scene.now),
        )
    if ends in ("done", "agreed"):
        current = await queries.current(plan.id)
        measures = current.follow_ups if current is not None else ()
        for n, one in enumerate(measures if ends == "done" else measures[:1]):
            moment = min(at + timedelta(days=6 + n), scene.now)
            text = _DONE[n % len(_DONE)]
            await services.follow_up(plan.id, one.id, text, actor=scene.clerk, at=moment)


async def _received(scene: Scene) -> None:
    for turn, (ago, outcome) in enumerate(((33, TRANSFERRED), (16, ASSIGNED), (6, PERSUADED))):
        at = scene.ago(ago, 9)
        plan = scene.item(*_OPEN, since=at, fits=_group)
        if plan is not None:
            units = await _called(scene, plan, turn, at)
            for n, unit in enumerate(units):
                came = at + timedelta(minutes=40 + 35 * n)
                await joint.arrive(
                    plan.id, unit, people=_CAME[(turn + n) % len(_CAME)], arrived_at=came,
                    actor=scene.clerk, at=came,
                )  # fmt: skip
            ended = at + timedelta(hours=3)
            note = _NOTES[turn % len(_NOTES)]
            await joint.end(plan.id, outcome=outcome, note=note, actor=scene.clerk, at=ended)
    # One that goes on now: two units called, the first is here.
    plan = scene.item(states.REGISTERED, states.ACCEPTED, fits=_group) or scene.item(
        *_OPEN, fits=_group
    )
    if plan is not None:
        at = scene.now - timedelta(minutes=25)
        units = await _called(scene, plan, 3, at)
        await joint.arrive(
            plan.id, units[0], people=_CAME[0], arrived_at=scene.now - timedelta(minutes=4),
            actor=scene.clerk, at=scene.now - timedelta(minutes=4),
        )  # fmt: skip


async def _called(scene: Scene, plan: Plan, turn: int, at: datetime) -> list[UUID]:
    wanted = ("zj", places.SHOWN) if turn % 2 else (places.SHOWN,)
    units = scene.others(plan, *wanted, plan.place)[:3]
    await joint.begin(
        plan.id,
        joint.Invitation(
            why=("large_group", "several", "large_group", "one_stop")[turn],
            unit_ids=units,
            arrive_by=at + timedelta(hours=1),
            place="一楼联合接访室",
        ),
        actor=scene.clerk,
        at=at,
    )
    for n, unit in enumerate(units):
        await joint.call(
            plan.id, unit, spoke_with=("值班室王主任", "办公室刘主任", "信访科陈科长")[n],
            answer=_ANSWERS[n % len(_ANSWERS)], actor=scene.clerk,
            at=at + timedelta(minutes=3 + 2 * n),
        )  # fmt: skip
    return units
