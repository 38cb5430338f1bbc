"""What happens to every request before it finds its handler, and to every answer on its way out."""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from litestar.datastructures import Cookie
from litestar.exceptions import ClientException

from core import clock
from core.accounts.queries import any_user
from core.i18n import LOCALES
from core.notices.queries import unread
from core.permissions import Role
from core.registrations.rulebook import organisation_name
from core.settings import Settings
from web import flashes
from web.addresses import TrustedProxies
from web.current import Current
from web.locales import negotiate
from web.security_headers import STATIC, headers_for
from web.sessions import Authentication

API = "/api/"
GATE_API = "/gate/api/"  # its devices prove themselves in the request: web/gate_api.py
HEALTH = "/health/"
METRICS = "/metrics"
SETUP = "/setup"
THEMES = ("auto", "light", "dark")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
# What a page needs to be drawn before there is any account.
_BEFORE_SETUP = (SETUP, STATIC, HEALTH, "/language/", "/theme/")


class SetupRequiredError(Exception):
    """There is no account yet: the first administrator is to be made."""


class Inbound:
    """Reads requests and completes answers for one application."""

    def __init__(self, settings: Settings, roles: Mapping[str, Role]) -> None:
        self.settings = settings
        self.proxies = TrustedProxies(settings.trusted_proxies)
        self.authentication = Authentication(settings, roles)
        self.set_up = False

    def read(self, scope: Any) -> tuple[Current, dict[str, str]]:
        """Return what the request says by itself, and its headers; nobody is recognised yet."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        address, secure, host = self.proxies.origin(scope, headers)
        cookies = _cookies(headers.get("cookie", ""))
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        given = headers.get("x-request-id", "")
        trusted = self.proxies.trusts((scope.get("client") or ("",))[0])
        theme = cookies.get("theme", "auto")
        now = Current(
            request_id=given if trusted and _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex,
            now=clock.now(),
            method=scope["method"],
            path=f"{path}?{query}" if query else path,
            address=address,
            user_agent=headers.get("user-agent", "")[:200],
            secure=secure,
            host=host,
            cookies=cookies,
            theme=theme if theme in THEMES else "auto",
            api=path.startswith((API, GATE_API)),
            htmx=headers.get("hx-request") == "true",
            forwarded="x-forwarded-for" in headers or "forwarded" in headers,
        )
        now.locale = self._locale(now, headers)
        return now, headers

    async def admit(self, now: Current, headers: dict[str, str]) -> None:
        """Recognise who asks; raises what answers the request at once."""
        if "\x00" in now.path or "%00" in now.path:
            raise ClientException  # no text holds it, and PostgreSQL stores none
        path = now.path.partition("?")[0]
        if path.startswith((STATIC, HEALTH, METRICS, GATE_API)):
            return
        if not self.set_up:
            self.set_up = await any_user()
            if not self.set_up and not path.startswith(_BEFORE_SETUP):
                raise SetupRequiredError
        now.organisation = await organisation_name(now.now) or self.settings.organisation_name
        now.flashes = flashes.read(now.cookies)
        await self.authentication.recognise(now, headers.get("authorization", ""))
        if now.actor.locale in LOCALES:
            now.locale = now.actor.locale
        if now.actor.kind == "user" and now.actor.id and now.method == "GET" and not now.htmx:
            now.unread = await unread(now.actor.id)

    def completed(
        self, now: Current, sent: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """Return an answer's headers with those that every answer bears, and the request's cookies."""
        headers = list(sent)
        present = {name.lower() for name, _ in headers}
        path, _, query = now.path.partition("?")
        for name, value in headers_for(path, query, secure=now.secure):
            if name.encode() not in present:
                headers.append((name.encode(), value.encode()))
        headers.append((b"x-request-id", now.request_id.encode()))
        flashes.keep(now)
        for cookie in now.set_cookies.values():
            headers.append((b"set-cookie", _header(cookie)))
        return headers

    def _locale(self, now: Current, headers: dict[str, str]) -> str:
        chosen = now.cookies.get("language", "")
        if chosen in LOCALES:
            return chosen
        return negotiate(headers.get("accept-language", ""), self.settings.locale)


def _header(cookie: Cookie) -> bytes:
    return cookie.to_header(header="").strip().encode("latin-1")


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs if name.strip()}
