"""The JSON API: it describes itself truly, and no call makes it fail by its own fault."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from core import clock
from core.accounts import tokens
from core.accounts.actors import actor_of
from core.accounts.limits import Limit, TooOftenError
from tests.app import new_client
from web.ratelimit import Buckets

EXAMPLES = 15


@pytest.fixture
def database(sqlite_database):
    """One engine is enough for the API's outside."""
    return sqlite_database


@pytest.fixture
async def secret(client, plugins):
    user = {"user_id": client.user_id, "host_id": None, "name": "x", "locale": ""}
    actor = actor_of(user, [("administrator", None)], plugins.register_roles())
    _, made = await tokens.create(
        actor=actor,
        at=clock.now(),
        name="everything",
        scopes=sorted(actor.permissions),
        expires_at=clock.now() + timedelta(days=1),
    )
    return made


async def test_the_description_tells_of_the_api_and_of_nothing_else(client):
    described = (await client.get("/api/v1/openapi.json")).json()
    assert described["openapi"].startswith("3.")
    assert "/api/v1/session" in described["paths"]
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {"401", "403", "429"} <= set(operation["responses"])
            assert operation["description"]


async def test_people_find_the_api_on_a_page(client):
    page = await client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/session" in page.text


async def test_a_session_asks_like_a_token_does(client):
    answer = await client.get("/api/v1/session")
    assert answer.json()["kind"] == "user"
    assert "core:account:admin" in answer.json()["permissions"]


async def test_an_address_that_is_not_there_is_a_problem_not_a_page(client):
    answer = await client.get("/api/v1/nowhere/at/all")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_the_api_stops_a_caller_who_asks_too_often(client, monkeypatch):
    monkeypatch.setattr("web.ratelimit.CALLER", Limit(tries=20, every_seconds=60))
    answers = [await client.get("/api/v1/session") for _ in range(22)]
    assert [a.status_code for a in answers] == [200] * 20 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json()["code"] == "too_many_requests"


def test_buckets_refill_with_time_and_forget_the_oldest(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: now[0])
    buckets, limit = Buckets(), Limit(tries=2, every_seconds=5)
    buckets.take("a", limit)
    buckets.take("a", limit)
    with pytest.raises(TooOftenError) as refused:
        buckets.take("a", limit)
    assert refused.value.retry_after == 5
    now[0] += 5
    buckets.take("a", limit)
    for number in range(10_100):
        buckets.take(str(number), limit)
    assert len(buckets._buckets) <= 10_000


async def test_no_call_within_or_beside_the_description_fails_by_the_server_s_fault(app, secret):
    headers = {"authorization": f"Bearer {secret}"}
    async with new_client(app, headers=headers) as program:
        described = (await program.get("/api/v1/openapi.json")).json()
        schema = schemathesis.openapi.from_dict(described)
        quick = hypothesis_settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        cases = await asyncio.to_thread(collect, schema, quick)
        assert cases
        wrong = []
        for method, path, kwargs in cases:
            answer = await program.request(method, path, **kwargs)
            kind = answer.headers.get("content-type", "")
            failed = answer.status_code >= 400
            if answer.status_code >= 500 or (failed and "problem+json" not in kind):
                wrong.append((method, path, answer.status_code, kind))
            documented = described["paths"].get(path.partition("?")[0])
            if (
                documented
                and str(answer.status_code) not in documented[method.lower()]["responses"]
            ):
                wrong.append((method, path, answer.status_code, "not described"))
    assert wrong == []


def collect(schema, quick):
    """Make calls that fit the description, and some that do not."""
    made = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:
            strategy = operation.as_strategy(generation_mode=mode)

            @quick
            @given(case=strategy)
            def take(case):
                kwargs = case.as_transport_kwargs(base_url="https://laifang.test")
                made.append(
                    (
                        kwargs["method"],
                        kwargs["url"].removeprefix("https://laifang.test"),
                        {
                            "content" if isinstance(value, bytes | str) else name: value
                            for name in ("params", "json", "data", "headers")
                            if (value := kwargs.get(name))
                        },
                    )
                )

            take()
    return made


def test_numbers_of_requests_are_not_shared(monkeypatch):
    buckets, limit = Buckets(), Limit(tries=1, every_seconds=60)
    buckets.take(str(uuid4()), limit)
    buckets.take(str(uuid4()), limit)
