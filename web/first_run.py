"""The one-time code that proves whoever makes the first administrator sees the server's console."""

import base64
import hashlib

from core.accounts.passwords import same
from core.privacy.crypto import Purpose
from core.privacy.keys import keyring


def setup_code() -> str:
    """Return the code; it is the same in every process that has this installation's keyring."""
    digest = hashlib.sha256(keyring().mark(Purpose.SESSION, "first-run").encode()).digest()
    text = base64.b32encode(digest)[:12].decode()
    return "-".join((text[:4], text[4:8], text[8:]))


def is_setup_code(typed: str) -> bool:
    """Say whether this is the code, however it was grouped and in whatever case."""
    plain = "".join(typed.split()).replace("-", "").upper()
    return same(plain, setup_code().replace("-", ""))
