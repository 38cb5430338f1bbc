"""Papers of the first day: acceptance, refusal, no longer accepted, the record of an oral notice.

Papers are written in Chinese by law: what a ground says on paper stands here.
"""

from datetime import datetime
from uuid import UUID

from core.documents.facts import Value
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.matters.tables import Matter
from plugins.government.papers import services as papers
from plugins.government.screening.facts import ACCEPT, END, REFUSE, WRITTEN, Decided

_GROUNDS = {
    "refuse_1": (
        "您反映的事项属于人民代表大会、人民法院或者人民检察院的职权范围",
        "《信访工作条例》第二十条、第二十二条",
    ),
    "refuse_2": (
        "您反映的事项已经或者依法应当通过诉讼、仲裁、行政复议等法定途径解决",
        "《信访工作条例》第三十一条",
    ),
    "refuse_3": (
        "您反映的事项已由有权处理的机关、单位受理或者正在办理，尚在规定期限内",
        "《信访工作条例》第十九条",
    ),
    "refuse_4": ("您没有提出具体的请求、事实和理由", "本机关来访接待工作规则"),
    "refuse_5": ("您反映的事项不属于本机关职权范围", "《信访工作条例》第二十三条"),
    "end_1": (
        "该事项已经复查、复核并作出复核意见，您仍以同一事实和理由提出",
        "《信访工作条例》第三十六条",
    ),
    "end_2": (
        "您对处理意见或者复查意见不服，无正当理由未在规定期限内请求复查、复核",
        "《信访工作条例》第三十五条、第三十六条",
    ),
}


async def told(
    row: Matter, decided: Decided, manner: str, *, actor: Actor, at: datetime
) -> UUID | None:
    """Issue the paper of what is told, in the act's transaction; None where there is none.

    Of an anonymous letter nobody is told.
    """
    if row.petitioner is None or row.anonymous:
        return None
    if decided.act == ACCEPT:
        return (await papers.take("acceptance", row.id, actor=actor, at=at)).id
    if decided.act not in (REFUSE, END) or decided.ground not in _GROUNDS:
        return None
    ground, basis = _GROUNDS[decided.ground]
    if manner == WRITTEN:
        given: dict[str, Value] = {"ground": _sentence(ground, decided.text), "basis": basis}
        if decided.act == REFUSE:
            given["competent_body"] = decided.body
        name = "refusal" if decided.act == REFUSE else "no_longer"
        return (await papers.take(name, row.id, given, actor=actor, at=at)).id
    here = site_time(at)
    given = {
        "oral_at": f"{here.year}年{here.month}月{here.day}日 {here.hour}时{here.minute:02}分",
        "said": tuple(filter(None, (f"{ground}。", *decided.text.splitlines()))),
        "basis": basis,
        "receivers": actor.name,
    }
    return (await papers.take("oral_notice", row.id, given, actor=actor, at=at)).id


def _sentence(ground: str, text: str) -> str:
    """Return the ground with what the desk adds; the template ends it with a full stop."""
    return f"{ground}。{text}".rstrip("。 ") if text else ground
