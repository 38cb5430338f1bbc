"""Headers that every answer bears, and what a page says when it came over plain HTTP."""

from core.i18n import N_, Message
from web.current import Current

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
)
_HTTPS_ONLY = (("strict-transport-security", "max-age=31536000"),)
STATIC = "/static/"
# Browsers take these for safe: camera, service worker and cryptography work.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
INSECURE = N_(
    "This page came without encryption (http). Scanning by camera and working without a network"
    " need https; a USB scanner works here. Others on this network can read what is sent."
)


def headers_for(path: str, query: str, *, secure: bool) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer; a handler's own header of the same name wins."""
    headers = _ALWAYS + _HTTPS_ONLY if secure else _ALWAYS
    return (*headers, ("cache-control", cache_control(path, query)))


def cache_control(path: str, query: str) -> str:
    """Return how long an answer may be kept: static files named by content for good, pages never."""
    if not path.startswith(STATIC):
        return "no-store"
    return "public, max-age=31536000, immutable" if query.startswith("v=") else "no-cache"


def insecure_notice(now: Current) -> Message | None:
    """Return what a reader over plain HTTP must know, or None; on this machine nothing is missing."""
    host = now.host.rpartition(":")[0] if now.host.rpartition(":")[2].isdigit() else now.host
    return None if now.secure or host in LOOPBACK else INSECURE
