"""Issuing, printing, revoking and replacing badges (SCH-19).

A printed file holds valid passes: it lies readable by the server alone, for a day. Stored beside it:
whose badges were printed, when, by whom.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import structlog

from core import clock, db, settings
from core.attachments.services import store
from core.documents import badge as paper
from core.documents.badge import Badge
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.passes import services as passes
from core.passes.services import IssuedPass, NewPass
from core.permissions import Actor
from core.registrations.judging import site_time
from core.sites.tables import Site
from plugins.school_gate.facts import STAFF, SchoolRules
from plugins.school_gate.queries import badges, timetable
from plugins.school_gate.queries.badges import Holder
from plugins.school_gate.registered import PASS_KINDS
from plugins.school_gate.tables import BadgeBatch

logger = structlog.get_logger(__name__)

CARD, SHEETS = "card", "a4"
MAX_BATCH = 5000
KEPT = timedelta(days=1)
STALE = timedelta(minutes=15)
_TOLD_SECONDS = 0.3
_BOARDER_ACCENT, _STAFF_ACCENT = "#7a3e9d", "#0f6b4f"
_making: set[asyncio.Task[None]] = set()


def folder() -> Path:
    """Return where printed files lie until they are let go."""
    return settings.load().data_dir / "badges"


def file_of(batch_id: UUID) -> Path:
    """Return where one batch's file lies."""
    return folder() / f"{batch_id}.pdf"


# -- issuing


async def issue_missing(
    holders: Sequence[Holder], *, actor: Actor, at: datetime
) -> dict[UUID, str]:
    """Return each holder's pass id; who has no good pass is issued one."""
    rules: SchoolRules = (await timetable.in_force(at)).values
    async with db.writing():
        good = await badges.good_badges(holders, clock.to_ms(at))
        lacking = [holder for holder in holders if holder.id not in good]
        issued = await passes.issue_many(
            [_new_pass(holder, rules, at) for holder in lacking], actor=actor, at=at
        )
    ids = {holder_id: stored.pass_id for holder_id, stored in good.items()}
    return ids | {one.holder_id: one.pass_id for one in issued}


def _new_pass(holder: Holder, rules: SchoolRules, at: datetime) -> NewPass:
    return NewPass(
        kind=holder.kind,
        holder_id=holder.id,
        site_id=holder.site_id,
        not_before=at - timedelta(minutes=5),
        expires=at + timedelta(days=366 * rules.badge_years),
    )


async def revoke(holder: Holder, *, reason: str, actor: Actor, at: datetime) -> None:
    """Make a badge worthless at once."""
    await passes.revoke(await _badge_id(holder, at), reason=reason, actor=actor, at=at)


async def replace(holder: Holder, *, reason: str, actor: Actor, at: datetime) -> IssuedPass:
    """Replace a badge: the new print is good, the older ones are refused."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    pass_id = await _badge_id(holder, at)
    return await passes.reissue(pass_id, reason=reason.strip(), actor=actor, at=at)


async def _badge_id(holder: Holder, at: datetime) -> str:
    good = await badges.good_badges([holder], clock.to_ms(at))
    if holder.id not in good:
        raise WrongStateError(N_("There is no valid badge. Issue one first."))
    return good[holder.id].pass_id


# -- one card


async def card(
    holder: Holder, *, organisation: str, locale: str, actor: Actor, at: datetime
) -> bytes:
    """Return one badge as a PDF of one card, issuing the pass if there is none; logged."""
    ids = await issue_missing([holder], actor=actor, at=at)
    tokens = await passes.tokens_of(list(ids.values()))
    made = (await _badges([holder], ids, tokens, organisation, locale, at))[0]
    photo = await asyncio.to_thread(_photo, holder.photo)
    async with db.writing():
        await record(
            actor, "school_gate.badge_print", "pass", ids[holder.id], at=at,
            after={"holder": str(holder.id)},
        )  # fmt: skip
    return await asyncio.to_thread(paper.card_pdf, _with_photo(made, photo), made_at=at)


def _photo(sha256: str) -> bytes | None:
    """Return a photo's bytes; a badge is printed without one that cannot be read."""
    if not sha256:
        return None
    try:
        return store().get(sha256)
    except Exception as error:
        logger.warning("photo_not_read", error=repr(error))
        return None


def _with_photo(badge: Badge, photo: bytes | None) -> Badge:
    return Badge(
        organisation=badge.organisation,
        title=badge.title,
        name=badge.name,
        lines=badge.lines,
        number=badge.number,
        token=badge.token,
        photo=photo,
        footer=badge.footer,
        accent=badge.accent,
    )


async def _badges(
    holders: Sequence[Holder],
    ids: dict[UUID, str],
    tokens: dict[str, str],
    organisation: str,
    locale: str,
    at: datetime,
) -> list[Badge]:
    """Return what stands on the badges, in the language of the site, still without photos."""
    titles = {kind.name: kind.label.translate(locale) for kind in PASS_KINDS}
    names = {site.id: site.name for site in await Site.objects()}
    good = await badges.good_badges(holders, clock.to_ms(at))
    found: list[Badge] = []
    for holder in holders:
        living = holder.living.translate(locale)
        until = site_time(clock.from_ms(good[holder.id].expires)).date().isoformat()
        found.append(
            Badge(
                organisation=organisation or names[holder.site_id],
                title=titles[holder.kind],
                name=holder.name,
                lines=tuple(filter(None, (holder.group, living))),
                number=holder.number,
                token=tokens[ids[holder.id]],
                footer=N_("Valid until {day}", day=until).translate(locale),
                accent=_accent(holder),
            )
        )
    return found


def _accent(holder: Holder) -> str:
    if holder.kind == STAFF:
        return _STAFF_ACCENT
    return _BOARDER_ACCENT if holder.living.msgid == "Boarder" else paper.ACCENT


# -- batches


async def begin(
    holders: Sequence[Holder],
    *,
    title: str,
    layout: str,
    site_id: UUID,
    organisation: str,
    locale: str,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Begin to print badges into one file and return the batch's id; the printing goes on by itself."""
    if not holders:
        raise InvalidInputError({"scope": N_("There is nobody to print a badge for.")})
    if len(holders) > MAX_BATCH or layout not in {CARD, SHEETS}:
        raise InvalidInputError({"scope": N_("At most {count} badges at once.", count=MAX_BATCH)})
    batch_id = uuid4()
    async with db.writing():
        await BadgeBatch.insert(
            BadgeBatch(
                id=batch_id,
                site=site_id,
                title=title[:100],
                paper=layout,
                holders=json.dumps([str(holder.id) for holder in holders]),
                state="queued",
                total=len(holders),
                created_at=at,
                created_by=actor.id,
                created_by_name=actor.name,
            )
        )
        await record(
            actor, "school_gate.badges_print", "school_gate_badges", batch_id, at=at,
            after={"title": title, "count": len(holders), "paper": layout},
        )  # fmt: skip
    work = _make(batch_id, list(holders), layout, organisation, locale, actor)
    task = asyncio.get_running_loop().create_task(work)
    _making.add(task)
    task.add_done_callback(_making.discard)
    return batch_id


async def finished() -> None:
    """Wait until the batches that this process makes are done; before it ends, and in tests."""
    while _making:
        await asyncio.gather(*_making, return_exceptions=True)


async def _make(
    batch_id: UUID,
    holders: list[Holder],
    layout: str,
    organisation: str,
    locale: str,
    actor: Actor,
) -> None:
    try:
        await _set(batch_id, state="running")
        at = clock.now()
        ids = await issue_missing(holders, actor=actor, at=at)
        tokens = await passes.tokens_of(list(ids.values()))
        made = await _badges(holders, ids, tokens, organisation, locale, at)
        await _print(batch_id, holders, made, layout)
        await _set(batch_id, state="done", done=len(made), finished_at=clock.now())
    except asyncio.CancelledError:
        await _set(batch_id, state="failed", error="stopped", finished_at=clock.now())
        raise
    except Exception as error:
        logger.error("badges_not_printed", batch=str(batch_id), exc_info=error)
        await _set(batch_id, state="failed", error=repr(error), finished_at=clock.now())


async def _print(
    batch_id: UUID, holders: Sequence[Holder], made: Sequence[Badge], layout: str
) -> None:
    target = file_of(batch_id)
    await asyncio.to_thread(_prepare, target.parent)
    counted = 0

    def progress(done: int, _: int) -> None:
        nonlocal counted
        counted = done

    def with_photos() -> Iterator[Badge]:
        for holder, badge in zip(holders, made, strict=True):
            yield _with_photo(badge, _photo(holder.photo))

    printing = asyncio.create_task(
        asyncio.to_thread(
            paper.generate,
            with_photos(),
            target,
            progress,
            total=len(made),
            layout="card" if layout == CARD else "sheet",
        )
    )
    told = 0
    while not printing.done():
        await asyncio.wait([printing], timeout=_TOLD_SECONDS)
        if counted > told:
            told = counted
            await _set(batch_id, done=told)
    await printing
    await asyncio.to_thread(target.chmod, 0o600)


def _prepare(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)


async def _set(batch_id: UUID, **changed: object) -> None:
    columns = {getattr(BadgeBatch, name): value for name, value in changed.items()}
    async with db.writing():
        await BadgeBatch.update(columns).where(BadgeBatch.id == batch_id)


async def printed(batch_id: UUID, *, actor: Actor, at: datetime) -> bytes:
    """Return a batch's file; who took it is logged."""
    batch = await badges.batch(batch_id, actor)
    path = file_of(batch_id)
    if batch.state != "done" or not await asyncio.to_thread(path.exists):
        raise NotFoundError
    async with db.writing():
        await record(actor, "school_gate.badges_download", "school_gate_badges", batch_id, at=at)
    return await asyncio.to_thread(path.read_bytes)


async def let_go(at: datetime) -> None:
    """Delete files that are a day old; call failed what a stopped server left half-made."""
    old = await BadgeBatch.objects().where(
        BadgeBatch.state.is_in(["done", "queued", "running"]), BadgeBatch.created_at < at - STALE
    )
    for batch in old:
        if batch.state == "done" and batch.created_at < at - KEPT:
            await asyncio.to_thread(file_of(batch.id).unlink, missing_ok=True)
            await _set(batch.id, state="expired")
        elif badges.is_stale(batch, clock.to_ms(at), int(STALE.total_seconds() * 1000)):
            await _set(batch.id, state="failed", error="stopped", finished_at=at)
