"""What a person decides about a visit, each with a reason: released, refused, ended, taken back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from core.decisions import Allow
from core.i18n import N_, Message
from core.registrations import correcting, holding, leaving
from web.acting import Acting, acting, reason_of, version_of
from web.pages.registrations import DECIDE, WRITE

Form = URLEncodedBody[dict[str, str]]


async def _with_reason(
    registration_id: UUID,
    data: Mapping[str, str],
    acting: Acting,
    act: str,
    service: Callable[..., Awaitable[None]],
    said: Message,
    **more: Any,
) -> Response[None] | Template:
    async def work() -> None:
        await service(registration_id, reason=reason_of(data), **more, **acting.common)

    return await acting.done(registration_id, data, act, work(), said)


@post("/registrations/{registration_id:uuid}/explain", requires=WRITE)
async def explain_stub(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Close a visit whose stub will not come back."""
    said = N_("The visit is closed with your explanation.")
    return await _with_reason(registration_id, data, acting, "explain", leaving.explain_stub, said)


@post("/registrations/{registration_id:uuid}/release", requires=DECIDE)
async def release(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Lift a hold, by name and with a reason."""
    said = N_("Released: the visitor waits to be admitted.")
    version = version_of(data)
    return await _with_reason(
        registration_id, data, acting, "release", holding.release, said, version=version
    )


@post("/registrations/{registration_id:uuid}/refuse", requires=WRITE)
async def refuse(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Turn a visitor away."""
    said = N_("Refused. Tell the visitor.")
    version = version_of(data)
    return await _with_reason(
        registration_id, data, acting, "refuse", holding.refuse, said, version=version
    )


@post("/registrations/{registration_id:uuid}/cancel", requires=WRITE)
async def cancel(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """End a visit that did not take place."""
    said = N_("Cancelled.")
    return await _with_reason(registration_id, data, acting, "cancel", correcting.cancel, said)


@post("/registrations/{registration_id:uuid}/void", requires=DECIDE)
async def void(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Void a registration that is wrong as a whole."""
    said = N_("Voided.")
    return await _with_reason(registration_id, data, acting, "void", correcting.void, said)


@post("/registrations/{registration_id:uuid}/step-back", requires=WRITE)
async def step_back(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Take back an admission or a leaving recorded by mistake."""
    said = N_("Taken back.")
    return await _with_reason(
        registration_id, data, acting, "step_back", correcting.step_back, said
    )


@post("/registrations/{registration_id:uuid}/judge", requires=WRITE)
async def judge_again(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Judge an arrival anew."""

    def said(decision: Any) -> tuple[str, Message]:
        if isinstance(decision, Allow):
            return "success", N_("Nothing stands against it any more.")
        return "warning", N_("It still holds: {reason}", reason=decision.reason)

    work = correcting.judge_again(registration_id, **acting.common)
    return await acting.done(registration_id, data, "judge", work, said)


router = Router(
    path="",
    route_handlers=[
        explain_stub,
        release,
        refuse,
        cancel,
        void,
        step_back,
        judge_again,
    ],
    dependencies={"acting": Provide(acting, sync_to_thread=False)},
)
