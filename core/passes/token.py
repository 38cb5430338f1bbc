"""The signed pass `LF1:`: how it is written, read and judged. No database, no revocations.

`LF1:` and 148 characters of upper-case base32 without padding, of 92 bytes: the body and an Ed25519
signature of "laifang/LF1", a zero byte and the body. 152 characters fill a QR code of version 6-M
in its alphanumeric mode, and survive a scanner that types like a keyboard. The body, big-endian:

    type u8, flags u8, key id u8, audience u16, pass id 12 bytes,
    not before u32, expires u32 (seconds since 1970, UTC), zones u16 (one bit each), generation u8

Whether the pass was revoked or replaced (`revoked`, `reissued`) only the gate knows, from its row.
"""

import hashlib
import re
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import DomainError
from core.i18n import N_

PREFIX = "LF1:"
LENGTH = 152
DOMAIN = b"laifang/LF1\0"
SKEW_SECONDS = 120

_BODY = struct.Struct(">BBBH12sIIHB")
_KEY_ID_AT = 2
_BODY_BYTES, _SIGNATURE_BYTES = 28, 64
_PAYLOAD_BYTES = _BODY_BYTES + _SIGNATURE_BYTES
_SPARE_BITS = (LENGTH - len(PREFIX)) * 5 - _PAYLOAD_BYTES * 8
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE32_TEXT = re.compile("[A-Z2-7]*")
# Python's own digits of base 32: its integers read them in C, ten times faster than base64's loop.
_DIGITS = b"0123456789abcdefghijklmnopqrstuv"
_TO_DIGITS = bytes.maketrans(_BASE32, _DIGITS)

REASONS = {
    "token_length": N_("This is not a whole pass code. Scan again, closer and flat."),
    "token_prefix": N_("This code is not a pass of this system. Ask for the right code."),
    "token_alphabet": N_("The code was read wrongly. Scan again; clean the code or the lens."),
    "token_key_unknown": N_(
        "The pass bears a key that this gate does not know. Load the gate page anew; if it happens "
        "again, register the person at the desk."
    ),
    "token_signature": N_("The pass is forged or damaged. Keep it and call the duty officer."),
    "token_type": N_("This kind of pass is not for this gate. Send the person to the desk."),
    "foreign_organisation": N_("The pass belongs to another organisation. Register the person."),
    "not_yet_valid": N_("The pass is not valid yet. Look at its time and ask the person to wait."),
    "expired": N_("The pass has expired. Register the person anew."),
    "wrong_zone": N_("The pass does not open this zone. Show the person the right gate."),
    "revoked": N_("The pass was revoked. Keep it and send the person to the desk."),
    "reissued": N_("A newer pass replaced this one. Ask for the new pass."),
}


class TokenType(IntEnum):
    """What a pass is for, as far as a gate without network must know."""

    BADGE = 1  # stands for a person and is used again and again
    VISIT = 2  # one visit: in and out again
    EXIT = 3  # one leave: out, and back where that is asked
    STUB = 4  # the part of a visitor's slip that comes back


class TokenFlag(IntFlag):
    """What else a gate without network must know; bits not named here are ignored."""

    SINGLE_ENTRY = 1  # the first entry uses it up


@dataclass(frozen=True, slots=True)
class TokenBody:
    """What a pass says. Times are whole seconds since 1970; `zones` is a mask of 16 bits."""

    type: int
    key_id: int
    audience: int
    pass_id: bytes
    not_before: int
    expires: int
    zones: int
    generation: int = 0
    flags: int = 0


class TokenError(DomainError):
    """A pass that opens nothing; `code` is one of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


def sign(body: TokenBody, private_key: Ed25519PrivateKey) -> str:
    """Return the signed text of a pass; ValueError where a field does not fit its place."""
    packed = _packed(body)
    return _write(packed + private_key.sign(DOMAIN + packed))


def signature_of(body: TokenBody, private_key: Ed25519PrivateKey) -> bytes:
    """Return the 64 bytes that end a pass's text: the same each time, known to who holds the pass."""
    return private_key.sign(DOMAIN + _packed(body))


def _packed(body: TokenBody) -> bytes:
    if len(body.pass_id) != 12:
        raise ValueError("a pass id has 12 bytes")
    if body.not_before >= body.expires:
        raise ValueError("a pass expires after it begins")
    try:
        return _BODY.pack(
            body.type,
            body.flags,
            body.key_id,
            body.audience,
            body.pass_id,
            body.not_before,
            body.expires,
            body.zones,
            body.generation,
        )
    except struct.error as error:
        raise ValueError(f"a field of the pass does not fit: {error}") from error


def read(text: str, keys: Mapping[int, Sequence[Ed25519PublicKey]]) -> TokenBody:
    """Return what a genuine pass says, or raise TokenError and nothing else.

    Checked in this order: length, prefix, alphabet (also the spare bits, so that one pass has one
    text), key, signature. `keys` may hold several keys under one id, as during a rotation.
    """
    if len(text) != LENGTH:
        raise TokenError("token_length")
    if not text.startswith(PREFIX):
        raise TokenError("token_prefix")
    payload = _payload(text)
    body, signature = payload[:_BODY_BYTES], payload[_BODY_BYTES:]
    candidates = keys.get(payload[_KEY_ID_AT], ())
    if not candidates:
        raise TokenError("token_key_unknown")
    if not any(_is_signed(key, signature, body) for key in candidates):
        raise TokenError("token_signature")
    kind, flags, key_id, audience, pass_id, not_before, expires, zones, generation = _BODY.unpack(
        body
    )
    return TokenBody(
        type=kind,
        key_id=key_id,
        audience=audience,
        pass_id=pass_id,
        not_before=not_before,
        expires=expires,
        zones=zones,
        generation=generation,
        flags=flags,
    )


def check(
    body: TokenBody,
    *,
    audience: int,
    at: int,
    zones: int,
    skew: int = SKEW_SECONDS,
    types: Collection[int] = frozenset(TokenType),
) -> None:
    """Raise TokenError unless the pass is good here and now.

    Checked in this order: type, audience, beginning, end, zone. `zones` is the mask of the zones
    that the gate opens; one in common is enough. Clocks may differ by `skew` seconds either way.
    """
    if body.type not in types:
        raise TokenError("token_type")
    if body.audience != audience:
        raise TokenError("foreign_organisation")
    if at + skew < body.not_before:
        raise TokenError("not_yet_valid")
    if at - skew >= body.expires:
        raise TokenError("expired")
    if not body.zones & zones:
        raise TokenError("wrong_zone")


def raw_hash(text: str) -> str:
    """Return the SHA-256 of a scanned text, in hex: what is kept of one that is no pass."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# What a scanner that types adds or an input method changes: white space and controls go, full-width
# forms become ASCII, small letters capitals. Only these: no letter may turn into two.
_WHITE = (*range(0x21), *range(0x7F, 0xA1), 0x200B, 0x2028, 0x2029, 0x2060, 0x3000, 0xFEFF)
_SCAN = {
    **dict.fromkeys(_WHITE),
    **{code: code - 0x20 for code in range(ord("a"), ord("z") + 1)},
    **{code + 0xFEE0: code for code in range(0x21, 0x7F)},
    **{code + 0xFEE0: code - 0x20 for code in range(ord("a"), ord("z") + 1)},
}


def normalise_scan(text: str) -> str:
    """Return a scanned text as its code was printed, whatever keyboard or input method typed it."""
    return text.translate(_SCAN)


@lru_cache(maxsize=256)
def public_key(raw: bytes) -> Ed25519PublicKey:
    """Return the key object of 32 raw bytes; the same object for the same bytes."""
    return Ed25519PublicKey.from_public_bytes(raw)


def _write(payload: bytes) -> str:
    number = int.from_bytes(payload, "big") << _SPARE_BITS
    digits = bytearray(LENGTH - len(PREFIX))
    for place in range(len(digits) - 1, -1, -1):
        digits[place] = _BASE32[number & 31]
        number >>= 5
    return PREFIX + digits.decode("ascii")


def _payload(text: str) -> bytes:
    if _BASE32_TEXT.fullmatch(text, len(PREFIX)) is None:
        raise TokenError("token_alphabet")
    number = int(text[len(PREFIX) :].encode("ascii").translate(_TO_DIGITS), 32)
    if number & ((1 << _SPARE_BITS) - 1):
        raise TokenError("token_alphabet")
    return (number >> _SPARE_BITS).to_bytes(_PAYLOAD_BYTES, "big")


def _is_signed(key: Ed25519PublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, DOMAIN + body)
    except InvalidSignature:
        return False
    return True
