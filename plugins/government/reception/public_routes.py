"""Booking a place with a leader, without account: the form, and the booking behind its link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.accounts.limits import Limit, key_of, take_or_refuse
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_
from plugins.government.asking.public_routes import HANDLERS
from plugins.government.inputs import Flash, Form, whole_in
from plugins.government.reception import booking, forms, queries
from plugins.government.reception.facts import BOOKED, BOOKING_STATES

SENT = Limit(10, 60)


@get("/book/{day_id:uuid}", public=True)
async def form(day_id: FromPath[UUID]) -> Template:
    """Show the form of booking a place on a reception day."""
    return await _form(day_id, {"heads": "1"}, {})


async def _form(day_id: UUID, values: dict[str, str], errors: Any) -> Template:
    return Template(
        "government/reception/book.html",
        context={
            "day": await queries.public_day(day_id),
            "fields_": forms.BOOK,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/book/{day_id:uuid}", public=True)
async def book(
    day_id: FromPath[UUID],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take a place on a reception day."""
    cleaned = read(forms.BOOK, data)
    if cleaned.problems:
        return await _form(day_id, data, cleaned.problems)
    await take_or_refuse(key_of("government.book", current.address), SENT, at=now)
    try:
        _, secret = await booking.book(
            day_id,
            name=cleaned.values["name"],
            phone=cleaned.values["phone"],
            topic=cleaned.values["topic"],
            heads=whole_in(cleaned.values, "heads"),
            at=now,
        )
    except InvalidInputError as error:
        return await _form(day_id, data, error.problems)
    except RefusedError as error:
        return await _form(day_id, data, {"": error.message})
    flash("success", N_("Your place is booked. Keep this page."))
    return Redirect(f"/government/booking/{secret}", status_code=303)


@get("/booking/{secret:str}", public=True)
async def show(secret: FromPath[str], now: NamedDependency[datetime]) -> Template:
    """Show a booking to whoever holds its link."""
    found, day = await booking.behind(secret, at=now)
    return Template(
        "government/reception/booking.html",
        context={
            "one": found,
            "day": day,
            "secret": secret,
            "states": BOOKING_STATES,
            "may_call_off": found.state == BOOKED,
        },
    )


@post("/booking/{secret:str}/call-off", public=True)
async def call_off(
    secret: FromPath[str], now: NamedDependency[datetime], flash: NamedDependency[Flash]
) -> Redirect:
    """Give a place back."""
    try:
        await booking.call_off(secret, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Your place is given back. Thank you for telling us."))
    return Redirect(f"/government/booking/{secret}", status_code=303)


router = Router(
    path="/government",
    route_handlers=[form, book, show, call_off],
    exception_handlers=HANDLERS,
)
