"""Files of items from other platforms: read, checked row by row, shown, then taken over (GOV-6)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from core.sheets.files import SheetFileError, read_file
from plugins.government import facts, sealing
from plugins.government.intake import forms, import_words, online
from plugins.government.intake.facts import Reception
from plugins.government.intake.tables import OnlineImport
from plugins.government.rights import REGISTER

RECORD = "government_online_import"
PREVIEW, APPLIED, DISCARDED = "preview", "applied", "discarded"
MOST_ROWS = 2000

# Column of a file -> field of the form; several names for one, as platforms call them differently.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "foreign_number": ("编号", "信访件编号", "信访编号", "number"),
    "sent_on": ("日期", "信访日期", "提交时间", "date"),
    "name": ("姓名", "信访人", "name"),
    "phone": ("电话", "手机", "联系电话", "phone"),
    "document_number": ("证件号码", "身份证号", "document"),
    "address": ("住址", "地址", "常住地址", "address"),
    "email": ("邮箱", "电子邮箱", "email"),
    "purpose": ("目的", "信访目的", "purpose"),
    "title": ("标题", "事由", "title"),
    "demand": ("诉求", "信访人诉求", "具体诉求", "demand"),
    "facts": ("概况", "内容", "事实和理由", "facts"),
    "subject": ("内容分类", "分类", "subject"),
    "place": ("问题属地", "属地", "place"),
    "heads": ("人数", "涉及人数", "heads"),
}
PURPOSES = {
    "申诉": facts.APPEAL,
    "求决": facts.REQUEST,
    "意见建议": facts.OPINION,
    "建议意见": facts.OPINION,
    "揭发控告": facts.ACCUSATION,
    "检举控告": facts.ACCUSATION,
    "咨询": facts.CONSULTATION,
    "其他": facts.OTHER,
}
FIELDS = (
    replace(forms.FOREIGN_NUMBER, required=True),
    Field(name="sent_on", label=N_("Sent on"), max_length=40),
    replace(forms.NAME, required=False),
    forms.PHONE,
    forms.DOCUMENT,
    forms.ADDRESS,
    forms.EMAIL,
    forms.PURPOSE,
    forms.TITLE,
    forms.DEMAND,
    forms.FACTS,
    Field(name="subject", label=N_("Subject of the petition"), max_length=200),
    Field(name="place", label=N_("Place of the problem"), max_length=100),
    forms.HEADS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file with what is wrong in it; a good one is taken over."""

    line: int
    values: Mapping[str, str]
    problems: Mapping[str, Message]
    taken: bool = False

    @property
    def good(self) -> bool:
        """Whether it can be taken over."""
        return not self.problems and not self.taken


async def read(
    data: bytes, name: str, platform: str, *, site_id: UUID, actor: Actor, at: datetime
) -> UUID:
    """Read a file and keep its rows for the preview; nothing is registered yet."""
    if not actor.may_at(REGISTER, site_id):
        raise NotFoundError
    found = _rows_of(data)
    async with db.writing():
        made = uuid4()
        await OnlineImport.insert(
            OnlineImport(
                id=made,
                site=site_id,
                platform=platform,
                file_name=PurePath(name).suffix.removeprefix(".")[:10],
                rows_cipher=sealing.seal(
                    json.dumps(found, ensure_ascii=False), RECORD, "rows_cipher", made
                ),
                created_at=at,
                created_by=actor.id,
                created_by_name=actor.name,
            )
        )
        shown = {"rows": len(found), "platform": platform}
        await record(actor, "government.online_read", RECORD, made, at=at, after=shown)
    return made


def _rows_of(data: bytes) -> list[dict[str, str]]:
    for sheet in read_file(data):
        for top, cells in enumerate(sheet.rows[:20]):
            places = _places(cells)
            if "title" in places and "foreign_number" in places:
                body = sheet.rows[top + 1 :]
                found = [
                    {"line": str(top + 2 + n)}
                    | {key: row[at] for key, at in places.items() if at < len(row)}
                    for n, row in enumerate(body)
                    if any(row)
                ]
                if len(found) > MOST_ROWS:
                    raise SheetFileError(
                        "too_many_rows",
                        N_("More than {count} rows. Import it in parts.", count=MOST_ROWS),
                    )
                return found
    raise SheetFileError(
        "no_header",
        N_("No row with the columns 编号 and 标题 was found. Use the template's first row."),
    )


def _places(cells: Sequence[str]) -> dict[str, int]:
    known = {name.casefold(): key for key, names in COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = known.get(cell.strip().casefold())
        if key is not None:
            places.setdefault(key, at)
    return places


async def _entry(import_id: UUID, actor: Actor) -> OnlineImport:
    row = await OnlineImport.objects().get(OnlineImport.id == import_id)
    if row is None or not actor.may_at(REGISTER, row.site):
        raise NotFoundError
    return row


async def _lock(import_id: UUID) -> None:
    await db.fetch("SELECT id FROM government_online_import WHERE id = {} FOR UPDATE", import_id)


async def preview(import_id: UUID, actor: Actor) -> tuple[OnlineImport, list[Row]]:
    """Return a file with its rows checked anew; without rows when it is done or discarded."""
    entry = await _entry(import_id, actor)
    if not entry.rows_cipher:
        return entry, []
    text = sealing.unseal(entry.rows_cipher, RECORD, "rows_cipher", entry.id)
    seen: set[str] = set()
    rows = []
    checked = [_checked(typed) for typed in json.loads(text)]
    numbers = [row.values["foreign_number"] for row in checked]
    taken = await online.taken(entry.site, entry.platform, numbers)
    for row in checked:
        number = row.values["foreign_number"]
        if number in seen:
            row = replace(
                row,
                problems={**row.problems, "foreign_number": N_("This number stands twice here.")},
            )
        seen.add(number)
        rows.append(replace(row, taken=True) if number in taken else row)
    return entry, rows


def _checked(typed: Mapping[str, str]) -> Row:
    purpose = typed.get("purpose", "").strip()
    data = {**typed, "purpose": PURPOSES.get(purpose, purpose or facts.OTHER)}
    cleaned = forms.cleaned(FIELDS, data)
    problems = dict(cleaned.problems)
    forms.number(cleaned.values, "heads", problems, least=1, most=100_000)
    return Row(line=int(typed["line"]), values=cleaned.values, problems=problems)


async def apply(
    import_id: UUID,
    meant: Mapping[str, str] | None = None,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> tuple[int, int]:
    """Take over the good rows, all or none; return how many were, and how many were left out.

    `meant` says of every subject and place that the office does not have what it means.
    """
    async with db.writing():
        await _lock(import_id)
        entry, rows = await preview(import_id, actor)
        if entry.state != PREVIEW:
            raise WrongStateError(N_("This file is done already."))
        known = await import_words.words(entry.site)
        unknown = known.unknown([row.values for row in rows if row.good])
        chosen, problems = known.chosen(unknown, meant or {})
        if problems:
            raise InvalidInputError(problems)
        good = 0
        for row in rows:
            if not row.good:
                continue
            new = _reception(row.values, entry, known, chosen, actor, at)
            taken = await online.take_over(
                new,
                platform=entry.platform,
                number=row.values["foreign_number"],
                actor=actor,
                at=at,
                plugins=plugins,
            )
            good += taken is not None
        entry.state, entry.rows_cipher, entry.finished_at = APPLIED, "", at
        entry.good, entry.bad = good, len(rows) - good
        await entry.save()
        shown = {"good": good, "bad": entry.bad}
        await record(actor, "government.online_apply", RECORD, import_id, at=at, after=shown)
    return good, entry.bad


def _reception(
    values: Mapping[str, str],
    entry: OnlineImport,
    known: import_words.Words,
    chosen: Mapping[tuple[str, str], UUID | None],
    actor: Actor,
    at: datetime,
) -> Reception:
    problems: dict[str, Message] = {}
    named = {**values, "document_kind": "resident_id" if values["document_number"] else ""}
    named["document_by_eye"] = "yes"  # nobody here saw the card: the number is kept as it was sent
    person = forms.person_of(named, problems, today=site_time(at).date())
    subject, place = (
        known.found(kind, values[kind]) or chosen.get((kind, values[kind].strip()))
        for kind in (import_words.SUBJECT, import_words.PLACE)
    )
    matter = forms.matter_of(values, channel=facts.ONLINE, site_id=entry.site)
    return Reception(
        site_id=entry.site,
        channel=facts.ONLINE,
        matter=replace(matter, subject_id=subject, place_id=place, place_text=values["place"]),
        person=person if person.name else None,
        heads=int(values["heads"] or 1),
        receivers=(actor.name,),
        summary="\n".join(filter(None, (values["demand"], values["facts"]))),
        details={
            "platform": entry.platform,
            "foreign_number": values["foreign_number"],
            "sent_on": values["sent_on"],
        },
    )


async def discard(import_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let a file go that was not applied."""
    async with db.writing():
        await _lock(import_id)
        entry = await _entry(import_id, actor)
        if entry.state != PREVIEW:
            raise WrongStateError(N_("This file is done already."))
        entry.state, entry.rows_cipher, entry.finished_at = DISCARDED, "", at
        await entry.save()
        await record(actor, "government.online_discard", RECORD, import_id, at=at)


async def imports(site_id: UUID) -> list[OnlineImport]:
    """Return the latest files of a reception room."""
    return (
        await OnlineImport.objects()
        .where(OnlineImport.site == site_id)
        .order_by(OnlineImport.created_at, ascending=False)
        .limit(30)
    )
