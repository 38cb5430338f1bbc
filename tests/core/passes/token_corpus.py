"""One list of good and bad pass codes for every verifier, in Python and in the browser.

`python -m tests.core.passes.token_corpus FILE` writes it as JSON: the public keys by key id (hex),
and cases of `text`, `code` (null where the pass is good), `audience`, `at`, `zones`, and `pass_id`.
Lengths count code points; a text may hold lone surrogates. The same seed gives the same file.
"""

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.passes.token import LENGTH, PREFIX, TokenBody, sign

AUDIENCE, NOW, ZONES = 7, 1_795_000_000, 0b0101
SHARED = 10_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def private_key(seed: int) -> Ed25519PrivateKey:
    """A key for tests: always the same for the same number."""
    return Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))


OLD, NEW, FORGER = private_key(1), private_key(2), private_key(3)
KEYS = {1: (OLD.public_key(),), 2: (NEW.public_key(),)}


def a_body(**changes) -> TokenBody:
    """A pass that is good at NOW, with changes."""
    fields = {
        "type": 1,
        "key_id": 2,
        "audience": AUDIENCE,
        "pass_id": bytes(range(12)),
        "not_before": NOW - 3600,
        "expires": NOW + 3600,
        "zones": 0b0001,
        "generation": 3,
        "flags": 0,
    }
    return TokenBody(**{**fields, **changes})


def garbage(random_: random.Random, good: str) -> str:
    """A text that is no pass, near to one or far from it."""
    kind = random_.randrange(8)
    place = random_.randrange(LENGTH)
    if kind == 0:
        return good[:place] + random_.choice(ALPHABET) + good[place + 1 :]
    if kind == 1:
        return good[:place]
    if kind == 2:
        return good + random_.choice(ALPHABET) * random_.randrange(1, 9)
    if kind == 3:
        return PREFIX + "".join(random_.choices(ALPHABET, k=LENGTH - len(PREFIX)))
    if kind == 4:
        return "".join(chr(random_.randrange(0x110000)) for _ in range(LENGTH))
    if kind == 5:
        return good[:place] + chr(random_.randrange(0x110000)) + good[place + 1 :]
    if kind == 6:
        other = random_.randrange(LENGTH)
        letters = list(good)
        letters[place], letters[other] = letters[other], letters[place]
        return "".join(letters)
    return "".join(chr(random_.randrange(0x3000)) for _ in range(random_.choice([0, 1, 151, 5000])))


def a_case(random_: random.Random) -> tuple[str | None, str, TokenBody | None]:
    """A good pass of any kind, or one that is bad in one way of its own: code, text and body."""
    body = a_body(
        pass_id=random_.randbytes(12),
        type=random_.randrange(1, 5),
        generation=random_.randrange(256),
        flags=random_.randrange(256),
        zones=random_.choice([0b0001, 0b0100, 0b0101, 0xFFFF]),
        key_id=random_.choice([1, 2]),
    )
    key = OLD if body.key_id == 1 else NEW
    code, changes = random_.choice(
        [
            (None, {}),
            ("token_type", {"type": random_.choice([0, *range(5, 256)])}),
            ("foreign_organisation", {"audience": AUDIENCE + random_.randrange(1, 60_000)}),
            ("not_yet_valid", {"not_before": NOW + random_.randrange(121, 3600)}),
            ("expired", {"expires": NOW - random_.randrange(120, 3600)}),
            ("wrong_zone", {"zones": random_.choice([0, 0b0010, 0b1000, 0xFF00])}),
            ("token_key_unknown", {"key_id": random_.randrange(3, 256)}),
            ("token_signature", {}),
        ]
    )
    body = replace(body, **changes)
    text = sign(body, FORGER if code == "token_signature" else key)
    return code, text, None if code else body


def cases(seed: int = 1, noise: int = 500, signed: int = 0) -> list[dict]:
    """Every code at least once, the edges of each check, `signed` made at random, then noise."""
    good = sign(a_body(), NEW)
    found = []

    def case(code: str | None, text: str, body: TokenBody | None = None) -> None:
        found.append(
            {
                "code": code,
                "text": text,
                "audience": AUDIENCE,
                "at": NOW,
                "zones": ZONES,
                "pass_id": body.pass_id.hex() if body else None,
            }
        )

    for body, key in (
        (a_body(), NEW),
        (a_body(key_id=1), OLD),
        (a_body(zones=0b0100), NEW),
        (a_body(zones=0xFFFF, generation=255, flags=255), NEW),
        (a_body(not_before=NOW + 120), NEW),
        (a_body(expires=NOW - 119), NEW),
        (a_body(not_before=0, expires=2**32 - 1, pass_id=b"\xff" * 12), NEW),
    ):
        case(None, sign(body, key), body)
    case("token_length", "")
    case("token_length", good[:-1])
    case("token_length", good + "A")
    case("token_length", good + "\n")
    case("token_prefix", "LF2:" + good[4:])
    case("token_prefix", good.lower())
    case("token_prefix", "\U0001f600" * LENGTH)
    case("token_prefix", "\ud800" * LENGTH)
    case("token_alphabet", good[:-1] + "1")
    case("token_alphabet", good[:20] + "_" + good[21:])
    case("token_alphabet", good[:20] + " " + good[21:])
    case("token_alphabet", good[:20] + "\u0664" + good[21:])
    case("token_alphabet", good[:20] + "\uff21" + good[21:])
    case("token_alphabet", good[:20] + "\ud800" + good[21:])
    for spare in range(1, 16):
        case("token_alphabet", good[:-1] + ALPHABET[ALPHABET.index(good[-1]) + spare])
    case("token_key_unknown", sign(a_body(key_id=9), NEW))
    case("token_signature", sign(a_body(), FORGER))
    case("token_signature", sign(a_body(key_id=1), NEW))
    case("token_signature", good[:6] + ("B" if good[6] == "A" else "A") + good[7:])
    case("token_type", sign(a_body(type=0), NEW))
    case("token_type", sign(a_body(type=200), NEW))
    case("foreign_organisation", sign(a_body(audience=8), NEW))
    case("not_yet_valid", sign(a_body(not_before=NOW + 121), NEW))
    case("expired", sign(a_body(expires=NOW - 120), NEW))
    case("wrong_zone", sign(a_body(zones=0b1010), NEW))
    case("wrong_zone", sign(a_body(zones=0), NEW))
    random_ = random.Random(seed)
    for _ in range(signed):
        case(*a_case(random_))
    known = {one["text"] for one in found}
    for _ in range(noise):
        text = garbage(random_, good)
        if text not in known:
            case("refused", text)  # whichever of the first five codes comes first
    return found


def shared(size: int = SHARED) -> list[dict]:
    """So many cases for every verifier, a third of them signed."""
    signed = size // 3
    return cases(signed=signed, noise=2 * size - signed)[:size]


def write(path: Path) -> None:
    """Write keys and cases for a verifier that is not Python."""
    keys = {
        str(number): [key.public_bytes_raw().hex() for key in some] for number, some in KEYS.items()
    }
    path.write_text(json.dumps({"keys": keys, "cases": shared()}, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
