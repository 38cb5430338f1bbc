"""Visits whose every free text bears a mark, to see where a plugin keeps what was typed."""

import contextlib
from uuid import UUID, uuid4

from core import clock
from core.errors import WrongStateError
from core.forms import Field, read
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import services as privacy
from core.registrations import correcting
from core.registrations.facts import Purpose
from core.registrations.services import Arrival, register
from core.sites import services as sites
from core.visitors.matching import Person


def _filled(field: Field, mark: str) -> str:
    if field.options:
        return next(value for value, _ in field.options if value)
    by_kind = {
        "date": "2027-01-31", "datetime": "2027-01-31T10:00", "time": "10:00", "number": "1",
        "tel": "13800138000", "email": "mark@example.org", "checkbox": "yes",
    }  # fmt: skip
    return by_kind.get(field.kind, mark[: field.max_length])


async def register_marked(
    plugins: Plugins, purpose: Purpose, *, actor: Actor = SYSTEM
) -> tuple[list[str], UUID]:
    """Register a visit of this purpose; return the marks in its free texts, and the visitor's id.

    A field that takes only some texts (a class, a number) and refuses the mark is filled with
    nothing, or fails the suite when it is required: give such a field options or a kind.
    """
    at = clock.now()
    site_id = await sites.add_site(
        code=uuid4().hex[:8], name="conformance", audience=1, actor=SYSTEM, at=at
    )
    fields = plugins.collect_form_fields(purpose.name)
    given = {f.name: _filled(f, f"mark{uuid4().hex[:10]}") for f in fields}
    cleaned = read(fields, given)
    for name in cleaned.problems:
        given[name] = ""
    again = read(fields, given)
    if again.problems:
        raise AssertionError(
            f"{purpose.name}: required and refusing a mark: {list(again.problems)}"
        )
    arrival = Arrival(
        site_id=site_id,
        person=Person(name="李雷", phone="13800138000"),
        purpose=purpose.name,
        reason="conformance",
        document_shown=True,
        answers=again.values,
    )
    registered = await register(arrival, actor=SYSTEM, at=at, plugins=plugins)
    with contextlib.suppress(WrongStateError):  # refused at once: it is over already
        await correcting.cancel(
            registered.id, reason="conformance", actor=SYSTEM, at=at, plugins=plugins
        )
    return [v for v in again.values.values() if v.startswith("mark")], registered.visitor_id


async def erase_visitor(visitor_id: UUID, *, plugins: Plugins, actor: Actor = SYSTEM) -> None:
    """Erase a visitor as an administrator would."""
    await privacy.erase_visitor(
        visitor_id, reason="conformance", plugins=plugins, actor=actor, at=clock.now()
    )
