"""The house's directions: plugins -> core <- web; pure modules stay pure; time comes from one place."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLOCK = ROOT / "core" / "clock.py"
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


def found_in(paths, look):
    """Return by file what `look` finds wrong in each; all files in one test, as there are so many."""
    assert paths
    return {name_of(path): wrong for path in paths if (wrong := list(look(path)))}


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


def misplaced(path):
    """Yield what a file imports against the house's directions."""
    here = path.relative_to(ROOT).parts
    for name in imported(path):
        top, second = (*name.split("."), "")[:2]
        if top == "plugins":
            if here[:2] != (top, second):
                yield f"{name} is another part's plugin"
        elif top in MAY_USE and top not in MAY_USE[here[0]]:
            yield f"{name} points outward"
        if here[0] == "core" and top in {"litestar", "jinja2"}:
            yield f"{name}: the core does not know the web"


def test_imports_point_inward():
    assert not found_in(SOURCES, misplaced)


def impure(path):
    """Yield what a pure module must not import, and where it waits."""
    for name in imported(path):
        top = name.split(".")[0]
        if top not in PURE_LIBRARIES and not (top in MAY_USE and PURE_CORE & set(name.split("."))):
            yield f"{name} is not pure"
    for node in nodes_of(path):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield f"line {node.lineno}: a pure module never waits"


def test_a_pure_module_imports_value_types_only_and_never_waits():
    assert not found_in([path for path in SOURCES if path.stem in PURE], impure)


def unnamed(path):
    """Yield what is wrong with a file's name and its first lines."""
    if path.stem in FORBIDDEN_NAMES:
        yield "named by no subject"
    if path.read_text("utf-8").strip() and not ast.get_docstring(nodes_of(path)[0]):
        yield "no module docstring"


def test_files_are_named_by_their_subject_and_say_what_lives_there():
    assert not found_in(SOURCES, unnamed)


def reading_the_time(path):
    """Yield each place where a file asks for the time itself."""
    text = path.read_text("utf-8")
    return re.findall(r"datetime\.(?:now|utcnow|today)\(|date\.today\(|\btime\.time\(", text)


def test_only_the_clock_reads_the_time():
    assert reading_the_time(CLOCK)
    assert not found_in([path for path in SOURCES if path != CLOCK], reading_the_time)


def careless_keys(path):
    """Yield each foreign key that leaves out what happens when its row goes."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ForeignKey":
            said = {keyword.arg for keyword in node.keywords}
            if not {"null", "on_delete"} <= said:
                yield f"line {node.lineno}"


def test_foreign_keys_say_what_happens_when_their_row_goes():
    assert not found_in(SOURCES, careless_keys)


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
