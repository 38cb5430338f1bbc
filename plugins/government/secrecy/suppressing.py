"""Tables of counts for outsiders: what is below five is withheld, and what would give it away. Pure.

A count of one to four could single somebody out. Withholding it alone is not enough where totals
are shown: the rest of its row or column gives it back. A table's withheld cells, with the totals as one
more row and column, are the edges of a graph between rows and columns; a cell can be reckoned from
what is shown exactly when its edge lies on no cycle. So cells are withheld until each lies on one.
None that is withheld is 0, so around its cycle every cell may as well be one more or one less.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

LEAST = 5
Cell = tuple[int, int]
Shown = list[list[int | None]]


def table(counts: Sequence[Sequence[int]], *, least: int = LEAST) -> Shown:
    """Return a table of counts with its totals, as an outsider may see it; None is withheld.

    The last row and the last column of the answer are the totals.
    """
    whole = with_totals(counts)
    hidden = {
        (r, c) for r, row in enumerate(whole) for c, count in enumerate(row) if 0 < count < least
    }
    open_ = sorted(
        (
            (r, c)
            for r, row in enumerate(whole)
            for c, count in enumerate(row)
            if count and (r, c) not in hidden
        ),
        key=lambda cell: (whole[cell[0]][cell[1]], cell),
    )
    while loose := _on_no_cycle(hidden):
        added = _closing(loose, hidden, open_)
        if added is None:  # no cycle is possible: nothing of this table may be shown but its zeros
            hidden |= set(open_)
            break
        hidden |= added
        open_ = [cell for cell in open_ if cell not in added]
    return [
        [None if (r, c) in hidden else count for c, count in enumerate(row)]
        for r, row in enumerate(whole)
    ]


def column(counts: Sequence[int], *, least: int = LEAST) -> list[int | None]:
    """Return a list of counts with its total at the end, as an outsider may see it."""
    whole = [*counts, sum(counts)]
    hidden = {place for place, count in enumerate(whole) if 0 < count < least}
    rest = sorted((p for p, n in enumerate(whole) if n and p not in hidden), key=lambda p: whole[p])
    if len(hidden) == 1 and rest:
        hidden.add(rest[0])
    return [None if place in hidden else count for place, count in enumerate(whole)]


def named(
    counts: Mapping[str, int], *, least: int = LEAST
) -> tuple[dict[str, int | None], int | None]:
    """Return named counts and their total, as an outsider may see them."""
    *shown, total = column(list(counts.values()), least=least)
    return dict(zip(counts, shown, strict=True)), total


def with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return a table with its totals as one more column and row."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(row[c] for row in rows) for c in range(len(rows[0]))]] if rows else []


def _on_no_cycle(hidden: Iterable[Cell]) -> list[Cell]:
    """Return the withheld cells that the shown ones give away: the bridges of the graph."""
    cells = sorted(hidden)
    return [cell for cell in cells if not _way(cell, [one for one in cells if one != cell])]


def _way(cell: Cell, others: Iterable[Cell]) -> bool:
    """Say whether a cell's row and column are joined through other withheld cells."""
    joined: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for r, c in others:
        joined.setdefault(("row", r), set()).add(("column", c))
        joined.setdefault(("column", c), set()).add(("row", r))
    reached, waiting = {("row", cell[0])}, [("row", cell[0])]
    while waiting:
        for one in joined.get(waiting.pop(), ()):
            if one not in reached:
                reached.add(one)
                waiting.append(one)
    return ("column", cell[1]) in reached


def _closing(loose: Sequence[Cell], hidden: set[Cell], open_: Sequence[Cell]) -> set[Cell] | None:
    """Return the smallest cells that put the first loose cell on a cycle; None when none do."""
    r, c = loose[0]
    for one in open_:
        if _way((r, c), (hidden | {one}) - {(r, c)}):
            return {one}
    in_row = [cell for cell in open_ if cell[0] == r] + [x for x in hidden if x[0] == r]
    in_column = [cell for cell in open_ if cell[1] == c] + [x for x in hidden if x[1] == c]
    shown = set(open_)
    for (_, other_c), (other_r, _) in product(in_row, in_column):
        corner = (other_r, other_c)
        if other_c == c or other_r == r or (corner not in shown and corner not in hidden):
            continue
        return {cell for cell in ((r, other_c), (other_r, c), corner) if cell in shown}
    return None
