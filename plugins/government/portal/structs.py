"""What the portal's API takes and gives, as it is described to its callers."""

from datetime import date
from uuid import UUID

import msgspec


class Choice(msgspec.Struct):
    """One value of a field with its label."""

    value: str
    label: str


class FieldOut(msgspec.Struct):
    """One field of the form, as the public page draws it."""

    name: str
    label: str
    kind: str
    required: bool
    max_length: int
    options: list[Choice]


class RoomOut(msgspec.Struct):
    """A reception room to which the public may write, with its form."""

    site: UUID
    name: str
    fields: list[FieldOut]


class PetitionIn(msgspec.Struct):
    """A petition. `once` is chosen by the caller for each form: sent twice, it is one petition.

    `visitor` stands for the person at the caller's portal (an opaque mark, the same for the same
    person), by which tries are counted. `agreed`: they read what is done with it and said it is true.
    """

    site: UUID
    once: UUID
    visitor: str
    fields: dict[str, str]
    agreed: bool = False


class HandedIn(msgspec.Struct):
    """Number and query code. The code is told once: whoever asks later needs it."""

    number: str
    code: str


class QueryIn(msgspec.Struct):
    """Code of the receipt, the last four of the document (or phone), and the portal's visitor."""

    code: str
    tail: str
    visitor: str


class ToldOut(msgspec.Struct):
    """What happened on a day."""

    on: date
    text: str


class DueOut(msgspec.Struct):
    """A date that runs, without one while its time stands still; how it was reached, in sentences."""

    label: str
    due: date | None
    provisional: bool
    proof: list[str]


class LetterOut(msgspec.Struct):
    """A letter or opinion that is there to read on the office's own public page."""

    title: str
    number: str
    on: date | None


class StandingOut(msgspec.Struct):
    """How a petition stands, as the public page tells its petitioner; nobody is named."""

    number: str
    registered_on: date
    stage: str
    held_by: str
    told: list[ToldOut]
    dues: list[DueOut]
    rights: list[str]
    letters: list[LetterOut]
