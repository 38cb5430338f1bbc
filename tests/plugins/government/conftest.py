"""Fixtures of the petition office's tests."""

from tests.plugins.government.desk_scene import desk  # noqa: F401 - a fixture
from tests.plugins.government.handling_scene import clerk, unit_clerk  # noqa: F401 - fixtures
from tests.plugins.government.scene import city  # noqa: F401 - a fixture
from tests.plugins.government.secret_scene import secret  # noqa: F401 - a fixture
