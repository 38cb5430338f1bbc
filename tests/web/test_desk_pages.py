"""Every page of the reception opens for who may, and says so to who may not."""

import pytest

PAGES = {
    "/desk": {"gatekeeper", "desk", "duty_officer", "administrator"},
    "/board": {"gatekeeper", "desk", "duty_officer", "administrator", "auditor"},
    "/registrations": {"gatekeeper", "desk", "duty_officer", "administrator", "auditor"},
    "/visitors": {"gatekeeper", "desk", "duty_officer", "administrator"},
    "/watch": {"desk", "duty_officer", "administrator"},
    "/watch/new": {"duty_officer", "administrator"},
    "/sites": {"administrator"},
    "/hosts": {"administrator"},
    "/hosts/new": {"administrator"},
}


@pytest.mark.parametrize("role", ["gatekeeper", "desk", "duty_officer", "administrator", "host"])
async def test_pages_open_for_who_may(client_as, role):
    client = await client_as(role)
    for path, roles in PAGES.items():
        answer = await client.get(path)
        assert answer.status_code == (200 if role in roles else 403), path
