"""Fixtures of the tests in a browser."""

from tests.browser.gate_scene import scene  # noqa: F401 - a fixture
