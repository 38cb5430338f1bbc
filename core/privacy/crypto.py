"""The keyring beside the database: field encryption, blind indexes, keyed marks, sealed keys.

The file holds one master key of 32 bytes for each version; every use has its own key, derived from
it by HKDF-SHA256. Who loses the file loses the encrypted fields: back it up, and not with the data.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import DomainError
from core.i18n import N_
from core.privacy import key_file
from core.privacy.key_file import KeyringError as KeyringError

FORMAT = 1
_NONCE_BYTES, _TAG_BYTES = 12, 16
# An encrypted file: this mark, the version of the key in four bytes, nonce, content and tag.
_FILE_MARK = b"LFB1"
# `e1.` names this format, the number the version of the key; then nonce, text and tag in base64.
_ENCRYPTED = re.compile(r"e1\.([1-9][0-9]{0,5})\.([A-Za-z0-9_-]+)", re.ASCII)
_MARK = re.compile(r"([1-9][0-9]{0,5})\.([A-Za-z0-9_-]+)", re.ASCII)


class Purpose(StrEnum):
    """What a derived key is for; none serves two."""

    FIELD = "field"  # encrypted columns
    INDEX = "index"  # finding an encrypted value again
    TAIL = "tail"  # last four digits in the search index
    LINK = "link"  # links sent to hosts and visitors
    SESSION = "session"
    LOG = "log"
    SEAL = "seal"  # private keys kept in the database
    FILE = "file"  # whole files


class DecryptionError(DomainError):
    """A stored value that does not open: changed, moved to another row, or its key is gone."""

    code = "decryption_failed"

    def __init__(self) -> None:
        super().__init__(N_("A protected value cannot be opened. Tell the administrator."))


def is_encrypted(text: str) -> bool:
    """Say whether a stored text has the form of an encrypted one."""
    return _ENCRYPTED.fullmatch(text) is not None


class Keyring:
    """The versions of the master key. New values take the newest, old ones open with theirs.

    Blind indexes and tails can only be compared under one key, so they stay with `index_version`
    until `rotated(reindex=True)`; whoever does that computes every stored index anew.
    """

    __slots__ = ("_ciphers", "_derived", "_domains", "_masters", "current", "index_version")

    def __init__(self, masters: Mapping[int, bytes], current: int, index_version: int) -> None:
        if current not in masters or index_version not in masters:
            raise ValueError("the version in use is not among the keys")
        if any(len(master) != 32 for master in masters.values()):
            raise ValueError("a master key has 32 bytes")
        self._masters = dict(masters)
        self.current = current
        self.index_version = index_version
        self._derived: dict[tuple[Purpose, int], bytes] = {}
        self._ciphers: dict[tuple[Purpose, int], AESGCM] = {}
        self._domains: dict[str, Keyring] = {}

    def __repr__(self) -> str:
        return f"<Keyring versions {sorted(self._masters)}, current {self.current}>"

    @classmethod
    def generate(cls) -> Self:
        """Return a keyring of one fresh key, stored nowhere."""
        return cls({1: secrets.token_bytes(32)}, 1, 1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file; KeyringError where it is missing, open to others, or damaged."""
        text = key_file.read(path)
        try:
            return cls._parse(text)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyringError(
                N_("The key file {path} is damaged. Restore it from its backup.", path=str(path))
            ) from error

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the key file, or make it on the first start; of several starters one makes it."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            key_file.write(path, cls.generate()._text(), replace=False)
        return cls.load(path)

    def save(self, path: Path) -> None:
        """Replace the key file in one step, as after `rotated`."""
        key_file.write(path, self._text(), replace=True)

    def rotated(self, *, reindex: bool = False) -> "Keyring":
        """Return a keyring with one more version, used from now on for what is newly written."""
        version = max(self._masters) + 1
        masters = {**self._masters, version: secrets.token_bytes(32)}
        return Keyring(masters, version, version if reindex else self.index_version)

    def domain(self, name: str) -> "Keyring":
        """Return the keyring of one domain: keys of its own, which open nothing of the others'."""
        found = self._domains.get(name)
        if found is None:
            masters = {v: _derive(key, f"domain/{name}") for v, key in self._masters.items()}
            found = self._domains[name] = Keyring(masters, self.current, self.index_version)
        return found

    def fingerprints(self) -> dict[int, str]:
        """Return a mark of each version that betrays nothing: to see that file and data match."""
        return {
            version: _derive(master, "fingerprint").hex()[:16]
            for version, master in sorted(self._masters.items())
        }

    def key(self, purpose: Purpose, version: int | None = None) -> bytes:
        """Return the derived key of 32 bytes; KeyError for a version that is not here."""
        if version is None:
            version = self.index_version if purpose in _COMPARED else self.current
        found = self._derived.get((purpose, version))
        if found is None:
            found = _derive(self._masters[version], purpose)
            self._derived[purpose, version] = found
        return found

    def encrypt(self, plaintext: str, table: str, column: str, row_id: UUID | int | str) -> str:
        """Return the text encrypted for this one place; elsewhere it does not open."""
        data = plaintext.encode("utf-8", "surrogatepass")
        return self._lock(Purpose.FIELD, data, table, column, str(row_id))

    def decrypt(self, stored: str, table: str, column: str, row_id: UUID | int | str) -> str:
        """Return the text that `encrypt` took, or raise DecryptionError."""
        data = self._unlock(Purpose.FIELD, stored, table, column, str(row_id))
        return data.decode("utf-8", "surrogatepass")

    def encrypt_file(self, data: bytes, table: str, row_id: UUID) -> bytes:
        """Return a file's bytes encrypted for one row; under another they do not open."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        place = _joined((table, str(row_id)))
        locked = self._cipher(Purpose.FILE, self.current).encrypt(nonce, data, place)
        return _FILE_MARK + self.current.to_bytes(4, "big") + nonce + locked

    def decrypt_file(self, stored: bytes, table: str, row_id: UUID) -> bytes:
        """Return the bytes that `encrypt_file` took, or raise DecryptionError."""
        start = len(_FILE_MARK) + 4
        version = int.from_bytes(stored[len(_FILE_MARK) : start], "big")
        whole = len(stored) >= start + _NONCE_BYTES + _TAG_BYTES
        if not whole or not stored.startswith(_FILE_MARK) or version not in self._masters:
            raise DecryptionError
        nonce, locked = stored[start : start + _NONCE_BYTES], stored[start + _NONCE_BYTES :]
        try:
            return self._cipher(Purpose.FILE, version).decrypt(
                nonce, locked, _joined((table, str(row_id)))
            )
        except InvalidTag:
            raise DecryptionError from None

    def is_current(self, stored: str) -> bool:
        """Tell whether the newest key encrypted this; if not, rewriting it completes a rotation."""
        return stored.startswith(f"e1.{self.current}.")

    def blind_index(self, kind: str, value: str) -> str:
        """Return 32 hex digits by which an encrypted value is found again; normalise it before.

        An empty value has no index (ValueError): it would make all who lack one look alike.
        """
        if not value:
            raise ValueError("an empty value has no index")
        return _hmac(self.key(Purpose.INDEX), kind, value)[:16].hex()

    def mark(self, purpose: Purpose, *parts: str) -> str:
        """Return a keyed mark of these parts, safe in an address: `version.base64`."""
        digest = _hmac(self.key(purpose, self.current), *parts)
        return f"{self.current}.{_to_text(digest[:24])}"

    def is_mark(self, mark: str, purpose: Purpose, *parts: str) -> bool:
        """Tell whether `mark` made this of the same parts, with any version still here."""
        match = _MARK.fullmatch(mark)
        if match is None or int(match[1]) not in self._masters:
            return False
        digest = _hmac(self.key(purpose, int(match[1])), *parts)
        return hmac.compare_digest(match[2], _to_text(digest[:24]))

    def sealed(self, secret: bytes, label: str) -> str:
        """Return a secret, such as a private key, wrapped for the database under its label."""
        return self._lock(Purpose.SEAL, secret, label)

    def unsealed(self, stored: str, label: str) -> bytes:
        """Return what `sealed` took under the same label, or raise DecryptionError."""
        return self._unlock(Purpose.SEAL, stored, label)

    def new_signing_key(self, label: str) -> tuple[bytes, str]:
        """Make an Ed25519 key: its 32 public bytes, and the private ones sealed under the label."""
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        return public, self.sealed(private.private_bytes_raw(), label)

    def signing_key(self, stored: str, label: str) -> Ed25519PrivateKey:
        """Return the private key that `new_signing_key` sealed, or raise DecryptionError."""
        secret = self.unsealed(stored, label)
        if len(secret) != 32:
            raise DecryptionError
        return Ed25519PrivateKey.from_private_bytes(secret)

    def _cipher(self, purpose: Purpose, version: int) -> AESGCM:
        found = self._ciphers.get((purpose, version))
        if found is None:
            found = self._ciphers[purpose, version] = AESGCM(self.key(purpose, version))
        return found

    def _lock(self, purpose: Purpose, data: bytes, *place: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._cipher(purpose, self.current)
        return f"e1.{self.current}.{_to_text(nonce + cipher.encrypt(nonce, data, _joined(place)))}"

    def _unlock(self, purpose: Purpose, stored: str, *place: str) -> bytes:
        match = _ENCRYPTED.fullmatch(stored)
        if match is None or int(match[1]) not in self._masters:
            raise DecryptionError
        try:
            data = _from_text(match[2])
        except (binascii.Error, ValueError):
            raise DecryptionError from None
        if len(data) < _NONCE_BYTES + _TAG_BYTES:
            raise DecryptionError
        cipher = self._cipher(purpose, int(match[1]))
        try:
            return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _joined(place))
        except InvalidTag:
            raise DecryptionError from None

    @classmethod
    def _parse(cls, text: str) -> Self:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise ValueError("a format of another version")
        masters = {int(v): base64.b64decode(k, validate=True) for v, k in stored["keys"].items()}
        return cls(masters, int(stored["current"]), int(stored["index"]))

    def _text(self) -> str:
        keys = {str(v): base64.b64encode(k).decode("ascii") for v, k in self._masters.items()}
        stored = {"format": FORMAT, "current": self.current, "index": self.index_version}
        return json.dumps({**stored, "keys": keys}, indent=1) + "\n"


_COMPARED = frozenset({Purpose.INDEX, Purpose.TAIL})


def _derive(master: bytes, use: str) -> bytes:
    info = f"laifang/{use}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=b"laifang keyring 1", info=info).derive(master)


def _joined(parts: tuple[str, ...]) -> bytes:
    """Join so that no two different tuples give the same bytes."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _hmac(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, _joined(parts), hashlib.sha256)


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
