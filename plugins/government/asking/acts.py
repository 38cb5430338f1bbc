"""Acts of this room on an item as data: a rating said here, a reply letter, a call-back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.errors import NotFoundError
from core.forms import Field
from core.i18n import N_, Message
from plugins.government.act_pages import ActForm, ActPage, Done
from plugins.government.acts import Doer, Values, day_of
from plugins.government.asking import calling, forms, ratings, replies
from plugins.government.asking.facts import TARGETS
from plugins.government.asking.tables import Reply
from plugins.government.matters import queries as matters
from plugins.government.rights import HANDLE


async def _form(
    matter_id: UUID,
    doer: Doer,
    *,
    title: Message,
    path: str,
    fields: Sequence[Field],
    button: Message,
    values: Mapping[str, str] | None = None,
    hints: Sequence[Message] = (),
) -> ActForm:
    return ActForm(
        matter=await matters.matter(matter_id, doer.actor, doer.at),
        title=title,
        action=f"/government/{path}",
        fields=fields,
        button=button,
        anchor="asking",
        values=values or {},
        hints=hints,
    )


async def _rating_form(matter_id: UUID, doer: Doer) -> ActForm:
    return await _form(
        matter_id,
        doer,
        title=N_("Record the petitioner's satisfaction"),
        path=f"matters/{matter_id}/rate",
        fields=forms.RATE_HERE,
        button=N_("Record it"),
    )


async def _rate(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await ratings.give(
        matter_id,
        target=values["target"],
        score=values["score"],
        remark=values["remark"],
        means=values["means"],
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("The rating is on record."))


async def _reply_form(matter_id: UUID, doer: Doer) -> ActForm:
    drafts = [one for one in await replies.of_matter(matter_id) if one.state == replies.DRAFT]
    return await _form(
        matter_id,
        doer,
        title=N_("Write a reply letter"),
        path=f"matters/{matter_id}/reply",
        fields=forms.REPLY,
        button=N_("Put forward for signature"),
        values={"text": replies.text_of(drafts[0])} if drafts else {},
    )


async def _reply(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await replies.put_forward(
        matter_id, values["text"], actor=doer.actor, at=doer.at, plugins=doer.plugins
    )
    return Done(N_("Put forward for signature."))


async def _sending_form(reply_id: UUID, doer: Doer) -> ActForm:
    row = await Reply.objects().get(Reply.id == reply_id)
    if row is None:
        raise NotFoundError
    return await _form(
        row.matter,
        doer,
        title=N_("Record that the reply was sent"),
        path=f"replies/{reply_id}/sent",
        fields=forms.SENT,
        button=N_("Record it"),
    )


async def _send(reply_id: UUID, values: Values, doer: Doer) -> Done:
    await replies.send(
        reply_id,
        on=day_of(values, "on"),
        method=values["method"],
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("It is on record that the reply was sent."))


async def _call_form(matter_id: UUID, doer: Doer) -> ActForm:
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    targets = await calling.open_targets(matter_id, matter.stage)
    if not targets:
        raise NotFoundError
    phone = await calling.number_of(matter.line, doer.actor, at=doer.at)
    return await _form(
        matter_id,
        doer,
        title=N_("Call the petitioner back"),
        path=f"matters/{matter_id}/call-back",
        fields=forms.call_back(targets),
        button=N_("Record it"),
        values={"reached": "yes"},
        hints=(N_("Ring up {name}: {phone}", name=matter.line.petitioner, phone=phone or "—"),),
    )


async def _call_back(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await calling.settle(
        matter_id,
        reached=values["reached"] == "yes",
        scores={target: values.get(target, "") for target in TARGETS},
        remark=values["remark"],
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("The call-back is on record."), to="/government/call-backs")


PAGES = (
    ActPage(
        address="/matters/{matter_id:uuid}/rate",
        requires=HANDLE,
        form=_rating_form,
        do=_rate,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/reply",
        requires=HANDLE,
        form=_reply_form,
        do=_reply,
    ),
    ActPage(
        address="/replies/{reply_id:uuid}/sent",
        requires=HANDLE,
        form=_sending_form,
        do=_send,
    ),
    ActPage(
        address="/matters/{matter_id:uuid}/call-back",
        requires=HANDLE,
        form=_call_form,
        do=_call_back,
    ),
)
