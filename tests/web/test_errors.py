"""What a failed request is answered with, to people and to programs."""

import pytest
from litestar import Router, get
from litestar.params import FromPath

from core import db, hookimpl
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, StaleError, WrongStateError
from core.i18n import N_
from tests.app import new_client
from web.app import create_app
from web.plugins import WebPlugins

ERRORS = {
    "missing": NotFoundError(),
    "stale": StaleError(),
    "state": WrongStateError(N_("Saved.")),
    "input": InvalidInputError({"name": N_("Please fill this in.")}),
    "refused": RefusedError(Deny("school_closed", N_("Please fill this in."), "SCH-1")),
    "clash": db.DatabaseClashError(),
    "lost": db.TransactionLostError(),
    "unsure": db.OutcomeUnknownError(),
    "unforeseen": RuntimeError("13812345678 欧阳娜娜"),
}


@get(["/fail/{how:str}", "/api/v1/fail/{how:str}"], public=True)
async def fail(how: FromPath[str]) -> None:
    raise ERRORS[how]


class Failing:
    """A plugin whose pages fail in every way."""

    @hookimpl
    def register_routes(self):
        return [Router(path="", route_handlers=[fail])]


@pytest.fixture
async def failing(settings, client_as):
    await client_as("gatekeeper")
    app = create_app(settings, WebPlugins({"failing": Failing()}), with_background=False)
    async with new_client(app, headers={"accept-language": "en"}) as client:
        yield client


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("stale", 409, "stale"),
        ("state", 409, "wrong_state"),
        ("input", 422, "invalid_input"),
        ("refused", 409, "school_closed"),
        ("unforeseen", 500, "internal"),
    ],
)
async def test_a_program_gets_a_stable_code_and_a_person_a_page(failing, how, status, code):
    answer = await failing.get(f"/api/v1/fail/{how}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert body["reference"] == answer.headers["x-request-id"]
    page = await failing.get(f"/fail/{how}")
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["x-request-id"] in page.text


async def test_what_nobody_foresaw_tells_nothing_of_its_inside(failing):
    for path in ("/fail/unforeseen", "/api/v1/fail/unforeseen"):
        text = (await failing.get(path)).text
        assert "13812345678" not in text
        assert "欧阳娜娜" not in text
        assert "RuntimeError" not in text
        assert "Traceback" not in text


@pytest.mark.parametrize(
    ("how", "again", "said", "advice"),
    [
        ("clash", "1", "nothing of yours was saved", "send it again"),
        ("lost", "1", "none of it was saved", "send it again"),
        ("unsure", None, "Look whether it was saved", "only if it is not there"),
    ],
)
async def test_who_stood_in_anothers_way_learns_what_was_saved_and_what_to_do(
    failing, how, again, said, advice
):
    for path in (f"/fail/{how}", f"/api/v1/fail/{how}"):
        answer = await failing.get(path)
        assert answer.status_code == 503
        assert answer.headers.get("retry-after") == again
        assert said in answer.text
    page = (await failing.get(f"/fail/{how}")).text
    assert advice in page
    assert "being updated" not in page


async def test_problems_name_their_fields_and_refusals_their_rule(failing):
    body = (await failing.get("/api/v1/fail/input")).json()
    assert body["problems"] == [{"field": "name", "message": "Please fill this in."}]
    body = (await failing.get("/api/v1/fail/refused")).json()
    assert body["rule"] == "SCH-1"
    assert body["detail"] == "Please fill this in."


async def test_a_page_frame_that_cannot_be_drawn_still_gives_a_page(failing, monkeypatch):
    from web.templating import PageEnvironment

    def broken(self):
        raise RuntimeError("no frame")

    monkeypatch.setattr(PageEnvironment, "page_variables", broken)
    page = await failing.get("/nowhere")
    assert page.status_code == 404
    assert page.headers["x-request-id"] in page.text
    assert "服务器出错了" in page.text


async def test_htmx_is_told_where_to_sign_in_instead_of_drawing_the_form_into_the_page(client_as):
    await client_as("gatekeeper")
    stranger = await client_as()
    answer = await stranger.get("/account", headers={"hx-request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Faccount"


async def test_a_message_for_the_next_page_is_shown_once_and_cannot_be_forged(client, client_as):
    await client.post("/account/sessions/end-others")
    page = await client.get("/account")
    assert 'data-flash="success"' in page.text
    assert 'data-flash="success"' not in (await client.get("/account")).text
    forged = "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~W1siZXJyb3IiLCJQYXkgbm93Il1d"
    client.cookies.set("flash", forged, domain="laifang.test", path="/")
    page = await client.get("/account")
    assert "Pay now" not in page.text


async def test_a_handler_that_does_not_say_who_may_call_it_stops_the_start(settings):
    from litestar.exceptions import ImproperlyConfiguredException

    @get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    @get("/misspelt", requires="core:nothing:read")
    async def misspelt() -> str:
        return "secret"

    for handler, word in ((forgotten, "who may call"), (misspelt, "nobody registers")):
        plugin = type("P", (), {})()
        plugin.register_routes = hookimpl(lambda h=handler: [Router(path="", route_handlers=[h])])
        with pytest.raises(ImproperlyConfiguredException, match=word):
            create_app(settings, WebPlugins({"p": plugin}), with_background=False)
