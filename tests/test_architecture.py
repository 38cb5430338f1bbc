"""The house's directions: plugins -> core <- web; pure modules stay pure; time comes from one place."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_USE = {"core": {"core"}, "plugins": {"core"}, "web": {"core", "web"}}
PURE = {"policies", "facts", "states", "decisions", "permissions"}
PURE_LIBRARIES = {
    "collections", "dataclasses", "datetime", "enum", "re", "typing", "uuid", "zoneinfo",
    "itertools", "functools", "math",
}  # fmt: skip
PURE_CORE = PURE | {"i18n", "calendar"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "base", "manager", "misc"}
SOURCES = [
    path
    for part in MAY_USE
    for path in sorted((ROOT / part).rglob("*.py"))
    if "piccolo_migrations" not in path.parts
]


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def nodes_of(path):
    """The syntax of a file, all nodes, the module first; read once for all rules."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def imported(path):
    """Yield every dotted name that a file imports."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_inward(path):
    here = path.relative_to(ROOT).parts
    for name in imported(path):
        top, second = (*name.split("."), "")[:2]
        if top == "plugins":
            assert here[:2] == (top, second), f"{name} is another part's plugin"
        elif top in MAY_USE:
            assert top in MAY_USE[here[0]], f"{name} points outward"
        if here[0] == "core":
            assert top not in {"litestar", "jinja2"}, "the core does not know the web"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem in PURE], ids=name_of)
def test_a_pure_module_imports_value_types_only_and_never_waits(path):
    for name in imported(path):
        top = name.split(".")[0]
        assert top in PURE_LIBRARIES or (top in MAY_USE and PURE_CORE & set(name.split("."))), (
            f"{name} is not pure"
        )
    waits = [n for n in nodes_of(path) if isinstance(n, ast.AsyncFunctionDef | ast.Await)]
    assert not waits, "a pure module never waits"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_are_named_by_their_subject_and_say_what_lives_there(path):
    assert path.stem not in FORBIDDEN_NAMES
    if path.read_text("utf-8").strip():
        assert ast.get_docstring(nodes_of(path)[0]), "no module docstring"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_clock_reads_the_time(path):
    if path == ROOT / "core" / "clock.py":
        return
    text = path.read_text("utf-8")
    assert not re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(", text)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_foreign_keys_say_what_happens_when_their_row_goes(path):
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ForeignKey":
            said = {keyword.arg for keyword in node.keywords}
            assert {"null", "on_delete"} <= said, f"line {node.lineno}"


def test_only_core_db_opens_transactions():
    for path in SOURCES:
        if path.is_relative_to(ROOT / "core" / "db"):
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"\.transaction\(|BEGIN IMMEDIATE", text), name_of(path)


def test_the_pluggy_manager_is_used_only_by_the_typed_callers():
    for path in SOURCES:
        if name_of(path) in {"core/asking.py"} or "testing" in path.parts:
            continue
        assert "manager.hook" not in path.read_text("utf-8"), name_of(path)
