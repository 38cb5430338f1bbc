"""Files of the demonstration's archived items, with their contents and two hand-overs (GOV-48)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.documents.numbering import number_label
from core.i18n import N_
from core.log.services import as_json, entry, record_many
from core.permissions import Actor
from plugins.government import facts
from plugins.government.archive import policies
from plugins.government.archive.facts import DEDICATED, FILED, KEPT, KINDS, Content
from plugins.government.archive.queries import LABELS, PLAIN, sealed_contents
from plugins.government.archive.seeing import HAND_OVER
from plugins.government.city.courses import in_office
from plugins.government.city.issued import Issued
from plugins.government.city.plans import Act, Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.matters.timeline import OFFICE
from plugins.government.rights import ARCHIVIST
from plugins.government.rulebook import GovernmentRules

_TABLE, _OVER = "government_case_file", "government_hand_over"
# How long before now files were handed over, and how long they lie in the office first.
_HANDED, _LIES = (timedelta(days=210), timedelta(days=45)), timedelta(days=30)
_TAKEN_BY = ("市档案馆　孟守诚", "市档案馆　柳文瑞")
_FOR_EVER = "永久"


class Filed:
    """Makes the files, their contents lists and the hand-overs."""

    def __init__(self, made: Made, now: datetime, rules: GovernmentRules) -> None:
        self.made, self.now, self.rules = made, now, rules
        self.archivist: Actor = made.roles[ARCHIVIST]
        self.rows: list[dict[str, Any]] = []
        self.overs: list[dict[str, Any]] = []
        self.numbers: dict[tuple[str, int], int] = {}

    def item(
        self, plan: Plan, act: Act, lines: Sequence[tuple[datetime, Content]], issued: Issued
    ) -> None:
        """Put one item into its file; its contents list becomes a paper."""
        drafted = [row for row in issued.of.get(plan.id, ()) if row["kind"] not in PLAIN]
        kind = policies.kind_of(len(drafted))
        year = (plan.closed_at or act.at).year
        counted = kind, year
        self.numbers[counted] = self.numbers.get(counted, 0) + 1
        number = policies.number_of(year, kind, self.numbers[counted])
        known = [*lines, *((row["issued_at"], _paper(row, issued)) for row in drafted)]
        contents = policies.paged([line for _, line in sorted(known, key=lambda one: one[0])], ())
        years = policies.years_of(
            kind,
            False,
            ordinary=self.rules.keep_ordinary_years,
            dedicated=self.rules.keep_dedicated_years,
        )
        key = uuid4()
        row: dict[str, Any] = {
            "id": key,
            "site": self.made.site_id,
            "matter": plan.id,
            "kind": kind,
            "year": year,
            "number": number,
            "state": FILED,
            "contents_cipher": sealed_contents(key, contents),
            "pages": sum(line.pages for line in contents),
            "keep_years": years,
            "keep_until": policies.kept_until(year, years),
            "filed_at": act.at,
            "filed_by_name": self.archivist.name,
            "hand_over": None,
            "document": None,
        }
        self.rows.append(row)
        plan.said[act] = N_("Put into file {number}", number=number), OFFICE, ""
        given = {
            "volume": number,
            "year": str(year),
            "sorting": str(KINDS[kind].translate("zh_Hans")),
            "pages": str(row["pages"]),
            "keeping": f"{years}年" if years else _FOR_EVER,
            "rows": tuple(
                (one.number, one.who, one.title, one.day, str(one.page), one.note)
                for one in contents
            ),
        }
        issued.paper("archive_contents", facts.MATTER, plan.id, act.at, self.archivist, given, row)

    def hand_over(self) -> None:
        """Hand over what lay in the office for a while, at two times."""
        for turn, ago in enumerate(_HANDED):
            at = in_office((self.now - ago).replace(hour=10, minute=20, second=0))
            taken = [
                row
                for row in self.rows
                if row["state"] == FILED
                and row["kind"] == DEDICATED
                and row["filed_at"] < at - _LIES
            ]
            if not taken or at >= self.now:
                continue
            same_year = sum(one["at"].year == at.year for one in self.overs)
            made = {
                "id": uuid4(),
                "site": self.made.site_id,
                "number": number_label(at.year, same_year + 1),
                "total": len(taken),
                "pages": sum(row["pages"] for row in taken),
                "at": at,
                "by": self.archivist.id,
                "by_name": self.archivist.name,
                "taken_by_name": _TAKEN_BY[turn],
            }
            self.overs.append(made)
            for row in taken:
                row.update(state=KEPT, hand_over=made["id"])

    def last(self) -> dict[str, dict[int, int]]:
        """Return the last number of each kind of file, and of hand-overs, in each year."""
        found: dict[str, dict[int, int]] = {}
        for (kind, year), number in self.numbers.items():
            found.setdefault(f"government.file.{kind}", {})[year] = number
        for one in self.overs:
            years = found.setdefault("government.hand_over", {})
            years[one["at"].year] = years.get(one["at"].year, 0) + 1
        return found

    async def write(self) -> None:
        """Write hand-overs and files."""
        await insert(_OVER, self.overs)
        await insert(_TABLE, self.rows)
        await record_many(
            [
                entry(
                    self.archivist, "government.hand_over_files", HAND_OVER, one["id"],
                    clock.to_ms(one["at"]), "",
                    as_json({"number": one["number"], "files": one["total"]}),
                )
                for one in self.overs
            ]
        )  # fmt: skip


def _paper(row: dict[str, Any], issued: Issued) -> Content:
    who = issued.names.get(row["issued_by"], "")
    title = str(LABELS[row["kind"]].translate("zh_Hans"))
    return _line(row["label"], who, title, row["issued_at"].date())


def _line(number: str, who: str, title: str, day: date) -> Content:
    return Content(number=number, who=who, title=title, day=f"{day:%Y%m%d}")


def make(
    plans: Sequence[Plan],
    contacts: Sequence[dict[str, Any]],
    interviews: Sequence[dict[str, Any]],
    issued: Issued,
    made: Made,
    now: datetime,
    rules: GovernmentRules,
) -> Filed:
    """Put every archived item into its file, in order of time."""
    lines: dict[UUID, list[tuple[datetime, Content]]] = {}
    for row in contacts:
        if row["matter"] is not None:
            label = str(facts.CHANNELS[row["channel"]].translate("zh_Hans"))
            title = "来信" if row["channel"] == facts.LETTER else f"{label}登记"
            at = row["received_at"]
            line = _line(row["number"], row["recorded_by_name"], title, at.date())
            lines.setdefault(row["matter"], []).append((at, line))
    for row in interviews:
        if row["held_at"] is not None:
            day = row["held_at"].date()
            line = _line(row["number"], row["interviewers"], "接谈笔录", day)
            lines.setdefault(row["matter"], []).append((row["held_at"], line))
    found = Filed(made, now, rules)
    acts = [(act, plan) for plan in plans for act in plan.acts if act.name == "archive"]
    for act, plan in sorted(acts, key=lambda pair: pair[0].at):
        found.item(plan, act, lines.get(plan.id, ()), issued)
    found.hand_over()
    issued.number()
    return found
