"""What pages of the lodge share: the rules now in force, a paper as an answer; no page of its own."""

from datetime import datetime

from litestar import Response

from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.queries import timetable


async def rules_at(now: datetime) -> SchoolRules:
    """Return the school's rules in force."""
    rules: SchoolRules = (await timetable.in_force(now)).values
    return rules


def paper_answer(pdf: bytes, name: str) -> Response[bytes]:
    """Return a paper to be shown and printed, kept in no cache."""
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{name}.pdf"',
            "cache-control": "no-store",
        },
    )
