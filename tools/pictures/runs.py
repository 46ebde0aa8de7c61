"""Text with Discord's notation as runs of one look each, broken into lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from boostmon.sandbox.markup import LINK, Names, readable
from tools.pictures.metrics import width

_CODE = re.compile(r"\x1b\[([0-9;]*)m")
_PIECE = re.compile(r"\n|[^\S\n]+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one look; `colour` None: the text's own; `pill`: a mention."""

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    colour: int | None = None
    pill: bool = False

    def width(self, size: float) -> float:
        """The width in pixels, what is around the words of a mention included."""
        return width(self.text, size, bold=self.bold) + (4 if self.pill else 0)


def runs(text: str, names: Names, now: datetime, *, bold: bool = False) -> list[Run]:
    """What a reader sees of `text`, by the codes that a terminal would get."""
    look, found, at = Run("", bold=bold), [], 0
    shown = readable(text, names, now, styled=True)
    for code in _CODE.finditer(shown):
        if shown[at : code.start()]:
            found.append(replace(look, text=shown[at : code.start()]))
        look, at = _switched(look, code[1], bold=bold), code.end()
    return [*found, replace(look, text=shown[at:])] if shown[at:] else found


def _switched(look: Run, code: str, *, bold: bool) -> Run:
    if code.startswith("38;2;"):
        red, green, blue = map(int, code.split(";")[2:])
        colour = red << 16 | green << 8 | blue
        return replace(look, colour=colour, pill=colour != LINK)
    match code:
        case "1" | "22":
            return replace(look, bold=bold or code == "1")
        case "3" | "23":
            return replace(look, italic=code == "3")
        case "4" | "24":
            return replace(look, underlined=code == "4")
        case "39":
            return replace(look, colour=None, pill=False)
        case _:
            return look


def lines(found: Iterable[Run], size: float, room: float) -> list[list[Run]]:
    """The runs in lines that are no wider than `room` pixels; a mention is never broken."""
    done: list[list[Run]] = [[]]
    taken = 0.0
    for piece in _pieces(found):
        if piece.text == "\n":
            done.append([])
            taken = 0.0
            continue
        wide = piece.width(size)
        if taken and taken + wide > room and piece.text.strip():
            done.append([])
            taken = 0.0
        if taken or piece.text.strip():
            done[-1].append(piece)
            taken += wide
    return [_joined(line) for line in done]


def _pieces(found: Iterable[Run]) -> Iterator[Run]:
    for run in found:
        if run.pill:
            yield run
        else:
            yield from (replace(run, text=match[0]) for match in _PIECE.finditer(run.text))


def _joined(line: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in line:
        if joined and not run.pill and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    while joined and not joined[-1].text.strip():
        joined.pop()
    return joined
