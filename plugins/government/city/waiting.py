"""Who is at the reception desk of the demonstration now: waiting, being received, from abroad."""

from datetime import timedelta
from uuid import UUID

from core.registrations.services import Arrival, register
from core.visitors.matching import Person as Visiting
from plugins.government import facts
from plugins.government.city import office_texts, places, wordings
from plugins.government.city.scene import Scene
from plugins.government.intake import arrivals, desk
from plugins.government.intake.facts import PURPOSE, Reception
from plugins.government.matters.facts import NewMatter
from plugins.government.people.facts import Person
from plugins.government.screening import talks
from plugins.government.screening.facts import ACCEPT, Decided


async def fill(scene: Scene) -> None:
    """Let three wait, one of them known from before, and two be received."""
    known = next((plan.person for plan in scene.plans[200:] if plan.person is not None), None)
    people = [_stranger(scene), _stranger(scene)]
    if known is not None:
        one = known.person
        people.insert(
            1,
            Visiting(
                name=one.name, phone=one.phone, sex=one.sex, document_kind=one.document_kind,
                document_number=one.document,
            ),
        )  # fmt: skip
    for turn, person in enumerate(people):
        await register(
            Arrival(
                site_id=scene.made.site_id,
                person=person,
                purpose=PURPOSE,
                host_text=scene.made.names[places.ROOM],
                head_count=(1, 1, 3)[turn],
                document_shown=bool(person.document_number),
            ),
            actor=arrivals.at_reception(scene.clerk),
            at=scene.now - timedelta(minutes=(31, 17, 6)[turn]),
            plugins=scene.plugins,
        )
    await _received(scene)


def _stranger(scene: Scene) -> Visiting:
    sex = scene.people.sex()
    return Visiting(
        name=scene.people.name(sex),
        sex="female" if sex == "女" else "male",
        phone=scene.people.phone(),
        document_kind="resident_id",
        document_number=scene.people.id_number(sex),
    )


async def _received(scene: Scene) -> None:
    for turn, (belonging, minutes) in enumerate((("mainland", 24), ("hongkong_macau", 52))):
        sex = scene.people.sex()
        said = office_texts.AT_DESK[turn]
        person = Person(
            name=scene.people.name(sex),
            sex="female" if sex == "女" else "male",
            phone=scene.people.phone(),
            address=said["address"],
            belonging=belonging,
        )
        done = await desk.receive(
            Reception(
                site_id=scene.made.site_id,
                channel=facts.VISIT,
                matter=NewMatter(
                    site_id=scene.made.site_id,
                    channel=facts.VISIT,
                    purpose=facts.REQUEST,
                    title=said["title"],
                    demand=said["demand"],
                    facts=said["facts"],
                    place_id=scene.made.units["gx"],
                ),
                person=person,
                receivers=(scene.clerk.name, scene.made.clerks[1].name),
            ),
            desk.Screened(
                decided=Decided(act=ACCEPT, text=wordings.TOLD["accept"]) if turn else None,
                interview=not turn,
            ),
            actor=scene.clerk,
            at=scene.now - timedelta(minutes=minutes),
            plugins=scene.plugins,
        )
        if done.from_abroad:
            await _outline(scene, done.received.matter_id)


async def _outline(scene: Scene, matter_id: UUID) -> None:
    await talks.put_up_outline(
        matter_id, office_texts.OUTLINE, actor=scene.clerk, at=scene.now - timedelta(minutes=40),
        plugins=scene.plugins,
    )  # fmt: skip
