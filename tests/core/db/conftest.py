"""A table of things to write acts on."""

import uuid

import pytest
from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz, Varchar
from piccolo.table import Table


class Thing(Table, tablename="thing"):
    id = UUID(primary_key=True, default=uuid.uuid4)
    name = Varchar(length=10, unique=True)
    text = Text(default="")
    count = BigInt(default=0)
    good = Boolean(default=False)
    data = Bytea(default=b"")
    at = Timestamptz(null=True, default=None)


@pytest.fixture
async def things(database: str) -> None:
    await Thing.create_table()


async def names() -> list[str]:
    return [row["name"] for row in await Thing.select(Thing.name).order_by(Thing.name)]


async def add(name: str) -> None:
    await Thing.insert(Thing(name=name))
