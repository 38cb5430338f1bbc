"""Where a plugin joins in what is known of people: given, erased, kept from somebody."""

from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from core import hookspec
from core.decisions import Decision
from core.permissions import Actor
from core.privacy.facts import ErasureFacts, PersonalData


@hookspec
def check_erasure(erasure: ErasureFacts) -> Awaitable[Decision | None]:
    """Judge whether a person's data may be erased, e.g. not while a matter of theirs must be kept.

    Asked: before a person is erased, and when what is due for erasure is listed.
    Return: a decision, or None when this is not the plugin's business; its reason is shown.
    Several answers: the gravest wins; a Hold keeps the data as a Deny does.
    An exception: counts as Hold `plugin_error`: the data is kept, and it is tried again.
    """
    raise NotImplementedError


@hookspec
def do_erase(visitor_id: UUID) -> Awaitable[None]:
    """Erase what the plugin stores about a visitor, keeping figures.

    Asked: in the transaction that erases the visitor, while the visitor's own row still stands.
    Return: nothing.
    Several answers: all are carried out.
    An exception: aborts the whole act.
    """
    raise NotImplementedError


@hookspec
def collect_personal_data(visitor_id: UUID) -> Awaitable[Sequence[PersonalData]]:
    """Give what the plugin stores about a visitor, for the person's own information.

    Asked: when a person's data is exported.
    Return: titled groups of lines.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_hidden(
    kind: str, records: Sequence[str], actor: Actor, at: datetime
) -> Awaitable[AbstractSet[str]]:
    """Name those of these records that do not exist for somebody, whatever the core would show.

    Asked: before the core lists, shows or tells of records whose kind begins with the plugin's name
    (ids as text), of incidents, and of pages under its name (kind `address`, records are paths); for
    what is not there at all (kind `hiding.NOTHING`): do as much for it as for something hidden.
    Return: the hidden ones; a record of another part is never among them.
    Several answers: united; whatever is switched off at a site, all are asked.
    An exception: all of these records are hidden, and it is logged.
    """
    raise NotImplementedError


@hookspec
def collect_barred(
    kind: str, records: Sequence[str], at: datetime
) -> Awaitable[Mapping[str, AbstractSet[UUID]]]:
    """Name the users who must have nothing to do with these records: who neither sign nor are told.

    Asked: when signers of a request about a record are seated, vote or are reminded; like
    `collect_hidden`, for what is not there, too.
    Return: user ids by record; unlike hidden ones, these are barred even where a seat lets them in.
    Several answers: united.
    An exception: reaches the caller, so that nobody signs who must not.
    """
    raise NotImplementedError


@hookspec
def resolve_readers(
    record_kind: str, records: Sequence[str], users: Sequence[UUID]
) -> Awaitable[Mapping[str, frozenset[UUID]] | None]:
    """Say who of some people may know of some records, before they are told of their deadlines.

    Asked: when clocks are swept, moved or listed; at most a thousand records at once.
    Return: for each record the people who may; None when the kind is not the plugin's.
    Several answers: the first that is not None, core first, then a to z; without one all may.
    An exception: nobody is told now; it is logged and tried again with the next sweep.
    """
    raise NotImplementedError
