"""What goes to a gate device under lock: cards only for who holds the pass, names only for the device.

A bundle is signed by the keys that sign passes, in a domain of its own, so that a device that knows
any key still published can tell it from a forged one. Pure: no database, no clock.
"""

import hashlib
from base64 import urlsafe_b64encode
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BUNDLE_DOMAIN = b"laifang-bundle-v1\0"
FACE_INFO = b"laifang-face-v1"
STILL_DOMAIN = b"laifang-bundle-still-v1\0"
CARD_INFO, ROLL_INFO = b"laifang-card-v1", b"laifang-roll-v1"
_NONCE_BYTES = 12


def text(data: bytes) -> str:
    """Return bytes in base64 for addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def sign_bundle(data: bytes, key: Ed25519PrivateKey) -> str:
    """Return the signature of a bundle's bytes."""
    return text(key.sign(BUNDLE_DOMAIN + data))


def sign_still(data: bytes, key: Ed25519PrivateKey) -> str:
    """Return the signature of the word that a bundle still holds."""
    return text(key.sign(STILL_DOMAIN + data))


def mark_of(bundle: str) -> str:
    """Return by what a device names the bundle that it holds."""
    return hashlib.sha256(bundle.encode()).hexdigest()


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _locked(plain: bytes, key: bytes) -> str:
    nonce = token_bytes(_NONCE_BYTES)
    return text(nonce + AESGCM(key).encrypt(nonce, plain, None))


def seal_card(plain: bytes, signature: bytes) -> str:
    """Return a card that opens only with the 64 signature bytes of its pass's token."""
    return _locked(plain, _derived(signature, CARD_INFO))


def seal_face(plain: bytes, signature: bytes) -> str:
    """Return a small photo that opens only with the 64 signature bytes of its pass's token."""
    return _locked(plain, _derived(signature, FACE_INFO))


def seal_roll(plain: bytes, device_secret: str) -> str:
    """Return a list of names that opens only with the device's own secret."""
    return _locked(plain, _derived(device_secret.encode(), ROLL_INFO))


def digest(plain: bytes) -> bytes:
    """Return by what it is known that a card has not changed since it was sealed."""
    return hashlib.sha256(plain).digest()
