"""Acts on review, re-review, more time, reasons of delay and closing, as data."""

from uuid import UUID

from core.i18n import N_
from plugins.government.act_pages import ActPage, Done
from plugins.government.acts import Doer, Values, day_of, the_day
from plugins.government.inputs import uuid_in, whole_in
from plugins.government.opinions import closing, extending, pages, reviewing
from plugins.government.opinions.acts import MAY
from plugins.government.rights import HANDLE


async def _ask(matter_id: UUID, values: Values, doer: Doer) -> Done:
    """Enter a request for review or re-review; a late one may be recorded as refused."""
    refuse = values.get("do") == pages.REFUSE
    asked = reviewing.Asked(
        asked_on=the_day(values, "asked_on"),
        in_writing=bool(values["in_writing"]),
        reasons=values["reasons"],
        evidence=values["evidence"],
        good_reason=values["good_reason"],
        body_id=uuid_in(values, "body"),
        body_confirmed=bool(values["body_confirmed"]),
        refuse=refuse,
    )
    await reviewing.ask(matter_id, asked, actor=doer.actor, at=doer.at)
    return Done(N_("The refusal is on record.") if refuse else N_("The request is on its way."))


async def _hearing(matter_id: UUID, values: Values, doer: Doer) -> Done:
    day = day_of(values, "day")
    if values["do"] == pages.END:
        await reviewing.end_hearing(matter_id, day, actor=doer.actor, at=doer.at)
        return Done(N_("The clock of the re-review runs again."))
    await reviewing.begin_hearing(matter_id, day, actor=doer.actor, at=doer.at)
    return Done(N_("The clock of the re-review rests for the hearing."))


async def _extend(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await extending.ask(
        matter_id,
        days=whole_in(values, "days"),
        reason=values["reason"],
        note=values["note"],
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
    )
    return Done(N_("The head is asked for more time."))


async def _told(extension_id: UUID, values: Values, doer: Doer) -> Done:
    await extending.tell(
        extension_id,
        on=day_of(values, "on"),
        method=values["method"],
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("It is on record that the petitioner was told."))


async def _delay(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await extending.report_delay(
        matter_id, reason=values["reason"], note=values["note"], actor=doer.actor, at=doer.at
    )
    return Done(N_("The reason went to whoever assigned the item."))


async def _close(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await closing.close(
        matter_id,
        reason=values["reason"],
        note=values["note"],
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
    )
    return Done(N_("The item is closed."))


PAGES = (
    ActPage(
        address="/matters/{matter_id:uuid}/review",
        requires=HANDLE,
        form=pages.review,
        do=_ask,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/hearing",
        requires=MAY,
        form=pages.hearing,
        do=_hearing,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/extension",
        requires=MAY,
        form=pages.extension,
        do=_extend,
    ),
    ActPage(
        address="/extensions/{extension_id:uuid}/told",
        requires=MAY,
        form=pages.telling,
        do=_told,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/delay",
        requires=MAY,
        form=pages.delay,
        do=_delay,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/close",
        requires=HANDLE,
        form=pages.closing,
        do=_close,
    ),
)
