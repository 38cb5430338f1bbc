"""The Traditional text of a Simplified one: in the words of offices, not of programmers.

OpenCC's table for Taiwan takes words as computing has them: 对象 becomes the object of a program,
审核 an audit of accounts, 窗口 a window on the screen, 程序 a program. Here they are what a reception
room means by them. And it reads 签 as the lot that is drawn, where an office signs.
"""

import re
from functools import cache
from typing import Any

# As they stand in the Simplified text; the longest that fits is taken.
WORDS = {
    "对象": "對象",
    "审核": "審核",
    "项目": "項目",
    "权限": "權限",
    "注销": "註銷",
    "社区": "社區",
    "代码": "代碼",
    "令牌": "權杖",
    "换发": "換發",
    "循环": "循環",
    "发布": "發布",
    "回调": "回呼",
    "信息安全": "資訊安全",
    "保存期": "保存期",
    "复制": "複製",
    "联系": "聯絡",
    "账号": "帳號",
    "系伪造": "係偽造",
    "只影响": "只影響",
    "发链接": "發連結",
    "并合并": "並合併",
    "并发放": "並發放",
    "支持诉求": "支持訴求",
    "支持、解释说明、不支持": "支持、解釋說明、不支持",
    "工作程序": "工作程序",
    "信访程序": "信訪程序",
    "规定程序": "規定程序",
    "复核程序": "複核程序",
    "已通过": "已通過",
    "同向通过": "同向通過",
    "同方向通过": "同方向通過",
    "审核通过": "審核通過",
    "只能通过其": "只能通過其",
    "通过诉讼": "通過訴訟",
    "窗口": "窗口",
    "无痕窗口": "無痕視窗",
    "普通窗口": "普通視窗",
    "另开窗口": "另開視窗",
    "卷内文件": "卷內文件",
    "文件材料": "文件材料",
    "“": "「",
    "”": "」",
    "‘": "『",
    "’": "』",
}
_WORDS = re.compile("(" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + ")")
_SIGNED = re.compile("(?<![標抽書封便])籤")


@cache
def _converter() -> Any:
    from opencc import OpenCC  # type: ignore[import-untyped]

    return OpenCC("s2twp")


def traditional(text: str) -> str:
    """Draft the Traditional text of a Simplified one, in the words used in Taiwan."""
    parts = _WORDS.split(text)
    told = [WORDS[part] if at % 2 else _converter().convert(part) for at, part in enumerate(parts)]
    return _SIGNED.sub("簽", "".join(told))
