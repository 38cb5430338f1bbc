"""What a gate device must know to go on alone: passes, rules, keys, names under lock; signed.

Cards open only with the pass itself, the list of who is inside only on the device. Nothing here holds
a document or a phone number. What is sealed is kept by pass and print, so that a bundle of thousands
costs its reading alone.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.gate import bundle_rules, faces, reading, sealing
from core.gate.devices import KnownDevice
from core.gate.facts import GateRules, HolderCard, OfflineAsked, OfflineRule, PassFacts
from core.gate.rulebook import OfflineGates, offline_gates
from core.gate.scans import Visit
from core.i18n import Message
from core.passes import keys, services
from core.passes.keys import CURRENT, Signer
from core.passes.queries import places, stored_of_row
from core.passes.token import signature_of
from core.plugins import Plugins
from core.registrations import states

FORMAT = 1
AHEAD = timedelta(hours=1)  # rules go on so long after the hard limit, for clocks that are slow
BEFORE = timedelta(minutes=30)
QUARTER = timedelta(minutes=15)
VISIT_GROUP = "visit"
_AT_ONCE = 400
_MOST_CARDS = 50_000
_WAYS = {0: "in", 1: "out"}

_PASSES = (
    "SELECT id, kind, holder, site, registration, token_type, key, generation, not_before, expires,"
    " zones, single_entry, revoked_at, inside, entries, last_at, last_direction, version"
    " FROM pass WHERE site = {} AND expires > {} ORDER BY id"
)
_SOME = (
    "SELECT id, kind, holder, site, registration, token_type, key, generation, not_before, expires,"
    " zones, single_entry, revoked_at, inside, entries, last_at, last_direction, version"
    " FROM pass WHERE site = {{}} AND revoked_at IS NULL AND id IN ({places})"
)
_HOME_GATES = "SELECT id, gate FROM registration WHERE id IN ({places})"
_INSIDE = (
    "SELECT r.id, r.number, r.head_count, v.name, p.id AS pass_id FROM registration r"
    " JOIN visitor v ON v.id = r.visitor LEFT JOIN pass p ON p.registration = r.id"
    " AND p.revoked_at IS NULL WHERE r.site = {} AND r.state = 'inside' ORDER BY r.entered_at, r.id"
)
_VERSION = (
    "UPDATE gate_device SET bundle_at = CASE WHEN bundle_at >= {} THEN bundle_at + 1 ELSE {} END,"
    " last_contact = {} WHERE id = {}"
)
_SITE = "SELECT s.name, g.id, g.name AS gate_name FROM site s JOIN gate g ON g.site = s.id WHERE g.id = {}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it is sent: its bytes in base64, and who signed it. `signatures` by key id.

    `still`: these are not a bundle but the word that the one held by the device still holds.
    """

    bundle: str
    key: int
    signature: str
    signatures: Mapping[int, str]
    still: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that is known of a site's passes; `rows` by pass id in their order."""

    rows: Mapping[str, db.Row]
    facts: Mapping[str, PassFacts]
    visits: Mapping[UUID, Visit]
    homes: Mapping[UUID, UUID | None]
    cards: Mapping[str, HolderCard]
    revoked: Sequence[str]


class Bundles:
    """Makes bundles in one process and keeps what was sealed for them."""

    def __init__(self, plugins: Plugins, *, zone_name: str, rules: GateRules | None = None) -> None:
        self._plugins = plugins
        self._zone_name = zone_name
        self._rules = rules or GateRules()
        self._purposes = {purpose.name: purpose.label for purpose in plugins.register_purposes()}
        self._sealed: dict[tuple[str, int, int, bytes], str] = {}
        self._faces = faces.Faces()
        self._given: dict[UUID, tuple[bytes, str]] = {}  # by device: what a bundle says, its mark

    async def make(
        self, device: KnownDevice, secret: str, *, locale: str, at: datetime, held: str = ""
    ) -> Bundle:
        """Return a fresh bundle for a device; `secret` is the device's own.

        `held` is the mark of the one that the device has: where nothing but the time is new, only that
        is said. Nothing but this process's memory knows of it; another one answers with a whole bundle.
        """
        version = await _next_version(device.device_id, at)
        settings = await offline_gates(at)
        known = await self._known(device.site_id, at)
        signers = await keys.signers()
        inside = await self._inside(device.site_id, known)
        said = await self._head(device, settings, version, at)
        rules, again = await self._rules_of(device, known, settings, at)
        said |= {
            "passback_ms": max(self._rules.passback_seconds, again) * 1000,
            "revoked": known.revoked,
            "unknown_pass": "hold",
            "rules": [_shown_rule(rule, locale) for rule in rules],
        }
        cards = await asyncio.to_thread(self._cards, known, signers, device.audience, locale)
        said["passes"] = {
            pass_id: _shown_pass(known, row, cards.get(pass_id, ""), place < faces.MOST)
            for place, (pass_id, row) in enumerate(known.rows.items())
        }
        content = await asyncio.to_thread(_content, said, inside)
        if held and self._given.get(device.device_id) == (content, held):
            return _still(said, held, signers)
        made = await asyncio.to_thread(_signed, said, inside, secret, signers)
        self._given[device.device_id] = content, sealing.mark_of(made.bundle)
        return made

    async def faces(self, device: KnownDevice, wanted: Sequence[str]) -> dict[str, str]:
        """Return small photos of holders for a device to keep, sealed under each one's pass."""
        if not wanted:
            return {}
        found = await db.fetch(_SOME.format(places=places(wanted)), device.site_id, *wanted)
        rows = {row["id"]: row for row in found}
        cards = await self._cards_of({key: reading.facts_of(row) for key, row in rows.items()})
        signers = await keys.signers()
        return await self._faces.sealed(rows, cards, signers, device.audience)

    async def _cards_of(self, facts: Mapping[str, PassFacts]) -> dict[str, HolderCard]:
        plain = [one for one in facts.values() if one.registration_id is None]
        cards = {**await self._plugins.collect_holders(plain)} if plain else {}
        ids = [one.registration_id for one in facts.values() if one.registration_id is not None]
        visits = await reading.read_visits(ids) if ids else {}
        for pass_id, one in facts.items():
            if one.registration_id is not None and one.registration_id in visits:
                cards[pass_id] = visits[one.registration_id].card
        return cards

    async def _head(
        self, device: KnownDevice, settings: OfflineGates, version: int, at: datetime
    ) -> dict[str, Any]:
        place = (await db.fetch(_SITE, device.gate_id))[0]
        published = {str(key.id): sealing.text(key.public) for key in await keys.published()}
        return {
            "format": FORMAT,
            "version": version,
            "made_at": clock.to_ms(at),
            "fresh_ms": settings.fresh_minutes * 60_000,
            "hard_ms": settings.hard_hours * 3_600_000,
            "audience": device.audience,
            "site": {
                "id": str(device.site_id),
                "name": place["name"],
                "zone_name": self._zone_name,
            },
            "gate": {"id": str(device.gate_id), "name": device.gate_name, "zone": device.zone},
            "home_gate": settings.home_gate,
            "pass_keys": published,
            "bundle_keys": published,
        }

    async def _known(self, site_id: UUID, at: datetime) -> _Known:
        found = await db.fetch(_PASSES, site_id, clock.to_ms(at))
        rows = {row["id"]: row for row in found if row["revoked_at"] is None}
        facts = {pass_id: reading.facts_of(row) for pass_id, row in rows.items()}
        wanted = [one.registration_id for one in facts.values() if one.registration_id is not None]
        visits: dict[UUID, Visit] = {}
        homes: dict[UUID, UUID | None] = {}
        for part in _parts(wanted):
            visits |= await reading.read_visits(part)
            gates = await db.fetch(_HOME_GATES.format(places=places(part)), *part)
            homes |= {row["id"]: row["gate"] for row in gates}
        cards: dict[str, HolderCard] = {}
        for some in _parts([one for one in facts.values() if one.registration_id is None]):
            cards |= await self._plugins.collect_holders(some)
        for pass_id, one in facts.items():
            if one.registration_id is not None and one.registration_id in visits:
                cards[pass_id] = visits[one.registration_id].card
        return _Known(
            rows=rows,
            facts=facts,
            visits=visits,
            homes=homes,
            cards=cards,
            revoked=[row["id"] for row in found if row["revoked_at"] is not None],
        )

    async def _rules_of(
        self, device: KnownDevice, known: _Known, settings: OfflineGates, at: datetime
    ) -> tuple[list[OfflineRule], int]:
        # The same for a quarter of an hour, so that a bundle stays the same when nothing happens.
        since = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
        until = since + QUARTER + timedelta(hours=settings.hard_hours) + AHEAD
        asked = OfflineAsked(
            gate_id=device.gate_id,
            site_id=device.site_id,
            since=clock.to_ms(since - BEFORE),
            until=clock.to_ms(until),
            passes=list(known.facts.values()),
            cards=known.cards,
        )
        rules, failed = await self._plugins.collect_offline_rules(asked)
        owners = {kind.name: kind.plugin for kind in self._plugins.register_pass_kinds()}
        return bundle_rules.combined(
            rules,
            asked,
            states={pass_id: self._state(known, one) for pass_id, one in known.facts.items()},
            faulty=[kind for kind, plugin in owners.items() if plugin in failed],
        )

    def _state(self, known: _Known, one: PassFacts) -> str | None:
        """Return the state of the visit that a pass stands for, None for other passes."""
        if one.registration_id is None or one.registration_id not in known.visits:
            return None
        return known.visits[one.registration_id].state

    async def _inside(self, site_id: UUID, known: _Known) -> list[dict[str, str]]:
        """Return who is inside by name, for a roll call when the server is gone."""
        names = [
            {
                "name": row["name"],
                "line": row["number"] + (f" +{row['head_count'] - 1}" * (row["head_count"] > 1)),
                "pass_id": row["pass_id"] or "",
            }
            for row in await db.fetch(_INSIDE, site_id)
        ]
        for pass_id, one in known.facts.items():
            if one.inside and one.registration_id is None:
                card = known.cards.get(pass_id)
                names.append(
                    {
                        "name": card.name if card else "",
                        "line": " · ".join(card.lines) if card else "",
                        "pass_id": pass_id,
                    }
                )
        return names

    def _cards(
        self, known: _Known, signers: Mapping[int, Signer], audience: int, locale: str
    ) -> dict[str, str]:
        """Seal what is not sealed yet; a thread does it, so that scans do not wait."""
        if len(self._sealed) > _MOST_CARDS:
            self._sealed.clear()
        sealed: dict[str, str] = {}
        for pass_id, card in known.cards.items():
            stored = stored_of_row(known.rows[pass_id])
            signer = signers.get(stored.key)
            if signer is None:
                continue
            plain = self._plain(card, locale)
            mark = (pass_id, stored.generation, stored.key, sealing.digest(plain))
            found = self._sealed.get(mark)
            if found is None:
                body = services.body_of(stored, audience, signer.id)
                found = sealing.seal_card(plain, signature_of(body, signer.private))
                self._sealed[mark] = found
            sealed[pass_id] = found
        return sealed

    def _plain(self, card: HolderCard, locale: str) -> bytes:
        purpose: Message | None = self._purposes.get(card.details.get("purpose", ""))
        lines = [*card.lines] if purpose is None else [*card.lines, purpose.translate(locale)]
        # The photo's address, not the photo: the device may have it in its cache, and a bundle that is
        # fetched every minute stays small.
        said = {"name": card.name, "lines": lines, "photo": card.photo}
        return json.dumps(said, ensure_ascii=False).encode()


def _parts(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]


async def _next_version(device_id: UUID, at: datetime) -> int:
    """Return a number that is higher at each bundle of a device, whatever the clock does."""
    now = clock.to_ms(at)
    async with db.writing():
        await db.execute(_VERSION, now, now, now, device_id)
        rows = await db.fetch("SELECT bundle_at FROM gate_device WHERE id = {}", device_id)
        return int(rows[0]["bundle_at"])


def _shown_pass(known: _Known, row: db.Row, card: str, with_face: bool) -> dict[str, Any]:
    facts = known.facts[row["id"]]
    inside, group, home = facts.inside, "", None
    if facts.registration_id is not None:
        visit = known.visits.get(facts.registration_id)
        inside, group = visit is not None and visit.state == states.INSIDE, VISIT_GROUP
        home = known.homes.get(facts.registration_id)
    elif row["id"] in known.cards:
        group = known.cards[row["id"]].group
    return {
        "kind": facts.kind,
        "generation": facts.generation,
        "not_before": facts.not_before,
        "expires": facts.expires,
        "zones": facts.zones,
        "single_entry": facts.single_entry,
        "home_gate": None if home is None else str(home),
        "inside": inside,
        "entries": facts.entries,
        "last_at": facts.last_at,
        "last_direction": _WAYS.get(facts.last_direction, ""),
        "group": group,
        "card": card,
        "face": faces.mark_of(known.cards[row["id"]], row) if card and with_face else "",
    }


def _shown_rule(rule: OfflineRule, locale: str) -> dict[str, Any]:
    return {
        "kinds": list(rule.kinds),
        "groups": None if rule.groups is None else list(rule.groups),
        "pass": rule.pass_id,
        "direction": _WAYS[rule.direction],
        "starts": rule.starts,
        "ends": rule.ends,
        **bundle_rules.shown(rule.decision, locale),
    }


def _signed(
    said: dict[str, Any],
    inside: Sequence[Mapping[str, str]],
    secret: str,
    signers: Mapping[int, Signer],
) -> Bundle:
    names = json.dumps(inside, ensure_ascii=False).encode()
    said["inside_names"] = sealing.seal_roll(names, secret)
    data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    signatures = {
        key_id: sealing.sign_bundle(data, signer.private) for key_id, signer in signers.items()
    }
    current = next(key_id for key_id, signer in signers.items() if signer.state == CURRENT)
    return Bundle(sealing.text(data), current, signatures[current], signatures)


def _content(said: Mapping[str, Any], inside: Sequence[Mapping[str, str]]) -> bytes:
    """Return a digest of all that a bundle says but when it was made."""
    told = {name: value for name, value in said.items() if name not in ("version", "made_at")}
    return sealing.digest(json.dumps([told, inside], ensure_ascii=False).encode())


def _still(said: Mapping[str, Any], held: str, signers: Mapping[int, Signer]) -> Bundle:
    """Return the signed word that the bundle with this mark holds at this time."""
    word = {name: said[name] for name in ("format", "version", "made_at")} | {"still": held}
    data = json.dumps(word, separators=(",", ":")).encode()
    signatures = {
        key_id: sealing.sign_still(data, signer.private) for key_id, signer in signers.items()
    }
    current = next(key_id for key_id, signer in signers.items() if signer.state == CURRENT)
    return Bundle(sealing.text(data), current, signatures[current], signatures, still=True)
