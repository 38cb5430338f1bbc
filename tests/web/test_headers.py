"""Headers of every answer: what a browser may do with a page, and what may be kept."""

import pytest

from web.assets import asset

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';"
    " img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/api/v1/session", "/health/live"])
async def test_every_answer_bears_the_strict_policy(client_as, path):
    await client_as("gatekeeper")
    stranger = await client_as()
    headers = (await stranger.get(path)).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "camera=(self)" in headers["permissions-policy"]
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["cache-control"] == "no-store"
    assert len(headers["x-request-id"]) == 32
    assert "server" not in headers


async def test_only_https_promises_https(client_as):
    await client_as("gatekeeper")
    plain = await client_as(base_url="http://laifang.test")
    assert "strict-transport-security" not in (await plain.get("/sign-in")).headers


async def test_static_files_named_by_their_content_are_kept_for_good(client_as):
    client = await client_as()
    named = await client.get(asset("theme.css"))
    assert named.status_code == 200
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = await client.get("/static/theme.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = await client.get("/static/theme.css", headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"],
)
async def test_static_files_end_at_their_folder(client_as, path):
    client = await client_as()
    answer = await client.get(path)
    assert answer.status_code in (303, 404)
    assert "create_app" not in answer.text


async def test_a_page_holds_no_script_or_style_of_its_own(client):
    for path in ("/", "/account", "/users", "/account/tokens", "/users/new", "/api/v1/docs"):
        text = (await client.get(path)).text
        assert "<script>" not in text
        assert "style=" not in text
        assert "javascript:" not in text
        assert not any(f" on{event}=" in text for event in ("click", "load", "submit", "change"))


async def test_a_hostile_name_is_shown_as_text(client_as):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    client = await client_as("administrator", name=hostile)
    for path in ("/", "/account", "/users", f"/users/{client.user_id}"):
        text = (await client.get(path)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


async def test_static_files_travel_compressed_where_that_helps(client_as):
    client = await client_as()
    page = await client.get(
        "/static/vendor/bootstrap/bootstrap.min.css", headers={"accept-encoding": "gzip"}
    )
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < 50_000
    assert page.text.startswith("@charset")
    plain = await client.get(
        "/static/vendor/bootstrap/bootstrap.min.css", headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    assert plain.text == page.text
    scanner = await client.get("/static/vendor/zxing-wasm/zxing_reader.wasm")
    assert scanner.headers["content-type"] == "application/wasm"
