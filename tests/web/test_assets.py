"""Vendored files are what the lock says; templates carry nothing the policy forbids; pages stay light."""

import gzip
import re
import shutil
from pathlib import Path

import pytest

from web import assets

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path
    for part in ("web", "plugins")
    for path in (ROOT / part).rglob("*.html")
    if "vendor" not in path.parts
)
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=(?!=)", re.IGNORECASE),
    "htmx code in an attribute": re.compile(r"\shx-on[:\-]|\shx-vals=['\"]js:", re.IGNORECASE),
    "a foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
DESK = ["vendor/bootstrap/bootstrap.min.css", "theme.css", "app.js"]
DESK += ["vendor/htmx/htmx.min.js", "vendor/htmx-ext-sse/sse.min.js", "logo.svg", "favicon.svg"]


def _weight(paths: list[str]) -> int:
    return sum(len(gzip.compress((assets.STATIC / path).read_bytes(), 9)) for path in paths)


def test_every_vendored_file_matches_the_lock() -> None:
    assert assets.verify() == []
    assert {p["package"] for p in assets.read_lock()} >= {"bootstrap", "htmx.org", "zxing-wasm"}


def test_every_vendored_package_keeps_its_licence_and_an_exact_version() -> None:
    for package in assets.read_lock():
        names = [file["save_as"] for file in package["files"].values()]
        assert any(name.startswith("LICENSE") for name in names), package["package"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"]


def test_changed_missing_and_added_files_are_each_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "web/static/vendor", tmp_path / "web/static/vendor")
    monkeypatch.setattr(assets, "WEB", tmp_path / "web")
    assert assets.verify() == []
    vendor = tmp_path / "web/static/vendor"
    (vendor / "htmx/htmx.min.js").write_text("alert(1)", encoding="utf-8")
    (vendor / "bootstrap/LICENSE").unlink()
    (vendor / "bootstrap/extra.js").write_text("", encoding="utf-8")
    said = " ".join(assets.verify())
    assert "htmx.min.js: differs from the lock" in said
    assert "LICENSE: missing" in said
    assert "extra.js: not in the lock" in said


def test_decoder_and_its_wasm_have_the_versions_that_belong_together() -> None:
    decoder = (assets.STATIC / "vendor/barcode-detector/zxing-exported.js").read_text(
        encoding="utf-8"
    )
    wasm = next(p for p in assets.read_lock() if p["package"] == "zxing-wasm")
    assert f'"{wasm["version"]}"' in decoder or f"`{wasm['version']}`" in decoder


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_nothing_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<p style="color:red">', "an inline style"),
        ("<style>p{}</style>", "a style element"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<button onclick="x()">', "an event attribute"),
        ('<script src="//cdn.example/x.js">', "a foreign address"),
    ],
)
def test_the_check_of_templates_finds_what_it_forbids(text: str, name: str) -> None:
    assert FORBIDDEN[name].search(text)


def test_what_every_desk_page_loads_is_at_most_70_kilobytes_compressed() -> None:
    assert _weight(DESK) <= 70_000  # of 150 for the whole page


def test_own_script_is_at_most_8_kilobytes_and_styles_for_the_gate_fit_its_60() -> None:
    assert (assets.STATIC / "app.js").stat().st_size <= 8_192
    assert _weight(["vendor/bootstrap/bootstrap.min.css", "theme.css"]) <= 42_000


def test_address_of_an_asset_changes_with_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    assets.asset.cache_clear()
    (tmp_path / "a.css").write_text("a", encoding="utf-8")
    first = assets.asset("a.css")
    assets.asset.cache_clear()
    (tmp_path / "a.css").write_text("b", encoding="utf-8")
    second = assets.asset("a.css")
    assets.asset.cache_clear()
    assert first.startswith("/static/a.css?v=")
    assert first != second
