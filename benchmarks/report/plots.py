"""Bar charts as SVG, drawn by hand: they need no library, and follow the reader's light or dark scheme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from benchmarks.report.numbers import shown

_WIDTH, _LABELS, _NUMBERS = 720, 210, 90
_BAR, _GAP, _TOP = 18, 8, 30
_WIDE_RANGE = 30.0
"""From this ratio on the smallest bar would be nothing: the scale is logarithmic then, and says so."""
_STYLE = (
    "text{font:13px sans-serif;fill:#333}.bar{fill:#9aa5b1}.ours{fill:#00897b}.span{stroke:#333;stroke-width:1.5}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#667}.span{stroke:#ddd}}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One participant: the median, and the least and most of the turns."""

    label: str
    median: float
    least: float
    most: float
    is_ours: bool


def chart(title: str, bars: Sequence[Bar]) -> str:
    """A horizontal bar for each, with a line from the least to the most."""
    most = max(bar.most for bar in bars)
    least = min(bar.least for bar in bars)
    is_logarithmic = least > 0 and most / least > _WIDE_RANGE
    room = _WIDTH - _LABELS - _NUMBERS

    def place(value: float) -> float:
        if not is_logarithmic:
            return room * value / most if most else 0.0
        floor = math.log10(least) - 0.3
        return room * (math.log10(max(value, least)) - floor) / (math.log10(most) - floor)

    caption = f"{title} (logarithmic)" if is_logarithmic else title
    height = _TOP + len(bars) * (_BAR + _GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(caption)}</title><style>{_STYLE}</style>",
        f'<text x="0" y="16" font-weight="bold">{escape(caption)}</text>',
    ]
    for number, bar in enumerate(bars):
        lines += _drawn(bar, _TOP + number * (_BAR + _GAP), place(bar.least), place(bar.median), place(bar.most))
    return "\n".join([*lines, "</svg>", ""])


def _drawn(bar: Bar, y: int, least: float, median: float, most: float) -> list[str]:
    middle, kind = y + _BAR / 2, "bar ours" if bar.is_ours else "bar"
    lines = [
        f'<text x="{_LABELS - 8}" y="{middle + 5:.1f}" text-anchor="end">{escape(bar.label)}</text>',
        f'<rect class="{kind}" x="{_LABELS}" y="{y}" width="{max(median, 1):.1f}" height="{_BAR}"/>',
        f'<text x="{_LABELS + most + 6:.1f}" y="{middle + 5:.1f}">{shown(bar.median)}</text>',
    ]
    if bar.most > bar.least:
        lines.append(
            f'<line class="span" x1="{_LABELS + least:.1f}" x2="{_LABELS + most:.1f}" '
            f'y1="{middle:.1f}" y2="{middle:.1f}"/>'
        )
    return lines
