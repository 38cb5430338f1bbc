"""One installation's database and key file, opened together: each belongs to the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core import db
from core.i18n import N_
from core.passes.keys import fits
from core.privacy import keys
from core.privacy.key_file import KeyringError
from core.settings import Settings


@asynccontextmanager
async def opened(
    settings: Settings, *, read_only: bool = False, database: bool = True
) -> AsyncIterator[None]:
    """Open both for a while; without `database`, it is open already and stays so.

    KeyringError: the key file is missing or another's although the database holds sealed keys. A new
    one is made for an empty database only; one made for a filled database could read nothing in it.
    """
    if database:
        await db.open(settings.database_url, read_only=read_only)
    try:
        await _open_keyring(settings)
        yield
    finally:
        if database:
            await db.close()


async def _open_keyring(settings: Settings) -> None:
    path = settings.keyring_path
    if await fits(None) is False and not path.exists():
        raise KeyringError(
            N_(
                "The key file {path} is missing, and the database cannot be read without it."
                " Restore it from its backup.",
                path=str(path),
            )
        )
    if not await fits(keys.open(path)):
        raise KeyringError(
            N_(
                "The key file {path} is not the one this database was written with."
                " Put the right one back.",
                path=str(path),
            )
        )
