"""Chinese names: where the surname ends, and how a name is read in pinyin, surnames rightly.

`ü` is written `v`, as input methods do. Dictionaries read 仇 as a common word (chou); as a surname
it is qiu. The readings here are those of surnames; the dictionary's other readings of a first
character are kept beside them, for who types what they see. Minority and foreign names have no
surname to find: they are read character by character.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypinyin import Style

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{HAN}]+")

# Surnames read otherwise than the dictionary's first reading; a second one is heard as well.
_SURNAMES = {
    "仇": "qiu", "解": "xie", "区": "ou", "區": "ou", "查": "zha", "曾": "zeng", "朴": "piao",
    "单": "shan", "單": "shan", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue", "覃": "qin",
    "洗": "xian", "种": "chong", "折": "she", "繁": "po", "员": "yun", "員": "yun", "贠": "yun",
    "翟": "zhai", "黑": "he", "缪": "miao", "繆": "miao", "卜": "bu", "隗": "wei", "秘": "bi",
    "祭": "zhai", "召": "shao", "么": "yao", "牟": "mu", "佴": "nai", "能": "nai", "句": "gou",
    "阚": "kan", "谌": "chen shen", "諶": "chen shen", "郇": "xun", "重": "chong", "都": "du",
    "率": "shuai", "薄": "bo", "费": "fei bi", "賁": "ben", "鈄": "tou", "圈": "juan",
    "澹": "tan", "藏": "zang", "适": "kuo", "乜": "nie", "角": "jue", "弹": "tan",
}  # fmt: skip
_REGULAR_COMPOUNDS = """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 公孙 公孫 令狐 慕容 宇文 司徒 司空 夏侯 端木 百里 呼延
闻人 聞人 赫连 赫連 钟离 鍾離 独孤 獨孤 轩辕 軒轅 淳于 濮阳 濮陽 公冶 公羊 太叔 申屠 仲孙 仲孫 宗政 西门
西門 南宫 南宮 东郭 東郭 南门 南門 左丘 梁丘 谷梁 段干 夹谷 第五 亓官 完颜 完顏 耶律 纳兰 納蘭 叶赫 葉赫
巫马 巫馬 漆雕 公良 颛孙 顓孫 微生
"""
_COMPOUND_SURNAMES = {
    **dict.fromkeys(_REGULAR_COMPOUNDS.split(), ""),
    "尉迟": "yu chi", "尉遲": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "澹臺": "tan tai",
    "单于": "chan yu", "單于": "chan yu", "鲜于": "xian yu", "鮮于": "xian yu",
    "长孙": "zhang sun", "長孫": "zhang sun", "拓跋": "tuo ba", "拓拔": "tuo ba",
    "乐正": "yue zheng", "子车": "zi ju",
}  # fmt: skip
# Characters of given names that families read in two ways, the more usual first.
_GIVEN = {
    "茜": "qian xi", "乐": "le yue", "樂": "le yue", "娜": "na nuo", "柏": "bai bo",
    "晟": "sheng cheng", "朝": "chao zhao", "行": "xing hang", "长": "chang zhang",
    "長": "chang zhang", "蔚": "wei yu", "拓": "tuo ta", "重": "chong zhong", "莎": "sha suo",
    "盛": "sheng cheng", "传": "chuan zhuan", "傳": "chuan zhuan", "单": "dan shan",
    "曾": "zeng ceng", "参": "can shen", "禅": "chan shan", "湛": "zhan chen", "隽": "jun juan",
    "雋": "jun juan", "藏": "cang zang",
}  # fmt: skip
_MOST_READINGS = 12
_MOST_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class NameReading:
    """One way to read a Chinese name: a syllable for each character that has a reading.

    The first `of_surname` syllables are the surname's.
    """

    syllables: tuple[str, ...]
    of_surname: int = 0

    @property
    def full(self) -> str:
        """All syllables, as `qiuhe`."""
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        """The first letters, as `qh`."""
        return "".join(syllable[0] for syllable in self.syllables)


def split_name(name: str) -> tuple[str, str]:
    """Return surname and given name of a Chinese name; no surname where none can be told.

    Only an unbroken name of two to four characters has one: 艾克拜尔·买买提 has not.
    """
    if not _HAN_RUN.fullmatch(name) or not 2 <= len(name) <= 4:
        return "", name
    length = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:length], name[length:]


@lru_cache(maxsize=4096)
def name_readings(name: str) -> tuple[NameReading, ...]:
    """Return how a name is read, the likeliest first; what is not Chinese in it is left out.

    At most 12 readings, of the first 20 characters. Where a syllable has `v`, only `v` is given.
    """
    surname, _ = split_name(name)
    choices = _surname_choices(surname)
    of_surname = len(choices)
    letters = [letter for run in _HAN_RUN.findall(name) for letter in run]
    for letter in letters[len(surname) : _MOST_CHARACTERS]:
        usual = _GIVEN.get(letter)
        readings = tuple(usual.split()) if usual else character_readings(letter)[:1]
        if not surname and not choices:
            readings = tuple(dict.fromkeys((*readings, *character_readings(letter))))
        if readings:
            choices.append(readings)
    if not choices:
        return ()
    # The last varies fastest in a product: reversed, the first character's other readings stay in.
    ways = (way[::-1] for way in product(*reversed(choices)))
    return tuple(NameReading(way, of_surname) for way in islice(ways, _MOST_READINGS))


def name_pinyin(name: str) -> str:
    """Return the likeliest reading with a space between syllables: to sort by, or to show."""
    readings = name_readings(name)
    return " ".join(readings[0].syllables) if readings else name.casefold()


def _surname_choices(surname: str) -> list[tuple[str, ...]]:
    """Return the readings of each character: as a surname first, then the dictionary's."""
    known = _COMPOUND_SURNAMES if len(surname) > 1 else _SURNAMES
    ways = known.get(surname, "").split()
    choices = []
    for place, letter in enumerate(surname):
        first = ways[place : place + 1] if len(surname) > 1 else ways
        other = character_readings(letter)
        readings = tuple(dict.fromkeys((*first, *(other[:1] if place else other))))
        if readings:
            choices.append(readings)
    return choices


@lru_cache(maxsize=16384)
def character_readings(letter: str) -> tuple[str, ...]:
    """Return a character's readings without tones, the most usual first; none for an unknown one."""
    found = (_NO_LETTER.sub("", reading) for reading in _dictionary(letter))
    return tuple(dict.fromkeys(reading for reading in found if reading))


_NO_LETTER = re.compile("[^a-z]")


def _dictionary(letter: str) -> list[str]:
    pinyin, normal = _pypinyin()
    found = pinyin(letter, heteronym=True, style=normal, errors="ignore")
    return found[0] if found else []


@cache
def _pypinyin() -> "tuple[Callable[..., list[list[str]]], Style]":
    """Load the dictionary when the first name is read: it takes a tenth of a second.

    Its phrases (forty megabytes) are left out: names are no phrases.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    return pinyin, Style.NORMAL
