"""The short secret by which an operator takes over a gate device. Tries are bounded."""

from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.actors import refuse_local
from core.accounts.limits import Limit, key_of, refill, take_or_refuse
from core.accounts.passwords import check_secret, hash_secret
from core.accounts.policies import may_use_pin
from core.accounts.tables import User
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError
from core.log.services import record
from core.permissions import Actor

# 4 digits, no runs: some 9,900 PINs; at one try in five minutes that is a month on average.
BY_USER = Limit(tries=5, every_seconds=300)


async def set_pin(user_id: UUID, pin: str, *, actor: Actor, at: datetime) -> None:
    """Give an account a PIN. Raises InvalidInputError when it is guessed too easily."""
    if actor.id != user_id:
        refuse_local(actor)
    decision = may_use_pin(pin)
    if isinstance(decision, Deny):
        raise InvalidInputError({"pin": decision.reason})
    hashed = await hash_secret(pin)
    async with db.writing():
        changed = (
            await User.update({User.pin_hash: hashed}).where(User.id == user_id).returning(User.id)
        )
        if not changed:
            raise NotFoundError
        await record(actor, "account.set_pin", "account", user_id, at=at)
    await refill(key_of("pin", str(user_id)))


async def check_pin(user_id: UUID, pin: str, *, actor: Actor, at: datetime) -> bool:
    """Say whether this is the PIN of an active account; `actor` is the device that asks.

    Raises limits.TooOftenError after five wrong ones. An account without a PIN has no right one.
    """
    key = key_of("pin", str(user_id))
    await take_or_refuse(key, BY_USER, at=at)
    user = await User.objects().where(User.id == user_id, User.active.eq(True)).first()
    right = (await check_secret(pin, "" if user is None else user.pin_hash)).right
    if right:
        await refill(key)
    else:
        async with db.writing():
            known = "" if user is None else user.id
            await record(actor, "account.refuse_pin", "account", known, at=at)
    return right
