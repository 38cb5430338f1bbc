"""What the room of secrecy gives to the hooks, but for its pages: rights, menu, panels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.i18n import N_
from core.permissions import Actor
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.rights import HANDLE, READ, REGISTER, menu
from plugins.government.secrecy import files, forms, queries
from plugins.government.secrecy.rights import NAME

NAVIGATION = (
    menu(N_("Look at a confidential item"), "secrecy/glass", READ, order=385, icon="eye"),
)


async def who_knows(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return whom the item accuses, who stepped back, who looked in, and the forms for it."""
    office = actor.may_at(READ, matter.line.site_id)
    may_write = any(actor.may_at(one, matter.line.site_id) for one in (HANDLE, REGISTER))
    may_name = actor.may_at(NAME, matter.line.site_id)
    return {
        "accused": await queries.accused_of(matter.id) if office else [],
        "recusals": await queries.recusals_of(matter.id) if office else [],
        "looked": await queries.looked_at(matter.id) if may_name else [],
        "accused_fields": await forms.accused_fields() if may_write else [],
        "name_fields": await forms.name_fields() if may_name else [],
        "why": forms.WHY,
        "step_back": forms.STEP_BACK,
        "may_step_back": actor.kind == "user" and not matter.looking,
    }


async def all_files(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the files of the item, and the form that adds one."""
    return {
        "files": await files.of_matter(matter.id, actor, at),
        "kind_field": forms.FILE_KIND,
        "file_field": forms.FILE,
        "may_add": not matter.looking,
    }


PANELS = (
    Panel(
        name="files",
        title=N_("Files"),
        template="government/secrecy/_files.html",
        context=all_files,
        order=85,
    ),
    Panel(
        name="secrecy",
        title=N_("Who must not know of it"),
        template="government/secrecy/_secrecy.html",
        context=who_knows,
        order=90,
    ),
)
