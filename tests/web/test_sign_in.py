"""Signing in and out, as a person meets it."""



async def test_who_is_not_signed_in_is_sent_to_the_form_and_back(client_as):
    visitor = await client_as()
    await client_as("gatekeeper")
    answer = await visitor.get("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F"


async def test_a_gatekeeper_signs_in_and_out(client_as):
    gatekeeper = await client_as("gatekeeper")
    page = await gatekeeper.get("/")
    assert page.status_code == 200
    assert gatekeeper.login in page.text
    answer = await gatekeeper.post("/sign-out")
    assert answer.status_code == 303
    assert (await gatekeeper.get("/")).status_code == 303
