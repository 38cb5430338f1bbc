"""Breaking the glass: a look at one confidential item for an hour, which a second person grants.

Whoever asks hears the same whether the item exists, is theirs to see, or bars them. The grant is in
the log and the log is sealed before anybody is let in; the head is told.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.log import seal
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter
from plugins.government.rights import DIRECTOR, HEAD, READ
from plugins.government.secrecy import guarding, policies
from plugins.government.secrecy.facts import ASKED, GLASS, GRANTED, REFUSED, WAIT, Letting
from plugins.government.secrecy.queries import GLASS_TABLE
from plugins.government.secrecy.rights import LET_IN
from plugins.government.secrecy.services import LONGEST_REASON
from plugins.government.secrecy.tables import Glass
from plugins.government.secrecy.taking_away import tell_head

PAGE = "/government/secrecy/glass"
_LONGEST_NUMBER = 40
_TOLD_WITHIN = timedelta(hours=1)


async def ask(number: str, *, reason: str, actor: Actor, at: datetime) -> UUID:
    """Ask to look at the item of a number; what is stored and said is the same for any number."""
    if actor.kind != "user" or actor.id is None or not actor.may(READ):
        raise NotFoundError
    number, reason = number.strip()[:_LONGEST_NUMBER], reason.strip()[:LONGEST_REASON]
    missing = N_("Please fill this in.")
    if problems := {k: missing for k, v in (("number", number), ("reason", reason)) if not v}:
        raise InvalidInputError(problems)
    async with db.writing():
        # The same statements whether there is such an item, is none, or bars whoever asks.
        barred, args = await access.kept_from(actor, at)
        found = await db.fetch(
            f"SELECT m.id FROM government_matter m WHERE m.number = {{}} AND NOT ({barred})",
            number,
            *args,
        )
        made = Glass(
            id=uuid4(),
            matter=found[0]["id"] if found else None,
            asker=actor.id,
            asker_name=actor.name,
            asked_at=at,
            state=ASKED,
        )
        made.number_cipher = sealing.seal(number, GLASS_TABLE, "number_cipher", made.id)
        made.reason_cipher = sealing.seal(reason, GLASS_TABLE, "reason_cipher", made.id)
        await Glass.insert(made)
        await record(actor, "government.glass_ask", GLASS_TABLE, made.id, at=at)
    return made.id


async def minute(at: datetime) -> None:
    """Tell who may decide of new wishes, and askers once a day is over that they were not let in.

    Not while somebody asks: how long that takes would say whether there is such an item.
    """
    fresh = await db.fetch(
        "SELECT g.id, g.asker, g.asker_name, m.site FROM government_glass g"
        " JOIN government_matter m ON m.id = g.matter WHERE g.state = {} AND g.asked_at > {}",
        ASKED,
        at - _TOLD_WITHIN,
    )
    over = await db.fetch(
        "SELECT id, asker FROM government_glass WHERE state <> {} AND asked_at <= {}"
        " AND asked_at > {}",
        GRANTED,
        at - WAIT,
        at - WAIT - _TOLD_WITHIN,
    )
    if not fresh and not over:
        return
    async with db.writing():
        for row in fresh:
            await _tell_deciders(row, at)
        for row in over:
            await _tell_asker(row["id"], row["asker"], N_("You were not let in."), at)


async def _tell_deciders(wish: db.Row, at: datetime) -> None:
    for one in await holders([HEAD, DIRECTOR], wish["site"]):
        if one.id != wish["asker"]:
            await notify(
                key=f"government:glass:{wish['id']}:{one.id}",
                channel=IN_APP,
                subject=N_("Somebody asks to look at a confidential item"),
                body=N_("Decide as the second person: {name} asks.", name=wish["asker_name"]),
                at=at,
                user=one.id,
                url=f"{PAGE}?wish={wish['id']}",
            )


async def grant(
    wish_id: UUID, *, actor: Actor, at: datetime, within: float = seal.WAIT_SECONDS
) -> None:
    """Let the asker look at the item for an hour, as soon as that is sealed in the log.

    Where it cannot be sealed in so many seconds, nobody is let in and the wish waits as before.
    """
    async with db.writing():
        wish, row = await _take(wish_id, actor, at)
        barred = await guarding.barred_from([row.id], at)
        decision = policies.may_let_in(
            Letting(
                asker=wish.asker,
                decider=actor.id or UUID(int=0),
                asker_is_barred=wish.asker in barred.get(row.id, ()),
                decider_sees=True,
            )
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        until = at + GLASS
        await _decide(wish, GRANTED, actor, at)
        shown = {"user": str(wish.asker), "until": until.isoformat()}
        await record(actor, "government.glass_grant", MATTER, row.id, at=at, after=shown)
    if not await seal.seal_all(within=within):
        await _take_back(wish, row, actor, at)
        raise WrongStateError(
            N_("The log could not be sealed just now, so nobody was let in. Try again in a minute.")
        )
    async with db.writing():
        wish.until = until
        await wish.save()
        await matters.let_read(row.id, wish.asker, why=access.GLASS, at=at, until=until)
        said = sealing.unseal(wish.reason_cipher, GLASS_TABLE, "reason_cipher", wish.id)
        text = N_("{name} may look at it for 60 minutes", name=wish.asker_name)
        await timeline.note(
            row.id, "glass", text, actor=actor, at=at, body=said, shown_to=timeline.OFFICE
        )
        await tell_head(row, f"glass:{wish.id}", text, at=at)
        await _tell_asker(wish.id, wish.asker, N_("You may look at it for 60 minutes."), at)


async def _take_back(wish: Glass, row: Matter, actor: Actor, at: datetime) -> None:
    """Let a wish wait again whose grant is not sealed."""
    async with db.writing():
        wish.state, wish.decided_at = ASKED, None
        wish.decided_by, wish.decided_by_name = None, ""
        await wish.save()
        shown = {"user": str(wish.asker)}
        await record(actor, "government.glass_take_back", MATTER, row.id, at=at, after=shown)


async def refuse(wish_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Do not let the asker look; they hear of it when a day is over."""
    async with db.writing():
        wish, row = await _take(wish_id, actor, at)
        await _decide(wish, REFUSED, actor, at)
        shown = {"user": str(wish.asker)}
        await record(actor, "government.glass_refuse", MATTER, row.id, at=at, after=shown)


async def _take(wish_id: UUID, actor: Actor, at: datetime) -> tuple[Glass, Matter]:
    await db.fetch("SELECT id FROM government_glass WHERE id = {} FOR UPDATE", wish_id)
    wish = await Glass.objects().get(Glass.id == wish_id)
    if wish is None or wish.matter is None:
        raise NotFoundError
    await access.require(wish.matter, actor, at)
    row = await Matter.objects().get(Matter.id == wish.matter)
    if row is None or not actor.may_at(LET_IN, row.site) or actor.id is None:
        raise NotFoundError
    if wish.asked_at + WAIT <= at:
        raise WrongStateError(N_("This wish is over. It has to be asked anew."))
    if wish.state != ASKED:
        raise WrongStateError(N_("Somebody else decided this already."))
    return wish, row


async def _decide(wish: Glass, state: str, actor: Actor, at: datetime) -> None:
    wish.state, wish.decided_at = state, at
    wish.decided_by, wish.decided_by_name = actor.id, actor.name
    await wish.save()


async def _tell_asker(wish_id: UUID, asker: UUID, text: Message, at: datetime) -> None:
    await notify(
        key=f"government:glass:{wish_id}:answer",
        channel=IN_APP,
        subject=N_("Your wish to look at a confidential item"),
        body=text,
        at=at,
        user=asker,
        url=PAGE,
    )
