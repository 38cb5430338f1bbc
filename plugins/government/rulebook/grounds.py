"""Grounds on which an item is not, or no longer, accepted: what the notice says, and which notice it is.

Notices are written in Chinese by law, so their sentences stand here and not in catalogs.
"""

from dataclasses import dataclass

from core.i18n import N_, Message
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import (
    ARTICLE_19,
    ARTICLE_20_22,
    ARTICLE_22_23_31,
    ARTICLE_23,
    ARTICLE_31,
    ARTICLE_35_36,
    ARTICLE_36,
    LOCAL_1,
    RECEPTION_1,
)


def _says(sentence: str, label: Message, basis: str) -> str:
    text: str = setting(sentence, kind="text", label=label, basis=basis)
    return text


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What the notices say. A basis is named on the notice beside the ground."""

    guide_elsewhere: bool = setting(
        True,
        kind="bool",
        label=N_(
            "Grounds (1), (2) and (5): the notice shows the lawful way; it does not say 'not accepted'"
        ),
        basis=ARTICLE_22_23_31,
    )
    says_refuse_1: str = _says(
        "您反映的事项属于人民代表大会、人民法院或者人民检察院的职权范围",
        N_("Notice, not accepted (1): the ground"),
        RECEPTION_1,
    )
    basis_refuse_1: str = _says(
        "《信访工作条例》第二十条、第二十二条",
        N_("Notice, not accepted (1): the basis"),
        ARTICLE_20_22,
    )
    says_refuse_2: str = _says(
        "您反映的事项已经或者依法应当通过诉讼、仲裁、行政复议等法定途径解决",
        N_("Notice, not accepted (2): the ground"),
        RECEPTION_1,
    )
    basis_refuse_2: str = _says(
        "《信访工作条例》第三十一条",
        N_("Notice, not accepted (2): the basis"),
        ARTICLE_31,
    )
    says_refuse_3: str = _says(
        "您反映的事项已由有权处理的机关、单位受理或者正在办理，尚在规定期限内",
        N_("Notice, not accepted (3): the ground"),
        RECEPTION_1,
    )
    basis_refuse_3: str = _says(
        "《信访工作条例》第十九条",
        N_("Notice, not accepted (3): the basis"),
        ARTICLE_19,
    )
    says_refuse_4: str = _says(
        "您没有提出具体的请求、事实和理由",
        N_("Notice, not accepted (4): the ground"),
        RECEPTION_1,
    )
    basis_refuse_4: str = _says(
        "本机关来访接待工作规则",
        N_("Notice, not accepted (4): the basis"),
        LOCAL_1,
    )
    says_refuse_5: str = _says(
        "您反映的事项不属于本机关职权范围",
        N_("Notice, not accepted (5): the ground"),
        RECEPTION_1,
    )
    basis_refuse_5: str = _says(
        "《信访工作条例》第二十三条",
        N_("Notice, not accepted (5): the basis"),
        ARTICLE_23,
    )
    says_end_1: str = _says(
        "该事项已经复查、复核并作出复核意见，您仍以同一事实和理由提出",
        N_("Notice, no longer accepted (1): the ground"),
        ARTICLE_36,
    )
    basis_end_1: str = _says(
        "《信访工作条例》第三十六条",
        N_("Notice, no longer accepted (1): the basis"),
        ARTICLE_36,
    )
    says_end_2: str = _says(
        "您对处理意见或者复查意见不服，无正当理由未在规定期限内请求复查、复核",
        N_("Notice, no longer accepted (2): the ground"),
        RECEPTION_1,
    )
    basis_end_2: str = _says(
        "《信访工作条例》第三十五条、第三十六条",
        N_("Notice, no longer accepted (2): the basis"),
        ARTICLE_35_36,
    )
