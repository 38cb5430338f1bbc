"""The gate page's own verifier says of every code what the server's says, by either library of signatures."""

import json
from collections import Counter

import pytest

from core.passes.token import REASONS, TokenError, check, normalise_scan, read
from tests.core.passes import token_corpus

pytestmark = [pytest.mark.browser, pytest.mark.rule("SCH-20")]

CODES = 10_000
BY_NOBLE = 1_000  # slow, and only a fallback
JUDGE = """
async ([corpus, engine]) => {
  const { keys, cases } = JSON.parse(corpus);
  const [token, { signatures }] = await Promise.all([
    import("/static/gate/token.js"), import("/static/gate/crypto.js"),
  ]);
  const [verifier, known] = [await signatures(engine), token.keysOf(keys)];
  const said = [];
  for (const one of cases) {
    try {
      const body = await token.read(one.text, known, verifier);
      said.push([token.faultOf(body, one), body.pass]);
    } catch (error) {
      said.push([error.code || String(error), null]);
    }
  }
  return [verifier.name, said];
}
"""


@pytest.fixture(scope="module")
def corpus():
    return token_corpus.cases(seed=20, noise=CODES)[:CODES]


def said_by_python(case):
    try:
        body = read(case["text"], token_corpus.KEYS)
        check(body, audience=case["audience"], at=case["at"], zones=case["zones"])
    except TokenError as error:
        return error.code
    return ""


def judged(page, cases, engine):
    keys = {
        number: [key.public_bytes_raw().hex() for key in some]
        for number, some in token_corpus.KEYS.items()
    }
    text = json.dumps({"keys": keys, "cases": cases})  # ASCII, so that lone surrogates arrive
    return page.evaluate(JUDGE, [text, engine])


@pytest.mark.parametrize(("engine", "most"), [("webcrypto", CODES), ("noble", BY_NOBLE)])
def test_browser_and_server_agree_on_every_code(server, page, corpus, engine, most):
    page.goto(f"{server.url}/gate")
    cases = corpus[:most]
    name, answers = judged(page, cases, engine)
    assert name == engine
    expected = [said_by_python(case) for case in cases]
    wrong = [
        (case["text"][:20], answer[0], python)
        for case, answer, python in zip(cases, answers, expected, strict=True)
        if answer[0] != python
    ]
    assert wrong == []
    good = [(case, answer) for case, answer in zip(cases, answers, strict=True) if not answer[0]]
    assert [answer[1] for _, answer in good] == [case["pass_id"] for case, _ in good]
    assert set(Counter(expected)) >= {"", *REASONS} - {"revoked", "reissued"}


def test_what_keyboards_do_to_a_code_is_undone_alike(server, page):
    page.goto(f"{server.url}/gate")
    odd = [
        "".join(chr(code) for code in range(start, start + 0x80))
        for start in range(0, 0x3100, 0x80)
    ]
    odd += [
        "".join(map(chr, range(0xFE00, 0xFFFF))),
        "LF1:ß\u0131\u017fK",
        "  lf1：ａｂｃ２３４\r\n",
    ]
    found = page.evaluate(
        "async texts => { const { normalise } = await import('/static/gate/token.js');"
        " return JSON.parse(texts).map((one) => JSON.stringify(normalise(one))); }",
        json.dumps(odd),
    )
    assert [json.loads(one) for one in found] == [normalise_scan(one) for one in odd]
