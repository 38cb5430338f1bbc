"""Tables, bulletins and assessments of the demonstration: those issued, and those that wait."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core.reports.facts import MONTH, QUARTER, period
from core.settings import load as settings
from plugins.government.assessing import services as assessing
from plugins.government.assessing.queries import STAFF_POINTS
from plugins.government.bulletins import facts as kinds
from plugins.government.bulletins import filling, issuing, services
from plugins.government.bulletins.tables import Bulletin
from plugins.government.city import office_texts, places
from plugins.government.city.scene import Scene
from plugins.government.figures import services as tables
from plugins.government.matters import states
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD

_DAILY, _WEEKLY, _MONTHLY, _GROUPS = 5, 4, 3, 2
_COMMENDED = (("zj", "今年以来受理及时、按期办结，回访满意率居各部门前列。"),
              ("qx", "领导带案下访，推动化解多年积案，群众评价好。"))  # fmt: skip
_MARKS = ((5, 5, 4, 5), (4, 4, 4, 5), (5, 4, 5, 4), (4, 5, 4, 4))
_MARK_NOTE = "接待耐心，登记准确，当日事项当日提出拟办意见。"


async def fill(scene: Scene) -> None:
    """Make tables and bulletins up to now: the latest wait for signatures."""
    await _tables(scene)
    await _periodic(scene)
    await _to_units(scene)
    await _irregular(scene)
    await _assessed(scene)


def _months(scene: Scene, count: int) -> list[date]:
    """Return the first days of the last months that are over, the latest first."""
    found, day = [], scene.now.date().replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(day)
    return found


def _after(scene: Scene, day: date, days: int, hour: int = 10) -> datetime:
    at = datetime.combine(day, datetime.min.time(), scene.now.tzinfo) + timedelta(days=days)
    return min(scene.ago((scene.now - at).total_seconds() / 86400, hour), scene.now)


async def _tables(scene: Scene) -> None:
    """Check the tables of three months; the last waits for the director to confirm it."""
    head, director = scene.able(HEAD), scene.able(DIRECTOR)
    for turn, month in enumerate(_months(scene, 3)):
        last = period(MONTH, month, settings().zone).last
        at = _after(scene, last, 2)
        if at.date() <= last:
            continue
        site = scene.made.site_id
        await tables.check(site, month, remark=office_texts.CHECKED, actor=head, at=at)
        await tables.send(site, month, actor=head, at=at)
        if turn:
            later = min(at + timedelta(hours=5), scene.now)
            await tables.receive(site, month, actor=director, at=later)


async def _begun(scene: Scene, kind: str, day: date, at: datetime, **more: UUID) -> Bulletin:
    made = await services.begin(
        kind, site_id=scene.made.site_id, day=day, actor=scene.clerk, at=at, **more
    )
    row = await Bulletin.objects().get(Bulletin.id == made)
    assert row is not None  # noqa: S101 - just made
    return row


async def _written(scene: Scene, row: Bulletin, at: datetime) -> Bulletin:
    """Write the text of a bulletin beside its figures."""
    said = services.texts(row)
    found = filling.load(row.figures)
    if found is not None:
        first = office_texts.TREND[row.first.toordinal() % len(office_texts.TREND)]
        said["overview"] = "\n".join(filter(None, (said["overview"], first)))
        said["problems"] = _problems(found)
        said["outlook"] = office_texts.OUTLOOK[row.first.month % len(office_texts.OUTLOOK)]
        said["advice"] = office_texts.ADVICE[row.first.toordinal() % len(office_texts.ADVICE)]
        said["cc"] = office_texts.COPIES
    await services.write(row.id, said, actor=scene.clerk, at=at)
    return await Bulletin.objects().get(Bulletin.id == row.id) or row


def _problems(found: filling.Figures) -> str:
    lines: list[str] = []
    for sign, row in zip("一二三", found.rows[:-1], strict=False):
        hint = office_texts.HINTS[len(lines) % len(office_texts.HINTS)]
        lines.append(f"（{sign}）{row[0]}：{row[1]}件次，涉及{row[3]}人次。{hint}")
    return "\n".join(lines) or "未出现突出问题。"


async def _issued(scene: Scene, kind: str, day: date, at: datetime) -> Bulletin:
    row = await _written(scene, await _begun(scene, kind, day, at), at)
    signed = scene.made.roles[HEAD if kind in (kinds.DAILY, kinds.WEEKLY) else DIRECTOR].name
    await issuing.issue(row, signed_by=signed, at=min(at + timedelta(hours=4), scene.now))
    return row


async def _submitted(scene: Scene, row: Bulletin, at: datetime, *roles: str) -> None:
    """Ask for the signatures and let the first levels sign."""
    row = await _written(scene, row, at)
    await issuing.submit(row.id, actor=scene.clerk, at=at, plugins=scene.plugins)
    asked = await Bulletin.objects().get(Bulletin.id == row.id)
    await scene.agree(asked.approval if asked is not None else None, at, *roles)


async def _periodic(scene: Scene) -> None:
    days = [scene.now.date() - timedelta(days=n) for n in range(1, 12)]
    working = [day for day in days if day.weekday() < 5]
    for day in reversed(working[1 : _DAILY + 1]):
        await _issued(scene, kinds.DAILY, day, _after(scene, day, 1, 9))
    at = scene.now - timedelta(minutes=50)
    await _submitted(scene, await _begun(scene, kinds.DAILY, working[0], at), at)
    monday = scene.now.date() - timedelta(days=scene.now.weekday())
    for weeks in range(_WEEKLY, 0, -1):
        day = monday - timedelta(days=7 * weeks)
        await _issued(scene, kinds.WEEKLY, day, _after(scene, day, 7, 9))
    months = _months(scene, _MONTHLY)
    for month in reversed(months[1:]):
        await _issued(scene, kinds.MONTHLY, month, _after(scene, month, 34))
    # The last month's analysis waits for the deputy director, the group bulletin for the director.
    at = scene.ago(1)
    await _submitted(scene, await _begun(scene, kinds.MONTHLY, months[0], at), at, HEAD)
    for month in reversed(months[1 : _GROUPS + 1]):
        await _issued(scene, kinds.GROUPS, month, _after(scene, month, 34))
    row = await _begun(scene, kinds.GROUPS, months[0], at)
    await _submitted(scene, row, at, HEAD, DEPUTY)
    quarter = period(QUARTER, scene.now.date(), settings().zone).previous
    await _issued(scene, kinds.QUARTERLY, quarter.first, _after(scene, quarter.last, 6))


async def _to_units(scene: Scene) -> None:
    """Issue last month's bulletin to every county and department; most have read it."""
    month = _months(scene, 1)[0]
    last = period(MONTH, month, settings().zone).last
    at = _after(scene, last, 4)
    if at.date() <= last:
        return
    made = await services.begin_for_units(
        site_id=scene.made.site_id, month=month, actor=scene.clerk, at=at
    )
    later = min(at + timedelta(hours=20), scene.now)
    for turn, bulletin_id in enumerate(made):
        row = await Bulletin.objects().get(Bulletin.id == bulletin_id)
        assert row is not None  # noqa: S101 - just made
        said = services.texts(row)
        said["overview"] = said["overview"] or office_texts.TO_UNIT
        said["problems"] = office_texts.UNIT_PROBLEMS[turn % len(office_texts.UNIT_PROBLEMS)]
        said["advice"] = office_texts.UNIT_ADVICE[turn % len(office_texts.UNIT_ADVICE)]
        await services.write(row.id, said, actor=scene.clerk, at=at)
        row = await Bulletin.objects().get(Bulletin.id == bulletin_id) or row
        await issuing.issue(row, signed_by=scene.made.roles[DEPUTY].name, at=later)
        code = next(key for key, unit in scene.made.units.items() if unit == row.unit)
        if turn % 4 and code != places.SHOWN:
            reader = scene.unit_clerk(code)
            moment = min(later + timedelta(hours=2 + turn % 7), scene.now)
            await services.confirm_read(row.id, actor=reader, at=moment)


async def _irregular(scene: Scene) -> None:
    """Report specially to leaders, and urgent information with its follow-up."""
    at = scene.ago(15)
    special = await _begun(scene, kinds.SPECIAL, at.date(), at)
    await services.write(special.id, office_texts.SPECIAL, actor=scene.clerk, at=at)
    special = await Bulletin.objects().get(Bulletin.id == special.id) or special
    signed = scene.made.roles[DIRECTOR].name
    await issuing.issue(special, signed_by=signed, at=at + timedelta(hours=3))
    plan = scene.item(states.HANDLING, since=scene.ago(5), fits=lambda one: one.heads >= 9)
    if plan is not None:
        first = await _urgent(scene, 4, 0, matter_id=plan.id)
        await _urgent(scene, 2, 1, follows=first.id)
    draft = await _begun(scene, kinds.SPECIAL, scene.now.date(), scene.now)
    await services.write(draft.id, office_texts.SPECIAL_DRAFT, actor=scene.clerk, at=scene.now)


async def _urgent(scene: Scene, ago: int, turn: int, **of: UUID) -> Bulletin:
    at = scene.ago(ago, 16)
    row = await _begun(scene, kinds.URGENT, at.date(), at, **of)
    await services.write(row.id, office_texts.URGENT[turn], actor=scene.clerk, at=at)
    row = await Bulletin.objects().get(Bulletin.id == row.id) or row
    head = scene.made.roles[HEAD].name
    await issuing.issue(row, signed_by=head, at=min(at + timedelta(minutes=25), scene.now))
    return row


async def _assessed(scene: Scene) -> None:
    """Fix the last quarter's marks, commend two units, mark the clerks."""
    head, site = scene.able(HEAD), scene.made.site_id
    quarter = period(QUARTER, scene.now.date(), settings().zone).previous
    at = _after(scene, quarter.last, 8)
    if at.date() > quarter.last:
        await assessing.fix(quarter, site, actor=head, at=at)
        for clerk, marks in zip(scene.made.clerks, _MARKS, strict=False):
            if clerk.id is not None:
                points: dict[str, int] = dict(zip(STAFF_POINTS, marks, strict=True))
                await assessing.mark_staff(
                    quarter, site, clerk.id, points, _MARK_NOTE, actor=head, at=at
                )
    for turn, (code, reason) in enumerate(_COMMENDED):
        moment = min(at + timedelta(days=turn), scene.now)
        await assessing.commend(site, scene.made.units[code], reason, actor=head, at=moment)
