"""The developer's tool for texts: what lacks a translation, merging translations, checking.

`python -m web.translations missing [PART]` prints a JSON object of untranslated msgids,
`add FILE.json` merges {"msgid": "简体"} or {"msgid": ["简体", "繁體"]} into the right catalogs,
`replace FILE.json` does so even where a text is translated otherwise already,
`check` exits 1 while a text lacks a translation or its places differ.
"""

import argparse
import fcntl
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from web.traditional import traditional

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ("zh_Hans", "zh_Hant")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
JINJA = {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
PLACES = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


def parts() -> list[Path]:
    """Return the folders that have catalogs of their own: core, web, every plugin."""
    plugins = sorted(p.parent for p in (ROOT / "plugins").glob("*/plugin.py"))
    return [ROOT / "core", ROOT / "web", *plugins]


def texts(part: Path) -> Iterator[tuple[str, str]]:
    """Yield each msgid that the part's Python, templates and scripts use, with where it stands."""
    for path in sorted(part.rglob("*")):
        where = str(path.relative_to(ROOT))
        if "vendor" in path.parts or "locale" in path.parts:
            continue
        if path.suffix == ".py":
            found = extract_from_file("python", path, keywords=KEYWORDS)
        elif path.suffix == ".html":
            found = extract_from_file("jinja2", path, keywords=KEYWORDS, options=JINJA)
        else:
            continue
        for line, message, _, _ in found:
            for msgid in (message,) if isinstance(message, str) else message:
                if msgid:
                    yield msgid, f"{where}:{line}"


def catalog(part: Path, locale: str) -> Catalog:
    """Return a part's catalog, empty when there is none yet."""
    path = part / "locale" / f"{locale}.po"
    if not path.exists():
        return Catalog(locale=locale, project="Laifang", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def missing(part: Path, locale: str) -> dict[str, str]:
    """Return the msgids of a part that lack a translation, with where each stands first."""
    known = catalog(part, locale)
    lacking: dict[str, str] = {}
    for msgid, where in texts(part):
        entry = known.get(msgid)
        if entry is None or not entry.string:
            lacking.setdefault(msgid, where)
    return lacking


def problems(part: Path, locale: str) -> list[str]:
    """Return what is wrong with a part's catalog: missing texts, and places that differ."""
    found = [
        f"{where}: no {locale} for {msgid!r}" for msgid, where in missing(part, locale).items()
    ]
    for entry in catalog(part, locale):
        if not entry.id:
            continue
        ours, theirs = (
            sorted(a or b for a, b in PLACES.findall(str(t))) for t in (entry.id, entry.string)
        )
        if ours != theirs:
            found.append(f"{part.name}/{locale}: places differ in {entry.id!r}")
    return found


def _simplified(pair: str | list[str]) -> str:
    return pair if isinstance(pair, str) else pair[0]


def translated() -> dict[str, list[str]]:
    """Return what each text is called already, in both scripts: all parts share one vocabulary."""
    found: dict[str, list[str]] = {}
    for part in parts():
        both = [catalog(part, locale) for locale in CHINESE]
        for entry in both[0]:
            other = both[1].get(entry.id) if isinstance(entry.id, str) and entry.id else None
            if entry.string and other is not None and other.string:
                found[str(entry.id)] = [str(entry.string), str(other.string)]
    return found


def add(given: dict[str, str | list[str]], *, replace: bool = False) -> list[str]:
    """Merge translations into the catalogs of the parts that use them; return what was not taken.

    A text that is translated already keeps its words, or a page of another part would change its
    meaning: choose another English text, or `replace` it everywhere on purpose. What one part has
    translated, the others that use it take over.
    """
    unused = set(given)
    kept = {} if replace else translated()
    differ = {m for m, pair in given.items() if m in kept and kept[m][0] != _simplified(pair)}
    given = {**given, **kept}
    with (ROOT / "pyproject.toml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for part in parts():
            used = dict(reversed(list(texts(part))))
            mine = {msgid: text for msgid, text in given.items() if msgid in used}
            unused -= set(mine)
            for locale in CHINESE if mine or catalog(part, CHINESE[0]) else ():
                merged = Catalog(locale=locale, project="Laifang", charset="utf-8")
                known = catalog(part, locale)
                for msgid in sorted(used):
                    old = known.get(msgid)
                    text = str(old.string) if old is not None and old.string else ""
                    if msgid in mine:
                        pair = mine[msgid]
                        simple = _simplified(pair)
                        text = (
                            simple
                            if locale == "zh_Hans"
                            else (traditional(simple) if isinstance(pair, str) else pair[1])
                        )
                    if text:
                        merged.add(msgid, text, flags=("python-format",) if "%(" in msgid else ())
                path = part / "locale" / f"{locale}.po"
                path.parent.mkdir(exist_ok=True)
                with path.open("wb") as file:
                    write_po(file, merged, omit_header=False, no_location=True, width=96)
                lines = path.read_text("utf-8").splitlines()
                stable = [x for x in lines if "-Date:" not in x and "Translator" not in x]
                path.write_text("\n".join(stable).rstrip() + "\n", "utf-8")
    return sorted(unused | differ)


def main() -> int:
    """Run the tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("missing", "add", "replace", "check"))
    parser.add_argument("what", nargs="?", default="")
    given = parser.parse_args()
    if given.act in ("add", "replace"):
        texts_given = json.loads(Path(given.what).read_text("utf-8"))
        for msgid in add(texts_given, replace=given.act == "replace"):
            sys.stderr.write(f"not taken, nobody uses it or it is translated already: {msgid!r}\n")
        return 0
    chosen = [part for part in parts() if given.what in ("", part.name)]
    if given.act == "missing":
        lacking = {m: w for part in chosen for m, w in missing(part, "zh_Hans").items()}
        sys.stdout.write(json.dumps(lacking, ensure_ascii=False, indent=1) + "\n")
        return 0
    wrong = [line for part in chosen for locale in CHINESE for line in problems(part, locale)]
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
