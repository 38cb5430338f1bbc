"""Papers of the archive that are drawn anew each time, never kept: hand-over lists, covers of files."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.documents import issuing
from core.documents.drawing import chinese_date
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.archive.facts import KINDS, Content
from plugins.government.archive.tables import CaseFile, HandOver
from plugins.government.papers import services as papers
from plugins.government.papers.filling import office_of
from plugins.government.papers.kinds import kind


async def paper(row: HandOver, files: Sequence[Mapping[str, Any]], at: datetime) -> bytes:
    """Return the PDF of a hand-over; the caller has judged who asks."""
    data = {
        "office": await office_of(row.site),
        "list_number": row.number,
        "handed_on": chinese_date(site_time(row.at).date()),
        "handed_by": row.by_name,
        "taken_by": row.taken_by_name,
        "total": str(row.total),
        "pages": str(row.pages),
        "rows": tuple(
            (
                one["number"],
                KINDS[one["kind"]].translate("zh_Hans"),
                one["matter_number"],
                one["subject"] or "",
                str(one["pages"]),
                chinese_date(one["keep_until"]) if one["keep_until"] else "永久",
            )
            for one in files
        ),
    }
    return await issuing.drawn(kind("hand_over_list"), data, at=at)


async def cover(file: CaseFile, lines: Sequence[Content], *, actor: Actor, at: datetime) -> bytes:
    """Return the cover of a file with its closing sheet (案卷封面, 卷内备考表)."""
    days = [date.fromisoformat(one.day) for one in lines if one.day]
    given = {
        "volume": file.number,
        "year": str(file.year),
        "sorting": KINDS[file.kind].translate("zh_Hans"),
        "keeping": f"{file.keep_years}年" if file.keep_years else "永久",
        "pages": str(file.pages),
        "total": str(len(lines)),
        "period": f"{chinese_date(min(days))}至{chinese_date(max(days))}" if days else "",
        "filed_by": file.filed_by_name,
        "filed_on": chinese_date(site_time(file.filed_at).date()),
    }
    data = await papers.filled("archive_cover", file.matter, given, actor=actor, at=at)
    return await issuing.drawn(kind("archive_cover"), data, at=at)
