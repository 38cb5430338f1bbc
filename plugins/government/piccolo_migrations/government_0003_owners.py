"""Deliveries of opinions and what signers said move to the core's rooms. No SQL of its own."""

from plugins.government.opinions import moving

ID = "government_0003_owners"
VERSION = ""
DESCRIPTION = "Deliveries of opinions and what signers said lie in the core."
RELEASED = True  # the files never change again: write another migration


async def carry() -> None:
    """Move what is still here; also after an older backup was loaded."""
    await moving.move_deliveries()
    await moving.move_remarks()


async def forwards() -> None:
    await carry()


async def backwards() -> None:
    """Leave what was moved where it lies now."""
