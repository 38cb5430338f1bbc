"""Every hook is typed, described, used by somebody and tried by a test."""

import inspect
import re
from collections.abc import Awaitable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import get_type_hints

import pytest

from core import default_plugin
from core import hookspecs as core_specs
from web import hookspecs as web_specs

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = ("register_", "check_", "do_", "collect_", "resolve_", "on_")
SPECS = {
    name: function
    for module in (*core_specs.ALL, web_specs)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if hasattr(function, "laifang_spec")
}
MODULES = {"core": default_plugin} | {
    point.name: import_module(point.value) for point in entry_points(group="laifang.plugins")
}
IMPLS = [
    pytest.param(name, function, id=f"{plugin}.{name}")
    for plugin, module in MODULES.items()
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if hasattr(function, "laifang_impl")
]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_a_hook_says_what_it_is(spec):
    assert spec.__name__.startswith(PREFIXES)
    said = inspect.getdoc(spec) or ""
    assert all(word in said for word in ("Asked:", "Return:", "Several answers:", "An exception:"))
    assert set(get_type_hints(spec)) == {*inspect.signature(spec).parameters, "return"}
    assert "raise NotImplementedError" in inspect.getsource(spec)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_async_prefixes_promise_an_awaitable(spec):
    promised = str(get_type_hints(spec)["return"])
    if spec.__name__.startswith(("check_", "do_", "resolve_", "on_")):
        assert "Awaitable" in promised
    if spec.__name__.startswith("register_"):
        assert "Awaitable" not in promised


@pytest.mark.parametrize(("name", "impl"), IMPLS)
def test_an_implementation_has_the_types_of_its_spec(name, impl):
    promised, given = get_type_hints(SPECS[name]), get_type_hints(impl)
    if inspect.iscoroutinefunction(impl):
        answer = None if given["return"] is type(None) else given["return"]
        given["return"] = Awaitable[answer]
    assert set(given) - {"return"} == set(inspect.signature(impl).parameters)
    assert given.items() <= promised.items()


@pytest.fixture(scope="module")
def tried():
    """The names that the tests speak of."""
    paths = (ROOT / "tests").rglob("*.py")
    return {word for path in paths for word in re.findall(r"\w+", path.read_text("utf-8"))}


@pytest.mark.parametrize("name", SPECS)
def test_a_hook_has_a_real_user_and_a_test(name, tried):
    users = [function for impl in IMPLS for hook, function in [impl.values] if hook == name]
    assert users, "no shipped plugin implements it"
    assert name in tried, "no test speaks of it"


@pytest.mark.parametrize("name", SPECS)
def test_a_hook_has_a_typed_caller(name):
    from core.plugins import Plugins
    from web.plugins import WebPlugins

    assert hasattr(Plugins, name) or hasattr(WebPlugins, name)
