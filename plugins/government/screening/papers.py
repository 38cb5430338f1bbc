"""Papers of the first day: acceptance, guidance, refusal, no longer accepted, the record of an oral notice.

What a ground says on paper are settings: papers are written in Chinese by law.
"""

from datetime import datetime
from uuid import UUID

from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.documents.tables import IssuedDocument
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.matters.tables import Matter
from plugins.government.papers import services as papers
from plugins.government.rulebook import GovernmentRules
from plugins.government.screening.facts import (
    ACCEPT,
    END,
    GROUNDS,
    GUIDE,
    GUIDED,
    REFUSE,
    WRITTEN,
    Decided,
)

ELSEWHERE = "refuse_5"  # what is said to somebody who is shown the way without a ground


async def told(
    row: Matter,
    decided: Decided,
    manner: str,
    *,
    before: UUID | None = None,
    receivers: str = "",
    actor: Actor,
    at: datetime,
) -> UUID | None:
    """Issue the paper of what is told, in the act's transaction; None where there is none.

    Of an anonymous letter nobody is told. `before` is the written notice that was given already.
    """
    if row.petitioner is None or row.anonymous:
        return None
    rules: GovernmentRules = (await clocks.in_force(at)).values
    given: dict[str, Value] = {}
    if decided.act == ACCEPT:
        name = "acceptance"
    elif decided.act == GUIDE and decided.body:
        name, given = "guidance", _grounds(rules, ELSEWHERE, decided)
    elif decided.act not in (REFUSE, END) or decided.ground not in GROUNDS:
        return None
    elif manner == WRITTEN:
        name, given = notice(rules, decided.ground), _grounds(rules, decided.ground, decided)
    else:
        name = "oral_notice"
        given = await _oral(rules, decided, before, receivers or actor.name, at)
    return (await papers.take(name, row.id, given, actor=actor, at=at)).id


def notice(rules: GovernmentRules, ground: str) -> str:
    """Return which notice a ground leads to: by the regulation of 2022 some only show another way."""
    found = GROUNDS[ground]
    if found.act == END:
        return "no_longer"
    return "guidance" if rules.guide_elsewhere and found.standing == GUIDED else "refusal"


def _grounds(rules: GovernmentRules, ground: str, decided: Decided) -> dict[str, Value]:
    says, basis = said(rules, ground)
    given: dict[str, Value] = {"ground": _sentence(says, decided.text), "basis": basis}
    if decided.act != END:
        given["competent_body"] = decided.body
    return given


def said(rules: GovernmentRules, ground: str) -> tuple[str, str]:
    """Return ground and basis as the office words them; as delivered where it left them empty."""
    shipped = GovernmentRules()
    found = [
        str(getattr(rules, name) or getattr(shipped, name)).rstrip("。 ")
        for name in (f"says_{ground}", f"basis_{ground}")
    ]
    return found[0], found[1]


async def _oral(
    rules: GovernmentRules, decided: Decided, before: UUID | None, receivers: str, at: datetime
) -> dict[str, Value]:
    says, basis = said(rules, decided.ground)
    here = site_time(at)
    written = await IssuedDocument.objects().get(IssuedDocument.id == before) if before else None
    return {
        "oral_at": f"{chinese_date(here.date())} {here.hour}时{here.minute:02}分",
        "said": tuple(filter(None, (f"{says}。", *decided.text.splitlines()))),
        "basis": basis,
        "receivers": receivers,
        "written_notice": ""
        if written is None
        else f"{written.label}（{chinese_date(site_time(written.issued_at).date())}）",
    }


def _sentence(ground: str, text: str) -> str:
    """Return the ground with what the desk adds; the template ends it with a full stop."""
    return f"{ground}。{text}".rstrip("。 ") if text else ground
