"""The part of an item's page about its first day: what is suggested, decided, told, agreed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.documents.queries import of_record
from core.i18n import N_
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.intake import queries as intake
from plugins.government.intake.facts import DETAILS
from plugins.government.matters import states
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.papers.kinds import KINDS
from plugins.government.rights import HANDLE, READ, REGISTER
from plugins.government.screening import forms, queries
from plugins.government.screening.facts import (
    DECISIONS,
    FOLLOW_UPS,
    GROUND_ACTS,
    GROUNDS,
    INTERVIEW_WHY,
    MANNERS,
    STANDINGS,
    SUGGESTIONS,
)


async def screening(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return what was decided on the first day and what may be decided still."""
    if not actor.may_at(READ, matter.line.site_id):
        return None
    may = actor.may_at(HANDLE, matter.line.site_id)
    open_ = matter.stage in (states.REGISTERED,)
    told = await queries.told(matter.id)
    refused = [one for one in told if one.act in ("refuse", "end")]
    return {
        "may": may,
        "open": open_,
        "lacking": open_ and matter.row["suggested_at"] is None,
        "deciding": {field.name: field for field in forms.DECIDING},
        "ground_acts": GROUND_ACTS,
        "suggesting": forms.SUGGESTING,
        "talk": forms.TALK,
        "outline_field": forms.OUTLINE,
        "suggestions": await queries.suggestions(matter.id),
        "told": told,
        "papers": {
            one.id: one for one in await of_record(MATTER, matter.id, actor=actor, kinds=KINDS)
        },
        "refused": refused,
        "again": forms.AGAIN,
        "lapsed": await queries.lapsed(matter.id, matter.stage, at),
        "interviews": await queries.interviews(matter.id),
        "follow_ups": await queries.follow_ups(matter.id),
        "foreign": await queries.outline(matter.id),
        "words": {
            "decisions": DECISIONS,
            "suggestions": SUGGESTIONS,
            "manners": MANNERS,
            "why": INTERVIEW_WHY,
            "follow_ups": FOLLOW_UPS,
            "standings": STANDINGS,
            "grounds": GROUNDS,
        },
    }


async def contacts(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return every time that somebody came, wrote or called about an item."""
    if not actor.may_at(READ, matter.line.site_id):
        return None
    found = await intake.of_matter(matter.id)
    may = actor.may_at(REGISTER, matter.line.site_id)
    return {"contacts": found, "details": DETAILS, "may": may} if found else None


PANELS = (
    Panel(
        name="screening",
        title=N_("First day: suggestion and decision"),
        template="government/screening/_panel.html",
        context=screening,
        order=30,
    ),
    Panel(
        name="contacts",
        title=N_("Visits, letters and calls"),
        template="government/intake/_contacts.html",
        context=contacts,
        order=85,
    ),
)
