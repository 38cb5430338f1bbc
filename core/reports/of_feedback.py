"""The core's own report of what visitors said."""

from collections.abc import Sequence
from typing import Any

from core import db
from core.i18n import N_
from core.reports.facts import Asked, Balance, Cell, Dimension, Line, Measure, Picked, Report, Rows
from core.reports.moments import day_of

UNHAPPY = 2  # this rating and those below are followed up
_FIELDS = {
    "said": "1 = 1",
    "happy": f"f.rating > {UNHAPPY}",
    "unhappy": f"f.rating <= {UNHAPPY}",
    "followed_up": f"f.rating <= {UNHAPPY} AND f.followed_up_at IS NOT NULL",
    "open": f"f.rating <= {UNHAPPY} AND f.followed_up_at IS NULL",
}
RATING = Dimension(
    name="rating",
    label=N_("Rating"),
    values=tuple((str(stars), N_("{stars} of 5", stars=stars)) for stars in (5, 4, 3, 2, 1)),
)


def _columns(asked: Asked) -> dict[str, str]:
    return {
        "day": day_of("f.at", asked.period),
        "rating": "f.rating",
        "purpose": "r.purpose",
        "department": "coalesce(h.department, '')",
        "site": "CAST(r.site AS varchar(36))",
    }


def _tail(asked: Asked) -> tuple[str, list[Any]]:
    places, sites = asked.within("r.site")
    return (
        " FROM feedback f JOIN registration r ON r.id = f.registration"
        f" LEFT JOIN host h ON h.id = r.host WHERE f.at >= {{}} AND f.at < {{}} AND {places}",
        [asked.period.since, asked.period.until, *sites],
    )


async def feedback(asked: Asked) -> Sequence[Cell]:
    """Count what visitors said."""
    columns = _columns(asked)
    chosen = "".join(f"{columns[name]} AS k_{name}, " for name in asked.by)
    fields = ", ".join(
        f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}"
        for name, condition in _FIELDS.items()
    )
    grouped = f" GROUP BY {', '.join(columns[name] for name in asked.by)}" if asked.by else ""
    tail, args = _tail(asked)
    rows = await db.fetch(
        f"SELECT {chosen}{fields}, sum(f.rating) AS stars{tail}{grouped}",
        *args,
    )
    return [
        Cell(
            keys={name: str(row[f"k_{name}"]) for name in asked.by},
            sums={name: int(row[name]) for name in (*_FIELDS, "stars")},
        )
        for row in rows
        if row["said"]
    ]


async def rows_of_feedback(asked: Asked, picked: Picked) -> Rows:
    """Return what was said, the latest first."""
    columns = _columns(asked)
    tail, args = _tail(asked)
    for name, key in picked.keys.items():
        tail += f" AND {columns[name]} = {{}}"
        args.append(int(key) if name == "rating" and key.isdigit() else key)
    tail += f" AND {_FIELDS[picked.counted]}"
    count = await db.fetch(f"SELECT count(*) AS n{tail}", *args)
    rows = await db.fetch(
        "SELECT r.id, r.number, f.at, f.rating, f.remark, f.followed_up_at, f.follow_up"
        f"{tail} ORDER BY f.at DESC, f.id LIMIT {picked.limit} OFFSET {picked.offset}",
        *args,
    )
    return Rows(
        columns=(N_("Visit"), N_("Said"), N_("Rating"), N_("Remark"), N_("Followed up")),
        lines=[
            Line(
                cells=(row["number"], row["at"], row["rating"], row["remark"], row["follow_up"]),
                path=f"/registrations/{row['id']}",
            )
            for row in rows
        ],
        total=count[0]["n"],
    )


FEEDBACK = Report(
    name="core.feedback",
    title=N_("Feedback"),
    hint=N_("What visitors said after their visit."),
    permission="core:feedback:read",
    dimensions=(
        Dimension(name="day", label=N_("Day"), time=True),
        RATING,
        Dimension(name="purpose", label=N_("Purpose")),
        Dimension(name="department", label=N_("Department visited")),
        Dimension(name="site", label=N_("Site")),
    ),
    measures=(
        Measure(name="said", label=N_("Answers")),
        Measure(name="average", label=N_("Average"), how="ratio", of="stars", per="said"),
        Measure(name="unhappy", label=N_("Unhappy")),
        Measure(name="followed_up", label=N_("Followed up")),
        Measure(name="open", label=N_("Not yet followed up")),
    ),
    query=feedback,
    rows=rows_of_feedback,
    rows_permission="core:registration:read",
    balances=(
        Balance(terms={"said": 1, "happy": -1, "unhappy": -1}),
        Balance(terms={"unhappy": 1, "followed_up": -1, "open": -1}),
    ),
    order=40,
)
