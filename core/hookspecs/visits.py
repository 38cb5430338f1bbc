"""Where a plugin joins in a visit: its form, its judgement, its own side, its lines; who else is inside."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from uuid import UUID

from core import hookspec
from core.decisions import Decision
from core.forms import Field
from core.registrations.facts import Detail, Present, RegistrationFacts


@hookspec
def check_registration(registration: RegistrationFacts) -> Awaitable[Decision | None]:
    """Judge a visit as it is registered, before the visitor waits.

    Asked: in the transaction that registers it, before anything is written.
    Return: a decision, or None when this is not the plugin's business.
    Several answers: the gravest wins; a Deny registers the visit as refused, a Hold as held.
    An exception: counts as Hold `plugin_error`, so does an answer that takes over 150 ms.
    """
    raise NotImplementedError


@hookspec
def check_admission(registration: RegistrationFacts) -> Awaitable[Decision | None]:
    """Judge whether a registered visitor may go in now.

    Asked: in the transaction that lets the visitor in, before anything is written.
    Return: a decision, or None when this is not the plugin's business.
    Several answers: the gravest wins.
    An exception: counts as Hold `plugin_error`, so does an answer that takes over 150 ms.
    """
    raise NotImplementedError


@hookspec
def check_departure(registration: RegistrationFacts) -> Awaitable[Decision | None]:
    """Judge what is still open when a visitor leaves; nobody is kept in by a fault.

    Asked: in the transaction that records the leaving, before anything is written.
    Return: a decision, or None; a Hold leaves the visit open and flagged, a Deny does the same.
    Several answers: the gravest wins.
    An exception: counts as Hold `plugin_error`, so does an answer that takes over 150 ms.
    """
    raise NotImplementedError


@hookspec
def do_register(registration: RegistrationFacts) -> Awaitable[None]:
    """Store the plugin's own side of a registration: `registration.answers` of its purpose.

    Asked: in the transaction, after the core's row is written.
    Return: nothing.
    Several answers: all are carried out, core first, then a to z.
    An exception: aborts the whole act.
    """
    raise NotImplementedError


@hookspec
def collect_form_fields(purpose: str) -> Sequence[Field]:
    """Add fields to the registration form of a purpose.

    Asked: while the form is drawn and when it comes back.
    Return: fields, their names prefixed `<plugin>_`.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_registration_details(
    registration: RegistrationFacts,
) -> Awaitable[Sequence[Detail]]:
    """Add lines to a registration's page and slip.

    Asked: while the page or slip is made.
    Return: labelled lines.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_present(site_id: UUID, at: datetime) -> Awaitable[Sequence[Present]]:
    """Name who is inside a site though neither a visit nor a scanned pass says so.

    Asked: whenever a roll call is drawn.
    Return: people under the kind of pass that they would have had, e.g. ticked on a list instead.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked on the roll call, and logged.
    """
    raise NotImplementedError
