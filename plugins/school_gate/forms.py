"""The fields that the school's purposes add to the registration form."""

from collections.abc import Mapping, Sequence

from core.forms import Field
from core.i18n import N_, Message
from plugins.school_gate.facts import CLASS_EVENT, OFFICIAL, PARENT, STAFF_FAMILY, TRADER, VISITOR

PUPIL_FIELD, RELATION_FIELD = "school_gate_pupil", "school_gate_relation"
STAFF_FIELD, FAMILY_FIELD = "school_gate_staff", "school_gate_family"
CONFIRMED_FIELD = "school_gate_confirmed"
AUTHORITY_FIELD, LEAFLETS_FIELD = "school_gate_authority", "school_gate_leaflets"
ORGANISATION_FIELD = "school_gate_organisation"
STAYS_FIELD = "school_gate_stays"

RELATIONS: Mapping[str, Message] = {
    "father": N_("Father"),
    "mother": N_("Mother"),
    "grandparent": N_("Grandparent"),
    "other": N_("Another guardian"),
}
FAMILY: Mapping[str, Message] = {
    "spouse": N_("Husband or wife"),
    "child": N_("Child"),
    "parent": N_("Father or mother"),
    "relative": N_("Another relative"),
}


def relation_label(relation: str) -> Message:
    """Return how a relation is called; one that was typed freely stands for itself."""
    return RELATIONS.get(relation) or FAMILY.get(relation) or Message(relation)


_PUPIL = Field(
    name=PUPIL_FIELD,
    label=N_("Pupil"),
    help=N_("Name or number of the pupil"),
    max_length=100,
)
_RELATION = Field(
    name=RELATION_FIELD,
    label=N_("Relation to the pupil"),
    kind="select",
    options=tuple(RELATIONS.items()),
)
_STAFF = Field(
    name=STAFF_FIELD,
    label=N_("Member of staff"),
    help=N_("Name of the member of staff whose family this is"),
    max_length=100,
)
_FAMILY = Field(
    name=FAMILY_FIELD,
    label=N_("Relation to the member of staff"),
    kind="select",
    options=tuple(FAMILY.items()),
)
_CONFIRMED = Field(
    name=CONFIRMED_FIELD, label=N_("The member of staff confirmed it"), kind="checkbox"
)
_AUTHORITY = Field(
    name=AUTHORITY_FIELD,
    label=N_("Authority"),
    help=N_("Which authority the officials come from"),
    max_length=200,
)
_ORGANISATION = Field(name=ORGANISATION_FIELD, label=N_("Company or goods"), max_length=200)
_LEAFLETS = Field(
    name=LEAFLETS_FIELD, label=N_("Leaflets or a stall near the gate"), kind="checkbox"
)
_STAYS = Field(
    name=STAYS_FIELD,
    label=N_("Lives in for a while: tell the security office"),
    kind="checkbox",
)
_FIELDS: Mapping[str, Sequence[Field]] = {
    PARENT: (_PUPIL, _RELATION),
    VISITOR: (_STAYS,),
    STAFF_FAMILY: (_STAFF, _FAMILY, _CONFIRMED, _STAYS),
    OFFICIAL: (_AUTHORITY,),
    TRADER: (_ORGANISATION, _LEAFLETS),
    CLASS_EVENT: (_PUPIL, _RELATION),
}


def fields_of(purpose: str) -> Sequence[Field]:
    """Return the fields of one of the school's purposes; none for others."""
    return _FIELDS.get(purpose, ())
