"""Playing days through on a copy (CORE-27): what would become due when, without waiting for it.

The clock is set from hour to hour and the work that a server does by itself is done at each: alerts,
appointments that lapse, erasing, what plugins do each minute, notices. All of it happens in a copy of
the database that is thrown away; letters are kept instead of sent, plugins are told of no event.
"""

import os
import sqlite3
import tarfile
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from core import clock, db
from core.appointments import passing
from core.attachments import services as attachments
from core.attachments.store import DiskStore
from core.backup import services as backup
from core.backup.manifest import NAME as MANIFEST
from core.backup.manifest import Manifest
from core.clock import CLOCK
from core.events import Event
from core.i18n import Message
from core.log.tables import LogEntry
from core.notices.outbox import Letter, Outbox
from core.notices.services import EMAIL
from core.notices.tables import Notice
from core.permissions import Role
from core.plugins import Plugins
from core.privacy import retention
from core.registrations import waiting
from core.registrations.tables import Registration
from core.rulebooks import queries as rulebooks
from core.rulebooks.tables import RulebookVersion
from core.settings import Settings

MOST = 20  # happenings of one sort listed for a day; all are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something the software did by itself: an act of the log, a notice, a rulebook coming into force."""

    at: datetime
    what: str
    about: str


@dataclass(slots=True, kw_only=True)
class Day:
    """One day as played. `overdue` and `waiting` are how many there are as it ends."""

    day: date
    happenings: list[Happening] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    waiting: int = 0
    letters: int = 0
    events: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened on it."""
        return not self.counts

    def add(self, at: datetime, what: str, about: str) -> None:
        """Note something that happened."""
        self.counts[what] += 1
        if self.counts[what] <= MOST:
            self.happenings.append(Happening(at=at, what=what, about=about))


# -- the copy


@asynccontextmanager
async def aside(settings: Settings) -> AsyncIterator[Path]:
    """Open a copy of the database that is thrown away afterwards; the real one is only read.

    Attachments are not copied: everything that this process keeps in its data folder goes to the
    copy's own, so that nothing real can be erased.
    """
    with tempfile.TemporaryDirectory(prefix="laifang-play-") as name:
        folder = Path(name)
        target = folder / "laifang.sqlite"
        if db.dialect_of(settings.database_url) == "sqlite":
            _copy(Path(settings.database_url.removeprefix("sqlite:///")), target)
            with _moved(folder, target):
                await db.open(f"sqlite:///{target}")
                try:
                    yield folder
                finally:
                    await attachments.settled()
                    await db.close()
            return
        saved, lean = folder / "saved.tar.gz", folder / "lean.tar.gz"
        await db.open(settings.database_url, read_only=True)
        try:
            await backup.make(saved, _NoBytes(folder / "none"), folder / "none", at=clock.now())
        finally:
            await db.close()
        _leave_out_attachments(saved, lean)
        with _moved(folder, target):
            await db.open(f"sqlite:///{target}")
            try:
                await backup.restore(lean, _NoBytes(folder / "none"), folder / "checkpoints")
                yield folder
            finally:
                await attachments.settled()
                await db.close()


class _NoBytes(DiskStore):
    """A store that hands out nothing for everything: rows are enough to play."""

    def get(self, sha256: str) -> bytes:
        """Return no bytes."""
        return b""


def _leave_out_attachments(saved: Path, lean: Path) -> None:
    with tarfile.open(saved, "r:gz") as old, tarfile.open(lean, "w:gz", compresslevel=1) as new:
        for member in old:
            data = old.extractfile(member)
            if data is None or member.name.startswith("attachments/"):
                continue
            if member.name != MANIFEST:
                new.addfile(member, data)
                continue
            manifest = Manifest.load(data.read())
            manifest.attachments.clear()
            said = manifest.dump()
            member.size = len(said)
            new.addfile(member, BytesIO(said))


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite database, also one that a server is writing to."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)


@contextmanager
def _moved(folder: Path, target: Path) -> Iterator[None]:
    """Point this process's settings to the copy while the block lasts."""
    moved = {"LAIFANG_DATA": str(folder), "LAIFANG_DATABASE_URL": f"sqlite:///{target}"}
    before = {name: os.environ.get(name) for name in moved}
    os.environ.update(moved)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


# -- playing


class _Listeners(Plugins):
    """Stands where plugins are told of events: a plugin may call other systems, so none is told."""

    def __init__(self) -> None:
        super().__init__({})
        self.told = 0

    async def on_event(self, plugin: str, event: Event) -> None:
        """Only count."""
        self.told += 1


class Play:
    """Plays days through in the database that is open, which must be one made by `aside`."""

    def __init__(self, plugins: Plugins, settings: Settings, folder: Path) -> None:
        if not os.environ.get("LAIFANG_DATA", "").startswith(str(folder)):
            raise RuntimeError("days are played in a copy only")
        self._plugins, self._settings = plugins, settings
        self._letters: list[Letter] = []
        self._listeners = _Listeners()
        self._roles: dict[str, Role] = plugins.register_roles()
        self._outbox = Outbox(
            self._listeners,
            {EMAIL: self._keep},
            base_url=settings.base_url,
            locale=settings.locale,
        )
        self._last_entry = self._last_step = 0

    async def _keep(self, letter: Letter) -> None:
        self._letters.append(letter)

    async def days(
        self, first: date, number: int, *, every: timedelta = timedelta(hours=1)
    ) -> AsyncIterator[Day]:
        """Yield each day as it was played, with the clock set at every step of it."""
        entries = await db.fetch("SELECT max(id) AS id FROM log_entry")
        self._last_entry = entries[0]["id"] or 0
        begins = datetime(first.year, first.month, first.day, tzinfo=self._settings.zone)
        self._last_step = clock.to_ms(begins) - 1
        try:
            for count in range(number):
                yield await self._day(first + timedelta(days=count), every)
        finally:
            CLOCK.reset()

    async def _day(self, day: date, every: timedelta) -> Day:
        played = Day(day=day)
        start = datetime(day.year, day.month, day.day, tzinfo=self._settings.zone)
        moment = start
        self._letters.clear()
        self._listeners.told = 0
        while moment.date() == day:
            CLOCK.travel(moment, running=False)
            rulebooks.forget()
            await self._work(moment)
            await self._note(played, moment)
            moment = _later(moment, every)
        end = clock.now()
        played.letters, played.events = len(self._letters), self._listeners.told
        played.waiting = await Registration.count().where(
            Registration.state.is_in(["waiting", "held"])
        )
        played.overdue = await Registration.count().where(
            Registration.state == "inside", Registration.expected_leave_at < end
        )
        return played

    async def _work(self, local: datetime) -> None:
        """Do what a server does by itself at a moment."""
        at = clock.now()
        await waiting.alert(at=at, roles=self._roles)
        await passing.note_absent(at=at, plugins=self._plugins)
        await passing.expire_unanswered(at=at, plugins=self._plugins)
        await self._plugins.on_minute(local)
        await retention.nightly(plugins=self._plugins, at=at, zone=self._settings.zone)
        while await self._outbox.work_once():
            pass

    async def _note(self, played: Day, moment: datetime) -> None:
        """Note what was done since the last step, as log, notices and rulebooks have it."""
        entries = (
            await LogEntry.objects().where(LogEntry.id > self._last_entry).order_by(LogEntry.id)
        )
        for entry in entries:
            self._last_entry = entry.id
            about = f"{entry.record_kind} {entry.record_id}".strip()
            played.add(clock.from_ms(entry.at), entry.act, about)
        now = clock.to_ms(moment)
        for notice in await Notice.objects().where(
            Notice.created_at == now, Notice.state != "dead"
        ):
            subject = Message.load(notice.subject).translate(self._settings.locale)
            played.add(moment, f"notice.{notice.channel}", subject)
        for version in await RulebookVersion.objects().where(
            RulebookVersion.effective_from <= now,
            RulebookVersion.effective_from > self._last_step,
            RulebookVersion.voided_at.is_null(),
        ):
            name = f"{version.plugin}/{version.number}"
            played.add(clock.from_ms(version.effective_from), "rulebook.in_force", name)
        self._last_step = now


def _later(moment: datetime, every: timedelta) -> datetime:
    """Return the next step on the wall clock that really comes after."""
    return (moment.astimezone(clock.now().tzinfo) + every).astimezone(moment.tzinfo)
