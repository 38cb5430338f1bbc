"""The papers of a forwarding and of a weekly list, made of what is stored: nothing is typed twice.

A transfer makes two: one to the petitioner, one to the receiving body (GOV-20, GOV-21).
"""

from collections.abc import Sequence
from datetime import date, datetime

from core import db
from core.documents.facts import Value
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.facts import LETTER, ONLINE, PHONE, VISIT
from plugins.government.handling.facts import ASSIGNMENT, GROUNDS, KINDS, Sent
from plugins.government.handling.tables import Forwarding, WeeklyList
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.tables import Matter
from plugins.government.papers import services as papers
from plugins.government.papers.filling import office_of
from plugins.government.signing import queries as signing
from plugins.government.units.facts import DEPARTMENT, UnitLine

LIST = "government_weekly_list"
_FORMS = {VISIT: "来访登记表", LETTER: "来信登记表", PHONE: "来电登记表", ONLINE: "网上信访登记表"}


def day_text(day: date | None) -> str:
    """Return a day as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else ""


async def letters(
    made: Forwarding,
    row: Matter,
    unit: UnitLine,
    copy: UnitLine | None,
    *,
    requirement: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Issue the papers of a forwarding; joins the transaction of the act that sends it.

    An anonymous petitioner gets none: there is nobody to hand it to.
    """
    shared: dict[str, Value] = {
        "unit": unit.name,
        "cc": copy.name if copy is not None else "",
        "enclosures": await _enclosures(row),
    }
    due = day_text(made.due_on)
    if made.kind == ASSIGNMENT:
        told = next(iter(await signing.instructions(row.id)), None)
        await papers.take(
            "assignment_letter",
            row.id,
            shared
            | {
                "requirements": _required(requirement, made.meeting_on),
                "reason": GROUNDS[made.ground].translate("zh_Hans"),
                "due_on": due,
                "instruction": f"{told.text}　{told.leader}" if told is not None else "",
            },
            actor=actor,
            at=at,
        )
    else:
        name = "transfer_department" if unit.kind == DEPARTMENT else "transfer_county"
        await papers.take(name, row.id, shared | {"report_by": due}, actor=actor, at=at)
    if row.petitioner is None or row.anonymous:
        return
    contact = await db.fetch("SELECT phone, address FROM government_unit WHERE id = {}", unit.id)
    told_of: dict[str, Value] = {
        "unit": unit.name,
        "cc": shared["cc"],
        "unit_phone": contact[0]["phone"],
        "unit_address": contact[0]["address"],
    }
    await papers.take("transfer_notice", row.id, told_of, actor=actor, at=at)


async def _enclosures(row: Matter) -> tuple[str, ...]:
    """Return what goes with the letter: the registration form, and what was handed in as files."""
    files = await db.fetch(
        "SELECT count(*) AS n FROM government_file f LEFT JOIN government_contact c"
        " ON c.id = f.contact WHERE f.erased_at IS NULL AND (f.matter = {} OR c.matter = {})",
        row.id,
        row.id,
    )
    form = _FORMS.get(row.channel, "信访事项登记表")
    return (form, f"信访材料{files[0]['n']}份") if files[0]["n"] else (form,)


def _required(requirement: str, meeting_on: date | None) -> tuple[str, ...]:
    """Return the requirements of an assignment, with the meeting at which it is handed over."""
    meeting = (f"定于{day_text(meeting_on)}召开交办会，请派负责同志参加；",) if meeting_on else ()
    return (*meeting, *requirement.splitlines())


async def list_paper(
    row: WeeklyList,
    unit: UnitLine,
    items: Sequence[tuple[Sent, MatterLine]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Issue the paper of a weekly list; joins the transaction of the act that sends it."""
    rows = tuple(
        (
            line.number,
            line.petitioner + (f"等{line.heads}人" if line.heads > 1 else ""),
            f"{line.day.month}月{line.day.day}日",
            line.title,
            KINDS[sent.kind].translate("zh_Hans"),
            sent.number,
            day_text(sent.due_on),
            "已电话先行" + KINDS[sent.kind].translate("zh_Hans") if sent.urgent else "",
        )
        for sent, line in items
    )
    first = min((line.day for _, line in items), default=row.week)
    data: dict[str, Value] = {
        "office": await office_of(row.site),
        "unit": unit.name,
        "period": f"{day_text(first)}至{day_text(site_time(at).date())}",
        "object_days": await _object_days(at),
        "report_by": day_text(row.report_on),
        "rows": rows,
    }
    await papers.take_list(
        "weekly_batch", data, record_kind=LIST, record_id=row.id, actor=actor, at=at
    )


async def _object_days(at: datetime) -> str:
    return str((await clocks.in_force(at)).values.object_days)
