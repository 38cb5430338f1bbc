"""Where a request comes from: a proxy is believed only when the settings name it."""

from dataclasses import replace

import pytest

from core.accounts.tables import Session
from tests.app import csrf_of, new_client
from web.addresses import TrustedProxies
from web.app import create_app

PROXIES = TrustedProxies(["10.0.0.1", "192.168.0.0/24", "::1"])


def origin(peer, scheme="http", **headers):
    scope = {"client": (peer, 1), "scheme": scheme}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PROXIES.origin(scope, {"host": "inside:8000", **named})


def test_what_a_stranger_says_of_where_they_come_from_is_ignored():
    answer = origin(
        "8.8.8.8",
        x_forwarded_for="10.9.9.9",
        x_forwarded_proto="https",
        x_forwarded_host="evil.example",
    )
    assert answer == ("8.8.8.8", False, "inside:8000")


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("9.9.9.9, 1.2.3.4, 192.168.0.7", "1.2.3.4"),
        ("192.168.0.9, 192.168.0.7", "192.168.0.9"),
        ("", "10.0.0.1"),
        (" , ,", "10.0.0.1"),
        ("nonsense", "nonsense"),
    ],
)
def test_behind_proxies_the_last_hop_not_trusted_counts(chain, address):
    assert origin("10.0.0.1", x_forwarded_for=chain)[0] == address


def test_a_trusted_proxy_says_whether_it_was_https_and_for_which_host():
    answer = origin("192.168.0.3", x_forwarded_proto="https", x_forwarded_host="gate.school")
    assert answer == ("192.168.0.3", True, "gate.school")
    assert origin("::1", x_forwarded_proto="http")[1] is False


async def test_behind_a_trusted_proxy_the_session_is_secure_and_knows_the_address(
    settings, plugins, client_as
):
    gatekeeper = await client_as("gatekeeper")
    app = create_app(
        replace(settings, trusted_proxies=("10.0.0.1",)), plugins, with_background=False
    )
    headers = {"x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https"}
    async with new_client(
        app, address="10.0.0.1", base_url="http://laifang.test", headers=headers
    ) as client:
        page = await client.get("/sign-in")
        assert "strict-transport-security" in page.headers
        form = {"login": gatekeeper.login, "password": "correct horse battery"}
        cookies = {"cookie": page.headers["set-cookie"].partition(";")[0]}
        answer = await client.post(
            "/sign-in", data={**form, "_csrf_token": csrf_of(page.text)}, headers=cookies
        )
    assert answer.status_code == 303
    assert any(c.startswith("__Host-laifang=") for c in answer.headers.get_list("set-cookie"))
    assert await Session.exists().where(Session.address == "1.2.3.4")
