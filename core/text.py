"""What every form does with a typed text: clean it, fold it, read phones, plates and dates.

Direction marks, overrides and isolates are removed, not refused: phones copied from a contact book
carry them unseen, and a person cannot correct what they cannot see. What is stored never turns
the text around it. The same holds for zero-width characters. Controls such as NUL, which nobody
types by accident, are refused.
"""

import re
import unicodedata
from datetime import date, timedelta

from core.errors import DomainError
from core.i18n import N_, Message

# Soft hyphen, fillers, zero-width, direction marks, embeddings, overrides, isolates, invisible
# operators, the braille blank, interlinear marks, language tags.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_NOT_TEXT = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_BLANKS_IN_LINE = re.compile(r"[^\S\n]+")
_MANY_EMPTY_LINES = re.compile("\n{3,}")
_MOST_MARKS = 8  # on one letter; more are a heap that covers the lines around it


class TextError(DomainError):
    """A typed text that cannot be taken; `code` is stable, `message` says what to type instead."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


def clean_line(text: str, max_length: int) -> str:
    """Return the text on one line: NFC, trimmed, every run of white space one space.

    Raises TextError `too_long`, `control_character` or `not_text`. Lengths count code points.
    """
    return _short_enough(_BLANKS.sub(" ", _cleaned(text, max_length)).strip(), max_length)


def clean_block(text: str, max_length: int) -> str:
    r"""Return a text of several lines, ended by "\n", with at most one empty line in a row.

    Otherwise as `clean_line`.
    """
    text = _BLANKS_IN_LINE.sub(" ", _LINE_ENDS.sub("\n", _cleaned(text, max_length)))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _short_enough(_MANY_EMPTY_LINES.sub("\n\n", text).strip(), max_length)


def _cleaned(text: str, max_length: int) -> str:
    if not text.isascii():
        if len(text) > 4 * max_length + 200:  # before what costs more than the length
            raise _too_long(max_length)
        text = _UNSEEN.sub("", text)
        if _NOT_TEXT.search(text) or _has_heaps_of_marks(text):
            raise TextError("not_text", N_("This holds characters that are no text. Type it anew."))
        text = unicodedata.normalize("NFC", text)
    if _CONTROLS.search(text):
        raise TextError(
            "control_character", N_("This holds control characters. Type it instead of pasting.")
        )
    return text


def _has_heaps_of_marks(text: str) -> bool:
    heap = 0
    for letter in text:
        heap = heap + 1 if unicodedata.combining(letter) else 0
        if heap > _MOST_MARKS:
            return True
    return False


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
    **dict.fromkeys(map(ord, "‐‑‒–—―−─ー﹣"), "-"),
    0x3000: " ",
    0x3001: ",",
    0x3002: ".",
}


def fold_width(text: str) -> str:
    """Return the text with full-width letters, digits and signs as ASCII, and one kind of dash."""
    return text.translate(_FOLD)


_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_LAND_LINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})", re.ASCII)
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SHORT = re.compile(r"\d{3,8}", re.ASCII)
_WITH_EXTENSION = re.compile(
    r"([\d\s()+-]*\d{7,8})\s*(?:-{1,2}|转|轉|分机|分機|ext\.?|x|#|,)\s*(\d{1,6})", re.ASCII | re.I
)
_PHONE_FILLING = re.compile(r"[\s\-().·/_]+")
_LONGEST_PHONE = 60
_TAIL = 4
_LEAST_TO_SHOW_A_TAIL = 7


def normalise_phone(text: str) -> str:
    """Return one form of a phone number, so that equal numbers are equal texts.

    Chinese mobiles `13800001234`; land lines `010-23456789`, `0755-23456789-801`; service numbers
    `4001234567`; short and internal ones of 3 to 8 digits; foreign ones `+447911123456`. Full-width
    digits, Chinese punctuation, +86 and 0086 are understood. Raises TextError `phone`.
    """
    typed = fold_width(_UNSEEN.sub("", text)).strip()
    if len(typed) <= _LONGEST_PHONE:
        extended = _WITH_EXTENSION.fullmatch(typed)
        line = _phone(extended[1]) if extended else ""
        if extended and (line.startswith("0") or _SERVICE.fullmatch(line)):
            return f"{line}-{extended[2]}"
        phone = _phone(typed)
        if phone:
            return phone
    raise TextError(
        "phone",
        N_("This is no phone number. Examples: 13800001234, 0755-23456789, +44 20 7946 0000."),
    )


def _phone(typed: str) -> str:
    """Return the one form of a number without extension, or nothing."""
    digits = _PHONE_FILLING.sub("", typed)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+86"):
        return _national(digits[3:])
    if _FOREIGN.fullmatch(digits) or _SHORT.fullmatch(digits):
        return digits
    return _national(digits) or (_national(digits[2:]) if digits.startswith("86") else "")


def _national(digits: str) -> str:
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    line = _LAND_LINE.fullmatch(digits if digits.startswith("0") else "0" + digits)
    return f"{line[1]}-{line[2]}" if line else ""


def mask_phone(phone: str) -> str:
    """Show of a normalised phone the prefix that tells nothing and the last four: `138****1234`."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-_TAIL:]}"
    area, *rest = phone.split("-")
    if rest and area.startswith("0"):
        return "-".join([area, mask_tail(rest[0]), *("*" * len(part) for part in rest[1:])])
    return "-".join([mask_tail(area), *("*" * len(part) for part in rest)])


def mask_tail(text: str) -> str:
    """Show the last four characters where at least three others stay hidden, else none."""
    shown = _TAIL if len(text) >= _LEAST_TO_SHOW_A_TAIL else 0
    return "*" * (len(text) - shown) + text[len(text) - shown :]


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_USUAL_PLATE = re.compile(
    rf"[{_PROVINCES}][A-Z][A-Z0-9]{{4,5}}[A-Z0-9学警港澳挂领试超]"
    rf"|使\d{{6}}|\d{{6}}使|WJ[{_PROVINCES}]?[A-Z0-9]{{5}}|[A-Z]{{2}}\d{{5}}",
    re.ASCII,
)
_SIMPLIFIED = str.maketrans("滬雲遼魯蘇贛鄂陝閩貴粵寧瓊", "沪云辽鲁苏赣鄂陕闽贵粤宁琼")
_PLATE_FILLING = re.compile(r"[\s\-.·•・●]+")
_LONGEST_PLATE = 15


def normalise_plate(text: str) -> str:
    """Return a vehicle's plate in capitals without dots and spaces: `粤B12345`, `粤BD12345`.

    Any plate is taken, also a foreign one: ask `is_usual_plate` and only warn. Raises TextError.
    """
    plate = _PLATE_FILLING.sub("", fold_width(clean_line(text, 40))).upper().translate(_SIMPLIFIED)
    if not plate.isalnum() or len(plate) > _LONGEST_PLATE:
        raise TextError("plate", N_("This is no plate number. Example: 粤B12345."))
    return plate


def is_usual_plate(plate: str) -> bool:
    """Tell whether a normalised plate has a form used in mainland China, new energy included."""
    return _USUAL_PLATE.fullmatch(plate) is not None


_FORMULA = re.compile("[\\s\ufeff]*[=+\\-@＝＋－＠\t\r\n]")


def guard_formula(text: str) -> str:
    """Return a cell's text such that no spreadsheet reads it as a formula: with a ' before it."""
    return "'" + text if _FORMULA.match(text) else text


# What Excel takes for a number or a day in a CSV and shows as another text: a number too long for
# it or with zeros before it, 5-10 and 2026-11, 3/4, 1E5. A whole date it shows as a date.
_MISREAD = re.compile(
    r"0\d+|\d{12,}|\d{1,2}[-/]\d{1,2}|\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}|\d+[eE]\d+", re.ASCII
)


def as_typed_text(text: str) -> str:
    """Return a cell of CSV as a formula that gives the text, where Excel would show another one."""
    return f'="{text}"' if _MISREAD.fullmatch(text) else text


_NAMED_DAYS = {
    **dict.fromkeys(("今天", "今日", "today"), 0),
    **dict.fromkeys(("明天", "明日", "tomorrow"), 1),
    **dict.fromkeys(("后天", "後天"), 2),
    **dict.fromkeys(("大后天", "大後天"), 3),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("前天",), -2),
}
_FULL_DATE = re.compile(
    r"(\d{4})(?:[-./年](\d{1,2})[-./月](\d{1,2})[日号號]?|(\d{2})(\d{2}))", re.ASCII
)
_SHORT_DATE = re.compile(r"(\d{1,2})[-./月](\d{1,2})[日号號]?", re.ASCII)
_YEARS = range(1900, 2200)


def parse_chinese_date(text: str, today: date, *, ahead: bool = False) -> date:
    """Return the day meant by 2026-11-21, 2026.11.21, 20261121, 2026年11月21日, 11.21, 今天, 明天.

    Without a year it is this year's; with `ahead`, as for appointments, a day already past is next
    year's. Full-width digits are understood. Raises TextError `date`.
    """
    typed = re.sub(r"\s+", "", fold_width(_UNSEEN.sub("", text[:_LONGEST_PHONE]))).lower()
    try:
        if typed in _NAMED_DAYS:
            return today + timedelta(days=_NAMED_DAYS[typed])
        match = _FULL_DATE.fullmatch(typed)
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            if year in _YEARS:
                return date(year, month, day)
        match = _SHORT_DATE.fullmatch(typed)
        if match:
            return _without_year(int(match[1]), int(match[2]), today, ahead=ahead)
    except (ValueError, OverflowError):
        pass  # a day that no calendar has: the same answer as for any other text
    raise TextError("date", N_("This is no date. Examples: 2026-11-21, 11.21, 今天."))


def _without_year(month: int, day: int, today: date, *, ahead: bool) -> date:
    try:
        found = date(today.year, month, day)
    except ValueError:
        if not ahead:
            raise
        return date(today.year + 1, month, day)  # 29 February of the next year
    return date(today.year + 1, month, day) if ahead and found < today else found
