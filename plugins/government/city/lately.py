"""What goes on just now in the demonstration: signatures awaited, the leaders' rota, the public page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from core import settings
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins, installed
from plugins.government import facts
from plugins.government.city import places, wordings
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.handling import services as handling
from plugins.government.handling.facts import ASSIGNMENT, NEEDS_RESULT
from plugins.government.matters import states
from plugins.government.opinions import drafting
from plugins.government.opinions.facts import EXPLAIN, Texts
from plugins.government.reception import services as reception
from plugins.government.rights import CLERK, DEPUTY, DIRECTOR, LEADER, UNIT_CLERK
from plugins.government.signing import services as signing

_ASSIGNED, _PRELIMINARY, _MAJOR, _DRAFTED = 2, 2, 1, 3
_PRELIMINARY_TEXT = "承办单位已查清事实，处理结果符合政策规定，建议同意，按期答复信访人。"
_MAJOR_TEXT = "涉及人数较多，情绪激动，建议市领导批示，由属地和主管部门联合处置。"
_OFFICE = {
    "name": "云州市人民来访接待中心",
    "address": "云州市人民路20号一楼接待大厅",
    "postcode": "341000",
    "email": "xinfang@yunzhou.example",
    "phone": "0579-88020600",
    "hours": "周一至周五 8:30—12:00，14:30—17:30（法定节假日除外）",
    "directions": "乘2路、11路公交车到“市政府”站，向东步行200米。",
    "how_to_query": "凭回执上的查询码和证件号码后四位，在本网页或接待大厅查询。",
    "workflow": "登记—接谈—受理或告知—转送、交办—办理—答复—复查—复核",
    "laws": "《信访工作条例》",
    "lawyers": "每周二、周四上午有律师在二楼咨询室值班。",
    "notice": "多人提出共同事项的，应当推选代表，代表人数不超过5人。",
}


async def fill(plans: Sequence[Plan], made: Made, now: datetime) -> None:
    """Let things go on that wait for somebody, by the services themselves."""
    plugins = Plugins(installed(settings.load().plugins))
    await insert(
        "government_office_page",
        [
            {
                "id": uuid4(),
                "site": made.site_id,
                **_OFFICE,
                "changed_at": made.begun,
                "changed_by_name": made.roles["petition_head"].name,
            }
        ],
    )
    await _rota(made, now)
    clerk = _able(made.roles[CLERK], CLERK, plugins)
    latest = [plan for plan in reversed(plans) if not plan.secret and plan.source == facts.OWN]
    await _signatures(latest, clerk, made, now, plugins)
    await _drafts(latest, made, now, plugins)


def _able(actor: Actor, role: str, plugins: Plugins) -> Actor:
    held = plugins.register_roles()[role].permissions
    return replace(actor, permissions=held, roles=frozenset({role}))


async def _rota(made: Made, now: datetime) -> None:
    for role, post in ((LEADER, "市委常委、副市长"), (DEPUTY, "副局长"), (DIRECTOR, "局长")):
        user_id = made.roles[role].id
        assert user_id is not None  # noqa: S101 - an account
        await reception.name_leader(
            made.site_id,
            user_id,
            post=post,
            director=role == DIRECTOR,
            actor=SYSTEM,
            at=now,
        )
    await reception.plan(made.site_id, actor=SYSTEM, at=now)


async def _signatures(
    latest: Sequence[Plan], clerk: Actor, made: Made, now: datetime, plugins: Plugins
) -> None:
    """Let assignments, preliminary opinions and a major item wait for signatures."""
    accepted = [one for one in latest if one.stage == states.ACCEPTED and one.competent]
    for plan in accepted[1 : _ASSIGNED + 1]:
        await handling.order(
            plan.id,
            handling.Order(
                kind=ASSIGNMENT,
                unit_id=made.units[plan.competent],
                reason=wordings.WHY_UNIT[0],
                due_on=now.date() + timedelta(days=30),
                ground=NEEDS_RESULT,
                requirement=wordings.REQUIREMENTS[0],
            ),
            actor=clerk,
            at=now,
            plugins=plugins,
        )
    checked = [one for one in latest if one.stage == states.REPORTED and one.checked]
    for plan in checked[-_PRELIMINARY:]:
        await signing.ask_after(plan.id, _PRELIMINARY_TEXT, actor=clerk, at=now, plugins=plugins)
    for plan in [one for one in latest if one.stage == states.HANDLING][-_MAJOR:]:
        await signing.suggest_major(plan.id, _MAJOR_TEXT, actor=clerk, at=now, plugins=plugins)


async def _drafts(latest: Sequence[Plan], made: Made, now: datetime, plugins: Plugins) -> None:
    """Let opinions wait for the head of the unit that is shown."""
    own = [
        one for one in latest if one.stage == states.HANDLING and one.holders[-1][0] == places.SHOWN
    ]
    clerk = _able(made.roles[UNIT_CLERK], UNIT_CLERK, plugins)
    for plan in own[1 : _DRAFTED + 1]:
        texts = Texts(
            claims=plan.demand,
            facts=plan.facts + wordings.COURSES[0],
            basis=wordings.BASES[0],
            decision=wordings.DECISIONS[EXPLAIN],
        )
        made_id = await drafting.save_draft(plan.id, EXPLAIN, texts, actor=clerk, at=now)
        await drafting.submit(made_id, actor=clerk, at=now, plugins=plugins)
