"""The keyed mark of each entry, and the hashes that the seals are made of.

A proof is made when the entry is written, so a row that somebody else put into the table, or one
changed before it was sealed, is found as well. Copying a row with its proof shows as a double.
"""

import hashlib
import hmac
import json
import os
from uuid import UUID

from core.privacy.crypto import Keyring, Purpose
from core.privacy.keys import keyring

Content = tuple[int, str, UUID | None, str, str, str, str, str, str, str]


def content(values: Content) -> bytes:
    """Return the bytes that stand for an entry, without its id and proof.

    In order: at, actor kind, actor id, actor name, place, act, record kind, record id, before, after.
    """
    at, kind, actor_id, *rest = values
    return json.dumps(
        [at, kind, str(actor_id) if actor_id else "", *rest],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")


def _tag(keys: Keyring, version: int, nonce: bytes, values: Content) -> str:
    return hmac.digest(keys.key(Purpose.LOG, version), nonce + content(values), "sha256")[:16].hex()


def prove(values: Content) -> str:
    """Return a fresh proof of an entry: `<key version>.<nonce><tag>` in hex."""
    keys = keyring()
    nonce = os.urandom(8)
    return f"{keys.current}.{nonce.hex()}{_tag(keys, keys.current, nonce, values)}"


def holds(proof: str, values: Content) -> bool:
    """Say whether a proof was made by this installation for just these values."""
    version, _, rest = proof.partition(".")
    try:
        expected = _tag(keyring(), int(version), bytes.fromhex(rest[:16]), values)
    except (ValueError, KeyError):
        return False
    return hmac.compare_digest(expected.encode(), rest[16:].encode("ascii", "replace"))


def leaf(entry_id: int, proof: str, values: Content) -> bytes:
    """Return the hash under which an entry is sealed, 32 bytes."""
    return hashlib.sha256(
        b"\x00" + entry_id.to_bytes(8, "big") + proof.encode() + b"\x00" + content(values)
    ).digest()


def link(previous: bytes, number: int, entries: bytes, leaves: bytes) -> bytes:
    """Return the chain's next value over one seal, 32 bytes."""
    return hashlib.sha256(
        b"\x01"
        + previous
        + number.to_bytes(8, "big")
        + len(entries).to_bytes(8, "big")
        + entries
        + leaves
    ).digest()
