"""Asking at the desk: query with document and receipt, a rating said there, replies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core.errors import NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.asking import checking, forms, queries, ratings, replies
from plugins.government.asking.facts import SCORES, TARGETS
from plugins.government.asking.tables import Reply
from plugins.government.facts import MATTER
from plugins.government.inputs import Flash, Form, day_in
from plugins.government.matters import access
from plugins.government.matters import queries as matters
from plugins.government.opinions.pages import ActForm, Answer, acted
from plugins.government.rights import HANDLE

_WRONG = N_("The code or the last four signs are wrong. Look at your receipt, or ask at the desk.")


@get("/asking", requires=HANDLE)
async def ask_form() -> Template:
    """Show the form of asking at the desk, by document and receipt."""
    return _asked({}, {}, None)


def _asked(values: dict[str, str], errors: dict[str, Any], shown: object) -> Template:
    return Template(
        "government/asking/desk.html",
        context={
            "fields_": forms.ASK,
            "values": values,
            "errors": errors,
            "shown": shown,
            "targets": TARGETS,
            "scores": SCORES,
        },
        status_code=422 if errors else 200,
    )


@post("/asking", requires=HANDLE)
async def ask(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Tell at the desk where an item stands; that somebody asked is logged."""
    cleaned = read(forms.ASK, data)
    if cleaned.problems:
        return _asked(data, dict(cleaned.problems), None)
    matter_id = await checking.found(cleaned.values["code"], cleaned.values["tail"])
    if matter_id is None or not await access.visible(matter_id, actor, now):
        return _asked(data, {"": _WRONG}, None)
    shown = await queries.shown(matter_id, at=now)
    await record(actor, "government.asked", MATTER, matter_id, at=now)
    return _asked({}, {}, shown)


async def _act(
    matter_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    title: Message,
    path: str,
    fields: tuple[Field, ...],
    button: Message,
    values: dict[str, str] | None = None,
) -> ActForm:
    return ActForm(
        matter=await matters.matter(matter_id, actor, now),
        title=title,
        action=path,
        fields=fields,
        button=button,
        anchor="asking",
        values=values or {},
    )


async def _rating_form(matter_id: UUID, actor: Actor, now: datetime) -> ActForm:
    return await _act(
        matter_id,
        actor,
        now,
        title=N_("Record the petitioner's satisfaction"),
        path=f"/government/matters/{matter_id}/rate",
        fields=forms.RATE_HERE,
        button=N_("Record it"),
    )


@get("/matters/{matter_id:uuid}/rate", requires=HANDLE)
async def rate_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a rating said at the desk or in a call-back."""
    return (await _rating_form(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/rate", requires=HANDLE)
async def rate(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record a rating said at the desk or in a call-back."""
    form = await _rating_form(matter_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = ratings.give(
        matter_id,
        target=cleaned.values["target"],
        score=cleaned.values["score"],
        remark=cleaned.values["remark"],
        means=cleaned.values["means"],
        actor=actor,
        at=now,
    )
    return await acted(work, form, data, N_("The rating is on record."), flash)


async def _reply_form(matter_id: UUID, actor: Actor, now: datetime) -> ActForm:
    drafts = [one for one in await replies.of_matter(matter_id) if one.state == replies.DRAFT]
    return await _act(
        matter_id,
        actor,
        now,
        title=N_("Write a reply letter"),
        path=f"/government/matters/{matter_id}/reply",
        fields=forms.REPLY,
        button=N_("Put forward for signature"),
        values={"text": replies.text_of(drafts[0])} if drafts else {},
    )


@get("/matters/{matter_id:uuid}/reply", requires=HANDLE)
async def reply_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a reply letter."""
    return (await _reply_form(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/reply", requires=HANDLE)
async def reply(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Answer:
    """Put a reply letter forward for signature."""
    form = await _reply_form(matter_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = replies.put_forward(
        matter_id, cleaned.values["text"], actor=actor, at=now, plugins=plugins
    )
    return await acted(work, form, data, N_("Put forward for signature."), flash)


async def _sending(reply_id: UUID, actor: Actor, now: datetime) -> ActForm:
    row = await Reply.objects().get(Reply.id == reply_id)
    if row is None:
        raise NotFoundError
    return await _act(
        row.matter,
        actor,
        now,
        title=N_("Record that the reply was sent"),
        path=f"/government/replies/{reply_id}/sent",
        fields=forms.SENT,
        button=N_("Record it"),
    )


@get("/replies/{reply_id:uuid}/sent", requires=HANDLE)
async def sent_form(
    reply_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a reply that was sent."""
    return (await _sending(reply_id, actor, now)).drawn()


@post("/replies/{reply_id:uuid}/sent", requires=HANDLE)
async def sent(
    reply_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record that a signed reply was sent."""
    form = await _sending(reply_id, actor, now)
    work = replies.send(
        reply_id, on=day_in(data, "on"), method=data.get("method", ""), actor=actor, at=now
    )
    return await acted(work, form, data, N_("It is on record that the reply was sent."), flash)


router = Router(
    path="/government",
    route_handlers=[ask_form, ask, rate_form, rate, reply_form, reply, sent_form, sent],
)
