"""Names, phones and document numbers of people who do not exist, the same for the same seed."""

from datetime import date, timedelta
from random import Random

from core.visitors.identity_documents import check_letter

# Frequent surnames first; then some whose reading dictionaries get wrong, and rare ones.
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈"
    "任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔"
)
_RARE_SURNAMES = "仇解区查单盖朴乐缪翟卜隗逄郄冼妫亓"
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "尉迟",
    "皇甫",
    "令狐",
    "慕容",
    "东方",
    "万俟",
    "澹台",
    "长孙",
)
_GIRLS = (
    "梓涵 欣怡 诗涵 雨桐 可馨 思琪 语嫣 佳怡 若曦 静怡 雅琪 梦瑶 晓彤 婉婷 芷若 心怡 沐晴 一诺 依诺 子萱 雨泽"
    " 艺涵 诗琪 紫萱 佩琪 馨月 婧怡 玥彤 妍希 瑾萱 丽华 秀英 桂兰 敏 静 娟 芳 艳 玲 婷 雪 倩 珺 琳 颖 洁 燕 丹"
)
_BOYS = (
    "浩然 子轩 宇航 俊杰 浩宇 梓豪 子涵 一鸣 博文 天宇 泽宇 皓轩 铭泽 嘉豪 文博 明轩 致远 思远 睿渊 弘文 志强"
    " 建国 国强 立诚 晨曦 奕辰 沐辰 承泽 煜城 伟 强 磊 军 洋 勇 杰 涛 超 明 刚 平 辉 鹏 飞 波 斌 宇 凯 健 俊"
)
_RARE_GIVEN = (
    "䶮",
    "喆",
    "堃",
    "昇",
    "玥琤",
    "淼淼",
    "煊赫",
    "翀",
    "祎祎",
    "赟",
    "㛃",
    "垚",
    "骉",
    "燚",
)
_MINORITY = (
    "艾克拜尔·买买提",
    "古丽娜尔·艾山",
    "扎西多吉",
    "巴特尔",
    "阿依古丽·吐尔逊",
    "次仁卓玛",
)
_MOBILE = "130 131 135 136 137 138 139 150 152 158 159 177 186 188 189"
_DIVISIONS = (
    "110105",
    "310104",
    "320106",
    "330106",
    "370102",
    "420106",
    "440305",
    "510104",
    "140902",
)


class People:
    """Makes people; each call gives another one."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)  # noqa: S311 - made-up people, no secrets
        self._phones: set[str] = set()
        self._girls, self._boys, self._mobile = _GIRLS.split(), _BOYS.split(), _MOBILE.split()

    def sex(self) -> str:
        """Return 男 or 女."""
        return self._dice.choice("男女")

    def surname(self) -> str:
        """Return a surname: mostly a frequent one, now and then a rare or a compound one."""
        die = self._dice.random()
        if die < 0.02:
            return self._dice.choice(_COMPOUND)
        if die < 0.05:
            return self._dice.choice(_RARE_SURNAMES)
        # The first of the list are as frequent as they are among people.
        place = min(int(self._dice.expovariate(1 / 22)), len(_SURNAMES) - 1)
        return _SURNAMES[place]

    def name(self, sex: str = "", surname: str = "") -> str:
        """Return a name; one in a hundred is of a minority, or holds a rare character."""
        die = self._dice.random()
        if die < 0.006 and not surname:
            return self._dice.choice(_MINORITY)
        given = self._dice.choice(self._girls if (sex or self.sex()) == "女" else self._boys)
        if die > 0.985:
            given = self._dice.choice(_RARE_GIVEN)
        return (surname or self.surname()) + given

    def phone(self) -> str:
        """Return a mobile number that was not given before."""
        while True:
            number = f"{self._dice.choice(self._mobile)}{self._dice.randrange(10**8):08}"
            if number not in self._phones:
                self._phones.add(number)
                return number

    def id_number(
        self, sex: str = "", *, oldest: int = 60, youngest: int = 26, year: int = 2026
    ) -> str:
        """Return a resident identity number with a right check character."""
        born = date(year, 1, 1) - timedelta(days=self._dice.randrange(youngest * 365, oldest * 365))
        order = self._dice.randrange(1, 500) * 2 - (1 if sex == "男" else 0)
        number = f"{self._dice.choice(_DIVISIONS)}{born:%Y%m%d}{order % 1000:03}"
        return number + check_letter(number)
