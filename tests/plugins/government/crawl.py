"""Every address of the application called by somebody, with every id and value of a secret item."""

import base64
import contextlib
import io
import re
import zipfile
import zlib
from itertools import product
from urllib.parse import quote
from uuid import UUID

from pypdfium2 import PdfiumError

from core import db
from plugins.government.secrecy import belonging
from tests.core.documents import papers
from tests.web.access_matrix import rules_of

ENDS_THE_SESSION = {"/sign-out", "/api/v1/session/end", "/account/sessions/end"}
# What a search box, filter or report may be called; each page takes those it knows.
NAMES = ("q", "text", "who", "record", "number", "name", "code", "query", "search", "person")
# What stands in an address for a name: each page takes those it knows.
WORDS = {
    "name": ("government.petitions", "acceptance"),
    "month": ("2026-11",),
    "act": ("close",),
}
FILES = ("/reports", "/government/figures")  # pages that are given as files, too
OWN = ("/government", "/documents", "/approvals", "/incidents")
OF_ALL = re.compile(r"\{(day|batch|import|unit|subject|site|leader)_id:")  # they tell of no item
# Tables that tell of nobody and hang on no item: their pages are opened all the same.
LISTS = ("government_weekly_list", "government_destruction", "government_hand_over")
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NO_NEWS = re.compile(
    rb'nonce="[^"]*"|nonce-[\w+/=-]+|csrf-token" content="[^"]*"|_csrf_token" value="[^"]*"'
    rb"|[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"<]*"
)


def needles(*words):
    """Return the bytes under which these words may come out, in any encoding."""
    found = set()
    for word in words:
        raw = word.encode()
        found |= {raw, quote(word).encode(), quote(word).lower().encode()}
        found |= {word.encode("unicode_escape"), word.encode("unicode_escape").upper()}
        found |= {"".join(f"&#{ord(sign)};" for sign in word).encode()}
        found |= {"".join(f"&#x{ord(sign):x};" for sign in word).encode()}
        found |= {word.encode("utf-16-be"), word.encode("utf-16-le"), word.encode("gb18030")}
        for before in range(3):  # base64 at each alignment, without its edges
            coded = base64.b64encode(b"\0" * before + raw)[4 if before else 0 : -4]
            if len(coded) >= 8:  # shorter ones come up in any ciphertext
                found |= {coded, coded.replace(b"+", b"-").replace(b"/", b"_")}
    return re.compile(b"|".join(re.escape(one) for one in sorted(found)))


def plain(content, media_type=""):
    """Return what a body says, its compressed parts unpacked."""
    parts = [content]
    if content.startswith(b"%PDF"):
        with contextlib.suppress(PdfiumError):  # not every file that begins so is one
            parts.append(papers.text(content).encode())
        for match in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.S):
            try:
                parts.append(zlib.decompress(match[1]))
            except zlib.error:
                continue
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    return b"\n".join(parts)


def calm(body, *words):
    """Return a body without what differs each time, and without what was asked for."""
    for word in words:
        for form in (word, quote(word), quote(word, safe="")):
            body = body.replace(form.encode(), b"*")
    return _NO_NEWS.sub(b"", body)


async def ids_of(matters):
    """Return the ids of everything that hangs on some items, by table, as an insider knows them."""
    found = {}
    for kind in belonging.paths():
        own = []
        for way in belonging.paths()[kind]:
            rows = await db.fetch(
                f"SELECT x.id FROM ({way.removesuffix(' WHERE t.id')}) x"
                f" WHERE x.matter IN ({', '.join(['{}'] * len(matters))})",
                *matters,
            )
            own += [str(row["id"]) for row in rows]
        found[kind.removeprefix("government_")] = sorted(set(own))[:1]
    for name, sql in {
        "petitioner": "SELECT petitioner AS id FROM government_matter_person",
        "request": "SELECT id FROM approval_request",
        "document": "SELECT id FROM issued_document",
        "deadline": "SELECT id FROM deadline",
        "attachment": "SELECT id FROM attachment",
        "registration": "SELECT id FROM registration",
        "visitor": "SELECT id FROM visitor",
        "notice": "SELECT id FROM notice",
        "incident": "SELECT id FROM incident",
    }.items():
        found[name] = [str(row["id"]) for row in await db.fetch(f"{sql} LIMIT 2")]
    for table in ("letter_batch", "reception_day", "online_import", "unit", "subject"):
        rows = await db.fetch(f"SELECT id FROM government_{table} LIMIT 1")
        found[table] = [str(row["id"]) for row in rows]
    found["list"] = [
        str(row["id"]) for table in LISTS for row in await db.fetch(f"SELECT id FROM {table}")
    ]
    return {name: own for name, own in found.items() if own}


class Crawl:
    """One secret item and who must not know of it."""

    def __init__(self, app, ids, numbers, values, secrets):
        self.rules = [rule for rule in rules_of(app).values() if rule.path not in ENDS_THE_SESSION]
        self.ids, self.values = ids, values
        self.numbers = numbers
        self.secrets = needles(*secrets)
        self.calls = 0
        self.closed = set()  # who comes to which rule not at all, whatever the id
        self.found = []

    def _fillings(self, name, kind):
        if kind == "uuid":
            stem = name.removesuffix("_id")
            if stem in self.ids:
                return self.ids[stem]
            like = [own for key, own in self.ids.items() if key.endswith(stem)]
            return like[0] if like else self.ids["matter"]
        if kind == "int":
            return ["1"]
        if kind == "date":
            return ["2026-11-23"]
        if name in WORDS:
            return WORDS[name]
        return self.numbers[1:] if name in ("code", "secret") else self.numbers[:1]

    def _in(self, address):
        return [number for number in self.numbers if number in address]

    def addresses(self, rule):
        """Give a rule's path with known ids in its places."""
        parts = []
        for part in rule.path.split("/"):
            if part.startswith("{"):
                name, _, kind = part.strip("{}").partition(":")
                parts.append([quote(one) for one in self._fillings(name, kind)])
            else:
                parts.append([part])
        for filled in product(*parts):
            yield "/".join(filled)

    def look(self, who, what, answer, *asked):
        """Note what an answer gives away: in its body, its headers, its papers."""
        self.calls += 1
        seen = plain(answer.content)
        heads = repr(answer.headers.raw).encode() + repr(list(answer.headers.values())).encode()
        if answer.status_code >= 500:
            self.found.append((who, what, f"answered {answer.status_code}"))
        for said in (seen, heads):
            if not self.secrets.search(said):
                continue  # nearly always; to calm a page takes longer than to search it
            text = calm(said, *asked)
            if match := self.secrets.search(text):
                around = text[max(0, match.start() - 80) : match.end() + 40]
                self.found.append((who, what, around.decode("utf-8", "replace")))
                return

    def told(self):
        """Return what was found, for a failed test."""
        return f"{len(self.found)} of {self.calls}\n" + "\n".join(map(repr, self.found[:60]))

    async def read(self, who, client, *, leave=()):
        """Open every page; `leave` names parts that know nothing of the item."""
        for rule in self.rules:
            if rule.method != "GET" or rule.path.startswith(tuple(leave)):
                continue
            for address in self.addresses(rule):
                answer = await client.get(address)
                self.look(who, f"GET {address}", answer, *self._in(address))
                if answer.status_code in (303, 401, 403):
                    self.closed.add((who, rule.key))
                    break
                if address.startswith(FILES) and answer.status_code == 200:
                    for query in ("format=csv", "format=xlsx", "field=times&format=csv"):
                        answer = await client.get(f"{address}?{query}")
                        self.look(who, f"GET {address}?{query}", answer)

    async def ask(self, who, client, *, prefix="/"):
        """Ask every page that takes no id for every value of the item.

        The answer must be the same as for a value that never was.
        """
        for rule in self.rules:
            if rule.method != "GET" or "{" in rule.path or not rule.path.startswith(prefix):
                continue
            if (who, rule.key) in self.closed:
                continue
            for value, never in self.values:
                answers = [
                    await client.get(rule.path, params=dict.fromkeys(NAMES, one))
                    for one in (value, never)
                ]
                what = f"GET {rule.path} for {value}"
                self.look(who, what, answers[0], value)
                if calm(plain(answers[0].content), value) != calm(plain(answers[1].content), never):
                    self.found.append((who, what, "differs from what never was"))

    async def act(self, who, client, *, leave=()):
        """Send every form with values of the item; `leave` names parts that know nothing of it."""
        given = dict.fromkeys(
            (*NAMES, "title", "reason", "document_number", "phone"), self.values[0][0]
        )
        for rule in self.rules:
            if rule.method == "GET" or rule.path.startswith(("/account", *leave)):
                continue
            for address in self.addresses(rule):
                answer = await client.request(rule.method, address, data=given)
                self.look(
                    who, f"{rule.method} {address}", answer, *self._in(address), self.numbers[0]
                )
                if answer.status_code in (401, 403):
                    break

    async def compare(self, who, client, statements):
        """Ask for each hidden record by its id, and for one that never was; both must be alike.

        Alike are status, body, names of headers, and how many `statements` the database was given.
        """
        given = dict.fromkeys((*NAMES, "title", "reason"), "x")
        for rule in self.rules:
            if ":uuid}" not in rule.path or not rule.path.startswith(OWN):
                continue
            if OF_ALL.search(rule.path):
                continue
            hidden = next(self.addresses(rule))
            never = _ID.sub(uuid_text(77), hidden)
            for again in (True, False):  # a session is touched now and then: look twice
                seen = []
                for address in (hidden, never):
                    statements.clear()
                    data = None if rule.method == "GET" else given
                    answer = await client.request(rule.method, address, data=data)
                    body = calm(plain(answer.content), *_ID.findall(address))
                    names = sorted(answer.headers)
                    asked = len(statements)
                    seen.append((answer.status_code, body, names, asked))
                if seen[0] == seen[1] or seen[0][0] in (401, 403):
                    break
                if not again:
                    said = [(status, len(body), count) for status, body, _, count in seen]
                    self.found.append((who, f"{rule.method} {hidden}", said))
            self.calls += 2


def uuid_text(number):
    """An id that nothing has."""
    return str(UUID(int=number))
