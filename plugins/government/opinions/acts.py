"""Acts on opinions as data: drafted, put forward, recorded as received, delivered, how they were taken."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.documents import deliveries
from core.forms import Cleaned, Field, read
from core.i18n import N_
from plugins.government.act_pages import ActPage, Done
from plugins.government.acts import Doer, Values, the_day
from plugins.government.opinions import delivering, drafting, pages, voiding
from plugins.government.opinions.facts import Texts
from plugins.government.rights import HANDLE, UNIT

MAY = (HANDLE, UNIT)


def _read_draft(fields: Sequence[Field], data: Mapping[str, str]) -> Cleaned:
    """Read an opinion; to be kept as a draft it needs its outcome alone."""
    cleaned = read(fields, data)
    if data.get("do") != pages.KEEP:
        return cleaned
    values = cleaned.values
    wrong = {
        name: problem
        for name, problem in cleaned.problems.items()
        if name == "outcome" or values[name]
    }
    return Cleaned(values, wrong)


async def _draft(matter_id: UUID, values: Values, doer: Doer) -> Done:
    texts = Texts(**{name: values[name] for name in ("claims", "facts", "basis", "decision")})
    found = await drafting.save_draft(
        matter_id, values["outcome"], texts, actor=doer.actor, at=doer.at
    )
    if values.get("do") == pages.KEEP:
        return Done(N_("The draft was kept."))
    await drafting.submit(found, actor=doer.actor, at=doer.at, plugins=doer.plugins)
    return Done(N_("Put forward for signature."))


async def _received(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await drafting.record_received(
        opinion_id,
        label=values["label"],
        signed_by=values["signed_by"],
        issued_on=the_day(values, "issued_on"),
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
    )
    return Done(N_("The opinion is on record."))


async def _deliver(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    delivery = deliveries.typed(values, values.get("signature", ""))
    await delivering.deliver(opinion_id, delivery, actor=doer.actor, at=doer.at)
    return Done(N_("The delivery is on record."))


async def _undeliver(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await delivering.void(opinion_id, values["reason"], actor=doer.actor, at=doer.at)
    return Done(N_("The note is taken back."))


async def _void(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await voiding.void(opinion_id, values["reason"], actor=doer.actor, at=doer.at)
    return Done(N_("The opinion is void. Put the draft right and put it forward again."))


async def _tell(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await delivering.tell(
        opinion_id,
        on=the_day(values, "on"),
        means=values["means"],
        note=values["note"],
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("It is on record that it was told."))


async def _taken(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await delivering.record_taken(
        opinion_id,
        taken=values["taken"],
        note=values["note"],
        led_to=values["led_to"],
        consent=bool(values["consent"]),
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("It is on record how it was taken."))


async def _publish(opinion_id: UUID, values: Values, doer: Doer) -> Done:
    await delivering.publish(opinion_id, circle=values["circle"], actor=doer.actor, at=doer.at)
    return Done(N_("It is on record where it was made known."))


PAGES = (
    ActPage(
        address="/matters/{matter_id:uuid}/opinion",
        requires=MAY,
        form=pages.opinion,
        reads=_read_draft,
        do=_draft,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/received",
        requires=HANDLE,
        form=pages.received,
        do=_received,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/deliver",
        requires=MAY,
        form=pages.delivery,
        do=_deliver,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/undeliver",
        requires=MAY,
        form=pages.undoing,
        do=_undeliver,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/void",
        requires=MAY,
        form=pages.voiding,
        do=_void,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/tell",
        requires=MAY,
        form=pages.told,
        do=_tell,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/taken",
        requires=MAY,
        form=pages.taking,
        do=_taken,
    ),
    ActPage(
        address="/opinions/{opinion_id:uuid}/publish",
        requires=MAY,
        form=pages.publishing,
        do=_publish,
    ),
)
