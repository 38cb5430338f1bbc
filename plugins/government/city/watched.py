"""What else happens at a petition office: incidents, the opinions box, wishes to look, recusal."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core import db
from core.incidents import services as incidents
from core.incidents import steps as incident_steps
from core.incidents.facts import Opening
from core.incidents.tables import IncidentStepRow
from core.permissions import SYSTEM
from plugins.government import facts
from plugins.government.asking import box
from plugins.government.city import office_texts
from plugins.government.city.scene import Scene
from plugins.government.facts import NAME
from plugins.government.handling import grading
from plugins.government.matters import access, states
from plugins.government.people import services as people
from plugins.government.rights import HEAD
from plugins.government.secrecy import glass
from plugins.government.secrecy import services as secrecy

_SETTLED, _GRADED, _TWINS = 5, 12, 5


async def fill(scene: Scene) -> None:
    """Let the unusual happen, some of it today."""
    for turn, (kind, ago, closed) in enumerate(
        (("disorder", 52, True), ("distress", 31, True), ("emergency", 17, True),
         ("stranded", 6, True), ("refusal", 0, False))
    ):  # fmt: skip
        await _incident(scene, kind, turn, ago, closed)
    await _graded(scene)
    await _twins(scene)
    await _box(scene)
    await _wishes(scene)
    plan = scene.item(states.FORWARDED, states.HANDLING, since=scene.ago(3))
    if plan is not None:
        await secrecy.step_back(
            plan.id, reason=office_texts.INTERESTED, actor=scene.clerk_of_room(1), at=scene.ago(2),
            plugins=scene.plugins,
        )  # fmt: skip


async def _graded(scene: Scene) -> None:
    """Let the clerks grade open items, those already marked urgent first: the duty board shows why."""
    rows = await db.fetch(
        "SELECT id, heads, urgency, registered_at FROM government_matter WHERE secret = {}"
        f" AND stage IN ({access.places(states.OPEN)}) AND registered_at < {{}}"
        " ORDER BY urgency DESC, heads DESC, day DESC, number DESC LIMIT {}",
        False,
        *states.OPEN,
        scene.now - timedelta(hours=4),
        _GRADED,
    )
    for turn, row in enumerate(rows):
        announced = row["urgency"] >= facts.URGENT
        soon = None if announced else scene.now.date() + timedelta(days=2 + turn % 5)
        hint = grading.suggested(row["heads"], announced, soon, scene.now.date())
        await grading.grade(
            row["id"],
            grade=max(hint, row["urgency"]),
            heads=row["heads"],
            announced=announced,
            matters_on=soon,
            reason=office_texts.GRADED[turn % len(office_texts.GRADED)],
            actor=replace(scene.clerk_of_room(turn), kind="system"),
            at=row["registered_at"] + timedelta(hours=2),
        )


async def _twins(scene: Scene) -> None:
    """Let some petitioners be on record twice: whoever took their letter or call saw no document."""
    rows = await db.fetch(
        "SELECT m.id, m.petitioner FROM government_matter m WHERE m.secret = {}"
        " AND m.channel IN ('letter', 'phone') AND (SELECT count(*) FROM government_matter_person mp"
        " JOIN government_matter o ON o.id = mp.matter WHERE mp.petitioner = m.petitioner"
        " AND o.secret = {}) > 1 ORDER BY m.number DESC LIMIT {}",
        False,
        False,
        _TWINS,
    )
    for row in rows:
        person = await people.petitioner(row["petitioner"])
        if not person.phone:
            continue
        second = replace(person, document="", document_kind="", address="", visitor_id=None)
        made = await people.enter(second, actor=SYSTEM, at=scene.ago(3))
        for table in ("government_matter_person", "government_contact", "government_told"):
            await db.execute(
                f"UPDATE {table} SET petitioner = {{}} WHERE matter = {{}} AND petitioner = {{}}",
                made,
                row["id"],
                row["petitioner"],
            )
        await db.execute(
            "UPDATE government_matter SET petitioner = {} WHERE id = {}", made, row["id"]
        )


async def _incident(scene: Scene, kind: str, turn: int, ago: int, closed: bool) -> None:
    at = scene.ago(ago, 15) if ago else scene.now - timedelta(minutes=38)
    by = replace(scene.clerk_of_room(turn), kind="system")
    made = await incidents.open_incident(
        Opening(
            site_id=scene.made.site_id,
            kind=f"{NAME}.{kind}",
            seen=office_texts.SEEN[kind],
            spot="接待大厅" if turn % 2 else "二号接谈室",
        ),
        actor=by,
        at=at,
        plugins=scene.plugins,
    )
    steps = (
        await IncidentStepRow.objects()
        .where(IncidentStepRow.incident == made)
        .order_by(IncidentStepRow.position)
    )
    for number, step in enumerate(steps if closed else steps[:1]):
        moment = at + timedelta(minutes=4 + 6 * number)
        called = (
            office_texts.CALLED_WHOM[number % len(office_texts.CALLED_WHOM)] if step.call else ""
        )
        await incident_steps.do_step(
            made, step.id, actor=by, at=moment, called=called,
            called_at=moment if step.call else None,
        )  # fmt: skip
    if closed:
        await incidents.close(
            made, result=office_texts.ENDED[kind], actor=by, at=at + timedelta(hours=2),
            plugins=scene.plugins,
        )  # fmt: skip


async def _box(scene: Scene) -> None:
    """Put notes into the opinions box; those of the last days nobody has dealt with."""
    site = scene.made.site_id
    for turn, (text, done) in enumerate(office_texts.BOX):
        at = scene.now - timedelta(days=61 - 11 * turn, hours=turn, minutes=13 * turn)
        contact = scene.people.phone() if turn % 2 else ""
        await box.put_in(site, text=text, contact=contact, at=min(at, scene.now))
        if turn < _SETTLED - 1:
            rows = await db.fetch(
                "SELECT id FROM government_box_note WHERE site = {} ORDER BY at DESC LIMIT 1", site
            )
            note: UUID = rows[0]["id"]
            settled = at + timedelta(days=2)
            await box.settle(note, done=done, actor=scene.clerk, at=settled)


async def _wishes(scene: Scene) -> None:
    """Let a clerk ask to look at confidential items: one was refused, one waits."""
    secret = [plan for plan in scene.plans if plan.secret][:2]
    for turn, plan in enumerate(secret):
        at = scene.ago(5 - 4 * turn, 11)
        wish = await glass.ask(
            plan.number, reason=office_texts.WISHES[turn], actor=scene.clerk_of_room(1), at=at
        )
        if not turn:
            await glass.refuse(wish, actor=scene.able(HEAD), at=at + timedelta(hours=1))
