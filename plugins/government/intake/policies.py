"""Rules of the desk: first or repeated, who represents a group, how many staff receive. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.i18n import N_, Message
from plugins.government.facts import FIRST, REPEAT, VISIT
from plugins.government.intake.facts import Suggested
from plugins.government.matters.facts import MatterLine

# How a person was recognised, the surest first (known again by number or by name and phone).
SURE = ("chosen", "document", "visitor", "name_and_phone")


def suggest(
    by: str,
    matters: Sequence[MatterLine],
    *,
    subject: str,
    title: str,
    alike: Sequence[MatterLine] = (),
) -> Suggested:
    """Suggest first or repeated by person and matter (GOV-3); the clerk decides.

    `by` says how the person was recognised, `matters` are theirs, the latest first. `subject` and
    `title` are those of the matter raised now. Without a known person, like items of the same place
    and subject within a year are only pointed out.
    """
    same = same_matter(matters, subject=subject, title=title) if by in SURE else None
    if same is not None:
        reason = N_(
            "Same person and same matter as {number} of {day}.",
            number=same.number,
            day=same.day.isoformat(),
        )
        return Suggested(frequency=REPEAT, reason=reason, matter=same, by=by)
    if by in SURE and matters:
        reason = N_("Known person, but none of the earlier items is about this.")
        return Suggested(frequency=FIRST, reason=reason, by=by)
    if alike:
        reason = N_(
            "Others came with this subject and place within a year, the latest {number}. Compare.",
            number=alike[0].number,
        )
        return Suggested(frequency=FIRST, reason=reason, by="place_and_subject")
    return Suggested(frequency=FIRST, reason=N_("Nothing earlier was found."))


def same_matter(matters: Sequence[MatterLine], *, subject: str, title: str) -> MatterLine | None:
    """Return the person's latest item with the same title or subject; the only one when none is said."""
    for one in matters:
        if title and one.title == title:
            return one
    for one in matters:
        if subject and one.subject == subject:
            return one
    if len(matters) == 1 and not subject and not title:
        return matters[0]
    return None


def problems_of_party(
    *, channel: str, heads: int, representatives: int, most: int, group_from: int
) -> Mapping[str, Message]:
    """Return what is wrong with the party: a group that visits names its representatives (GOV-3)."""
    if representatives > most:
        return {
            "representatives": N_(
                "At most {count} representatives speak for a group. Let them choose.", count=most
            )
        }
    if representatives > heads:
        return {"heads": N_("There are more representatives than people.")}
    if channel == VISIT and heads >= group_from and not representatives:
        return {
            "representatives": N_(
                "This is a group: name those who speak for it, at most {count}.", count=most
            )
        }
    return {}


def problems_of_receivers(
    channel: str, receivers: Sequence[str], *, least: int
) -> Mapping[str, Message]:
    """Return what is wrong with who receives: a visit is received by at least two (GOV-7)."""
    if channel == VISIT and len(set(receivers)) < least:
        return {
            "receiver": N_(
                "A visit is received by at least {count} staff. Name who else is there.",
                count=least,
            )
        }
    return {}


def opened_late(received_on: date, opened_on: date) -> bool:
    """Say whether a letter was not opened on the day it came (GOV-4)."""
    return opened_on > received_on
