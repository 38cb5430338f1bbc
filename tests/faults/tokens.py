"""A million mutated pass codes: none crashes the reader, none that was not signed is accepted.

`python -m tests.faults.tokens --texts 1000000` prints a line of JSON and ends with 1 at the first fault.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter

from core.passes.token import TokenError, normalise_scan, raw_hash, read, sign
from tests.core.passes.token_corpus import KEYS, NEW, OLD, a_body, garbage


def fuzz(texts: int, seed: int) -> Counter[str]:
    """Return how many texts ended in which way: a code, `unchanged`, `accepted` or `crashed`."""
    dice = random.Random(seed)
    goods = [
        sign(a_body(pass_id=dice.randbytes(12), key_id=1 + number % 2), (OLD, NEW)[number % 2])
        for number in range(64)
    ]
    known = frozenset(goods)
    found: Counter[str] = Counter()
    for _ in range(texts):
        text = normalise_scan(garbage(dice, dice.choice(goods)))
        if text in known:
            found["unchanged"] += 1
            continue
        try:
            read(text, KEYS)
        except TokenError as error:
            found[error.code] += 1
        except Exception:
            found["crashed"] += 1
        else:
            found["accepted"] += 1
        raw_hash(text)
    return found


def main() -> None:
    """Read so many texts."""
    parser = argparse.ArgumentParser(description="Mutated pass codes.")
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    found = fuzz(given.texts, given.seed)
    line = {
        "harness": "tokens",
        "texts": given.texts,
        "seconds": round(time.monotonic() - began, 1),
        "crashed": found["crashed"],
        "forged_accepted": found["accepted"],
        "refused": {code: n for code, n in sorted(found.items()) if code.startswith("token_")},
        "unchanged": found["unchanged"],
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.exit(1 if found["crashed"] or found["accepted"] else 0)


if __name__ == "__main__":
    main()
