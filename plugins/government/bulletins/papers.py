"""The numbered paper of a bulletin, made of what it says and of its figures."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from litestar import Response

from core.documents import issuing
from core.documents.facts import DocumentKind, Value
from core.errors import NotFoundError
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.bulletins import filling, svg
from plugins.government.bulletins.facts import GROUPS, KINDS, RECORD, UNITS, URGENT
from plugins.government.bulletins.tables import Bulletin
from plugins.government.figures.facts import TABLES
from plugins.government.papers import services as papers
from plugins.government.papers.filling import office_of
from plugins.government.papers.kinds import kind as paper_kind
from plugins.government.units.queries import names

_KINDS = {GROUPS: "group_visits", UNITS: "unit_bulletin"}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


async def data_of(row: Bulletin, said: Mapping[str, str]) -> dict[str, Value]:
    """Return what stands on the paper of a bulletin."""
    found = filling.load(row.figures)
    parts: dict[str, tuple[str, ...]] = {
        name: _lines(said.get(name, "")) for name in ("overview", "problems", "outlook", "advice")
    }
    values: dict[str, Value] = {
        **parts,
        "heading": said.get("heading", ""),
        "period": _day(row.first)
        if row.first == row.last
        else f"{_day(row.first)}至{_day(row.last)}",
        "cc": said.get("cc", ""),
        "to": (await names([row.unit]))[row.unit] if row.unit else "",
        "signed_by": row.signed_by,
        "editor": row.created_by_name,
    }
    if row.kind == URGENT:
        first = await Bulletin.objects().get(Bulletin.id == row.follows) if row.follows else None
        values["follow_up"] = first.label if first else ""
    if found is not None and len(found.rows) > 1:
        values["table_heads"] = tuple(found.heads)
        values["table_rows"] = tuple(tuple(line) for line in found.rows)
        values["table_title"] = _title(row)
        values["chart"] = svg.bars(found.bars)
        values["more_rows"] = tuple(_more(found))
    fields = {field.name for field in _kind(row).fields}
    known = {name: value for name, value in values.items() if name in fields}
    return {**known, "office": await office_of(row.site)}


def _title(row: Bulletin) -> str:
    return filling.say(TABLES[KINDS[row.kind].by])


def _more(found: filling.Figures) -> list[tuple[str, ...]]:
    """Return the further tables as rows: a title by itself, then heads, then lines."""
    rows: list[tuple[str, ...]] = []
    for title, heads, lines in found.more:
        rows += [(title,), tuple(heads), *(tuple(line) for line in lines)]
    return rows


def _name(row: Bulletin) -> str:
    return _KINDS.get(row.kind, row.kind)


def _kind(row: Bulletin) -> DocumentKind:
    return paper_kind(_name(row))


async def take(
    row: Bulletin, said: Mapping[str, str], *, actor: Actor, at: datetime
) -> tuple[UUID, str]:
    """Give an issued bulletin its number and keep what it says; joins the caller's transaction."""
    document = await papers.take_list(
        _name(row),
        await data_of(row, said),
        record_kind=RECORD,
        record_id=row.id,
        actor=actor,
        at=at,
    )
    return document.id, document.label


async def preview(row: Bulletin, said: Mapping[str, str], *, at: datetime) -> Response[bytes]:
    """Return what the paper would look like now, marked as a preview and without a number."""
    return _shown(await issuing.preview(_kind(row), await data_of(row, said), at=at), "preview")


async def pdf(row: Bulletin, *, actor: Actor, at: datetime, plugins: Plugins) -> Response[bytes]:
    """Return the paper as it was issued; NotFoundError where there is none."""
    if row.document is None:
        raise NotFoundError
    document, made = await issuing.paper(row.document, actor=actor, at=at, plugins=plugins)
    return _shown(made, f"{document.year}-{document.number}")


def _shown(made: bytes, name: str) -> Response[bytes]:
    return Response(
        made,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{name}.pdf"',
            "cache-control": "no-store",
        },
    )
