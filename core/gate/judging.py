"""Judging one scan of a batch: the core's rules, then the plugins', whatever these do."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from core import clock, db
from core.asking import PLUGIN_ERROR
from core.decisions import Allow, Decision, Deny, gravest
from core.gate import policies
from core.gate.facts import OUT, GateRules, HolderCard, PassFacts, ScanFacts
from core.gate.fold import STUB
from core.gate.scans import Loaded, Scan, Visit
from core.passes.token import REASONS, TokenBody, TokenError, TokenType, check
from core.plugins import Plugins
from core.registrations import states

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A scan with what was decided. `scanned` is None when there is no such pass.

    `code` says more of an Allow; a Hold and a Deny have their own. `stub`: the token was a stub's.
    """

    decision: Decision
    direction: int
    scanned: PassFacts | None = None
    holder: HolderCard | None = None
    code: str = ""
    stub: bool = False


def token_denial(code: str) -> Deny:
    """Return the refusal for what is wrong with a token."""
    return Deny(code, REASONS[code], policies.SIGNATURE_RULE)


class Judge:
    """Judges scans by the core's rules and the plugins', one after another."""

    def __init__(self, plugins: Plugins, zone: ZoneInfo, rules: GateRules) -> None:
        self._plugins = plugins
        self._zone = zone
        self._rules = rules

    async def judge(
        self,
        scan: Scan,
        body: TokenBody,
        at: int,
        loaded: Loaded,
        cards: dict[str, HolderCard],
    ) -> Judged:
        """Return the decision about a genuine token; nothing that a plugin does escapes."""
        pass_id = body.pass_id.hex()
        fault = self._fault(scan, body, at)
        scanned = loaded.passes.get(pass_id)
        if scanned is None:
            decision = fault or policies.unknown_pass(scan.direction)
            return Judged(decision=decision, direction=scan.direction or 0)
        visit = self._visit(scanned, loaded)
        if visit is not None:
            # The visit's own state is where the person is: the desk lets in and out as well.
            scanned = _standing(scanned, inside=visit.state == states.INSIDE)
        stub = body.type == TokenType.STUB
        asked = OUT if stub else scan.direction
        direction = policies.direction_of(asked, scanned, at, self._rules)
        holder = visit.card if visit is not None else cards.get(pass_id)
        facts = ScanFacts(
            scanned=scanned,
            direction=direction,
            at=clock.local(clock.from_ms(at), self._zone),
            at_ms=at,
            gate_id=scan.station.gate_id,
            gate_zone=scan.station.zone,
            site_id=scan.station.site_id,
            token_generation=body.generation,
            holder=holder,
        )
        state = None if visit is None else visit.state
        if stub:
            decision = policies.may_return_stub(facts, token_fault=fault, visit_state=state or "")
        else:
            decision = policies.may_pass(facts, self._rules, token_fault=fault, visit_state=state)
        if not isinstance(decision, Deny):
            theirs = await self._ask(facts)  # an Allow of theirs may bear a note
            decision = theirs if isinstance(decision, Allow) else gravest([decision, theirs])
        return Judged(
            decision=decision,
            direction=direction,
            scanned=scanned,
            holder=holder,
            code=STUB if stub and state == states.LEFT else "",
            stub=stub,
        )

    def _fault(self, scan: Scan, body: TokenBody, at: int) -> Deny | None:
        station = scan.station
        try:
            check(body, audience=station.audience, at=at // 1000, zones=1 << station.zone)
        except TokenError as error:
            return token_denial(error.code)
        return None

    def _visit(self, scanned: PassFacts, loaded: Loaded) -> Visit | None:
        if scanned.registration_id is None:
            return None
        return loaded.visits.get(scanned.registration_id)

    async def _ask(self, facts: ScanFacts) -> Decision:
        try:
            decision = await self._plugins.check_scan(facts)
        except Exception as error:
            logger.error("scan_not_checked", error=repr(error))
            decision = PLUGIN_ERROR
        if db.in_transaction():
            logger.error("hook_left_transaction_open", hook="check_scan")
            await db.abandon()
            decision = PLUGIN_ERROR
        return decision or Allow()


def _standing(scanned: PassFacts, *, inside: bool) -> PassFacts:
    if scanned.inside == inside:
        return scanned
    return PassFacts(
        pass_id=scanned.pass_id,
        kind=scanned.kind,
        holder_id=scanned.holder_id,
        site_id=scanned.site_id,
        registration_id=scanned.registration_id,
        generation=scanned.generation,
        not_before=scanned.not_before,
        expires=scanned.expires,
        zones=scanned.zones,
        single_entry=scanned.single_entry,
        revoked_at=scanned.revoked_at,
        inside=inside,
        entries=scanned.entries,
        last_at=scanned.last_at,
        last_direction=scanned.last_direction,
        version=scanned.version,
    )
