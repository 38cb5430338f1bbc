"""The forms about screening beside the desk's: decision later, interview record, correction, talk, outline."""

from core.appointments import forms as appointments
from core.forms import Field
from core.i18n import N_, Message
from core.visitors.identity_documents import KINDS as DOCUMENTS
from plugins.government.intake.desk_forms import (
    BODY,
    GROUND,
    RECEIPT,
    SIMPLE,
    SUGGESTION,
    SUGGESTION_TEXT,
    TOLD_TEXT,
)
from plugins.government.screening.facts import DECISIONS, FOLLOW_UPS, MANNERS

DECISION = Field(
    name="decision",
    label=N_("What becomes of it"),
    kind="radio",
    required=True,
    options=tuple(DECISIONS.items()),
)
DECIDING = (DECISION, GROUND, RECEIPT, BODY, TOLD_TEXT, SIMPLE)
SUGGESTING = (
    Field(
        name="suggestion",
        label=N_("Suggestion of today"),
        kind="select",
        required=True,
        options=SUGGESTION.options,
    ),
    SUGGESTION_TEXT,
)
WHY = Field(
    name="why",
    label=N_("Why another talk"),
    kind="select",
    required=True,
    options=tuple(FOLLOW_UPS.items()),
)
TALK = (
    appointments.DAY,
    appointments.BEGINS,
    appointments.ENDS,
    WHY,
    Field(name="talk_text", label=N_("What is to be brought or cleared"), max_length=300),
)
OUTLINE = Field(
    name="outline",
    label=N_("Outline of the answer"),
    kind="textarea",
    required=True,
    max_length=4000,
)
AGAIN = (
    Field(
        name="manner",
        label=N_("How they are told again"),
        kind="radio",
        required=True,
        options=tuple(MANNERS.items()),
    ),
    Field(name="again_text", label=TOLD_TEXT.label, kind="textarea", max_length=4000),
)


def _block(name: str, label: Message, *, required: bool = False) -> Field:
    return Field(name=name, label=label, kind="textarea", required=required, max_length=8000)


INTERVIEW = (
    Field(name="room", label=N_("Interview room"), max_length=60),
    Field(name="interviewers", label=N_("Interviewed by"), required=True, max_length=100),
    Field(
        name="identity",
        label=N_("Document looked at"),
        kind="select",
        options=tuple((kind.value, about.label) for kind, about in DOCUMENTS.items()),
    ),
    Field(
        name="identity_checked",
        label=N_("The document was compared with the person and the form"),
        kind="checkbox",
    ),
    _block("facts", N_("Main facts and reasons"), required=True),
    _block("demands", N_("Demands")),
    _block("history", N_("Earlier petitions and what became of them")),
    _block("why_came", N_("Why over the head of the lower body, as a group, or again")),
    _block("abnormal", N_("Unusual or heated words and acts")),
    _block("joint", N_("Joint reception and coordination")),
)
