"""What every form does with a typed text: clean it, fold it, and give phones and plates one form.

Direction marks, overrides and isolates are removed, not refused: phones copied from a Chinese contact
book carry them unseen, and a person cannot correct what they cannot see. What is stored never
turns the text around it. The same holds for zero-width characters. Controls such as NUL, which
nobody types by accident, are refused.
"""

import re
import unicodedata
from itertools import pairwise

from core.errors import DomainError
from core.i18n import N_, Message

# Zero-width and soft hyphen, direction marks, embeddings, overrides, isolates, invisible operators,
# deprecated formatting, interlinear marks, language tags.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_TEXT = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_BLANKS = re.compile(r"\s+")
_MANY_EMPTY_LINES = re.compile("\n{3,}")
# More marks on one letter than any script needs; Unicode calls 30 the bound of a safe stream.
_MOST_MARKS = 8


class TextError(DomainError):
    """A typed text that cannot be taken; `code` is stable, `message` says what to type instead."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


def clean_line(text: str, max_length: int) -> str:
    """Return the text on one line: NFC, trimmed, every run of white space one space.

    Raises TextError `too_long`, `control_character` or `not_text`. Lengths count code points.
    """
    text = _cleaned(_LINE_BLANKS.sub(" ", text), max_length)
    return _short_enough(_LINE_BLANKS.sub(" ", text).strip(), max_length)


def clean_block(text: str, max_length: int) -> str:
    r"""Return a text of several lines, ended by "\n", with at most one empty line in a row.

    Otherwise as `clean_line`.
    """
    text = _cleaned(_BLANKS.sub(" ", _LINE_ENDS.sub("\n", text)), max_length)
    lines = (line.strip() for line in text.split("\n"))
    text = _MANY_EMPTY_LINES.sub("\n\n", "\n".join(lines))
    return _short_enough(text.strip(), max_length)


def _cleaned(text: str, max_length: int) -> str:
    if text.isascii():
        _refuse_controls(text)
        return text
    if len(text) > 4 * max_length + 200:  # before anything whose cost grows faster than the length
        raise _too_long(max_length)
    if _NOT_TEXT.search(text):
        raise TextError("not_text", N_("This holds characters that are no text. Type it anew."))
    text = _UNSEEN.sub("", text)
    _refuse_controls(text)
    _refuse_heaps_of_marks(text)
    return unicodedata.normalize("NFC", text)


def _refuse_controls(text: str) -> None:
    if _CONTROLS.search(text):
        raise TextError(
            "control_character", N_("This holds control characters. Type it instead of pasting.")
        )


def _refuse_heaps_of_marks(text: str) -> None:
    heap = 0
    for letter in text:
        heap = heap + 1 if unicodedata.combining(letter) else 0
        if heap > _MOST_MARKS:
            raise TextError("not_text", N_("This holds characters that are no text. Type it anew."))


def _short_enough(text: str, max_length: int) -> str:
    if len(text) > max_length:
        raise _too_long(max_length)
    return text


def _too_long(max_length: int) -> TextError:
    return TextError(
        "too_long", N_("This is too long: at most {count} characters.", count=max_length)
    )


# Full-width forms, the ideographic space, and what Chinese keyboards give for dash, point and comma.
_FOLD = {
    **{code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)},
    0x3000: " ",
    **dict.fromkeys(map(ord, "‐‑‒–—―−─ー﹣"), "-"),
    0x3002: ".",
    0x3001: ",",
}


def fold_width(text: str) -> str:
    """Return the text with full-width letters, digits and signs as ASCII, and one kind of dash."""
    return text.translate(_FOLD)


_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})", re.ASCII)
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SHORT = re.compile(r"\d{3,8}", re.ASCII)
_EXTENSION = re.compile(
    r"(.*\d)\s*(?:-{1,2}|转|轉|分机|分機|ext\.?|x|#|,)\s*(\d{1,6})", re.ASCII | re.I
)
_PHONE_FILLING = re.compile(r"[\s\-().·/_]+")


def normalise_phone(text: str) -> str:
    """Return one form of a phone number, so that equal numbers are equal texts.

    Chinese mobiles `13800001234`; land lines `010-12345678`, `0755-12345678-801`; service numbers
    `4001234567`; short and internal ones of 3 to 8 digits; foreign ones `+447911123456`. Full-width
    digits, Chinese punctuation, +86 and 0086 are understood. Raises TextError `phone`.
    """
    typed = fold_width(_UNSEEN.sub("", text)).strip()
    if len(typed) <= 60:  # noqa: PLR2004 - longer than any number, however it is spaced
        plain = _phone(_bare(typed))
        if plain:
            return plain
        match = _EXTENSION.fullmatch(typed)
        if match:
            line = _phone(_bare(match[1]))
            if "-" in line or _SERVICE.fullmatch(line):
                return f"{line}-{match[2]}"
    raise TextError(
        "phone",
        N_("This is no phone number. Examples: 13800001234, 0755-12345678, +44 20 7946 0000."),
    )


def _bare(text: str) -> str:
    """Drop what separates groups of digits, and the country code of China."""
    digits = _PHONE_FILLING.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+86"):
        national = digits[3:]
        if _MOBILE.fullmatch(national) or _SERVICE.fullmatch(national):
            return national
        return national if national.startswith("0") else "0" + national
    if re.fullmatch(r"86(1[3-9]\d{9})", digits, re.ASCII):
        return digits[2:]
    return digits


def _phone(digits: str) -> str:
    """Return the one form of bare digits, or nothing."""
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits) or _FOREIGN.fullmatch(digits):
        return digits
    line = _LANDLINE.fullmatch(digits)
    if line:
        return f"{line[1]}-{line[2]}"
    return digits if _SHORT.fullmatch(digits) else ""


def mask_phone(phone: str) -> str:
    """Show of a normalised phone at most the beginning that tells nothing and the last four."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    line, _, extension = phone.partition("-") if phone.startswith("0") else (phone, "", "")
    if extension:
        number, _, inner = extension.partition("-")
        return f"{line}-{'*' * (len(number) - 4)}{number[-4:]}" + ("-" + "*" * len(inner)) * bool(
            inner
        )
    shown = 4 if len(phone) >= 8 else 0  # noqa: PLR2004 - the same bound as for documents
    return "*" * (len(phone) - shown) + phone[len(phone) - shown :]


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[学警港澳挂领试超])"
    rf"|使\d{{6}}|\d{{6}}使|WJ[{_PROVINCES}]?[A-Z0-9]{{5}}|[A-Z]{{2}}\d{{5}}",
    re.ASCII,
)
_PLATE_FILLING = re.compile(r"[\s\-.·•・●]+")


def normalise_plate(text: str) -> str:
    """Return a vehicle's plate in capitals without dots and spaces, as `粤B12345` or `粤BD12345`.

    Any plate is taken, also a foreign one: ask `is_usual_plate` and only warn. Raises TextError.
    """
    plate = _PLATE_FILLING.sub("", fold_width(clean_line(text, 40))).upper()
    if not plate.isalnum() or len(plate) > 15:  # noqa: PLR2004 - the longest known is 10
        raise TextError("plate", N_("This is no plate number. Example: 粤B12345."))
    return plate


def is_usual_plate(plate: str) -> bool:
    """Tell whether a normalised plate has a form used in mainland China (7 or 8 characters)."""
    return _PLATE.fullmatch(plate) is not None


_FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@＝＋－＠|\t\r\n]")


def guard_formula(text: str) -> str:
    """Return a cell's text such that no spreadsheet reads it as a formula: with a ' before it."""
    return "'" + text if _FORMULA.match(text) else text


def has_hostile_order(text: str) -> bool:
    """Tell whether a text, as from an older import, still holds unseen characters."""
    return _UNSEEN.search(text) is not None


def common_start(one: str, other: str) -> int:
    """Return how many characters two texts share from the left."""
    count = 0
    for (a, b), _ in pairwise([*zip(one, other, strict=False), ("", "x")]):
        if a != b:
            break
        count += 1
    return count
