"""The forms of secrecy: whom an item accuses, stepping back, lifting, looking in, files."""

from core import db
from core.forms import Field
from core.i18n import N_
from plugins.government.secrecy.files import KINDS
from plugins.government.secrecy.services import LONGEST_NAME, LONGEST_REASON
from plugins.government.units.queries import units

WHY = Field(
    name="recused_why", label=N_("Why"), kind="textarea", required=True, max_length=LONGEST_REASON
)
STEP_BACK = (
    Field(
        name="interest",
        label=N_("Your interest in it"),
        kind="textarea",
        required=True,
        max_length=LONGEST_REASON,
        help=N_("For example: a relative is concerned. You lose the item at once."),
    ),
)
ASK = (
    Field(name="number", label=N_("Number"), required=True, max_length=40),
    Field(
        name="reason",
        label=N_("Why you must see it"),
        kind="textarea",
        required=True,
        max_length=LONGEST_REASON,
    ),
)
FILE_KIND = Field(
    name="file_kind",
    label=N_("What the file is"),
    kind="select",
    required=True,
    options=tuple(KINDS.items()),
)
FILE = Field(
    name="file",
    label=N_("File"),
    kind="file",
    required=True,
    help=N_("A picture or a PDF, 8 MB at most. It is stored encrypted."),
)


async def _accounts() -> list[tuple[str, str]]:
    rows = await db.fetch("SELECT id, name, login FROM account WHERE active ORDER BY name, login")
    return [(str(row["id"]), f"{row['name']} ({row['login']})") for row in rows]


async def accused_fields() -> list[Field]:
    """Return the form that names whom an item accuses."""
    return [
        Field(
            name="accused_name",
            label=N_("Name of the accused person"),
            max_length=LONGEST_NAME,
            help=N_("Empty when the unit as a whole is accused."),
        ),
        Field(
            name="accused_unit",
            label=N_("Accused unit, or the unit the person works for"),
            kind="select",
            options=[(str(one.id), one.name) for one in await units()],
            help=N_("The item is hidden from it and from the bodies below it."),
        ),
        Field(
            name="accused_user",
            label=N_("Account of the accused person, if there is one"),
            kind="select",
            options=await _accounts(),
        ),
    ]


async def name_fields() -> list[Field]:
    """Return the form that names somebody who must not deal with an item."""
    return [
        Field(
            name="recused",
            label=N_("Who must not deal with it"),
            kind="select",
            required=True,
            options=await _accounts(),
        ),
        WHY,
    ]
