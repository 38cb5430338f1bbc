"""Making reports for a reader: which they may see, the figures of a period, the rows behind one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import structlog

from core.errors import NotFoundError
from core.i18n import Message
from core.permissions import Actor
from core.plugins import Plugins
from core.reports import figures
from core.reports.facts import Asked, Dimension, Measure, Period, Picked, Report, Rows, span
from core.reports.figures import Hidden, Table, Value
from core.sites.tables import Gate, Site

logger = structlog.get_logger(__name__)

Labels = Mapping[str, Mapping[str, Message | str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader wants to see of a report. Empty means the first there is, or no split at all."""

    period: Period
    site_id: UUID | None = None
    by: str = ""
    split: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report as made: this period, the one before and the same of last year, and all names."""

    report: Report
    choice: Choice
    table: Table
    before: Table
    year_before: Table
    labels: Labels
    leads: bool

    def label(self, dimension: Dimension, key: str) -> Message | str:
        """Return what a key is called."""
        return self.labels.get(dimension.name, {}).get(key, key)

    @property
    def measures(self) -> list[Measure]:
        """The measures of the columns, each once."""
        return list(dict.fromkeys(column.measure for column in self.table.columns))

    @property
    def faulty(self) -> bool:
        """Whether some line does not add up."""
        return bool(self.table.faults)


def visible(actor: Actor, plugins: Plugins) -> list[Report]:
    """Return the reports that the actor may see, in order."""
    found = [one for one in plugins.register_reports() if actor.may(one.permission)]
    return sorted(found, key=lambda one: (one.order, one.name))


def report_named(name: str, actor: Actor, plugins: Plugins) -> Report:
    """Return a report; NotFoundError when there is none or the actor may not see it."""
    for one in visible(actor, plugins):
        if one.name == name:
            return one
    raise NotFoundError


def sites_of(report: Report, actor: Actor, site_id: UUID | None) -> frozenset[UUID] | None:
    """Return the sites whose figures the actor may see, narrowed to one; None means every site."""
    sites = actor.sites_with(report.permission)
    if site_id is None:
        return sites
    if sites is not None and site_id not in sites:
        raise NotFoundError
    return frozenset({site_id})


def may_see_rows(report: Report, actor: Actor, site_id: UUID | None) -> bool:
    """Say whether figures lead to rows: not where small counts are hidden from the actor."""
    if report.rows is None or (report.suppress_below and not actor.may(report.in_full)):
        return False
    if not report.rows_permission:
        return True
    if site_id is not None:
        return actor.may_at(report.rows_permission, site_id)
    held, seen = actor.sites_with(report.rows_permission), actor.sites_with(report.permission)
    return held is None or (seen is not None and seen <= held)


async def made(report: Report, choice: Choice, *, actor: Actor, plugins: Plugins) -> Made:
    """Make a report for a reader."""
    dimension = report.dimension(choice.by) or report.dimensions[0]
    split = report.dimension(choice.split)
    if split is not None and (split.name == dimension.name or split.time):
        split = None
    first = report.measure(choice.measure)
    measures = [first] if first else list(report.measures)
    if split is not None:
        measures = measures[:1]
    asked = Asked(
        period=choice.period,
        sites=sites_of(report, actor, choice.site_id),
        by=(dimension.name,) if split is None else (dimension.name, split.name),
        reader=actor,
    )
    below = 0 if actor.may(report.in_full) else report.suppress_below
    tables = [
        figures.table_of(
            await report.query(replace(asked, period=period)),
            period,
            dimension,
            measures,
            split=split,
            balances=report.balances,
            suppress_below=below,
            judged_by=report.measures if below else (),
        )
        for period in (choice.period, choice.period.previous, choice.period.a_year_before)
    ]
    for table in tables:
        if table.faults:
            logger.error("report_does_not_balance", report=report.name, lines=len(table.faults))
    used = [dimension] if split is None else [dimension, split]
    return Made(
        report=report,
        choice=replace(
            choice,
            by=dimension.name,
            split=split.name if split else "",
            measure=first.name if first else "",
        ),
        table=tables[0],
        before=tables[1],
        year_before=tables[2],
        labels=await labels_of(used, plugins),
        leads=may_see_rows(report, actor, choice.site_id),
    )


async def labels_of(dimensions: Sequence[Dimension], plugins: Plugins) -> Labels:
    """Return what the keys of these dimensions are called."""
    found: dict[str, Mapping[str, Message | str]] = {}
    for one in dimensions:
        known: dict[str, Message | str] = dict(one.values)
        if one.name == "purpose":
            known |= {purpose.name: purpose.label for purpose in plugins.register_purposes()}
        elif one.name == "site":
            known |= {str(site.id): site.name for site in await Site.objects()}
        elif one.name == "gate":
            known |= {str(gate.id): gate.name for gate in await Gate.objects()}
        elif one.named is not None:
            known |= await one.named()
        found[one.name] = known
    return found


async def rows_behind(
    report: Report,
    choice: Choice,
    *,
    field: str,
    keys: Mapping[str, str],
    limit: int,
    offset: int,
    actor: Actor,
) -> Rows:
    """Return a page of the rows behind one figure.

    A key of a dimension of time narrows the period to its day; whole weeks and months are asked for
    by their own period.
    """
    if report.rows is None or not may_see_rows(report, actor, choice.site_id):
        raise NotFoundError
    fields = {one.source for one in report.measures if one.how == "sum"}
    if field not in fields or any(report.dimension(name) is None for name in keys):
        raise NotFoundError
    period, plain = choice.period, dict(keys)
    for name in keys:
        dimension = report.dimension(name)
        if dimension is not None and dimension.time:
            day = _day(plain.pop(name))
            period = span(day, day, period.zone)
    asked = Asked(
        period=period,
        sites=sites_of(report, actor, choice.site_id),
        by=tuple(sorted(plain)),
        reader=actor,
    )
    return await report.rows(asked, Picked(counted=field, keys=plain, limit=limit, offset=offset))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFoundError from error


def change(now: Value, then: Value) -> float | None:
    """Return by how many in a hundred a figure grew, None where that says nothing."""
    if isinstance(now, Hidden) or isinstance(then, Hidden) or now is None or not then:
        return None
    return round((now - then) * 100 / then, 1)
