"""Booking a place with a leader, without account: the form, and the booking behind its link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.accounts.limits import Limit, TooOftenError, key_of, take_or_refuse
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.asking.public_routes import HANDLERS, waiting
from plugins.government.inputs import Flash, Form, whole_in
from plugins.government.reception import booking, forms, queries
from plugins.government.reception.facts import BOOKED, BOOKING_STATES

# Many share one address on the phone network; nobody fills a leader's whole day from it at once.
SENT = Limit(6, 600)
TRAP = "website"  # a field that people do not see


@get("/book/{day_id:uuid}", public=True)
async def form(day_id: FromPath[UUID], now: NamedDependency[datetime]) -> Template:
    """Show the form of booking a place on a reception day."""
    return await _form(day_id, now, {"heads": "1"}, {})


async def _form(
    day_id: UUID, now: datetime, values: dict[str, str], errors: Any, status: int = 422
) -> Template:
    day = await queries.public_day(day_id)
    return Template(
        "government/reception/book.html",
        context={
            "day": day,
            "closed": await booking.closed(day, at=now),
            "site": await queries.site_code(day.site_id),
            "fields_": forms.BOOK,
            "values": values,
            "errors": errors,
        },
        status_code=status if errors else 200,
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
        return await _form(day_id, now, data, cleaned.problems)
    if data.get(TRAP):
        return await _form(day_id, now, data, {"": N_("Empty this field and send the form again.")})
    try:
        await take_or_refuse(key_of("government.book", current.address), SENT, at=now)
        _, secret = await booking.book(
            day_id,
            name=cleaned.values["name"],
            phone=cleaned.values["phone"],
            topic=cleaned.values["topic"],
            heads=whole_in(cleaned.values, "heads"),
            at=now,
        )
    except InvalidInputError as error:
        return await _form(day_id, now, data, error.problems)
    except RefusedError as error:
        return await _form(day_id, now, data, {"": error.message})
    except TooOftenError as error:
        return await _form(day_id, now, data, {"": waiting(error)}, 429)
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
            "may_call_off": found.state == BOOKED and day.day >= site_time(now).date(),
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
