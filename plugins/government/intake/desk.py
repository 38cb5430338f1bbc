"""The desk's one act: received, recognised, decided, interview stamped, reported, e-mailed (GOV-2 to 16).

Everything that one screen asks is written together, or nothing is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.notices.services import EMAIL, notify
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.facts import ACCUSATION
from plugins.government.intake import services
from plugins.government.intake.facts import Received, Reception
from plugins.government.screening import services as screening
from plugins.government.screening.facts import END, REFUSE, Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What the desk decides with the reception: a decision, or a suggestion for later.

    `interview` asks for one that no rule demands. `email`: tell the petitioner that there is news.
    """

    decided: Decided | None = None
    suggestion: str = ""
    suggestion_text: str = ""
    should_be_solved: bool = False
    interview: bool = False
    email: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the one act came to. `manner` is how a decision was told, `interview` why one is due."""

    received: Received
    manner: str = ""
    interview: str = ""
    from_abroad: bool = False


async def receive(
    new: Reception, screened: Screened, *, actor: Actor, at: datetime, plugins: Plugins
) -> Done:
    """Receive somebody and decide what becomes of it, in one transaction."""
    async with db.writing():
        received = await services.receive(new, actor=actor, at=at, plugins=plugins)
        matter_id, contact_id = received.matter_id, received.contact_id
        from_abroad = await screening.report_foreigner(matter_id, actor=actor, at=at)
        manner = ""
        if screened.suggestion:
            await screening.suggest(
                matter_id, screened.suggestion, screened.suggestion_text, actor=actor, at=at
            )
        if screened.decided is not None:
            manner = await screening.decide(
                matter_id,
                screened.decided,
                actor=actor,
                at=at,
                plugins=plugins,
                contact_id=contact_id,
            )
        interview = await screening.stamp_if_due(
            matter_id,
            contact_id,
            refused=screened.decided is not None and screened.decided.act in (REFUSE, END),
            should_be_solved=screened.should_be_solved,
            frequency="repeat" if received.attached else new.frequency,
            actor=actor,
            at=at,
        )
        if screened.interview and not interview:
            interview = "desk"
            await screening.stamp(matter_id, interview, actor=actor, at=at, contact_id=contact_id)
        if screened.email and new.matter.purpose != ACCUSATION:
            await send_news(received, new, at=at)
    return Done(received=received, manner=manner, interview=interview, from_abroad=from_abroad)


async def send_news(received: Received, new: Reception, *, at: datetime) -> None:
    """Tell by e-mail that there is news, and nothing else: the code stands on paper only."""
    address = new.person.email if new.person is not None else ""
    if not address:
        return
    await notify(
        key=f"government.receipt/{received.contact_id}",
        channel=EMAIL,
        subject=N_("There is news from the reception room"),
        body=N_(
            "Ask for it with the code on your paper receipt, on the public page or at the desk."
        ),
        at=at,
        address=address,
        url="/government/ask",
    )


async def receivers_at(site_id: UUID) -> list[tuple[str, str]]:
    """Return who may receive beside the clerk: staff of the reception room, by name."""
    rows = await db.fetch(
        'SELECT DISTINCT a.id, a.name FROM account a JOIN account_role r ON r."user" = a.id'
        " WHERE a.active AND r.role IN ('petition_clerk', 'petition_head', 'petition_deputy',"
        " 'petition_director') AND (r.site IS NULL OR r.site = {}) ORDER BY a.name",
        site_id,
    )
    return [(str(row["id"]), row["name"]) for row in rows]
