"""What policies may know of a registration. No rows, no requests, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchMatch:
    """One entry of the watch list that matches someone of the party."""

    entry_id: UUID
    name: str
    action: str
    reason: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFacts:
    """One registration as it stands, or as it is about to be made.

    `asked_at` is the site's local time. `consent` is none, asked, given or refused. `answers` are the
    values of the purpose's own form fields. `document_kind` is empty when no document is known.
    `released` are the codes of holds that a person has lifted; give them to `decisions.gravest`.
    """

    registration_id: UUID
    number: str
    site_id: UUID
    gate_id: UUID | None
    visitor_id: UUID
    visitor_name: str
    head_count: int
    purpose: str
    reason: str
    host_id: UUID | None
    host_name: str
    state: str
    consent: str
    document_kind: str
    document_shown: bool
    document_by_eye: bool
    plate: str
    asked_at: datetime
    entered_at: datetime | None = None
    expected_leave_at: datetime | None = None
    stub_returned: bool = False
    watch: tuple[WatchMatch, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    released: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why people come; it belongs to the core or to one plugin (`lab.work`).

    `needs_host`, `needs_consent`, `needs_document` say what the desk must ask; the policies of the
    owner judge it.
    """

    name: str
    label: Message
    plugin: str
    needs_host: bool = True
    needs_consent: bool = True
    needs_document: bool = True
    order: int = 100
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One labelled line that a plugin adds to a page, slip or badge.

    Without a value the label is a sentence of its own, such as a rule printed on the slip. `path` is
    a page about it, for whoever may see that.
    """

    label: Message
    value: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is inside though neither a visit nor a scanned pass says so, e.g. ticked on a list.

    `kind` is a kind of pass, under which they stand in the roll call; `group` as of such holders.
    """

    kind: str
    group: str
    name: str
