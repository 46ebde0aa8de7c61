"""Draws rooms as SVG: nested boxes from the importers down, and a line from each to those that it imports.

Narrow enough to be read on a phone, and light or dark as the reader's system is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from tools.pictures.metrics import width
from tools.rooms.plan import Room

WIDTH: Final = 480.0
MARGIN: Final = 4.0
#: The distance between two lines in a gutter, and what is left free beside the outermost ones.
LANE, CLEAR = 10.0, 8.0
PADDING, GAP = 10.0, 10.0
NAME, PURPOSE, STEP = 14.0, 13.0, 17.0
COLOURS: Final = ("#00897b", "#d9730d", "#5865f2", "#c2185b", "#7a8b00", "#8e5bd0")
_STYLE: Final = (
    "text{font-family:'Noto Sans','Helvetica Neue',Helvetica,Arial,sans-serif;fill:#333}"
    ".purpose{fill:#555}.d0{fill:#f4f6f8}.d1{fill:#fff}.d2{fill:#f4f6f8}rect{stroke:#c5ccd3}"
    "@media(prefers-color-scheme:dark){text{fill:#e4e6e8}.purpose{fill:#b3b9c0}"
    ".d0{fill:#20242b}.d1{fill:#2a2f38}.d2{fill:#343a45}rect{stroke:#4a525e}}"
)


@dataclass(slots=True)
class _Box:
    """Where a room has been drawn."""

    room: Room
    left: float
    right: float
    top: float
    bottom: float

    @property
    def departure(self) -> float:
        """The height at which its own lines leave."""
        return self.top + 14

    def arrival(self, number: int, of: int) -> float:
        """The height at which one of so many lines from other rooms arrives."""
        step = min(7.0, (self.bottom - self.top - 26) / of)
        return self.departure + 7 + step * number


@dataclass(slots=True)
class _Sheet:
    boxes: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def drawn(root: str, rooms: Sequence[Room]) -> str:
    """The whole figure."""
    sheet = _Sheet()
    lanes = _lanes(rooms)
    left = MARGIN + lanes * LANE + CLEAR
    bottom = _stack(sheet, rooms, left, WIDTH - MARGIN, MARGIN, depth=0)
    title = f"The packages of {root} and their imports"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{bottom + MARGIN:g}" '
        f'viewBox="0 0 {WIDTH:g} {bottom + MARGIN:g}" role="img" aria-label="{escape(title)}">'
    )
    told = f"<title>{escape(title)}</title><desc>{escape(_in_words(rooms))}</desc>"
    return "\n".join([head, told, f"<style>{_STYLE}</style>", *sheet.boxes, *sheet.lines, "</svg>", ""])


def _in_words(rooms: Sequence[Room]) -> str:
    """The arrows, for those who cannot see them."""
    return "; ".join(
        f"{room.name} imports {', '.join(sorted(room.uses))}" for top in rooms for room in top.walk() if room.uses
    )


def _stack(sheet: _Sheet, rooms: Sequence[Room], left: float, right: float, top: float, *, depth: int) -> float:
    """Rooms below one another; lines at the left on the outermost level, at the right inside. Returns the bottom."""
    boxes = list[_Box]()
    for room in rooms:
        box = _Box(room, left, right, top, top)
        place = len(sheet.boxes)
        box.bottom = _inside(sheet, room, left, right, top, depth)
        sheet.boxes.insert(
            place,
            f'<rect class="d{min(depth, 2)}" x="{left:g}" y="{top:g}" width="{right - left:g}" '
            f'height="{box.bottom - top:g}" rx="6"/>',
        )
        boxes.append(box)
        top = box.bottom + GAP
    _connect(sheet, boxes, depth)
    return top - GAP


def _inside(sheet: _Sheet, room: Room, left: float, right: float, top: float, depth: int) -> float:
    """A room's name, purpose and inner rooms. Returns the bottom of its box."""
    x, y = left + PADDING, top + PADDING + 11
    size = NAME + (1 if depth == 0 else 0)
    sheet.boxes.append(f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="600">{escape(room.label)}</text>')
    for line in wrapped(room.purpose, PURPOSE, right - PADDING - x):
        y += STEP
        sheet.boxes.append(f'<text class="purpose" x="{x:g}" y="{y:g}" font-size="{PURPOSE:g}">{escape(line)}</text>')
    if not room.rooms:
        return y + PADDING
    gutter = _lanes(room.rooms) * LANE + CLEAR
    return _stack(sheet, room.rooms, x, right - max(gutter, PADDING), y + PADDING, depth=depth + 1) + PADDING


def _lanes(rooms: Sequence[Room]) -> int:
    return sum(bool(room.uses) for room in rooms)


def _connect(sheet: _Sheet, boxes: Sequence[_Box], depth: int) -> None:
    """A trunk for each room that imports others, with a branch to each of these."""
    importers = [box for box in boxes if box.room.uses]
    outwards = -1 if depth == 0 else 1
    for number, box in enumerate(importers):
        edge = box.left if depth == 0 else box.right
        lane = edge + outwards * (CLEAR + LANE * (len(importers) - 1 - number))
        ends = [_end(importers, box, used) for used in boxes if used.room.name in box.room.uses]
        sheet.lines.append(_branches(edge, lane, box.departure, ends, COLOURS[(number + depth) % len(COLOURS)]))


def _end(importers: Sequence[_Box], importer: _Box, used: _Box) -> float:
    """Where the line from one room arrives at another: in the order in which their importers stand."""
    arriving = [box.room.name for box in importers if used.room.name in box.room.uses]
    return used.arrival(arriving.index(importer.room.name), len(arriving))


def _branches(edge: float, lane: float, start: float, ends: Sequence[float], colour: str) -> str:
    """The lines from one room: out of its edge at `start`, along `lane`, back to the edge at each of `ends`."""
    inwards = 4 if edge > lane else -4
    corners = [f"Q{lane:g} {end:g} {lane + inwards:g} {end:g}H{edge:g}" for end in ends]
    bends = [4 if end > start else -4 for end in ends]
    shape = f"M{edge:g} {start:g}H{lane:g}" + "".join(
        f"M{lane:g} {start:g}V{end - bend:g}{corner}" for end, bend, corner in zip(ends, bends, corners, strict=True)
    )
    heads = "".join(f"M{edge:g} {end:g}l{-1.5 * inwards:g} -3.5v7z" for end in ends)
    return (
        f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linecap="round"/>'
        f'<path d="{heads}" fill="{colour}"/>'
    )


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines that are no wider than `room` pixels; backticks are left out."""
    lines = list[str]()
    for word in text.replace("`", "").split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
