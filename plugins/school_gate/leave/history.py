"""What happened to a slip, in order, as its page and its paper tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.i18n import N_, Message
from core.registrations.judging import site_time
from core.visitors.identity_documents import KINDS as DOCUMENTS
from plugins.school_gate.leave.facts import MEANS
from plugins.school_gate.leave.queries import SlipLine

DOCUMENT_LABELS = {kind.value: about.label for kind, about in DOCUMENTS.items()}


def entries(line: SlipLine) -> list[dict[str, Any]]:
    """Return what happened as a timeline shows it, the first thing first."""
    row = line.row
    happened: list[tuple[datetime | None, Message, str, str, str]] = [
        (row["asked_at"], N_("The pupil asked"), row["asked_by_name"], "edit", "neutral"),
        (row["contacted_at"], _contact(row), "", "phone", "good"),
        (
            row["issued_at"],
            N_("Issued by the class teacher"),
            row["issued_by_name"],
            "document",
            "good",
        ),
        (
            row["stamped_at"],
            N_("Stamped by the grade office"),
            row["stamped_by_name"],
            "check",
            "good",
        ),
        (
            row["refused_at"],
            N_("Refused by the grade office: {reason}", reason=row["refuse_reason"]),
            row["refused_by_name"],
            "deny",
            "bad",
        ),
        (row["used_at"], N_("Went out"), "", "leave", "busy"),
        (row["released_at"], _release(row), row["released_by_name"], "people", "good"),
        (
            row["missed_at"],
            N_("Not back in time: teacher and duty officer told"),
            "",
            "overdue",
            "bad",
        ),
        (row["returned_at"], _return(row), "", "enter", "wait" if line.back_late else "good"),
        (
            row["voided_at"],
            N_("Void: {reason}", reason=row["void_reason"]),
            row["voided_by_name"],
            "void",
            "neutral",
        ),
    ]
    # The pupil asked first, whatever minute was typed for the call to the parent.
    later = [one for one in happened[1:] if one[0] is not None]
    found = [happened[0], *sorted(later, key=lambda one: one[0] or line.slip.starts)]
    return [
        {
            "time": site_time(moment).strftime("%m-%d %H:%M"),
            "text": text,
            "who": who,
            "sign": sign,
            "tone": tone,
        }
        for moment, text, who, sign, tone in found
        if moment is not None
    ]


def _contact(row: Mapping[str, Any]) -> Message:
    means = MEANS.get(row["contact_means"], Message(row["contact_means"]))
    return N_("Parent spoken to, {means}: {name}", means=means, name=row["contact_with"])


def _release(row: Mapping[str, Any]) -> Message:
    if not row["collector_name"]:
        return N_("Went alone, as the slip says; recorded by the guard")
    document = DOCUMENT_LABELS.get(row["collector_document"], Message(row["collector_document"]))
    return N_(
        "Collected by {name}; looked at: {document}", name=row["collector_name"], document=document
    )


def _return(row: Mapping[str, Any]) -> Message:
    if row["return_note"]:
        return N_("Came back: {note}", note=row["return_note"])
    return N_("Came back")
