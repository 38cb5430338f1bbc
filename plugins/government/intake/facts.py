"""What the desk writes down when somebody comes, writes or calls. Value types and words only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message
from plugins.government.facts import AFTER_VISIT, LETTER, ONLINE, PHONE, SUPERIOR, VISIT
from plugins.government.matters.facts import MatterLine, NewMatter
from plugins.government.people.facts import Person

PURPOSE = "government.petition"  # why they come, as the gate writes it down
CONTACT = "government_contact"  # the record kind of one coming, writing, calling

OPEN, ENDED = "open", "ended"

# Numbers of contacts are counted for each channel: V2026-000001.
SIGNS: dict[str, str] = {
    VISIT: "V",
    LETTER: "L",
    PHONE: "P",
    ONLINE: "N",
    SUPERIOR: "S",
    AFTER_VISIT: "A",
}

# How a further contact stands in the time line of its item.
AGAIN: dict[str, Message] = {
    VISIT: N_("Came again ({number})"),
    LETTER: N_("Wrote again ({number})"),
    PHONE: N_("Called again ({number})"),
    ONLINE: N_("Wrote again by internet ({number})"),
    SUPERIOR: N_("Assigned by a superior body as well ({number})"),
    AFTER_VISIT: N_("Wrote after the visit ({number})"),
}
# What stands beside a contact and no other channel knows; stored encrypted, shown by these names.
DETAILS: dict[str, Message] = {
    "materials": N_("Materials handed in"),
    "raised_before": N_("Raised before through"),
    "envelope": N_("Envelope"),
    "stamp": N_("Postage stamp"),
    "postmark": N_("Postmark"),
    "caller": N_("Number of the caller"),
    "platform": N_("Platform"),
    "foreign_number": N_("Number there"),
    "sent_on": N_("Sent on"),
    "assigned_by": N_("Body that assigned it"),
    "instruction": N_("Instruction that came with it"),
}

WHOLE, DAMAGED, NO_ENVELOPE, FAX = "whole", "damaged", "none", "fax"
ENVELOPES: dict[str, Message] = {
    WHOLE: N_("Whole, sealed"),
    DAMAGED: N_("Damaged or opened before"),
    NO_ENVELOPE: N_("Without envelope"),
    FAX: N_("By fax"),
}
STAMPS: dict[str, Message] = {
    "whole": N_("Stamp whole"),
    "damaged": N_("Stamp damaged"),
    "registered": N_("Registered mail"),
    "none": N_("No stamp"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """One contact as it is entered, whatever the channel.

    `petitioner_id` is who was recognised, `person` what was said now (None: nobody is known).
    `attach_to` is the item that this belongs to, else `matter` is registered anew. `arrival_id` is
    the visit at the gate that is taken over, `beside` a contact of a visit that brings this matter too.
    `receivers` are the names of staff who received.
    `received_on` is the day it reached the office, where that was not today: statutory time counts
    from it. `report_by` is the day a superior body set for the report.
    """

    site_id: UUID
    channel: str
    matter: NewMatter
    person: Person | None = None
    petitioner_id: UUID | None = None
    attach_to: UUID | None = None
    arrival_id: UUID | None = None
    beside: UUID | None = None
    contact_id: UUID | None = None
    heads: int = 1
    frequency: str = "first"
    representatives: tuple[Person, ...] = ()
    receivers: tuple[str, ...] = ()
    summary: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    document_shown: bool = False
    document_by_eye: bool = False
    same_person: bool = False
    received_on: date | None = None
    report_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of it. `held` says why the gate's rules keep the visitor waiting, if they do."""

    contact_id: UUID
    contact_number: str
    matter_id: UUID
    matter_number: str
    attached: bool
    held: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody registered at the gate for the reception room and not received yet."""

    registration_id: UUID
    number: str
    name: str
    heads: int
    since: datetime
    state: str
    petitioner_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """First or repeated, as the system sees it; the clerk decides (GOV-3).

    `matter` is the earlier item that is taken for the same, `by` says how it was found.
    """

    frequency: str
    reason: Message
    matter: MatterLine | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody known who this may be, with the items that the reader may see."""

    petitioner_id: UUID
    name: str
    phone: str
    document: str
    by: str
    matters: tuple[MatterLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Everybody this may be, the surest first, what is suggested, and like items of others."""

    found: tuple[Found, ...]
    suggested: Suggested
    alike: tuple[MatterLine, ...] = ()
