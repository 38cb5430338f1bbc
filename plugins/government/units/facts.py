"""Kinds of unit and a unit as lists show it."""

from dataclasses import dataclass
from uuid import UUID

from core.i18n import N_, Message

OFFICE, COUNTY, COUNTY_OFFICE, DEPARTMENT = "office", "county", "county_office", "department"
CITY, PROVINCE = "city", "province"
KINDS: dict[str, Message] = {
    OFFICE: N_("Reception room of this office"),
    CITY: N_("City government"),
    COUNTY: N_("County or district"),
    COUNTY_OFFICE: N_("Petition office of a county or district"),
    DEPARTMENT: N_("Department of the city"),
    PROVINCE: N_("Body of the province"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit as a list or select shows it."""

    id: UUID
    site_id: UUID
    parent_id: UUID | None
    kind: str
    code: str
    name: str
    active: bool
    short_name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def kind_label(self) -> Message:
        """The kind in words."""
        return KINDS[self.kind]
