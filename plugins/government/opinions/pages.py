"""The forms of this room's acts: what each asks of its record now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.documents.deliveries import FIELDS
from core.errors import NotFoundError
from core.forms import Field
from core.i18n import N_, Message
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.act_pages import ActForm
from plugins.government.acts import Doer
from plugins.government.matters import queries as matters
from plugins.government.opinions import forms, policies, queries, reviewing
from plugins.government.opinions.facts import (
    CLOSE_REASONS,
    HANDLING,
    LEVELS,
    NEXT_LEVEL,
    REREVIEW,
    Texts,
)
from plugins.government.opinions.tables import Extension
from plugins.government.units import queries as units

KEEP, REFUSE, END, BEGIN = "keep", "refuse", "end", "begin"  # what a button does


async def opinion(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of the opinion that is due."""
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    level = policies.level_due(matter.stage) or HANDLING
    opinions = await queries.of_matter(matter_id)
    pending = queries.pending(opinions)
    before = queries.latest(opinions, HANDLING) if level != HANDLING else None
    texts = pending.texts if pending is not None else Texts(claims=matter.demand or "")
    revoked = queries.revoked(opinions) if level == HANDLING else None
    return ActForm(
        matter=matter,
        title=LEVELS[level],
        action=f"/government/matters/{matter_id}/opinion",
        fields=forms.opinion(level),
        button=N_("Put forward for signature"),
        second=(KEEP, N_("Keep as a draft")),
        values={
            "outcome": pending.outcome if pending is not None else "",
            "claims": texts.claims,
            "facts": texts.facts,
            "basis": texts.basis,
            "decision": texts.decision,
        },
        hints=(N_("The former opinion was revoked. The new one must not be the same."),)
        if revoked is not None
        else (),
        before=before if before is not None else revoked,
    )


async def of_opinion(
    opinion_id: UUID,
    doer: Doer,
    *,
    act: str,
    title: Message,
    fields: Sequence[Field],
    button: Message,
    **more: Any,
) -> ActForm:
    """Return the form of an act on one opinion; NotFoundError for whom its item does not exist."""
    matter = await matters.matter(await queries.matter_of(opinion_id), doer.actor, doer.at)
    found = await queries.opinion(opinion_id)
    return ActForm(
        matter=matter,
        title=N_("{level}: {act}", level=LEVELS[found.level], act=title),
        action=f"/government/opinions/{opinion_id}/{act}",
        fields=fields,
        button=button,
        **more,
    )


async def delivery(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of a delivery."""
    found = await queries.opinion(opinion_id)
    hints = (
        ()
        if found.level == REREVIEW
        else (N_("With this day begin the 30 days in which the petitioner may go on."),)
    )
    return await of_opinion(
        opinion_id,
        doer,
        act="deliver",
        title=N_("record the delivery"),
        fields=FIELDS,
        button=N_("Record the delivery"),
        signature=True,
        hints=hints,
        values={"at": site_time(doer.at).strftime("%Y-%m-%dT%H:%M"), "method": "direct"},
    )


async def undoing(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of taking back a delivery that was noted wrongly."""
    return await of_opinion(
        opinion_id,
        doer,
        act="undeliver",
        title=N_("delivery noted wrongly"),
        fields=forms.WRONG,
        button=N_("Take the note back"),
        hints=(N_("The petitioner's time to go on has not begun then. Note the delivery anew."),),
    )


async def voiding(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of declaring an opinion void that nobody was given yet."""
    return await of_opinion(
        opinion_id,
        doer,
        act="void",
        title=N_("declare it void"),
        fields=forms.VOID,
        button=N_("Declare void and write anew"),
        hints=(N_("Its number stays taken; its words stand in a new draft, to be signed anew."),),
    )


async def told(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of having told orally what came of an item."""
    return await of_opinion(
        opinion_id,
        doer,
        act="tell",
        title=N_("told orally"),
        fields=forms.TOLD,
        button=N_("Record it"),
        values={"on": site_time(doer.at).date().isoformat()},
        hints=(
            N_("The opinion itself is still delivered: only then does the time to go on begin."),
        ),
    )


async def taking(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of how an opinion was taken."""
    return await of_opinion(
        opinion_id,
        doer,
        act="taken",
        title=N_("how the petitioner took it"),
        fields=forms.TAKING,
        button=N_("Record it"),
    )


async def publishing(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of making a result known."""
    return await of_opinion(
        opinion_id,
        doer,
        act="publish",
        title=N_("make the result known"),
        fields=forms.PUBLISH,
        button=N_("Record it"),
        hints=(N_("Only with consent and in a limited circle; names stay out."),),
    )


async def received(opinion_id: UUID, doer: Doer) -> ActForm:
    """Return the form of an opinion that came on paper."""
    return await of_opinion(
        opinion_id,
        doer,
        act="received",
        title=N_("record as it came"),
        fields=forms.RECEIVED,
        button=N_("Record the opinion"),
        hints=(N_("For bodies that do not work here: what stands on their paper."),),
    )


async def review(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of a request for review or re-review."""
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    contested = await reviewing.contested(matter_id, matter.stage)
    level = NEXT_LEVEL[contested.level] if contested is not None else "review"
    above = await reviewing.next_body(contested) if contested is not None else None
    ends = await queries.window_ends(contested, at=doer.at)
    late = ends is not None and site_time(doer.at).date() > ends
    hints = []
    if ends is not None:
        hints.append(N_("The time to ask ends on {day}.", day=ends.isoformat()))
    elif contested is not None:
        hints.append(N_("The delivery is not on record: the time to ask has not begun."))
    return ActForm(
        matter=matter,
        title=N_("Ask for review") if level == "review" else N_("Ask for re-review"),
        action=f"/government/matters/{matter_id}/review",
        fields=forms.review([(str(one.id), one.name) for one in await units.units()]),
        button=N_("Accept and pass it on"),
        second=(REFUSE, N_("Record as late and refused")) if late else None,
        values={
            "asked_on": site_time(doer.at).date().isoformat(),
            "in_writing": "yes",
            "body": str(above) if above is not None else "",
        },
        hints=hints,
        before=contested,
    )


async def hearing(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of a hearing's beginning or end."""
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    requests = await queries.reviews(matter_id)
    rests = any(one.hearing for one in requests)
    return ActForm(
        matter=matter,
        title=N_("End of the hearing") if rests else N_("Hearing of the re-review"),
        action=f"/government/matters/{matter_id}/hearing",
        fields=(
            *forms.HEARING,
            Field(name="do", label=N_("Act"), kind="hidden"),
        ),
        button=N_("Let the clock run on") if rests else N_("Let the clock rest"),
        values={"day": site_time(doer.at).date().isoformat(), "do": END if rests else BEGIN},
        hints=(N_("The time of a hearing is not counted (article 36)."),),
    )


async def extension(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of asking for more time."""
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    most = (await clocks.in_force(doer.at)).values.extend_days
    return ActForm(
        matter=matter,
        title=N_("Ask for more time"),
        action=f"/government/matters/{matter_id}/extension",
        fields=forms.extension(most),
        button=N_("Ask the head"),
        anchor="time",
        values={"days": str(most)},
        hints=(
            N_("Once only. When the head has approved, the petitioner is told with the reason."),
        ),
    )


async def telling(extension_id: UUID, doer: Doer) -> ActForm:
    """Return the form of having told the petitioner of more time."""
    row = await Extension.objects().get(Extension.id == extension_id)
    if row is None:
        raise NotFoundError
    return ActForm(
        matter=await matters.matter(row.matter, doer.actor, doer.at),
        title=N_("The petitioner was told of more time"),
        action=f"/government/extensions/{extension_id}/told",
        fields=forms.TELLING,
        button=N_("Record it"),
        anchor="time",
        values={"on": site_time(doer.at).date().isoformat()},
    )


async def delay(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of telling why an item cannot be closed in time."""
    return ActForm(
        matter=await matters.matter(matter_id, doer.actor, doer.at),
        title=N_("Say why it cannot be closed in time"),
        action=f"/government/matters/{matter_id}/delay",
        fields=forms.DELAY,
        button=N_("Tell who assigned it"),
        anchor="time",
    )


async def closing(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form of closing an item."""
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    reasons = policies.close_reasons(matter.stage, matter.line.purpose)
    missing = await queries.filing_missing(matter_id) if matter.stage == "final" else ()
    return ActForm(
        matter=matter,
        title=N_("Close the item"),
        action=f"/government/matters/{matter_id}/close",
        fields=forms.closing([(one, CLOSE_REASONS[one]) for one in reasons]),
        button=N_("Close it"),
        anchor="closing",
        values={"reason": reasons[0] if len(reasons) == 1 else ""},
        hints=[N_("Still missing in the file: {what}", what=one) for one in missing],
    )
