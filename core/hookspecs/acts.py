"""Where a plugin acts: on what signers decided, on events, each minute, in a demonstration."""

from collections.abc import Awaitable
from datetime import datetime

from core import hookspec
from core.approvals.facts import ApprovalFacts
from core.demo.facts import DemoFacts
from core.events import Event


@hookspec
def do_lock(record_kind: str, record: str) -> Awaitable[None]:
    """Lock a record of the plugin that a request is about, as the plugin's own acts lock it.

    Asked: in the transaction of each act on a request, before the request is locked: all lock in one order.
    Return: nothing; a plugin leaves kinds of others alone, and what is not there any more.
    Several answers: all are carried out.
    An exception: aborts the whole act.
    """
    raise NotImplementedError


@hookspec
def do_approved(request: ApprovalFacts) -> Awaitable[None]:
    """Carry out what the signers granted, for the plugin's own kinds of request.

    Asked: in the transaction of the last signature.
    Return: nothing; a plugin looks at `request.kind` and leaves those of others alone.
    Several answers: all are carried out.
    An exception: aborts the whole act, the signature too.
    """
    raise NotImplementedError


@hookspec
def do_rejected(request: ApprovalFacts) -> Awaitable[None]:
    """Do what follows when a request is not granted: `request.state` is rejected or withdrawn.

    Asked: in the transaction that ends the request.
    Return: nothing; a plugin looks at `request.kind` and leaves those of others alone.
    Several answers: all are carried out.
    An exception: aborts the whole act.
    """
    raise NotImplementedError


@hookspec
def do_demo(demo: DemoFacts) -> Awaitable[None]:
    """Fill a new installation with the plugin's side of a believable organisation.

    Asked: once, by `laifang demo` on an empty database, in the transaction that makes it.
    Return: nothing.
    Several answers: all are carried out, core first, then a to z.
    An exception: aborts the whole act.
    """
    raise NotImplementedError


@hookspec
def on_event(event: Event) -> Awaitable[None]:
    """React to something that happened, e.g. notify, count or call another system.

    Asked: after the commit, through the outbox, at least once.
    Return: nothing.
    Several answers: each plugin has its own queue entry.
    An exception: tried again with growing pauses, then listed as dead; the act stays done.
    """
    raise NotImplementedError


@hookspec
def on_minute(at: datetime) -> Awaitable[None]:
    """Do what is due by now, e.g. count, remind, let go of what expired.

    Asked: about once a minute while a server runs; where several run, by each of them, so that what
    is done must be the same done twice.
    Return: nothing.
    Several answers: each plugin is asked by itself.
    An exception: logged; the plugin is asked again a minute later.
    """
    raise NotImplementedError
