"""Items put into their file, files handed over to the archives office (GOV-48).

The log gets numbers, kinds and counts; what a file holds lies encrypted with it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import next_number, number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.text import TextError, clean_line
from plugins.government import clocks, sealing
from plugins.government.archive import policies, queries
from plugins.government.archive.facts import CHECKS, FILED, KEPT, KINDS, Content
from plugins.government.archive.queries import TABLE
from plugins.government.archive.rights import KEEP
from plugins.government.archive.seeing import HAND_OVER
from plugins.government.archive.tables import CaseFile, HandOver
from plugins.government.matters import services as matters
from plugins.government.matters import states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.papers import services as papers

_FOR_EVER = "永久"
_AT_A_TIME = 500  # files of one UPDATE


async def file_item(
    matter_id: UUID,
    *,
    kind: str,
    kind_reason: str,
    for_ever: bool,
    pages: Sequence[int],
    ticked: Collection[str],
    actor: Actor,
    at: datetime,
) -> CaseFile:
    """Put an item at its end into its file, once everything is there; its contents list is issued."""
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not actor.may_at(KEEP, row.site):
            raise NotFoundError
        if not states.may("archive", row.stage) or await queries.file_of(matter_id) is not None:
            raise WrongStateError(N_("The item is further along than that. Look at it again."))
        filing = await queries.filing(matter_id, row.stage, row.close_reason)
        problems = {}
        if kind not in KINDS:
            problems["kind"] = N_("Please choose one of the options.")
        elif kind != policies.kind_of(filing.papers) and not kind_reason.strip():
            problems["kind_reason"] = N_("Say why this item gets the other kind of file.")
        if policies.missing(filing, set(ticked) & set(CHECKS)):
            problems["checks"] = N_("Something is missing: see the check-list.")
        if problems:
            raise InvalidInputError(problems)
        made = await _made(
            row,
            kind=kind,
            reason=kind_reason.strip(),
            for_ever=for_ever,
            lines=policies.paged(await queries.made_contents(matter_id), pages),
            actor=actor,
            at=at,
        )
        await Matter.update({Matter.archived_at: at}).where(Matter.id == matter_id)
        await matters.move(row, "archive", actor=actor, at=at, file=made.number)
        await timeline.note(
            matter_id,
            "archive",
            N_("Put into file {number}", number=made.number),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
    return made


async def _made(
    row: Matter,
    *,
    kind: str,
    reason: str,
    for_ever: bool,
    lines: Sequence[Content],
    actor: Actor,
    at: datetime,
) -> CaseFile:
    rules = (await clocks.in_force(at)).values
    year = site_time(row.closed_at or at).year
    years = policies.years_of(
        kind,
        for_ever,
        ordinary=rules.keep_ordinary_years,
        dedicated=rules.keep_dedicated_years,
    )
    file_id = uuid4()
    count = await next_number(f"government.file.{kind}", year)
    made = CaseFile(
        id=file_id,
        site=row.site,
        matter=row.id,
        kind=kind,
        kind_reason_cipher=sealing.seal(reason, TABLE, "kind_reason_cipher", file_id),
        year=year,
        number=policies.number_of(year, kind, count),
        state=FILED,
        contents_cipher=queries.sealed_contents(file_id, lines),
        pages=sum(line.pages for line in lines),
        keep_years=years,
        keep_until=policies.kept_until(year, years),
        filed_at=at,
        filed_by_name=actor.name,
    )
    document = await papers.take(
        "archive_contents",
        row.id,
        {
            "volume": made.number,
            "year": str(year),
            "sorting": KINDS[kind].translate("zh_Hans"),
            "pages": str(made.pages),
            "keeping": f"{years}年" if years else _FOR_EVER,
            "rows": [
                (one.number, one.who, one.title, one.day, str(one.page), one.note) for one in lines
            ],
        },
        actor=actor,
        at=at,
    )
    made.document = document.id
    await CaseFile.insert(made)
    return made


async def hand_over(
    site_id: UUID, file_ids: Collection[UUID], *, taken_by: str, actor: Actor, at: datetime
) -> UUID:
    """Hand files over to the archives office; the list says who, when and how many."""
    if not actor.may_at(KEEP, site_id):
        raise NotFoundError
    problems: dict[str, Message] = {}
    try:
        taken_by = clean_line(taken_by, 100)
    except TextError as error:
        taken_by, problems["taken_by"] = "", error.message
    if not taken_by and not problems:
        problems["taken_by"] = N_("Say who of the archives office took them.")
    if not file_ids:
        problems["files"] = N_("Choose at least one file.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        seen = await queries.files(site_id, actor, at, queries.Chosen(state=FILED))
        chosen = [one for one in seen if one["id"] in set(file_ids)]
        if len(chosen) != len(set(file_ids)):
            raise WrongStateError(N_("A file was handed over meanwhile. Look at the list again."))
        year = site_time(at).year
        made = HandOver(
            id=uuid4(),
            site=site_id,
            number=number_label(year, await next_number("government.hand_over", year)),
            total=len(chosen),
            pages=sum(one["pages"] for one in chosen),
            at=at,
            by=actor.id,
            by_name=actor.name,
            taken_by_name=taken_by,
        )
        await HandOver.insert(made)
        values: dict[Any, Any] = {CaseFile.hand_over: made.id, CaseFile.state: KEPT}
        for start in range(0, len(chosen), _AT_A_TIME):
            some = [one["id"] for one in chosen[start : start + _AT_A_TIME]]
            await CaseFile.update(values).where(CaseFile.id.is_in(some))
        shown = {"number": made.number, "files": made.total}
        await record(actor, "government.hand_over_files", HAND_OVER, made.id, at=at, after=shown)
    return made.id
