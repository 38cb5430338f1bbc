"""A gate device without network, in Python: reads its bundle as the page does, queues, delivers."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import clock
from core.passes.token import _payload

DOMAIN = b"laifang-bundle-v1\0"
STILL_DOMAIN = b"laifang-bundle-still-v1\0"


def unbased(text):
    """The bytes of base64 for addresses without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(text, secret, info):
    """What was sealed under a key derived from a secret."""
    key = HKDF(algorithm=SHA256(), length=32, salt=b"", info=info).derive(secret)
    data = unbased(text)
    return json.loads(AESGCM(key).decrypt(data[:12], data[12:], None))


@dataclass
class OfflineDevice:
    """A device with its secret; what it does goes into `queue` until it is delivered."""

    client: object
    headers: dict
    bundle_keys: dict | None = None
    bundle: dict = field(default_factory=dict)
    queue: list = field(default_factory=list)
    seq: int = 0
    boot: str = "b1"
    mark: str = ""
    skew: int = 0  # by how much its clock is ahead, ms

    async def fetch(self):
        """Fetch a bundle and believe it only if a key that is known signed it."""
        answer = await self.client.get("/gate/api/bundle", headers=self.headers)
        assert answer.status_code == 200, answer.text
        signed = answer.json()
        data = unbased(signed["bundle"])
        bundle = json.loads(data)
        keys = self.bundle_keys or bundle["bundle_keys"]
        key = Ed25519PublicKey.from_public_bytes(unbased(keys[signed["key"]]))
        key.verify(unbased(signed["signature"]), DOMAIN + data)
        assert bundle["version"] > self.bundle.get("version", 0)
        self.bundle_keys, self.bundle = bundle["bundle_keys"], bundle
        self.mark = hashlib.sha256(signed["bundle"].encode()).hexdigest()
        return bundle

    async def ask_again(self):
        """Ask whether the bundle still holds; return how many bytes came, and whether it does."""
        answer = await self.client.get(
            "/gate/api/bundle", headers=self.headers, params={"held": self.mark}
        )
        signed = answer.json()
        if not signed["still"]:
            return len(answer.content), False
        data = unbased(signed["bundle"])
        key = Ed25519PublicKey.from_public_bytes(unbased(self.bundle_keys[signed["key"]]))
        key.verify(unbased(signed["signature"]), STILL_DOMAIN + data)
        word = json.loads(data)
        assert word["still"] == self.mark
        assert word["version"] > self.bundle["version"]
        self.bundle |= {"version": word["version"], "made_at": word["made_at"]}
        return len(answer.content), True

    def card(self, token):
        """The card of a pass, opened by its token."""
        payload = _payload(token)
        stored = self.bundle["passes"][payload[5:17].hex()]
        return opened(stored["card"], payload[28:], b"laifang-card-v1")

    def inside_names(self):
        """Who is inside, opened by the device's secret."""
        secret = self.headers["x-gate-device"].encode()
        return opened(self.bundle["inside_names"], secret, b"laifang-roll-v1")

    def ruled(self, token, direction, at):
        """What the rules of the bundle say of a pass: the first that fits."""
        pass_id = _payload(token)[5:17].hex()
        stored = self.bundle["passes"].get(pass_id)
        if stored is None:
            return {"verdict": "hold", "code": "unknown_pass", "reason": "", "rule": "SCH-20"}
        for rule in self.bundle["rules"]:
            if (
                stored["kind"] in rule["kinds"]
                and (rule["groups"] is None or stored["group"] in rule["groups"])
                and rule["pass"] in (None, pass_id)
                and rule["direction"] == direction
                and rule["starts"] <= at < rule["ends"]
            ):
                return rule
        return {"verdict": "allow", "code": "", "reason": "", "rule": ""}

    def act(self, token, direction="in", verdict="allow", **more):
        """Decide something alone and keep it."""
        self.seq += 1
        event = {
            "act": "scan",
            "seq": self.seq,
            "boot": self.boot,
            "wall": clock.now_ms() + self.skew,
            "mono": 0,
            "token": token,
            "direction": direction,
            "verdict": verdict,
            "mode": "offline",
            "bundle": self.bundle.get("version", 0),
            **more,
        }
        self.queue.append(event)
        return event

    async def send(self, events, waiting=None, **more):
        """Deliver these events and return the raw answer."""
        waiting = len(events) if waiting is None else waiting
        return await self.client.post(
            "/gate/api/events",
            json={"events": events, "waiting": waiting, **more},
            headers=self.headers,
        )

    async def deliver(self):
        """Deliver all that is queued; whatever the server took is forgotten."""
        answer = await self.send(self.queue)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        taken = {*said["acked"], *(one["seq"] for one in said["quarantined"])}
        assert taken == {event["seq"] for event in self.queue}
        self.queue = []
        return said
