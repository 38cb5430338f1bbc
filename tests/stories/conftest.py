"""A city whose clock is the test's."""

import pytest

from core import clock
from plugins.government import numbers
from tests.day.here import ServerHere
from tests.stories.city import BEGIN, Story, open_city


@pytest.fixture
def story(sqlite_url, tmp_path, monkeypatch, new_page):
    """The city on Monday 2 March 2026 at nine."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(numbers, "ONE_IN", 0)
    clock.CLOCK.travel(BEGIN)
    server = ServerHere(sqlite_url, tmp_path / "data", organisation="临川市信访局")
    server.start()
    server.city = server.do(open_city(server.plugins))
    yield Story(server, new_page)
    server.stop()
    clock.CLOCK.reset()
