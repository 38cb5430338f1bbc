"""The watch list: who is barred or to be announced, until when, and why (CORE-15)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import judging
from core.settings import Settings
from core.text import TextError, parse_chinese_date
from core.visitors import forms as people
from core.visitors import queries, watch

READ, WRITE = "core:watch:read", "core:watch:write"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
ACTION = Field(
    name="action",
    label=N_("What happens"),
    kind="select",
    required=True,
    options=(
        (watch.BARRED, N_("Barred: held until somebody decides")),
        (watch.ANNOUNCE, N_("To be announced: held until somebody was told")),
    ),
)
REASON = Field(
    name="reason",
    label=N_("Reason"),
    kind="textarea",
    required=True,
    max_length=300,
    help=N_("Facts only; whoever stands at the desk reads it."),
)
UNTIL = Field(
    name="until",
    label=N_("Until"),
    kind="date",
    max_length=20,
    help=N_("The last day; empty for no end."),
)
DOCUMENT_KIND = Field(
    name="document_kind",
    label=N_("Document"),
    kind="select",
    options=tuple(o for o in people.DOCUMENT_KIND.options if o[0] != people.NONE_SHOWN),
)
FIELDS = (
    people.NAME,
    people.PHONE,
    DOCUMENT_KIND,
    people.DOCUMENT_NUMBER,
    people.BY_EYE,
    ACTION,
    REASON,
    UNTIL,
)
OF_KNOWN = (ACTION, REASON, UNTIL)
WHY = Field(name="reason", label=N_("Why"), required=True, max_length=200)


@get("/watch", requires=READ)
async def show(
    actor: NamedDependency[Actor], now: NamedDependency[datetime], ended: FromQuery[str] = ""
) -> Template:
    """Show the entries in force, or all that ever were."""
    return await _list(actor, now, all_of_them=bool(ended))


async def _list(
    actor: Actor,
    now: datetime,
    *,
    all_of_them: bool = False,
    voiding: UUID | None = None,
    errors: Mapping[str, Message] | None = None,
    status: int = 200,
) -> Template:
    context = {
        "entries": await watch.entries(at=now, all_of_them=all_of_them),
        "ended": all_of_them,
        "may_write": actor.may(WRITE),
        "why": WHY,
        "voiding": voiding,
        "errors": errors or {},
    }
    return Template("watch/list.html", context=context, status_code=status)


async def _form(
    values: Mapping[str, str], errors: Mapping[str, Message], visitor: str, status: int = 200
) -> Template:
    known = people.typed_id(visitor)
    card = await queries.visitor(known) if known is not None else None
    fields: tuple[Field, ...] = OF_KNOWN if card is not None else FIELDS
    if "document_number" not in errors and not values.get("document_by_eye"):
        fields = tuple(field for field in fields if field.name != "document_by_eye")
    context = {"fields_": fields, "values": values, "errors": errors, "known": card}
    return Template("watch/new.html", context=context, status_code=status)


@get("/watch/new", requires=WRITE)
async def show_form(visitor: FromQuery[str] = "") -> Template:
    """Show the form of a new entry, about a known visitor or somebody else."""
    return await _form({}, {}, visitor)


@post("/watch", requires=WRITE)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter somebody in the list."""
    visitor = data.get("visitor", "")
    known_id = people.typed_id(visitor)
    known = await queries.row(known_id) if known_id is not None else None
    typed = read(OF_KNOWN if known is not None else FIELDS, data)
    problems = dict(typed.problems)
    until = _end(typed.values["until"], problems, now, settings.zone)
    given = typed.values if known is None else {"name": known.name}
    person = people.person_of(given, problems, today=judging.site_time(now).date(), known=known)
    if not problems:
        try:
            await watch.add(
                person,
                action=typed.values["action"],
                reason=typed.values["reason"],
                until=until,
                actor=actor,
                at=now,
            )
        except InvalidInputError as error:
            problems.update(error.problems)
    if problems:
        return await _form(data, problems, visitor, 422)
    flash("success", N_("Entered. Whoever matches is held for a decision."))
    return Redirect("/watch", status_code=303)


def _end(text: str, problems: dict[str, Message], now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the end of the last day."""
    if not text or "until" in problems:
        return None
    try:
        day = parse_chinese_date(text, judging.site_time(now).date(), ahead=True)
    except TextError as error:
        problems["until"] = error.message
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


@post("/watch/{entry_id:uuid}/void", requires=WRITE)
async def void(
    entry_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """End an entry before its day."""
    typed = read((WHY,), data)
    if typed.problems:
        return await _list(actor, now, voiding=entry_id, errors=typed.problems, status=422)
    await watch.void(entry_id, reason=typed.values["reason"], actor=actor, at=now)
    flash("success", N_("The entry has ended; it stays readable."))
    return Redirect("/watch", status_code=303)


router = Router(path="", route_handlers=[show, show_form, add, void])
