"""Signing in with a real browser on a real server."""

import pytest

pytestmark = pytest.mark.browser


def test_a_gatekeeper_signs_in_with_a_browser(server, page):
    server.sign_in(page, "gatekeeper")
    assert page.url == f"{server.url}/"
    assert "门卫" in page.content() or "Gatekeeper" in page.content()
