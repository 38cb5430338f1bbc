"""What is due on an item by where it stands, once no unit has to answer: forward, opinion, delivery, review."""

from collections.abc import Sequence

from core.deadlines.queries import Clock
from core.i18n import N_, Message
from core.permissions import Actor
from plugins.government import clocks
from plugins.government.facts import OWN
from plugins.government.handling.due import OFFICE, SIGNERS, Due, due, of
from plugins.government.handling.facts import RETURNED, SENT, SIGNING, TAKEN, Sent
from plugins.government.matters import access, states
from plugins.government.matters.facts import MatterView
from plugins.government.opinions import policies
from plugins.government.opinions import queries as opinions
from plugins.government.opinions.facts import ISSUED, WAITING, OpinionView

_FORWARD = (("transfer", N_("Transfer to a unit")), ("assign", N_("Assign to a unit")))
_PETITIONER, _REVIEWERS = N_("Petitioner"), N_("Reviewing body")
_LATER: dict[str, tuple[Message, Message, str]] = {
    states.OPINION: (
        N_("The petitioner may ask for a review"),
        _PETITIONER,
        clocks.REVIEW_WINDOW,
    ),
    states.REVIEW: (N_("The review is to be answered"), _REVIEWERS, clocks.REVIEW),
    states.REVIEWED: (
        N_("The petitioner may ask for a re-review"),
        _PETITIONER,
        clocks.REREVIEW_WINDOW,
    ),
    states.REREVIEW: (N_("The re-review is to be answered"), _REVIEWERS, clocks.REREVIEW),
}


async def of_stage(
    matter: MatterView,
    sents: Sequence[Sent],
    running: Sequence[Clock],
    actor: Actor,
    office: bool,
) -> list[Due]:
    """Return what is due by the stage alone; nothing while a unit has to answer."""
    if any(one.state in (SIGNING, SENT, TAKEN, RETURNED) for one in sents):
        return []
    stage = matter.stage
    if stage == states.REGISTERED:
        what = N_("Say how the item is handled: accept, direct, refuse, forward")
        return [due(what, OFFICE, of(running, clocks.INFORM), *(_FORWARD if office else ()))]
    if stage == states.ACCEPTED:
        clock = of(running, clocks.INFORM, clocks.HANDLE)
        what = N_("Forward the item to whoever is competent")
        return [due(what, OFFICE, clock, *(_FORWARD if office else ()))]
    given = await opinions.of_matter(matter.id)
    if policies.level_due(stage):
        return [await _opinion(matter, given, running, actor, office)]
    return _after(stage, given, running, await _speaks(opinions.latest(given), actor, office))


async def _opinion(
    matter: MatterView,
    given: list[OpinionView],
    running: Sequence[Clock],
    actor: Actor,
    office: bool,
) -> Due:
    """Return the opinion that is due: by whom, and whether it waits for its signature already."""
    who: Message | str
    if matter.stage in _LATER:
        what, who, name = _LATER[matter.stage]
        clock = of(running, name)
    else:
        what, who = N_("The opinion is to be given"), matter.line.holder or OFFICE
        clock = of(running, clocks.HANDLE, clocks.HANDLE_INTERNAL, clocks.REDO)
    pending = opinions.pending(given)
    if pending is not None and pending.state == WAITING:
        return due(N_("The opinion waits for signature"), SIGNERS, clock)
    holds = matter.line.holder_id in await access.own_units(actor, matter.id)
    acts: list[tuple[str, Message]] = []
    if office or holds:
        acts.append(("opinion", N_("Write the opinion")))
    if office and matter.stage not in _LATER:
        acts.insert(
            0 if matter.line.source != OWN else 1,
            ("preliminary-opinion", N_("Preliminary opinion")),
        )
    return due(what, who, clock, *acts)


async def _speaks(last: OpinionView | None, actor: Actor, office: bool) -> bool:
    if last is None or office:
        return office
    return last.unit_id in await access.own_units(actor, last.matter_id)


def _after(
    stage: str, given: list[OpinionView], running: Sequence[Clock], speaks: bool
) -> list[Due]:
    """Return what follows an opinion: its delivery, the petitioner's turn, the file."""
    last = opinions.latest(given)
    if last is not None and last.state == ISSUED and last.delivered is None:
        act = (f"/government/opinions/{last.id}/deliver", N_("Record the delivery"))
        what = N_("{level} is to be delivered", level=last.level_label)
        return [due(what, last.unit or OFFICE, None, *((act,) if speaks else ()))]
    if stage in _LATER:
        what, who, name = _LATER[stage]
        return [due(what, who, of(running, name))]
    if stage in (states.CLOSED, states.FINAL):
        return [due(N_("The file is to be closed and handed over"), N_("Archivist"), None)]
    return []
