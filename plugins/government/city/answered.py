"""Answers of the demonstration that take more than one step: replies, more time, further talks, abroad."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.appointments.policies import Window
from core.approvals import services as approvals
from core.approvals.facts import APPROVE, REJECT
from plugins.government import facts
from plugins.government.asking import replies
from plugins.government.city import office_texts, places
from plugins.government.city.plans import Plan
from plugins.government.city.scene import Scene
from plugins.government.matters import states
from plugins.government.opinions import extending
from plugins.government.rights import HEAD
from plugins.government.screening import talks

_MORE_DAYS = 30


async def fill(scene: Scene) -> None:
    """Let each of these stand at every one of its steps."""
    await _replies(scene)
    await _more_time(scene)
    await _talks(scene)


async def _replies(scene: Scene) -> None:
    """Write reply letters: one waits for the head, one is signed, one was sent."""
    for turn, (ago, how) in enumerate(((9, "sent"), (2, "signed"), (0, "waits"))):
        at = scene.ago(ago, 11) if ago else scene.now - timedelta(hours=1)
        plan = scene.item(states.HANDLING, states.OPINION, since=at)
        if plan is None:
            continue
        text = office_texts.REPLIES[turn]
        made = await replies.put_forward(
            plan.id, text, actor=scene.clerk, at=at, plugins=scene.plugins
        )
        if how == "waits":
            continue
        row = await db.fetch("SELECT approval FROM government_reply WHERE id = {}", made)
        await scene.agree(row[0]["approval"], at, HEAD)
        if how == "sent":
            later = at + timedelta(days=1)
            await replies.send(
                made, on=later.date(), method="registered", actor=scene.clerk, at=later
            )


async def _more_time(scene: Scene) -> None:
    """Ask for more time: granted and told, granted and to be told, waiting; tell reasons of delay."""
    reasons = ("complex", "several_units", "evidence", "expert")
    for turn, (ago, how) in enumerate(((6, "told"), (3, "granted"), (1, "asked"), (2, "refused"))):
        at = scene.ago(ago, 10)
        wanted = places.SHOWN if how in ("granted", "asked") else ""
        plan = scene.item(
            states.HANDLING, since=at, holder=wanted, fits=lambda one: _fresh(one, scene.now)
        )
        if plan is None:
            continue
        code = plan.holders[-1][0]
        made = await extending.ask(
            plan.id, days=_MORE_DAYS, reason=reasons[turn], note=office_texts.MORE_TIME[turn],
            actor=scene.unit_clerk(code), at=at, plugins=scene.plugins,
        )  # fmt: skip
        if how == "asked":
            continue
        await _decide(scene, made, code, how != "refused", at + timedelta(hours=5))
        if how == "told":
            later = at + timedelta(days=1)
            await extending.tell(
                made, on=later.date(), method="direct", actor=scene.unit_clerk(code), at=later
            )
    for turn, reason in enumerate(("petitioner", "measures")):
        at = scene.ago(1 + turn, 14)
        plan = scene.item(states.HANDLING, since=at)
        if plan is not None:
            by = scene.unit_clerk(plan.holders[-1][0])
            await extending.report_delay(
                plan.id, reason=reason, note=office_texts.DELAYS[turn], actor=by, at=at
            )


def _fresh(plan: Plan, now: datetime) -> bool:
    """Say whether the time of an item is certainly not over."""
    accepted = plan.when("accept")
    return accepted is not None and (now - accepted).days < _MORE_DAYS


async def _decide(scene: Scene, extension: UUID, code: str, yes: bool, at: datetime) -> None:
    rows = await db.fetch("SELECT request FROM government_extension WHERE id = {}", extension)
    await approvals.vote(
        rows[0]["request"],
        APPROVE if yes else REJECT,
        actor=scene.unit_head(code),
        at=at,
        plugins=scene.plugins,
        opinion="同意。" if yes else "现有材料足以作出结论，请按期办结。",
    )


async def _talks(scene: Scene) -> None:
    """Agree on further talks for the next days."""
    for turn, days in enumerate((1, 2, 4)):
        at = scene.now - timedelta(hours=3 + 20 * turn)
        plan = scene.item(
            states.REGISTERED, states.ACCEPTED, fits=lambda one: one.channel == facts.VISIT
        )
        if plan is None:
            continue
        begins = (scene.now + timedelta(days=days)).replace(hour=9 + turn, minute=30, second=0)
        await talks.agree_on_talk(
            plan.id,
            Window(starts_at=begins, ends_at=begins + timedelta(minutes=45)),
            why="material",
            text=office_texts.TALKS[turn],
            actor=scene.clerk,
            at=max(at, plan.at),
            plugins=scene.plugins,
        )
