"""The signed pass: every way it may be bad has its code, and nothing else ever comes out."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.passes import token
from core.passes.token import TokenBody, TokenError, check, normalise_scan, raw_hash, read, sign
from tests.core.passes import token_corpus
from tests.core.passes.token_corpus import (
    ALPHABET,
    AUDIENCE,
    KEYS,
    NEW,
    NOW,
    OLD,
    ZONES,
    a_body,
    garbage,
)

BODIES = st.builds(
    TokenBody,
    type=st.integers(0, 255),
    flags=st.integers(0, 255),
    key_id=st.just(2),
    audience=st.integers(0, 2**16 - 1),
    pass_id=st.binary(min_size=12, max_size=12),
    not_before=st.integers(0, 2**31),
    expires=st.integers(2**31 + 1, 2**32 - 1),
    zones=st.integers(0, 2**16 - 1),
    generation=st.integers(0, 255),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)


def code_of(text: str, keys=KEYS, **place) -> str | None:
    try:
        check(read(text, keys), **{"audience": AUDIENCE, "at": NOW, "zones": ZONES, **place})
    except TokenError as error:
        return error.code
    return None


@given(BODIES)
def test_what_was_signed_is_read_back(body):
    text = sign(body, NEW)
    assert len(text) == 152
    assert set(text[4:]) <= set(ALPHABET)
    assert read(text, KEYS) == body


@given(BODIES, st.integers(0, 28 * 8 + 64 * 8 - 1))
def test_any_flipped_bit_is_refused(body, bit):
    text = sign(body, NEW)
    payload = bytearray(token._payload(text))
    payload[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TokenError) as refused:
        read(token._write(bytes(payload)), {**KEYS, 0: KEYS[1]})
    assert refused.value.code in {"token_signature", "token_key_unknown"}


@given(ANY_TEXT)
def test_no_text_raises_anything_but_a_token_error(text):
    for one in (text, "LF1:" + text, ("LF1:" + text).ljust(152, "A")[:152], text.ljust(152)[:152]):
        with pytest.raises(TokenError):
            read(one, KEYS)
        raw_hash(one)
        normalise_scan(one)


@pytest.mark.parametrize("number", range(len(token_corpus.cases(noise=0))))
def test_each_bad_pass_of_the_shared_corpus_has_its_own_code(number):
    case = token_corpus.cases(noise=0)[number]
    assert code_of(case["text"]) == case["code"]


def test_every_code_has_a_case_and_a_sentence():
    shown = {case["code"] for case in token_corpus.cases(noise=0)} - {None}
    assert shown == set(token.REASONS) - {"revoked", "reissued"}
    for code in shown:
        assert str(TokenError(code).message)
    assert len({reason.msgid for reason in token.REASONS.values()}) == len(token.REASONS)


def test_a_hundred_thousand_mutated_texts_crash_nothing_and_open_nothing():
    noise = random.Random(20261121)
    good = sign(a_body(), NEW)
    refused = dict.fromkeys(token.REASONS, 0)
    unchanged = 0
    for _ in range(100_000):
        text = garbage(noise, good)
        if text == good:
            unchanged += 1
            continue
        try:
            read(text, KEYS)
        except TokenError as error:
            refused[error.code] += 1
        else:
            pytest.fail(f"a forged pass was accepted: {text!r}")
    assert unchanged < 5_000
    assert sum(refused.values()) == 100_000 - unchanged
    for code in ("length", "prefix", "alphabet", "key_unknown", "signature"):
        assert refused[f"token_{code}"] > 100


def test_the_checks_come_in_the_agreed_order():
    everything_wrong = a_body(
        type=99, audience=1, not_before=NOW + 999, expires=NOW + 1000, zones=0
    )
    assert code_of(sign(everything_wrong, OLD)) == "token_signature"
    assert code_of(sign(everything_wrong, NEW)) == "token_type"
    assert code_of(sign(replace(everything_wrong, type=1), NEW)) == "foreign_organisation"
    assert code_of(sign(replace(everything_wrong, type=1, audience=AUDIENCE), NEW)) == (
        "not_yet_valid"
    )


def test_clocks_may_differ_by_the_skew_and_no_more():
    text = sign(a_body(not_before=NOW, expires=NOW + 10), NEW)
    assert code_of(text, at=NOW - 121) == "not_yet_valid"
    assert code_of(text, at=NOW - 120) is None
    assert code_of(text, at=NOW + 129) is None
    assert code_of(text, at=NOW + 130) == "expired"
    assert code_of(text, at=NOW - 1, skew=0) == "not_yet_valid"
    assert code_of(text, at=NOW + 10, skew=0) == "expired"


def test_a_gate_may_take_some_kinds_of_pass_only():
    text = sign(a_body(type=token.TokenType.STUB), NEW)
    assert code_of(text) is None
    assert code_of(text, types={token.TokenType.BADGE}) == "token_type"


def test_both_keys_open_while_one_replaces_the_other():
    both = {2: (OLD.public_key(), NEW.public_key())}
    assert read(sign(a_body(), OLD), both) == a_body()
    assert read(sign(a_body(), NEW), both) == a_body()
    assert code_of(sign(a_body(), NEW), {2: ()}) == "token_key_unknown"


def test_a_signature_over_the_bare_body_is_refused():
    packed = token._payload(sign(a_body(), NEW))[:28]
    assert code_of(token._write(packed + NEW.sign(packed))) == "token_signature"


@pytest.mark.parametrize(
    "change",
    [
        {"pass_id": b"short"},
        {"pass_id": bytes(13)},
        {"zones": 1 << 16},
        {"generation": 256},
        {"audience": -1},
        {"expires": 2**32},
        {"not_before": NOW, "expires": NOW},
        {"type": 256},
    ],
)
def test_a_body_that_does_not_fit_is_not_signed(change):
    with pytest.raises(ValueError, match="pass"):
        sign(a_body(**change), NEW)


def test_what_a_scanner_or_an_input_method_changed_is_put_right():
    good = sign(a_body(), NEW)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in good)
    for typed in (
        good + "\r\n",
        "  " + good.lower() + "\t",
        full_width,
        full_width.lower(),
        "\u3000" + good[:50] + "\r" + good[50:] + "\x00",
        "\ufeff" + good,
    ):
        assert normalise_scan(typed) == good


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text):
    once = normalise_scan(text)
    assert normalise_scan(once) == once
    assert len(once) <= len(text)


def test_the_hash_of_an_unreadable_scan_is_stable():
    assert raw_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert raw_hash("\ud800") != raw_hash("\ud801")


def test_key_objects_are_made_once():
    raw = NEW.public_key().public_bytes_raw()
    assert token.public_key(raw) is token.public_key(bytes(raw))


def test_the_corpus_for_other_verifiers_is_written_and_agrees(tmp_path):
    path = tmp_path / "corpus.json"
    command = [sys.executable, "-m", "tests.core.passes.token_corpus", str(path)]
    subprocess.run(command, check=True)
    corpus = json.loads(path.read_text("ascii"))
    keys = {
        int(number): [token.public_key(bytes.fromhex(key)) for key in some]
        for number, some in corpus["keys"].items()
    }
    assert len(corpus["cases"]) > 400
    for case in corpus["cases"]:
        place = {name: case[name] for name in ("audience", "at", "zones")}
        code = code_of(case["text"], keys, **place)
        if case["code"] == "refused":
            assert code is not None
            assert code.startswith("token_")
        else:
            assert code == case["code"]
        if case["pass_id"]:
            assert read(case["text"], keys).pass_id.hex() == case["pass_id"]


@settings(max_examples=20)
@given(st.binary(min_size=92, max_size=92))
def test_base32_agrees_with_the_standard_library(payload):
    import base64

    assert token._write(payload) == "LF1:" + base64.b32encode(payload).decode().rstrip("=")
    assert token._payload(token._write(payload)) == payload
