"""The forms by which two records are found, joined and parted: their fields."""

from core.forms import Field
from core.i18n import N_

FIRST_ITEM = Field(
    name="first", label=N_("Number of an item of the one"), required=True, max_length=20
)
OTHER_ITEM = Field(
    name="other", label=N_("Number of an item of the other"), required=True, max_length=20
)
FIND = (FIRST_ITEM, OTHER_ITEM)
REASON = Field(
    name="reason",
    label=N_("Why these are one person's"),
    kind="textarea",
    required=True,
    max_length=1000,
    help=N_("Such as: same document shown at the desk; the earlier number was mistyped"),
)
PART_REASON = Field(
    name="reason",
    label=N_("Why they are parted again"),
    kind="textarea",
    required=True,
    max_length=1000,
)
