"""What signers said is encrypted: what the first versions stored in clear is sealed. No SQL of its own."""

from core.approvals import remarks

ID = "core_0003_remarks"
VERSION = ""
DESCRIPTION = "What signers said is encrypted."
RELEASED = True  # the files never change again: write another migration


async def carry() -> None:
    """Seal what is clear; also after an older backup was loaded."""
    await remarks.seal_what_is_clear()


async def forwards() -> None:
    await carry()


async def backwards() -> None:
    """Leave the texts encrypted: without them the seats go as a whole."""
