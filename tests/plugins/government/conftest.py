"""Fixtures of the petition office's tests."""

from tests.plugins.government.scene import city  # noqa: F401 - a fixture
