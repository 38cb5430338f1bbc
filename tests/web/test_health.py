"""What supervisors and load balancers are told, and the figures for Prometheus."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.notices.tables import Notice
from tests.app import new_client
from web.app import create_app


async def test_a_server_that_can_serve_says_so_to_anybody(client_as):
    client = await client_as()
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(["database", "migrations", "outbox", "disk"], "ok")


async def test_a_database_that_is_away_makes_it_not_ready_but_it_lives(app):
    async with new_client(app) as client:
        await db.close()
        answer = await client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["database"] == "failed"
        assert (await client.get("/health/live")).status_code == 200
        page = await client.get("/sign-in")
        assert page.status_code == 503
        assert page.headers["retry-after"] == "5"


async def test_a_migration_that_waits_makes_it_not_ready(client_as):
    client = await client_as()
    await db.execute("DELETE FROM migration")
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "failed"


async def test_notices_that_nobody_sends_make_it_not_ready(client_as, stopped_clock):
    client = await client_as()
    now = clock.now_ms()
    await Notice.insert(
        Notice(
            id=uuid4(), key="k", channel="email", subject="", body="", next_at=now, created_at=now
        )
    )
    stopped_clock.advance(timedelta(minutes=9))
    assert (await client.get("/health/ready")).json()["outbox"] == "ok"
    stopped_clock.advance(timedelta(minutes=2))
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["outbox"]) == (503, "failed")


async def test_figures_are_given_on_this_machine_alone(app, client_as):
    await client_as("gatekeeper")
    async with new_client(app, address="127.0.0.1") as here, new_client(app) as elsewhere:
        answer = await here.get("/metrics")
        assert answer.status_code == 200
        assert 'laifang_request_seconds_count{method="POST",route="/sign-in"' in answer.text
        assert 'laifang_notices{state="queued"} 0.0' in answer.text
        assert (await elsewhere.get("/metrics")).status_code == 404
        behind_a_proxy = {"x-forwarded-for": "10.1.1.1"}
        assert (await here.get("/metrics", headers=behind_a_proxy)).status_code == 404


async def test_with_a_token_in_the_settings_only_the_token_counts(settings, plugins, client_as):
    await client_as("gatekeeper")
    app = create_app(replace(settings, metrics_token="figures"), plugins, with_background=False)
    async with new_client(app, address="127.0.0.1") as here, new_client(app) as elsewhere:
        assert (await here.get("/metrics")).status_code == 404
        headers = {"authorization": "Bearer figures"}
        assert (await elsewhere.get("/metrics", headers=headers)).status_code == 200
        headers = {"authorization": "Bearer guessed"}
        assert (await elsewhere.get("/metrics", headers=headers)).status_code == 404


@pytest.mark.parametrize("path", ["/users/1", "/x/y/z", "/13812345678"])
async def test_figures_name_routes_never_addresses(app, client_as, path):
    client = await client_as("administrator")
    await client.get(path)
    async with new_client(app, address="127.0.0.1") as here:
        assert path not in (await here.get("/metrics")).text
