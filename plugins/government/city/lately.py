"""What goes on just now in the demonstration, by the services themselves: each room's latest acts."""

from datetime import timedelta
from uuid import UUID, uuid4

from plugins.government.city import (
    answered,
    aside,
    leading,
    met,
    outside,
    places,
    reported,
    waiting,
    watched,
    wordings,
)
from plugins.government.city.rows import insert
from plugins.government.city.scene import Scene
from plugins.government.handling import ordering as handling
from plugins.government.handling.facts import ASSIGNMENT, NEEDS_RESULT
from plugins.government.matters import states
from plugins.government.opinions import drafting
from plugins.government.opinions.facts import EXPLAIN, Texts
from plugins.government.rights import DEPUTY

_ASSIGNED, _PRELIMINARY, _DRAFTED = 3, 4, 3
_OFFICE = {
    "name": "云州市人民来访接待中心",
    "address": "云州市人民路20号一楼接待大厅",
    "postcode": "341000",
    "email": "xinfang@yunzhou.example",
    "phone": wordings.OFFICE_PHONE,
    "hours": "周一至周五 8:30—12:00，14:30—17:30（法定节假日除外）",
    "directions": "乘2路、11路公交车到“市政府”站，向东步行200米。",
    "how_to_query": "凭回执上的查询码和证件号码后四位，在本网页或接待大厅查询。",
    "workflow": "登记—接谈—受理或告知—转送、交办—办理—答复—复查—复核",
    "laws": "《信访工作条例》",
    "lawyers": "每周二、周四上午有律师在二楼咨询室值班。",
    "notice": "多人提出共同事项的，应当推选代表，代表人数不超过5人。",
}


async def fill(scene: Scene) -> None:
    """Let each room's latest acts happen: what waits for somebody, what comes, what is just over."""
    await _pages(scene)
    await leading.rota(scene)
    await waiting.fill(scene)
    await outside.fill(scene)
    await met.fill(scene)
    await _assignments(scene)
    await leading.results(scene, _checked(scene))
    await leading.instructions(scene)
    await _drafts(scene)
    await answered.fill(scene)
    await aside.destroyed(scene)
    await watched.fill(scene)
    await reported.fill(scene)


async def _pages(scene: Scene) -> None:
    """Write the public page of the office and those of the counties' offices."""
    by = {"changed_at": scene.made.begun, "changed_by_name": scene.made.roles["petition_head"].name}
    site = scene.made.site_id
    await insert("government_office_page", [{"id": uuid4(), "site": site, **_OFFICE, **by}])
    where = {code: (phone, address) for code, phone, address in scene.made.where}
    await insert(
        "government_unit_page",
        [
            {
                "id": uuid4(),
                "unit": scene.made.units[f"{code}-xf"],
                "phone": where[f"{code}-xf"][0],
                "address": where[f"{code}-xf"][1],
                "email": f"{code}@yunzhou.example",
                "hours": "周一至周五 8:30—12:00，14:30—17:30",
                "leader_days": "每月第二个周三上午",
                **by,
            }
            for code, _ in places.COUNTIES
        ],
    )


async def _assignments(scene: Scene) -> None:
    """Let assignments wait for the deputy director; one was signed just now and is with its unit."""
    for turn in range(_ASSIGNED):
        at = scene.now - timedelta(hours=2 + turn)
        plan = scene.item(states.ACCEPTED, since=at, fits=lambda one: bool(one.competent))
        if plan is None:
            return
        await handling.order(
            plan.id,
            handling.Order(
                kind=ASSIGNMENT,
                unit_id=scene.made.units[plan.competent],
                reason=wordings.WHY_UNIT[turn % len(wordings.WHY_UNIT)],
                due_on=scene.now.date() + timedelta(days=30),
                ground=NEEDS_RESULT,
                requirement=wordings.REQUIREMENTS[turn % len(wordings.REQUIREMENTS)],
            ),
            actor=scene.clerk,
            at=at,
            plugins=scene.plugins,
        )
        if turn == _ASSIGNED - 1:
            await scene.sign(plan.id, at, DEPUTY)


def _checked(scene: Scene) -> list[UUID]:
    found = [scene.item(states.REPORTED, fits=lambda one: one.checked) for _ in range(_PRELIMINARY)]
    return [plan.id for plan in found if plan is not None]


async def _drafts(scene: Scene) -> None:
    """Let opinions wait for the head of the unit that is shown."""
    for turn in range(_DRAFTED):
        at = scene.now - timedelta(hours=3 + 5 * turn)
        plan = scene.item(states.HANDLING, since=at, holder=places.SHOWN)
        if plan is None:
            return
        clerk = scene.unit_clerk(places.SHOWN)
        texts = Texts(
            claims=plan.demand,
            facts=plan.facts + wordings.COURSES[turn % len(wordings.COURSES)],
            basis=wordings.BASES[turn % len(wordings.BASES)],
            decision=wordings.DECISIONS[EXPLAIN],
        )
        made_id = await drafting.save_draft(plan.id, EXPLAIN, texts, actor=clerk, at=at)
        await drafting.submit(made_id, actor=clerk, at=at, plugins=scene.plugins)
