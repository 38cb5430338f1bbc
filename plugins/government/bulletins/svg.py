"""A bar chart for paper, as SVG: one bar a line, the name before it and the figure behind."""

from collections.abc import Sequence
from html import escape

_LINE, _NAME, _BAR, _WIDTH = 24, 170, 330, 560


def bars(points: Sequence[tuple[str, int]]) -> str:
    """Return a chart of these figures; empty for fewer than two."""
    if len(points) < 2:
        return ""
    most = max(number for _, number in points) or 1
    height = _LINE * len(points) + 8
    lines = []
    for place, (name, number) in enumerate(points):
        top = place * _LINE + 4
        width = max(round(_BAR * number / most), 1)
        middle = top + 15
        lines.append(
            f'<text x="{_NAME - 8}" y="{middle}" text-anchor="end">{escape(name[:12])}</text>'
            f'<rect x="{_NAME}" y="{top + 3}" width="{width}" height="{_LINE - 8}" fill="#555"/>'
            f'<text x="{_NAME + width + 6}" y="{middle}">{number}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' font-size="13" font-family="Noto Serif CJK SC, Noto Serif SC, FangSong">'
        f"{''.join(lines)}</svg>"
    )
