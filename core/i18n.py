"""Texts a person reads: messages marked here, translated where they are shown.

Msgids are English. Catalogs are `<part>/locale/<zh_Hans|zh_Hant>.po`, one for each of core, web
and every plugin; a msgid lives in the part whose source uses it. `python -m web.translations` finds
what is missing and merges translations into the right catalog.
"""

import gettext
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path

LOCALES = ("zh_Hans", "zh_Hant", "en")
DEFAULT_LOCALE = "zh_Hans"

_folders: list[Path] = [Path(__file__).parent / "locale"]


def add_catalogs(folders: Iterable[Path]) -> None:
    """Add the `locale` folders of the web and of plugins; called once, at start."""
    for folder in folders:
        if folder not in _folders:
            _folders.append(folder)
    translations.cache_clear()


def _read(path: Path) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalog = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def translations(locale: str) -> gettext.NullTranslations:
    """Return the merged catalogs of one locale; an unknown one answers with the msgids."""
    merged: gettext.NullTranslations = gettext.NullTranslations()
    for folder in _folders:
        path = folder / f"{locale}.po"
        if path.exists():
            part = _read(path)
            part.add_fallback(merged)
            merged = part
    return merged


@dataclass(frozen=True, slots=True)
class Message:
    """A text with its values, translated only when the reader's language is known.

    `values` fill the msgid's named places (`{minutes}`); a value may itself be a Message.
    """

    msgid: str
    values: Mapping[str, "str | int | Message"] = dataclass_field(default_factory=dict)

    def translate(self, locale: str) -> str:
        """Return the text in that language."""
        text = translations(locale).gettext(self.msgid) if self.msgid else ""
        if not self.values:
            return text
        return text.format_map(
            {
                k: v.translate(locale) if isinstance(v, Message) else v
                for k, v in self.values.items()
            }
        )

    def __str__(self) -> str:
        return self.translate("en")

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.values.items()))))

    def dump(self) -> str:
        """Return a form that can be stored and read back by `load`."""
        return json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def load(text: str) -> "Message":
        """Read what `dump` wrote; any other text stands for itself."""
        if not text.startswith('{"m":'):
            return Message(text)
        return _rich(json.loads(text))


def _plain(message: Message) -> dict[str, object]:
    values = {k: _plain(v) if isinstance(v, Message) else v for k, v in message.values.items()}
    return {"m": message.msgid, "v": values} if values else {"m": message.msgid}


def _rich(plain: Mapping[str, object]) -> Message:
    values = plain.get("v", {})
    assert isinstance(values, Mapping)  # noqa: S101 - written by _plain
    return Message(
        str(plain["m"]), {k: _rich(v) if isinstance(v, Mapping) else v for k, v in values.items()}
    )


def N_(msgid: str, /, **values: str | int | Message) -> Message:  # noqa: N802 - gettext's name
    """Mark a text for translation: `N_("Wait {minutes} minutes.", minutes=5)`."""
    return Message(msgid, values)
