"""Names in pinyin: surnames as they are spoken, the dictionary's readings beside them."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.visitors import names
from core.visitors.names import name_pinyin, name_readings, split_name


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("仇和", "qiuhe", "qh"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("区志航", "ouzhihang", "ozh"),
        ("曾国藩", "zengguofan", "zgf"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("吕布", "lvbu", "lb"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("查良镛", "zhaliangyong", "zly"),
        ("朴槿惠", "piaojinhui", "pjh"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("乐毅", "yueyi", "yy"),
        ("万俟卨", "moqixie", "mqx"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("翟天临", "zhaitianlin", "ztl"),
        ("种师道", "chongshidao", "csd"),
        ("张伟民", "zhangweimin", "zwm"),
        ("艾克拜尔·买买提", "aikebaiermaimaiti", "akbemmt"),
        ("䶮㛃", "yanjie", "yj"),
    ],
)
def test_a_name_is_read_with_its_surname_spoken_rightly(name, full, initials):
    first = name_readings(name)[0]
    assert (first.full, first.initials) == (full, initials)


@pytest.mark.parametrize(
    ("name", "other"),
    [("仇和", "chouhe"), ("单雄信", "danxiongxin"), ("曾国藩", "cengguofan"),
     ("尉迟恭", "weichigong"), ("子茜", "zixi"), ("谌龙", "shenlong")],
)  # fmt: skip
def test_other_readings_of_a_name_are_kept_beside(name, other):
    assert other in [reading.full for reading in name_readings(name)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("张伟", ("张", "伟")), ("欧阳修", ("欧阳", "修")), ("欧阳", ("欧", "阳")),
     ("司马相如", ("司马", "相如")), ("张", ("", "张")), ("艾克拜尔·买买提", ("", "艾克拜尔·买买提")),
     ("John", ("", "John")), ("", ("", ""))],
)  # fmt: skip
def test_a_surname_is_told_from_a_given_name(name, parts):
    assert split_name(name) == parts


def test_a_name_without_chinese_is_sorted_by_itself():
    assert name_readings("John") == ()
    assert name_pinyin("John") == "john"
    assert sorted(["张伟", "Bob", "曾志", "安宁"], key=name_pinyin) == [
        "安宁",
        "Bob",
        "曾志",
        "张伟",
    ]


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_read_without_failing(text):
    readings = name_readings(text)
    assert len(readings) <= 12
    assert all(syllable.isalpha() for one in readings for syllable in one.syllables)
    assert all(syllable.isascii() for one in readings for syllable in one.syllables)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6))
def test_every_character_of_a_chinese_name_has_its_syllable(name):
    known = [letter for letter in name if names.character_readings(letter)]
    for reading in name_readings(name):
        assert len(reading.syllables) == len(known)


def test_the_dictionary_is_loaded_by_the_first_name_only_and_quickly():
    code = (
        "import sys, time\n"
        "from core.visitors import names\n"
        "assert 'pypinyin' not in sys.modules\n"
        "start = time.process_time()\n"
        "assert names.name_pinyin('仇和') == 'qiu he'\n"
        "assert 'pypinyin.phrases_dict' not in sys.modules\n"
        "assert time.process_time() - start < 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_new_name_is_read_in_less_than_a_hundred_microseconds():
    surnames, given_names = "王李张刘陈杨黄赵吴周", "伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平"
    people = [a + b + c for a in surnames for b in given_names for c in given_names]
    name_readings(people[0])
    names.name_readings.cache_clear()
    best = min(_each(people) for _ in range(3))
    assert best < 100e-6


def _each(people) -> float:
    names.name_readings.cache_clear()
    start = time.thread_time()
    for name in people:
        name_readings(name)
    return (time.thread_time() - start) / len(people)
