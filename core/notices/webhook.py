"""The webhook channel: servers that the administrator named are told for whom there is news, and where.

Never what it is about: an id of the reader, a sentence that is always the same, a link that asks to
sign in. The body is signed, so that the receiver can tell who sent it and when.
"""

import hashlib
import hmac
import json

import httpx

from core import clock
from core.notices.outbox import Channel, Letter
from core.settings import Settings

SECONDS = 10.0
ID, TIMESTAMP, SIGNATURE = "Laifang-Id", "Laifang-Timestamp", "Laifang-Signature"


class WebhookRefusedError(Exception):
    """The receiver did not take it, or is no receiver any more."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what the header bears: HMAC-SHA256 over the timestamp, a full stop and the body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def channel(settings: Settings) -> Channel:
    """Return a channel to the webhooks of the settings; ValueError without a secret to sign with.

    An address that is not among them any more is not called, and no redirect is followed: nobody but
    the administrator says where this server calls.
    """
    if not settings.webhook_secret:
        raise ValueError("LAIFANG_WEBHOOKS needs LAIFANG_WEBHOOK_SECRET to sign with")

    async def send(letter: Letter) -> None:
        if letter.address not in settings.webhooks:
            raise WebhookRefusedError("this address is not set any more")
        text, _, _ = letter.body.partition("\n")
        told = {
            "id": str(letter.id),
            "recipient": str(letter.user),
            "text": text,
            "url": letter.url,
        }
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = str(clock.now_ms() // 1000)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Laifang",
            ID: str(letter.id),
            TIMESTAMP: timestamp,
            SIGNATURE: signature(settings.webhook_secret, timestamp, body),
        }
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", letter.address, content=body, headers=headers) as answer,
        ):
            if not answer.is_success:  # what it says is not read: it might never end
                raise WebhookRefusedError(f"status {answer.status_code}")

    return send
