"""What the desk's tests share: an arrival as typed, and the buttons of a visit's page."""

from uuid import UUID

from core.registrations.tables import Registration
from tests.core.registrations.reception import WANG

ARRIVAL = {
    "name": "王小明",
    "phone": "13800001234",
    "document_kind": "resident_id",
    "document_number": WANG,
    "purpose": "core.visit",
    "host": "张明",
    "reason": "谈合同",
}
WRONG_DIGIT = "110105194912310021"


async def arrive(client, **changes):
    """Register an arrival and return its id."""
    answer = await client.post("/desk", data={**ARRIVAL, **changes})
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rpartition("/")[2])


async def act(client, visit, name, **data):
    """Press a button of a visit's page."""
    return await client.post(f"/registrations/{visit}/{name}", data={"_": "", **data})


async def state_of(visit):
    return (await Registration.objects().get(Registration.id == visit)).state
