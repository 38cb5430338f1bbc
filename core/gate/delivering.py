"""Which device delivers: known by its secret even when it was shut out, so that nothing is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock, db
from core.gate.devices import NotEnrolledError, hash_of
from core.permissions import Actor

_DEVICE = (
    "SELECT d.id, d.name, d.revoked_at, d.created_at, d.seq_floor, g.id AS gate,"
    " g.name AS gate_name, g.site FROM gate_device d JOIN gate g ON g.id = d.gate"
    " WHERE d.secret_hash = {}"
)
_OPERATORS = "SELECT DISTINCT operator, operator_name FROM gate_device_shift WHERE device = {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveringDevice:
    """A device that delivers. `since` (epoch ms): before that it was not there, whatever it says.

    `operators` are those who ever signed in on it, by id; only they are believed to have scanned.
    """

    device_id: UUID
    name: str
    gate_id: UUID
    gate_name: str
    site_id: UUID
    revoked_at: datetime | None
    since: int
    seq_floor: int
    operators: dict[UUID, str]

    def actor(self, operator: UUID | None) -> Actor:
        """Return who is taken to have scanned: the operator, or else the device itself."""
        if operator is not None and operator in self.operators:
            return Actor(
                kind="user", id=operator, name=self.operators[operator], place=self.gate_name
            )
        return Actor(kind="device", id=self.device_id, name=self.name, place=self.gate_name)


async def delivering(secret: str) -> DeliveringDevice:
    """Return the device with this secret, or raise NotEnrolledError."""
    rows = await db.fetch(_DEVICE, hash_of(secret))
    if not rows:
        raise NotEnrolledError
    return await _of_row(rows[0])


async def delivering_device(device_id: UUID) -> DeliveringDevice:
    """Return a device by its id, as one that delivered before."""
    rows = await db.fetch(_DEVICE.replace("d.secret_hash = {}", "d.id = {}"), device_id)
    return await _of_row(rows[0])


async def _of_row(row: db.Row) -> DeliveringDevice:
    shifts = await db.fetch(_OPERATORS, row["id"])
    return DeliveringDevice(
        device_id=row["id"],
        name=row["name"],
        gate_id=row["gate"],
        gate_name=row["gate_name"],
        site_id=row["site"],
        revoked_at=row["revoked_at"],
        since=clock.to_ms(row["created_at"] - timedelta(days=1)),
        seq_floor=row["seq_floor"],
        operators={one["operator"]: one["operator_name"] for one in shifts},
    )
