"""Reading the passes of a whole delivery: each text once, off the loop, and known ones by heart."""

import asyncio
from collections.abc import Sequence

from core.gate.keys import Keys
from core.passes.keys import verifying_keys
from core.passes.token import TokenBody, TokenError, normalise_scan, raw_hash, read

MOST_KNOWN = 20_000


class Verified:
    """What a text is: the body of a genuine pass, or what is wrong with it and its hash."""

    __slots__ = ("body", "fault", "pass_id", "raw_hash")

    def __init__(
        self, body: TokenBody | None, fault: str, hashed: str, pass_id: str | None = None
    ) -> None:
        self.body = body
        self.fault = fault
        self.raw_hash = hashed
        self.pass_id = pass_id if body is None else body.pass_id.hex()

    @property
    def mark(self) -> str:
        """What stands for the text where it must not be kept."""
        return self.pass_id or self.raw_hash


class Verifier:
    """Verifies for one process; what was genuine once is known while its key is published."""

    def __init__(self) -> None:
        self._known: dict[str, Verified] = {}

    async def verify(self, texts: Sequence[str]) -> dict[str, Verified]:
        """Return what each text is."""
        keys = await verifying_keys()
        found = {
            text: known
            for text in texts
            if (known := self._known.get(text)) is not None
            and known.body is not None
            and known.body.key_id in keys
        }
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if not missing:
            return found
        fresh = await asyncio.to_thread(_verify_all, missing, keys)
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known |= {text: one for text, one in fresh.items() if one.body is not None}
        return found | fresh


def _verify_all(texts: Sequence[str], keys: Keys) -> dict[str, Verified]:
    return {text: verify(text, keys) for text in texts}


def verify(text: str, keys: Keys) -> Verified:
    """Return what one text is; nothing that it holds raises."""
    plain = normalise_scan(text)
    try:
        return Verified(read(plain, keys), "", "")
    except TokenError as error:
        return Verified(None, error.code, raw_hash(plain))
