"""The keys that sign passes: two always published, changed without refusing a valid pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core import clock, db
from core.errors import DomainError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.passes.tables import PassKey
from core.passes.token import public_key
from core.permissions import SYSTEM, Actor
from core.privacy.crypto import DecryptionError, Keyring
from core.privacy.keys import keyring

CURRENT, NEXT, RETIRED, WITHDRAWN = "current", "next", "retired", "withdrawn"
_LOCK = 0x706B_6579  # PostgreSQL's advisory lock while keys change
_IDS = range(1, 256)


class NoFreeKeyError(DomainError):
    """All 255 numbers of keys are taken by keys whose passes are still good."""

    code = "no_free_key"

    def __init__(self) -> None:
        super().__init__(
            N_("No number is free for another key while so many old passes are valid.")
        )


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key that gates must know; `state` is current, next or retired."""

    id: int
    public: bytes
    state: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign, with its number and state."""

    id: int
    private: Ed25519PrivateKey
    state: str = CURRENT


def _label(key_id: int) -> str:
    return f"pass_key/{key_id}"


async def _alone() -> None:
    """Keep other processes from changing keys until this transaction ends."""
    if not db.is_sqlite():
        await db.fetch("SELECT pg_advisory_xact_lock({})", _LOCK)


async def _rows() -> list[db.Row]:
    return await db.fetch("SELECT id, public, private_sealed, state FROM pass_key ORDER BY id")


async def _free_id(taken: set[int], at: datetime) -> int:
    """Return an unused number, or that of an old key of which no pass is good any more."""
    for number in _IDS:
        if number not in taken:
            return number
    rows = await db.fetch(
        "SELECT id FROM pass_key WHERE state IN ('retired', 'withdrawn') AND NOT EXISTS"
        " (SELECT 1 FROM pass WHERE pass.key = pass_key.id AND pass.expires > {})"
        " ORDER BY retired_at LIMIT 1",
        clock.to_ms(at),
    )
    if not rows:
        raise NoFreeKeyError
    number = int(rows[0]["id"])
    await db.execute("DELETE FROM pass_key WHERE id = {}", number)
    return number


async def _make(state: str, at: datetime) -> int:
    key_id = await _free_id({row["id"] for row in await _rows()}, at)
    public, sealed = keyring().new_signing_key(_label(key_id))
    await PassKey.insert(
        PassKey(id=key_id, public=public, private_sealed=sealed, state=state, created_at=at)
    )
    return key_id


async def _id_of(state: str) -> int | None:
    for row in await _rows():
        if row["state"] == state:
            return int(row["id"])
    return None


async def fits(ring: Keyring | None) -> bool:
    """Say whether a keyring opens the keys stored here; without one, whether none is needed yet."""
    if not await db.has_table("pass_key"):
        return True
    rows = await _rows()
    if ring is None:
        return not rows
    try:
        for row in rows:
            ring.signing_key(row["private_sealed"], _label(row["id"]))
    except DecryptionError:
        return False
    return True


async def prepare(*, at: datetime) -> None:
    """Make the two keys of a new installation; nothing happens where they are."""
    states = {row["state"] for row in await _rows()}
    if {CURRENT, NEXT} <= states:
        return
    async with db.writing():
        await _alone()
        for state in (CURRENT, NEXT):
            if await _id_of(state) is None:
                key_id = await _make(state, at)
                await record(SYSTEM, "pass_key.make", "pass_key", key_id, at=at)


async def signer(*, at: datetime) -> Signer:
    """Return the key that signs new passes."""
    await prepare(at=at)
    return next(iter((await signers(state=CURRENT)).values()))


async def signers(*, state: str = "") -> Mapping[int, Signer]:
    """Return the keys that can sign, by number: all but withdrawn ones, or those of one state."""
    return {
        row["id"]: Signer(
            row["id"], keyring().signing_key(row["private_sealed"], _label(row["id"])), row["state"]
        )
        for row in await _rows()
        if row["state"] != WITHDRAWN and state in ("", row["state"])
    }


async def published() -> list[PublishedKey]:
    """Return what a gate must know to read every good pass, two keys at least."""
    return [
        PublishedKey(row["id"], bytes(row["public"]), row["state"])
        for row in await _rows()
        if row["state"] != WITHDRAWN
    ]


async def verifying_keys() -> Mapping[int, Sequence[Ed25519PublicKey]]:
    """Return the published keys as `token.read` takes them."""
    return {key.id: (public_key(key.public),) for key in await published()}


async def rotate_keys(*, actor: Actor, at: datetime) -> int:
    """Sign from now on with the next key, publish a fresh one after it; return the new current.

    The key that signed till now stays published: passes that it signed stay good.
    """
    await prepare(at=at)
    async with db.writing():
        await _alone()
        return await _rotate(RETIRED, actor, at)


async def _rotate(left_as: str, actor: Actor, at: datetime) -> int:
    old, new = await _id_of(CURRENT), await _id_of(NEXT)
    await PassKey.update({PassKey.state: left_as, PassKey.retired_at: at}).where(PassKey.id == old)
    await PassKey.update({PassKey.state: CURRENT}).where(PassKey.id == new)
    await _make(NEXT, at)
    await record(
        actor, "pass_key.rotate", "pass_key", new, at=at, before={"key": old}, after={"key": new}
    )
    assert new is not None  # noqa: S101 - prepare() made it
    return new


async def withdraw_key(key_id: int, *, actor: Actor, at: datetime, reason: str) -> int:
    """Refuse everything that a betrayed key signed; return how many good passes must be printed anew.

    Those passes are signed by the current key when they are printed next.
    """
    await prepare(at=at)
    async with db.writing():
        await _alone()
        states = {row["id"]: row["state"] for row in await _rows()}
        if key_id not in states:
            raise NotFoundError
        if states[key_id] == WITHDRAWN:
            raise WrongStateError(N_("This key was withdrawn already."))
        if states[key_id] == CURRENT:
            await _rotate(WITHDRAWN, actor, at)
        else:
            await PassKey.update({PassKey.state: WITHDRAWN, PassKey.retired_at: at}).where(
                PassKey.id == key_id
            )
            if states[key_id] == NEXT:
                await _make(NEXT, at)
        moved = await db.execute(
            "UPDATE pass SET key = {}, version = version + 1"
            " WHERE key = {} AND expires > {} AND revoked_at IS NULL",
            await _id_of(CURRENT),
            key_id,
            clock.to_ms(at),
        )
        await record(
            actor,
            "pass_key.withdraw",
            "pass_key",
            key_id,
            at=at,
            before={"state": states[key_id]},
            after={"state": WITHDRAWN, "reason": reason, "passes": moved},
        )
        return moved
