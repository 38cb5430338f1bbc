"""Walking through the pages of somebody signed in: every link found there, two clicks deep."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

_SKIPPED = ("script", "style", "template", "svg", "code", "pre", "textarea")
_HEADS = ("h1", "h2", "h3", "h4", "th", "legend", "summary", "option", "button")
# What stands for one thing among many in an address: two of each kind are opened.
_ONE_OF_MANY = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d(-\d\d)?|[0-9a-f]{16,}|\d+|(?<=papers/)\w+"
)
_ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")
_BROKEN = re.compile(
    r"\bNone\b|\bUndefined\b|\{[a-z_]+\}|%\([a-z_]+\)s|\bnan\b|<core\.|object at 0x"
)
# Pages that cite where each rule comes from, in the words of whoever wrote the rule.
_CITING = ("/rulebooks", "/privacy-notice")
_EACH = 2


class _Page(HTMLParser):
    """Gathers the text, the links and the headings of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.texts, self.empty = [], [], []
        self._skipped, self._head, self._said = 0, "", []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in _SKIPPED:
            self._skipped += 1
        if tag in _HEADS:
            self._head, self._said = tag, [values.get("aria-label") or values.get("value") or ""]
        elif self._head and tag in ("input", "svg", "img"):
            self._said.append(values.get("aria-label") or values.get("alt") or tag)
        for name in ("aria-label", "title", "placeholder", "alt"):
            if values.get(name):
                self.texts.append(values[name])

    def handle_endtag(self, tag):
        if tag in _SKIPPED:
            self._skipped -= 1
        if tag == self._head:
            if not "".join(self._said).strip() and tag in ("h1", "h2", "h3", "h4"):
                self.empty.append(tag)
            self._head = ""

    def handle_data(self, data):
        if self._head:
            self._said.append(data)
        if not self._skipped and data.strip():
            self.texts.append(" ".join(data.split()))


def shape(address):
    """Return the address without what stands for one of many."""
    parts = urlsplit(address)
    path = _ONE_OF_MANY.sub("*", parts.path)
    query = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{path}?{'&'.join(query)}" if query else path


class Walk:
    """One person's way through the pages; what is wrong on them is told in `faults`."""

    def __init__(self, who, client, *, english=()):
        self.who, self.client = who, client
        self.english = tuple(english)
        self.opened, self.shapes, self.faults = set(), {}, []
        self.papers = 0

    async def through(self, start, clicks):
        """Open a page and what its links lead to, so many clicks deep."""
        found = await self._open(start)
        for _ in range(clicks):
            following = []
            for address in found:
                following += await self._open(address)
            found = following

    def _wanted(self, address):
        if address in self.opened or self.shapes.get(shape(address), 0) >= _EACH:
            return False
        self.opened.add(address)
        self.shapes[shape(address)] = self.shapes.get(shape(address), 0) + 1
        return True

    async def _open(self, address):
        if not self._wanted(address):
            return []
        answer = await self.client.get(address, follow_redirects=True)
        if answer.status_code not in (200, 204):
            self.faults.append((self.who, address, answer.status_code))
            return []
        kind = answer.headers.get("content-type", "")
        if kind.startswith("application/pdf"):
            self.papers += 1
            if not answer.content.startswith(b"%PDF-"):
                self.faults.append((self.who, address, "is no PDF"))
        if not kind.startswith("text/html"):
            return []
        return self._look(address, answer.text)

    def _look(self, address, html):
        page = _Page()
        page.feed(html)
        for tag in page.empty:
            self.faults.append((self.who, address, f"empty {tag}"))
        for text in page.texts:
            english = _ENGLISH.search(text) and not any(known in text for known in self.english)
            english = english and not address.startswith(_CITING)
            if _BROKEN.search(text) or english:
                self.faults.append((self.who, address, text[:160]))
        links = (urljoin(address, link).partition("#")[0] for link in page.links)
        return [link for link in dict.fromkeys(links) if self._leads_on(link)]

    def _leads_on(self, link):
        return link.startswith("/") and not link.startswith(("/static/", "/sign-out"))

    def told(self):
        """Return what was found, for a failed test."""
        return f"{len(self.opened)} pages\n" + "\n".join(map(repr, self.faults[:60]))
