"""What a visitor is found by, as words for a full-text index, and what a typed text looks for.

The words are made here and mean the same in SQLite's FTS5 and in PostgreSQL's `simple` dictionary:

    张 伟 民                  each character, so that a fragment of a name is a phrase
    zhangweimin zwmin ...     readings, to be met by a prefix: full, initials, and any mixture
    weimin wmin               the same of the given name alone
    nguyen vanan              words of names in other scripts, without accents
    b12345 2345               a plate without its province, and its ends
    0t<12 hex digits>         the last four of a phone or document, keyed: the digits are nowhere

Whoever reads the index without the keyring learns no digits; who has it could try all ten thousand.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from core.text import TextError, fold_width, normalise_phone
from core.visitors.names import HAN, name_readings

TAIL = 4
_LONGEST_QUERY = 100
_MOST_TERMS = 8
_LONGEST_WORD = 40
_MOST_MIXED = 4  # characters of a name whose every mixture of syllables and letters is kept
_LEAST_PLATE_END = 3
_LEAST_NUMBER = 6
# These every database's tokenizer knows as letters; rarer ones are written by their number.
_PLAIN_HAN = re.compile("[\u3400-\u4db5\u4e00-\u9fa5]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile("[a-z]+")
_INSIDE_WORD = re.compile("(?<=[a-z])[-'’](?=[a-z])|(?<=[a-z])[·•・](?=[0-9])")
# Runs of a folded text: latin letters and digits, or letters of any other script.
_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_PHONE_LIKE = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_NUMBER_LIKE = re.compile(r"(?=.{6})[a-z0-9]*\d[a-z0-9]*", re.ASCII)
_TAIL_LIKE = re.compile(r"[a-z0-9]*\d{3}[\dx]", re.ASCII)
_MARKED_U = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))
_UMLAUT = re.compile("[ln]ve?$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; `prefix` lets the last go on (only a single one may)."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a typed text looks for: every term must be met, by any of its ways, each in all parts.

    `number` holds the digits of a text that is one number, `phone` its one form if it is a phone:
    look both up by their blind indexes too, since the index of words knows only the last four.
    """

    terms: tuple[tuple[tuple[Phrase, ...], ...], ...] = ()
    number: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms)


def tail_token(key: bytes, tail4: str) -> str:
    """Return the keyed word for the last four characters of a number (`Keyring.key("tail")`)."""
    if len(tail4) != TAIL or not key:
        raise ValueError("a tail has four characters and a key")
    return "0t" + hmac.digest(key, tail4.upper().encode("utf-8", "replace"), "sha256")[:6].hex()


def tokens_for(
    name: str,
    organisation: str = "",
    plate: str = "",
    numbers: Iterable[str] = (),
    tail_key: bytes = b"",
) -> list[str]:
    """Return a visitor's words, in the order to store them: with a space between.

    `numbers` are normalised phones and documents; they leave only their keyed tails (`tail_key`).
    """
    found = [*_name_words(name)]
    found += _organisation_words(organisation)
    found += _plate_words(plate)
    found += (tail_token(tail_key, tail) for tail in map(_tail, numbers) if tail)
    return found


def query_tokens(text: str, tail_key: bytes = b"") -> SearchQuery:
    """Return what a typed text looks for; empty where nothing in it can be searched.

    Without `tail_key` four digits are sought in plates only.
    """
    folded = _INSIDE_WORD.sub("", _folded(text[:_LONGEST_QUERY]).strip())
    number = phone = ""
    if _PHONE_LIKE.fullmatch(folded):
        phone = _phone(folded)
        number = folded = re.sub(r"\D", "", folded)
    elif _NUMBER_LIKE.fullmatch(folded):
        number = folded.upper()
    terms = []
    latin: list[str] = []
    for run in _RUN.findall(folded):
        if _WORD.fullmatch(run):
            latin.append(run[:_LONGEST_WORD])
        elif run.isascii():
            terms.append(_digit_ways(run[:_LONGEST_WORD], tail_key))
        else:
            terms.append(((Phrase(tuple(_letters(run))),),))
    if latin:
        terms.append(_latin_ways(latin[:_MOST_TERMS]))
    return SearchQuery(tuple(terms[:_MOST_TERMS]), number, phone)


def to_fts5(query: SearchQuery) -> str:
    """Return the query for FTS5's MATCH; an empty one matches nothing.

    Nothing a person typed is syntax in it: words hold only a-z, 0-9 and characters of names.
    """
    if not query:
        return '""'
    return " AND ".join(
        "(" + " OR ".join(_joined(" AND ", map(_fts5, way)) for way in ways) + ")"
        for ways in query.terms
    )


def to_tsquery(query: SearchQuery) -> str:
    """Return the query for PostgreSQL's `to_tsquery('simple', ...)`; an empty one matches nothing."""
    return " & ".join(
        "(" + " | ".join(_joined(" & ", map(_tsquery, way)) for way in ways) + ")"
        for ways in query.terms
    )


def _joined(between: str, parts: Iterable[str]) -> str:
    return "(" + between.join(parts) + ")"


def _fts5(phrase: Phrase) -> str:
    return '"' + " ".join(phrase.words) + '"' + "*" * phrase.prefix


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(f"'{word}'" + ":*" * phrase.prefix for word in phrase.words)


def _folded(text: str) -> str:
    """Return a text in small letters without accents and width; `ü` becomes `v`."""
    text = fold_width(unicodedata.normalize("NFC", text)).casefold().translate(_MARKED_U)
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return unicodedata.normalize("NFC", plain).casefold()


def _letters(run: str) -> Iterator[str]:
    """Yield a word for each character of a script without capitals or spaces."""
    for letter in run:
        yield letter if _PLAIN_HAN.match(letter) else f"0u{ord(letter):x}"


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except TextError:
        return ""


def _words(text: str) -> Iterator[str]:
    """Yield the words of a folded text as they stand: latin ones whole, others by character."""
    for run in _RUN.findall(text):
        if run.isascii():
            yield run[:_LONGEST_WORD]
        else:
            yield from _letters(run)


@lru_cache(maxsize=4096)
def _name_words(name: str) -> tuple[str, ...]:
    folded = _folded(name)
    latin = _WORD.findall(folded)
    joined = []
    if len(latin) > 1:
        hyphened = _WORD.findall(_INSIDE_WORD.sub("", folded))
        joined = [*hyphened, "".join(latin), "".join(word[0] for word in latin)]
    readings = dict.fromkeys([*(word[:_LONGEST_WORD] for word in joined), *_reading_words(name)])
    return (*_words(folded), *readings)


def _reading_words(name: str) -> Iterator[str]:
    """Yield what a typed reading may begin, for the whole name, its given name and its parts."""
    for reading in name_readings(name):
        yield from _mixtures(reading.syllables)
        if reading.of_surname:
            yield from _mixtures(reading.syllables[reading.of_surname :])
    parts = _HAN_RUN.findall(name)
    if len(parts) > 1:
        for part in parts:
            for reading in name_readings(part):
                yield from _mixtures(reading.syllables)


def _mixtures(syllables: Sequence[str]) -> Iterator[str]:
    """Yield the reading with any syllable but the last cut to its letter; prefixes give the rest."""
    if not syllables:
        return
    before, last = syllables[:-1], syllables[-1]
    letters = tuple(syllable[0] for syllable in before)
    if len(before) < _MOST_MIXED:
        ways = list(product(*zip(before, letters, strict=True)))
    else:
        ways = [tuple(before), letters]
    for way in ways:
        for parts in product(*(_umlauts(part) for part in (*way, last))):
            yield "".join(parts)[:_LONGEST_WORD]


def _umlauts(syllable: str) -> tuple[str, ...]:
    """Return lv as lv, lu and lyu: all three are typed for 吕."""
    if not _UMLAUT.match(syllable):
        return (syllable,)
    return syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")


@lru_cache(maxsize=1024)
def _organisation_words(organisation: str) -> tuple[str, ...]:
    readings = name_readings(organisation)[:1]
    spoken = [
        way[:_LONGEST_WORD] for reading in readings for way in (reading.full, reading.initials)
    ]
    return (*_words(_folded(organisation)), *spoken)


def _plate_words(plate: str) -> Iterator[str]:
    for run in _RUN.findall(re.sub(r"\W", "", _folded(plate))):
        if run.isascii():
            for start in range(max(1, len(run) - _LEAST_PLATE_END + 1)):
                yield run[start:]
        else:
            yield from _letters(run)


def _tail(number: str) -> str:
    """Return the last four of a number, without an extension; nothing of a short one."""
    line, _, _ = number.rpartition("-") if number.count("-") > 1 else (number, "", "")
    plain = re.sub(r"\W", "", line)
    return plain[-TAIL:].upper() if len(plain) >= _LEAST_NUMBER else ""


def _digit_ways(word: str, tail_key: bytes) -> tuple[tuple[Phrase, ...], ...]:
    """Seek a plate or its end, an organisation's word; or the tail of a phone or document."""
    ways = [(Phrase((word,), prefix=True),)]
    if tail_key and _TAIL_LIKE.fullmatch(word):
        ways.append((Phrase((tail_token(tail_key, word[-TAIL:]),)),))
    return tuple(ways)


def _latin_ways(words: list[str]) -> tuple[tuple[Phrase, ...], ...]:
    """All as one reading (`zhang wei`), or each as a word (`John Smith`, `Wei Zhang`)."""
    whole = "".join(words)[:_LONGEST_WORD]
    ways = [(Phrase((spelt,), prefix=True),) for spelt in _spellings(whole)]
    apart = [tuple(Phrase((word,), prefix=True) for word in words)] if len(words) > 1 else []
    return (*ways, *apart)


def _spellings(word: str) -> list[str]:
    """Return a typed reading as the index may hold it: `jv` is ju, `zhwm` may be z-w-m."""
    plain = re.sub("(?<=[jqxy])v", "u", word)
    return list(dict.fromkeys((plain, re.sub("(?<=[zcs])h(?=[^aeiouv])", "", plain))))
