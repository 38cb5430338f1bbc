"""Issuing, printing, replacing and revoking passes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.passes import keys, queries
from core.passes.keys import Signer
from core.passes.queries import StoredPass
from core.passes.tables import Pass
from core.passes.token import TokenBody, TokenFlag, TokenType, sign
from core.permissions import Actor

ALL_ZONES = 0xFFFF
VISIT = "visit"
LEFT = "left"  # why a slip was revoked whose visitor has left; taken back with the leaving
_ROWS_AT_ONCE = 100
_LAST_SECOND = 2**32 - 1
_LAST_GENERATION = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPass:
    """A pass to be issued. `zones` is a mask of 16 bits; `single_entry`: the first entry uses it up."""

    kind: str
    holder_id: UUID
    site_id: UUID
    not_before: datetime
    expires: datetime
    registration_id: UUID | None = None
    zones: int = ALL_ZONES
    single_entry: bool = False
    token_type: TokenType = TokenType.BADGE


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPass:
    """A pass as it may be printed; `token` is the text of its QR code."""

    pass_id: str
    token: str
    kind: str
    holder_id: UUID
    generation: int
    not_before: datetime
    expires: datetime


def _check(new: NewPass) -> None:
    if new.not_before >= new.expires:
        raise InvalidInputError({"expires": N_("A pass must end after it begins.")})
    if new.not_before.timestamp() < 0 or new.expires.timestamp() > _LAST_SECOND:
        raise InvalidInputError({"expires": N_("A pass cannot end so late.")})
    if not 0 < new.zones <= ALL_ZONES:
        raise InvalidInputError({"zones": N_("A pass needs at least one zone.")})


def body_of(stored: StoredPass, audience: int, key_id: int) -> TokenBody:
    """Return what the token of a pass says."""
    return TokenBody(
        type=stored.token_type,
        key_id=key_id,
        audience=audience,
        pass_id=bytes.fromhex(stored.pass_id),
        not_before=stored.not_before // 1000,
        expires=stored.expires // 1000,
        zones=stored.zones,
        generation=stored.generation,
        flags=TokenFlag.SINGLE_ENTRY if stored.single_entry else 0,
    )


def token_text(stored: StoredPass, audience: int, signer: Signer) -> str:
    """Return the signed text of a pass: the same for the same pass, key and generation."""
    return sign(body_of(stored, audience, signer.id), signer.private)


def _issued(stored: StoredPass, audience: int, signer: Signer) -> IssuedPass:
    return IssuedPass(
        pass_id=stored.pass_id,
        token=token_text(stored, audience, signer),
        kind=stored.kind,
        holder_id=stored.holder_id,
        generation=stored.generation,
        not_before=clock.from_ms(stored.not_before),
        expires=clock.from_ms(stored.expires),
    )


async def issue_many(passes: Sequence[NewPass], *, actor: Actor, at: datetime) -> list[IssuedPass]:
    """Issue passes, all or none, in one transaction, in the order given."""
    for new in passes:
        _check(new)
    signer = await keys.signer(at=at)
    audiences = await queries.audiences()
    stored: list[StoredPass] = []
    for new in passes:
        if new.site_id not in audiences:
            raise NotFoundError
        stored.append(
            StoredPass(
                pass_id=secrets.token_hex(12),
                kind=new.kind,
                holder_id=new.holder_id,
                site_id=new.site_id,
                registration_id=new.registration_id,
                token_type=int(new.token_type),
                key=signer.id,
                generation=0,
                not_before=int(new.not_before.timestamp()) * 1000,
                expires=int(new.expires.timestamp()) * 1000,
                zones=new.zones,
                single_entry=new.single_entry,
                revoked_at=None,
            )
        )
    async with db.writing():
        for part in _parts(stored):
            await Pass.insert(*(_row(new, actor, at) for new in part))
        for row in stored:
            await record(actor, "pass.issue", "pass", row.pass_id, at=at, after=_shown(row))
    return [_issued(row, audiences[row.site_id], signer) for row in stored]


def _parts(stored: list[StoredPass]) -> list[list[StoredPass]]:
    return [stored[i : i + _ROWS_AT_ONCE] for i in range(0, len(stored), _ROWS_AT_ONCE)]


def _row(new: StoredPass, actor: Actor, at: datetime) -> Pass:
    return Pass(
        id=new.pass_id,
        kind=new.kind,
        holder=new.holder_id,
        site=new.site_id,
        registration=new.registration_id,
        token_type=new.token_type,
        key=new.key,
        not_before=new.not_before,
        expires=new.expires,
        zones=new.zones,
        single_entry=new.single_entry,
        issued_at=clock.to_ms(at),
        issued_by=actor.id,
    )


def _shown(stored: StoredPass) -> dict[str, object]:
    return {
        "kind": stored.kind,
        "holder": stored.holder_id,
        "registration": stored.registration_id,
        "not_before": stored.not_before,
        "expires": stored.expires,
        "zones": stored.zones,
        "single_entry": stored.single_entry,
        "generation": stored.generation,
    }


async def issue(
    kind: str,
    holder_id: UUID,
    site_id: UUID,
    *,
    not_before: datetime,
    expires: datetime,
    actor: Actor,
    at: datetime,
    registration_id: UUID | None = None,
    zones: int = ALL_ZONES,
    single_entry: bool = False,
    token_type: TokenType | None = None,
) -> IssuedPass:
    """Issue one pass; a visit's is of the visit type unless said otherwise."""
    if token_type is None:
        token_type = TokenType.VISIT if kind == VISIT else TokenType.BADGE
    new = NewPass(
        kind=kind,
        holder_id=holder_id,
        site_id=site_id,
        registration_id=registration_id,
        not_before=not_before,
        expires=expires,
        zones=zones,
        single_entry=single_entry,
        token_type=token_type,
    )
    return (await issue_many([new], actor=actor, at=at))[0]


async def token_of(pass_id: str) -> str:
    """Return the text of a pass's QR code, as first printed."""
    tokens = await tokens_of([pass_id])
    if pass_id not in tokens:
        raise NotFoundError
    return tokens[pass_id]


async def stub_token_of(pass_id: str) -> str:
    """Return the text of the code on the stub of a slip: it only says that the stub came back."""
    found = await queries.stored_passes([pass_id])
    signers = await keys.signers()
    if not found or found[0].key not in signers:
        raise NotFoundError
    stub = replace(found[0], token_type=int(TokenType.STUB), single_entry=False)
    audiences = await queries.audiences()
    return token_text(stub, audiences[stub.site_id], signers[stub.key])


async def tokens_of(pass_ids: Sequence[str]) -> dict[str, str]:
    """Return the texts of several passes' QR codes by pass id, for a batch of prints.

    Left out is a worthless pass whose key was withdrawn: nothing can sign it any more.
    """
    audiences = await queries.audiences()
    signers = await keys.signers()
    return {
        stored.pass_id: token_text(stored, audiences[stored.site_id], signers[stored.key])
        for stored in await queries.stored_passes(pass_ids)
        if stored.key in signers
    }


async def _locked(pass_id: str) -> StoredPass:
    """Return a pass that the scan pipeline cannot change until this transaction ends."""
    await db.fetch("SELECT id FROM pass WHERE id = {} FOR UPDATE", pass_id)
    found = await queries.stored_passes([pass_id])
    if not found:
        raise NotFoundError
    return found[0]


async def reissue(pass_id: str, *, actor: Actor, at: datetime, reason: str = "") -> IssuedPass:
    """Replace a pass: the new print is good, every older one is refused as `reissued`."""
    signer = await keys.signer(at=at)
    audiences = await queries.audiences()
    async with db.writing():
        old = await _locked(pass_id)
        if old.revoked_at is not None:
            raise WrongStateError(N_("A revoked pass cannot be replaced. Issue a new one."))
        if old.generation >= _LAST_GENERATION:
            raise WrongStateError(N_("This pass was replaced too often. Issue a new one."))
        generation = old.generation + 1
        await db.execute(
            "UPDATE pass SET generation = {}, key = {}, version = version + 1 WHERE id = {}",
            generation,
            signer.id,
            pass_id,
        )
        await record(
            actor,
            "pass.reissue",
            "pass",
            pass_id,
            at=at,
            before={"generation": old.generation},
            after={"generation": generation, "reason": reason},
        )
        new = (await queries.stored_passes([pass_id]))[0]
    return _issued(new, audiences[new.site_id], signer)


async def revoke(pass_id: str, *, reason: str, actor: Actor, at: datetime) -> None:
    """Make a pass worthless at once, wherever it is printed; the reason is asked for."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        old = await _locked(pass_id)
        if old.revoked_at is not None:
            raise WrongStateError(N_("This pass was revoked already."))
        await _revoke(pass_id, reason.strip(), actor, at)


async def revoke_for_registration(
    registration_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> int:
    """Revoke what passes of a visit are still good, and return how many those were."""
    async with db.writing():
        rows = await db.fetch(
            "SELECT id FROM pass WHERE registration = {} AND revoked_at IS NULL ORDER BY id"
            " FOR UPDATE",
            registration_id,
        )
        for row in rows:
            await _revoke(row["id"], reason, actor, at)
        return len(rows)


async def _revoke(pass_id: str, reason: str, actor: Actor, at: datetime) -> None:
    await db.execute(
        "UPDATE pass SET revoked_at = {}, revoked_reason = {}, version = version + 1 WHERE id = {}",
        clock.to_ms(at),
        reason,
        pass_id,
    )
    await record(actor, "pass.revoke", "pass", pass_id, at=at, after={"reason": reason})
