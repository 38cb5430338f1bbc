"""Where a notice goes and the secret link it bears: encrypted together, opened to send or to show."""

from urllib.parse import urlsplit
from uuid import UUID

from core.notices.tables import Notice
from core.privacy.keys import keyring

_TABLE, _COLUMN = "notice", "recipient_cipher"


def sealed(notice_id: UUID, address: str, link: str) -> str | None:
    """Return address and link encrypted for their row, None for neither."""
    if not address and not link:
        return None
    clear = f"{address}\n{link}" if link else address
    return keyring().encrypt(clear, _TABLE, _COLUMN, notice_id)


def opened(notice: Notice) -> tuple[str, str]:
    """Return the address and the link of a notice, either perhaps empty."""
    if not notice.recipient_cipher:
        return "", ""
    clear = keyring().decrypt(notice.recipient_cipher, _TABLE, _COLUMN, notice.id)
    address, _, link = clear.partition("\n")
    return address, link


def masked(notice: Notice) -> str:
    """Return the address as an administrator sees it: `z***@school.test`, a webhook's server."""
    address, _ = opened(notice)
    if "://" in address:
        return urlsplit(address).hostname or ""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if address else ""
