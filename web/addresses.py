"""Where a request comes from, behind proxies that are trusted and without."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any


class TrustedProxies:
    """The proxies whose forwarding headers are believed; from anybody else they are ignored."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ip_network(network, strict=False) for network in networks]

    def trusts(self, address: str) -> bool:
        """Say whether this peer is one of them."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self._networks)

    def origin(self, scope: Any, headers: dict[str, str]) -> tuple[str, bool, str]:
        """Return the asker's address, whether they used HTTPS, and the host they asked for."""
        client = scope.get("client")
        address = client[0] if client else ""
        secure, host = scope.get("scheme") == "https", headers.get("host", "")
        if not self.trusts(address):
            return address, secure, host
        secure = headers.get("x-forwarded-proto", scope.get("scheme", "")) == "https"
        host = headers.get("x-forwarded-host", host)
        # Each proxy appends whom it saw: the last one not trusted is the asker.
        for hop in reversed(headers.get("x-forwarded-for", "").split(",")):
            if not hop.strip():
                continue
            address = hop.strip()
            if not self.trusts(address):
                break
        return address[:64], secure, host
