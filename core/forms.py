"""Fields of forms, defined once for page, API and import. Drawing them is the web's business."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.i18n import N_, Message
from core.text import TextError, clean_block, clean_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `clean` turns what was typed into the stored text or raises `core.text.TextError`.

    `kind` is one of text, tel, email, number, date, datetime, time, select, textarea, checkbox, file,
    password, search, hidden. `options` are (value, label) pairs of a select.
    """

    name: str
    label: Message
    kind: str = "text"
    required: bool = False
    max_length: int = 100
    options: Sequence[tuple[str, Message | str]] = ()
    help: Message | None = None
    autocomplete: str = "off"
    inputmode: str = ""
    placeholder: str = ""
    rows: int = 3  # of a textarea
    clean: Callable[[str], str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a form held: clean values, and problems by field name."""

    values: Mapping[str, str]
    problems: Mapping[str, Message]


def read(fields: Sequence[Field], data: Mapping[str, str]) -> Cleaned:
    """Clean what was typed; every field appears in `values`, empty when it was left out.

    A problem leaves the typed text in `values`, so that the form comes back as it was filled in.
    """
    values: dict[str, str] = {}
    problems: dict[str, Message] = {}
    for item in fields:
        typed = data.get(item.name, "")
        values[item.name] = typed
        try:
            values[item.name] = _clean(item, typed)
        except TextError as error:
            problems[item.name] = error.message
    return Cleaned(values, problems)


def _clean(item: Field, typed: str) -> str:
    if item.kind == "checkbox":
        if item.required and not typed:
            raise TextError("missing", N_("Please tick this to go on."))
        return "yes" if typed else ""
    block = item.kind == "textarea"
    text = (clean_block if block else clean_line)(typed, item.max_length)
    if not text:
        if item.required:
            raise TextError("missing", N_("Please fill this in."))
        return ""
    if item.options and text not in {value for value, _ in item.options}:
        raise TextError("not_an_option", N_("Please choose one of the options."))
    return item.clean(text) if item.clean else text
