"""The list of a hand-over as a paper to be signed by both sides; drawn anew each time, never kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.documents import issuing
from core.documents.drawing import chinese_date
from core.registrations.judging import site_time
from plugins.government.archive.facts import KINDS
from plugins.government.archive.tables import HandOver
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
