"""A sheet of SVG, written to from the top down."""

from collections.abc import Iterable
from html import escape

from boostmon.sandbox.markup import BLURPLE
from tools.pictures.runs import Run

FONT = "'gg sans', 'Noto Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif"
TEXT = 0xDBDEE1
SHOWN = 0.9
"""How large a page shows the sheet, where nothing else is said: so that the README's first screen holds it."""
MENTION, APP = 0xC9CDFB, 0x5865F2


class Canvas:
    """Collects shapes. Everything is in pixels from the upper left corner; `y` of a text is its baseline."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def rect(
        self, x: float, y: float, wide: float, high: float, colour: int, *, radius: float = 0, opacity: float = 1
    ) -> None:
        """A filled rectangle."""
        seen = f' fill-opacity="{_n(opacity)}"' if opacity < 1 else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(radius)}" '
            f'fill="{_hex(colour)}"{seen}/>'
        )

    def path(self, shape: str, *, fill: int | None = None, stroke: int | None = None, thick: float = 0) -> None:
        """A shape by SVG's own notation."""
        inside = "none" if fill is None else _hex(fill)
        line = "" if stroke is None else f' stroke="{_hex(stroke)}" stroke-width="{_n(thick)}" stroke-linecap="round"'
        self._parts.append(f'<path d="{shape}" fill="{inside}"{line}/>')

    def circle(self, x: float, y: float, radius: float, colour: int) -> None:
        """A filled circle."""
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{_hex(colour)}"/>')

    def text(self, run: Run, x: float, y: float, size: float, colour: int = TEXT) -> float:
        """One run of text, made exactly as wide as it is computed to be. Returns where it ends."""
        wide = run.width(size)
        shown = colour if run.colour is None else run.colour
        if run.pill:
            ground, opacity = (APP, 0.3) if shown == BLURPLE else (shown, 0.15)
            shown = MENTION if shown == BLURPLE else shown
            self.rect(x, y - size * 0.98, wide, size * 1.3, ground, radius=3, opacity=opacity)
        inner = wide - (4 if run.pill else 0)
        look = ' font-weight="600"' if run.bold else ""
        look += ' font-style="italic"' if run.italic else ""
        look += ' text-decoration="underline"' if run.underlined else ""
        self._parts.append(
            f'<text x="{_n(x + (2 if run.pill else 0))}" y="{_n(y)}" font-size="{_n(size)}" fill="{_hex(shown)}"{look} '
            f'textLength="{_n(inner)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(run.text)}</text>'
        )
        return x + wide

    def line(self, found: Iterable[Run], x: float, y: float, size: float, colour: int = TEXT) -> float:
        """Runs beside each other. Returns where they end."""
        for run in found:
            x = self.text(run, x, y, size, colour)
        return x

    def mark(self) -> int:
        """Where something may be put in later that lies below what follows."""
        self._parts.append("")
        return len(self._parts) - 1

    def rect_at(self, mark: int, x: float, y: float, wide: float, high: float, colour: int, radius: float) -> None:
        """A rectangle at a mark."""
        self.rect(x, y, wide, high, colour, radius=radius)
        self._parts[mark] = self._parts.pop()

    def svg(self, height: float, title: str) -> str:
        """The whole of it, with words for those who cannot see it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width * SHOWN)}" height="{_n(height * SHOWN)}" '
            f'viewBox="0 0 {_n(self.width)} {_n(height)}" role="img" aria-label="{escape(title)}" '
            f'font-family="{FONT}">'
        )
        return "\n".join([head, f"<title>{escape(title)}</title>", *filter(None, self._parts), "</svg>", ""])


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _hex(colour: int) -> str:
    return f"#{colour:06x}"
