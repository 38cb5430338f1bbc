"""Acts of the first day on an item's page: suggest, decide, interview, another talk, outline."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.appointments import forms as appointments
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.inputs import Flash, Form
from plugins.government.matters.routes import page
from plugins.government.rights import HANDLE
from plugins.government.screening import forms, services, talks
from plugins.government.screening.facts import DESK, GROUNDS, Decided

_FIELD_OF = {
    "ground_missing": "ground",
    "body_missing": "body",
    "answer_missing": "told_text",
    "outline_missing": "decision",
    "written_once": "manner",
}


async def _done(
    matter_id: UUID,
    data: dict[str, str],
    act: Awaitable[object],
    said: Message,
    actor: Actor,
    now: datetime,
    flash: Flash,
) -> Response[None] | Template:
    """Do an act; a rejected form comes back on the item's page."""
    try:
        await act
    except InvalidInputError as error:
        return await page(
            matter_id,
            actor,
            now,
            status=422,
            errors=error.problems,
            values=data,
            rejected="screening",
        )
    except RefusedError as error:
        problem = {_FIELD_OF.get(error.code, ""): error.message}
        return await page(
            matter_id, actor, now, status=422, errors=problem, values=data, rejected="screening"
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", said)
    return Redirect(f"/government/matters/{matter_id}#screening", status_code=303)


@post("/matters/{matter_id:uuid}/suggest", requires=HANDLE)
async def suggest(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter the suggestion of the day (GOV-8)."""
    typed = read(forms.SUGGESTING, data)

    async def act() -> None:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await services.suggest(
            matter_id,
            typed.values["suggestion"],
            typed.values["suggestion_text"],
            actor=actor,
            at=now,
        )

    return await _done(matter_id, data, act(), N_("The suggestion was entered."), actor, now, flash)


@post("/matters/{matter_id:uuid}/decide", requires=HANDLE)
async def decide(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Accept, tell where to go, refuse, end or answer (GOV-10 to 12, 16)."""
    typed = read(forms.DECIDING, data)
    manners: list[str] = []

    async def act() -> None:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        values = typed.values
        ground = GROUNDS.get(values["ground"])
        manner = await services.decide(
            matter_id,
            Decided(
                act=values["decision"],
                ground=ground.code if ground and ground.act == values["decision"] else "",
                body=values["body"],
                text=values["told_text"],
                receipt=values["receipt"],
                simple=values["simple"] == "yes",
            ),
            actor=actor,
            at=now,
            plugins=plugins,
        )
        manners.append(manner)

    answer = await _done(
        matter_id, data, act(), N_("The decision was recorded."), actor, now, flash
    )
    if manners == ["oral"] and data.get("decision") in ("refuse", "end"):
        flash("info", N_("A written notice is given once only: this time they were told orally."))
    return answer


@post("/matters/{matter_id:uuid}/tell-again", requires=HANDLE)
async def tell_again(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Record that they were told once more; a second written notice is refused (GOV-12)."""
    typed = read(forms.AGAIN, data)

    async def act() -> None:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await services.tell_again(
            matter_id,
            typed.values["again_text"],
            manner=typed.values["manner"],
            actor=actor,
            at=now,
            plugins=plugins,
        )

    return await _done(
        matter_id, data, act(), N_("It is recorded that they were told again."), actor, now, flash
    )


@post("/matters/{matter_id:uuid}/interview", requires=HANDLE)
async def interview(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Arrange an interview that the desk finds needed (GOV-13)."""
    return await _done(
        matter_id,
        data,
        services.stamp(matter_id, DESK, actor=actor, at=now),
        N_("The interview has its number and stamp."),
        actor,
        now,
        flash,
    )


@post("/matters/{matter_id:uuid}/talk", requires=HANDLE)
async def talk(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Agree on another talk (GOV-15)."""
    typed = read(forms.TALK, data)

    async def act() -> None:
        problems: dict[str, Any] = dict(typed.problems)
        window = await appointments.window_of(typed.values, problems, at=now)
        if problems or window is None:
            raise InvalidInputError(problems)
        try:
            await talks.agree_on_talk(
                matter_id,
                window,
                why=typed.values["why"],
                text=typed.values["talk_text"],
                actor=actor,
                at=now,
                plugins=plugins,
            )
        except InvalidInputError as error:
            raise InvalidInputError(appointments.placed(error.problems)) from error

    return await _done(
        matter_id,
        data,
        act(),
        N_("The talk is agreed. The gate knows that somebody is expected."),
        actor,
        now,
        flash,
    )


@post("/matters/{matter_id:uuid}/outline", requires=HANDLE)
async def outline(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Put up the outline of an answer to somebody from abroad (GOV-18)."""
    typed = read((forms.OUTLINE,), data)

    async def act() -> None:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await talks.put_up_outline(
            matter_id, typed.values["outline"], actor=actor, at=now, plugins=plugins
        )

    return await _done(
        matter_id,
        data,
        act(),
        N_("The outline waits for the head of the room and of the bureau."),
        actor,
        now,
        flash,
    )


router = Router(
    path="/government",
    route_handlers=[suggest, decide, tell_again, interview, talk, outline],
)
