"""Where the school gate joins the core: each hook loads facts and asks a policy."""

from collections.abc import Sequence

from core import hookimpl
from core.gate.facts import PassKind
from core.permissions import Permission, Role
from core.privacy.facts import RetentionRule
from core.registrations.facts import Purpose
from core.rulebooks.facts import Rulebook
from plugins.school_gate import facts, registered


@hookimpl
def register_apps() -> Sequence[str]:
    return ["plugins.school_gate.piccolo_app"]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return registered.PERMISSIONS


@hookimpl
def register_roles() -> Sequence[Role]:
    return registered.ROLES


@hookimpl
def register_purposes() -> Sequence[Purpose]:
    return registered.PURPOSES


@hookimpl
def register_pass_kinds() -> Sequence[PassKind]:
    return registered.PASS_KINDS


@hookimpl
def register_rulebooks() -> Sequence[Rulebook]:
    return [facts.RULEBOOK]


@hookimpl
def register_retention() -> Sequence[RetentionRule]:
    return registered.RETENTION
