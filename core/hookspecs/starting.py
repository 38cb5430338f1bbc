"""What a plugin names once, at start: its tables, rights, purposes, papers, reports, rulebook."""

from collections.abc import Sequence

from core import hookspec
from core.documents.facts import DocumentKind
from core.gate.facts import (
    PassKind,
)
from core.incidents.facts import IncidentKind
from core.permissions import Permission, Role
from core.privacy.facts import RetentionRule
from core.registrations.facts import Purpose
from core.reports.facts import Report
from core.rulebooks.facts import Rehearsal, Rulebook


@hookspec
def register_apps() -> Sequence[str]:
    """Name the Piccolo apps that hold the plugin's tables and migrations.

    Asked: once, at start and before migrating.
    Return: dotted module paths, e.g. `laifang_lab.piccolo_app`.
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
