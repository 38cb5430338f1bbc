"""The log, for those who may read it: narrowed, paged by number, before and after in words."""

import re
from collections.abc import Mapping
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from core import typed
from core.i18n import N_, Message
from core.log import queries
from core.log.queries import READ, Entry, Filter
from core.permissions import Actor
from core.settings import Settings
from web.timeline import FIELDS

PAGE = 50
_NUMBER = re.compile(r"[0-9]{1,18}")
KINDS: Mapping[str, tuple[Message, str]] = {
    "registration": (N_("Visit"), "/registrations/{}"),
    "appointment": (N_("Appointment"), "/appointments/{}"),
    "visitor": (N_("Visitor"), "/visitors/{}"),
    "rulebook": (N_("Rulebook"), "/rulebooks/{}"),
    "account": (N_("Account"), "/users/{}"),
    "pass": (N_("Pass"), "/passes/{}"),
    "site": (N_("Site"), ""),
    "gate": (N_("Gate"), ""),
    "host": (N_("Host"), ""),
    "watch": (N_("Watch list"), ""),
    "feedback": (N_("Feedback"), ""),
    "notice": (N_("Notice"), ""),
}
ACTORS: Mapping[str, Message] = {
    "user": N_("account"),
    "link": N_("link"),
    "system": N_("automatic"),
    "token": N_("program"),
    "device": N_("gate device"),
    "anonymous": N_("not signed in"),
}
NAMES: Mapping[str, Message] = {
    **FIELDS,
    "state": N_("State"),
    "name": N_("Name"),
    "number": N_("Number"),
    "purpose": N_("Purpose"),
    "host": N_("Host"),
    "site": N_("Site"),
    "gate": N_("Gate"),
    "phone": N_("Phone"),
    "document": N_("Document number"),
    "document_kind": N_("Document"),
    "organisation": N_("Organisation"),
    "consent": N_("Consent"),
    "consent_by": N_("Answered by"),
    "consent_at": N_("Answered"),
    "consent_means": N_("Way"),
    "consent_asked_at": N_("Asked"),
    "entered_at": N_("In"),
    "left_at": N_("Out"),
    "stub_returned_at": N_("Stub returned"),
    "starts_at": N_("From"),
    "ends_at": N_("Until"),
    "effective_from": N_("In force from"),
    "note": N_("Note"),
    "answer_note": N_("Note for the visitor"),
    "decision": N_("Decision"),
    "decision_reason": N_("Decision"),
    "verdict": N_("Verdict"),
    "rule": N_("Rule"),
    "rulebook": N_("Rulebook version"),
    "rating": N_("Rating"),
    "follow_up": N_("Followed up"),
    "email": N_("E-mail"),
    "role": N_("Role"),
    "active": N_("Active"),
    "until": N_("Until"),
    "action": N_("Action"),
}


@get("/log", requires=READ)
async def show(
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    act: FromQuery[str] = "",
    who: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    record: FromQuery[str] = "",
    day: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Template:
    """Show entries, newest first."""
    since, ends = typed.span(day, until, settings.zone)
    wanted = Filter(
        act=typed.line(act, 60),
        who=typed.line(who),
        kind=typed.line(kind, 40),
        record=typed.line(record, 40),
        since=since,
        until=ends,
    )
    below = int(before) if _NUMBER.fullmatch(before) else None
    found, onward = await queries.entries(wanted, actor=actor, before=below, size=PAGE)
    given = {"act": act, "who": who, "kind": kind, "record": record, "day": day, "until": until}
    return Template(
        "log/log.html",
        context={
            "lines": [_line(entry) for entry in found],
            "onward": onward,
            "query": {name: value for name, value in given.items() if value},
            "paged": below is not None,
            "act_options": _act_options(await queries.acts()),
            "kind_options": [
                (name, KINDS.get(name, (Message(name), ""))[0])
                for name in await queries.kinds()
                if name
            ],
            "sealing": await queries.sealing(),
        },
    )


def _act_options(acts: list[str]) -> list[tuple[str, str]]:
    """Return the acts to choose from, each part's acts below the part as a whole."""
    options: list[tuple[str, str]] = []
    part = ""
    for act in acts:
        head = act.partition(".")[0] + "."
        if head != part:
            part = head
            options.append((head, f"{head}*"))
        options.append((act, act))
    return options


def _line(entry: Entry) -> dict[str, Any]:
    """Return one entry as its template draws it."""
    label, address = KINDS.get(entry.record_kind, (Message(entry.record_kind), ""))
    return {
        "entry": entry,
        "kind": label,
        "href": address.format(entry.record_id) if address and entry.record_id else "",
        "actor": ACTORS.get(entry.actor_kind, Message(entry.actor_kind)),
        "changes": [
            (NAMES.get(name, Message(name)), _said(entry.before, name), _said(entry.after, name))
            for name in dict.fromkeys((*entry.before, *entry.after))
        ],
    }


def _said(values: Mapping[str, Any], name: str) -> Message | None:
    """Return a value in words; None where it was not noted."""
    if name not in values:
        return None
    value = values[name]
    if isinstance(value, str):
        return Message.load(value)
    if isinstance(value, bool):
        return N_("Yes") if value else N_("No")
    if value is None:
        return Message("")
    if isinstance(value, list):
        return Message(", ".join(str(one) for one in value))
    return Message(str(value))


router = Router(path="", route_handlers=[show])
