"""The letter of each working morning: what is due from its reader, as numbers and links, no content."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import structlog

from core import clock, db
from core.accounts.actors import actor_of
from core.deadlines import holidays
from core.i18n import N_, Message
from core.navigation import HomeCard
from core.notices.rulebook import notice_rules
from core.notices.services import EMAIL, notify
from core.settings import Settings
from web.plugins import WebPlugins

logger = structlog.get_logger(__name__)

# A server that starts later than so long after the hour lets this morning be.
LATEST = timedelta(hours=3)
_READERS = (
    "SELECT id AS user_id, name, email, locale, host AS host_id FROM account"
    " WHERE active = {} AND digest = {} AND email <> '' ORDER BY id"
)


class Digests:
    """The letters of one server. Several may send: the key lets each letter be queued once."""

    def __init__(self, plugins: WebPlugins, settings: Settings) -> None:
        self.plugins, self.settings = plugins, settings
        self.done: tuple[date | None, set[UUID]] = (None, set())

    async def send(self, *, at: datetime) -> int:
        """Queue this morning's letters once it is time; return how many."""
        local = clock.local(at, self.settings.zone)
        day = local.date()
        if not await self._is_time(local):
            return 0
        if self.done[0] != day:
            self.done = (day, await _written_to(day))
        sent = 0
        for reader in await db.fetch(_READERS, True, True):
            if reader["user_id"] in self.done[1]:
                continue
            self.done[1].add(reader["user_id"])
            sent += await self._write(reader, day, at)
            await asyncio.sleep(0)
        if sent:
            logger.info("digests_sent", count=sent)
        return sent

    async def _is_time(self, local: datetime) -> bool:
        rules = await notice_rules(local)
        begins = datetime.combine(
            local.date(), time.fromisoformat(rules.digest_at), self.settings.zone
        )
        if not rules.digest or not begins <= local < begins + LATEST:
            return False
        _, calendar = await holidays.calendar()
        return calendar.is_working(local.date())

    async def _write(self, reader: db.Row, day: date, at: datetime) -> bool:
        """Queue one letter; False when nothing is due."""
        held = await db.fetch(
            'SELECT role, site FROM account_role WHERE "user" = {}', reader["user_id"]
        )
        roles = self.plugins.register_roles()
        actor = actor_of(reader, [(one["role"], one["site"]) for one in held], roles)
        cards, _ = await self.plugins.collect_home_cards(actor)
        if not cards:
            return False
        async with db.writing():
            return await notify(
                key=_key(day, reader["user_id"]),
                channel=EMAIL,
                subject=N_("What is due today"),
                body=_body(cards, self.settings.base_url),
                at=at,
                address=reader["email"],
                url="/",
                locale=reader["locale"],
            )


def _key(day: date, user_id: UUID) -> str:
    return f"digest:{day.isoformat()}:{user_id}"


async def _written_to(day: date) -> set[UUID]:
    rows = await db.fetch("SELECT key FROM notice WHERE key LIKE {}", f"digest:{day.isoformat()}:%")
    return {UUID(row["key"].rpartition(":")[2]) for row in rows}


def _body(cards: Sequence[HomeCard], base_url: str) -> Message:
    """Return the letter: one line for each thing, its number and where to see it."""
    places = "\n".join("{line" + str(number) + "}" for number in range(len(cards)))
    lines: dict[str, str | int | Message] = {
        f"line{number}": N_(
            "{title}: {number}\n  {link}",
            title=card.title,
            number=card.count,
            link=f"{base_url}{card.path}",
        )
        for number, card in enumerate(cards)
    }
    return N_(
        "This is due from you today:\n\n{lines}\n\n"
        "You can switch this letter off under My account.",
        lines=Message(places, lines),
    )
