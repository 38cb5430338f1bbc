"""Points at which a plugin may join in. The prefix says how answers combine (docs/plugins.md)."""

from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from core import hookspec
from core.approvals.facts import ApprovalFacts
from core.decisions import Decision
from core.demo.facts import DemoFacts
from core.documents.facts import DocumentKind
from core.events import Event
from core.forms import Field
from core.gate.facts import (
    GateLine,
    HolderCard,
    OfflineAsked,
    OfflineRule,
    PassFacts,
    PassKind,
    ScanFacts,
)
from core.incidents.facts import IncidentKind
from core.permissions import Actor, Permission, Role
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.registrations.facts import Detail, Present, Purpose, RegistrationFacts
from core.reports.facts import Report
from core.rulebooks.facts import Rehearsal, Rulebook
from core.shifts.facts import OpenItem


@hookspec
def register_apps() -> Sequence[str]:
    """Name the Piccolo apps that hold the plugin's tables and migrations.

    Asked: once, at start and before migrating.
    Return: dotted module paths, e.g. `plugins.school_gate.piccolo_app`.
    Several answers: chained, duplicates refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_permissions() -> Sequence[Permission]:
    """Name the permissions that the plugin's pages ask for.

    Asked: once, at start.
    Return: permissions named `<plugin>:<thing>:<act>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_roles() -> Sequence[Role]:
    """Name roles; a role named like an existing one adds its permissions to it.

    Asked: once, at start.
    Return: roles with the permissions they hold.
    Several answers: merged by name.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_purposes() -> Sequence[Purpose]:
    """Name the purposes of a visit that the plugin owns.

    Asked: once, at start.
    Return: purposes named `<plugin>.<purpose>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_pass_kinds() -> Sequence[PassKind]:
    """Name the kinds of pass whose holders the plugin knows.

    Asked: once, at start.
    Return: kinds named `<plugin>.<kind>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_rulebooks() -> Sequence[Rulebook]:
    """Give the plugin's rulebook: the settings that its policies read.

    Asked: once, at start.
    Return: at most one rulebook for each plugin.
    Several answers: chained, duplicate plugins refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_retention() -> Sequence[RetentionRule]:
    """Say how long the plugin's kinds of record keep personal data.

    Asked: once, at start.
    Return: one rule for each kind.
    Several answers: chained, duplicate kinds refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_incident_kinds() -> Sequence[IncidentKind]:
    """Name the kinds of incident that the plugin knows, each with the steps it prescribes.

    Asked: whenever an incident is noted or shown.
    Return: kinds named `<plugin>.<kind>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_document_kinds() -> Sequence[DocumentKind]:
    """Name the kinds of paper that the plugin issues: number, template, fields, who may.

    Asked: whenever a paper is issued, shown, or its template changed.
    Return: kinds named `<plugin>.<kind>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_rehearsals() -> Sequence[Rehearsal]:
    """Say how past cases of a rulebook are rebuilt and judged again, to try a draft of it.

    Asked: when a draft is rehearsed over a past period.
    Return: one rehearsal for each sort of decision; its `judge` asks the policy and reads nothing.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_reports() -> Sequence[Report]:
    """Name the reports that the plugin makes: what it counts, by what, and the rows behind.

    Asked: when reports are listed or made.
    Return: reports named `<plugin>.<report>`.
    Several answers: chained, duplicate names refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


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
def check_erasure(erasure: ErasureFacts) -> Awaitable[Decision | None]:
    """Judge whether a person's data may be erased, e.g. not while a matter of theirs must be kept.

    Asked: before a person is erased, and when what is due for erasure is listed.
    Return: a decision, or None when this is not the plugin's business; its reason is shown.
    Several answers: the gravest wins; a Hold keeps the data as a Deny does.
    An exception: counts as Hold `plugin_error`: the data is kept, and it is tried again.
    """
    raise NotImplementedError


@hookspec
def check_scan(scan: ScanFacts) -> Awaitable[Decision | None]:
    """Judge one scan of a pass whose signature is good.

    Asked: after the batch was read and before it is written; facts only, no query is needed.
    Return: a decision, or None when this is not the plugin's business.
    Several answers: the gravest wins.
    An exception: counts as Hold `plugin_error` for this scan alone; so does one over 150 ms.
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
def do_erase(visitor_id: UUID) -> Awaitable[None]:
    """Erase what the plugin stores about a visitor, keeping figures.

    Asked: in the transaction that erases the visitor, while the visitor's own row still stands.
    Return: nothing.
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
def collect_badge_lines(kind: str, holder_id: UUID) -> Awaitable[Sequence[str]]:
    """Add lines to the printed badge of a holder.

    Asked: while a badge or slip is printed.
    Return: short lines, already in the language of the site.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_holders(passes: Sequence[PassFacts]) -> Awaitable[Mapping[str, HolderCard]]:
    """Tell who holds these passes, for the plugin's own pass kinds, in one query.

    Asked: once for each batch of scans, before it is judged.
    Return: cards by pass id; passes of other kinds are left out.
    Several answers: merged; the first plugin that knows a pass wins.
    An exception: those holders are unknown, the scans are held by a person, and it is logged.
    """
    raise NotImplementedError


@hookspec
def collect_gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> Awaitable[Sequence[GateLine]]:
    """Say how a gate itself stands: open or closed, until when, what its guard must still record.

    Asked: whenever a gate's page is drawn or asks anew; `at` is the site's local time.
    Return: lines, the most important first.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_offline_rules(asked: OfflineAsked) -> Awaitable[Sequence[OfflineRule]]:
    """Say what will hold for the plugin's own passes while a gate is cut off from the server.

    Asked: whenever a gate fetches what it needs to go on alone, every few minutes.
    Return: rules for the plugin's own kinds, single passes first; where none fits a scan passes.
    Several answers: chained in the order of the plugins' names; the first rule that fits decides.
    An exception: every pass of the plugin's kinds is held by that gate, and it is logged.
    """
    raise NotImplementedError


@hookspec
def collect_open_items(site_id: UUID, gate_id: UUID, at: datetime) -> Awaitable[Sequence[OpenItem]]:
    """Name what the next shift at a gate or desk must know of: things kept, slips out, people due.

    Asked: when a shift is offered, taken over, left, or its page is drawn; `at` is in UTC.
    Return: items with a stable reference, naming no more of a person than needed.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out, named on the record, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_shift_figures(
    site_id: UUID, gate_id: UUID, since: datetime, until: datetime
) -> Awaitable[Sequence[Detail]]:
    """Count what was written down at a post during a shift: visits, openings, things taken in.

    Asked: when the page of a post or a record of handover is drawn; `until` is not in the time.
    Return: a label and a number each, naming nobody; what did not happen may be left out.
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
    (ids as text), of incidents, and of pages under its name (kind `address`, records are paths).
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

    Asked: when signers of a request about a record are seated, vote or are reminded.
    Return: user ids by record; unlike hidden ones, these are barred even where a seat lets them in.
    Several answers: united.
    An exception: reaches the caller, so that nobody signs who must not.
    """
    raise NotImplementedError


@hookspec
def resolve_holder(kind: str, holder_id: UUID) -> Awaitable[HolderCard | None]:
    """Tell who holds one pass, for badges, pages and exports.

    Asked: when one holder is shown.
    Return: a card, or None when the kind is not the plugin's.
    Several answers: the first that is not None, core first, then a to z.
    An exception: reaches the caller.
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
