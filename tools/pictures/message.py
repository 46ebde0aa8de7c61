"""Messages of the bot, laid out as in Discord's dark client."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.buttons import Button, rows
from boostmon.sandbox.markup import LINK, Names, readable
from tools.pictures.canvas import APP, TEXT, Canvas
from tools.pictures.runs import Run, lines, runs

WIDTH: Final = 640.0
PADDING: Final = 16.0
GAP: Final = 14.0
LEFT: Final = 72.0
EMBED: Final = 520.0
INSIDE: Final = EMBED - 4 - 12 - 16

GROUND, CARD, BAR, LINE = 0x313338, 0x2B2D31, 0x1E1F22, 0x3F4147
BRIGHT, QUIET, FOOTER, WHITE = 0xF2F3F5, 0x949BA4, 0xB5BAC1, 0xFFFFFF
#: Discord's colours of buttons by style.
BUTTONS: Final = {1: 0x5865F2, 2: 0x4E5058, 3: 0x248046, 4: 0xDA373C, 5: 0x4E5058}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who typed what, for the line above an answer; `colour` is that of the member's highest role."""

    who: str
    command: str
    colour: int

    @property
    def name(self) -> str:
        """The command without its options."""
        return self.command.partition(" ")[0]

    @property
    def options(self) -> str:
        """The options as they were typed."""
        return self.command.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Scene:
    """A message, and the command that it answers if there was one."""

    message: PostedMessage
    asked: Asked | None = None


@dataclass(slots=True)
class Picture:
    """Draws messages as a reader sees them at the moment `now`."""

    names: Names
    now: datetime

    def draw(self, *scenes: Scene) -> str:
        """The SVG: one scene below the other, with a line between two that are not of the same day."""
        canvas = Canvas(WIDTH)
        ground = canvas.mark()
        y = PADDING
        for number, scene in enumerate(scenes):
            if number:
                y += GAP
                if scene.message.at.date() != scenes[number - 1].message.at.date():
                    y = self._new_day(canvas, scene.message.at, y)
            y = self._scene(canvas, scene, y)
        height = y + PADDING
        canvas.rect_at(ground, 0, 0, WIDTH, height, GROUND, 8)
        return canvas.svg(height, " — ".join(self._in_words(scene.message) for scene in scenes))

    def _in_words(self, message: PostedMessage) -> str:
        words = readable(message.text, self.names, self.now).replace("\n", " · ")
        return f"{message.author.removeprefix('@')}: {words}"

    def _scene(self, canvas: Canvas, scene: Scene, y: float) -> float:
        message = scene.message
        if scene.asked is not None:
            y = self._asked(canvas, scene.asked, y)
        y = self._author(canvas, message, y)
        if message.content:
            y = self._paragraph(canvas, message.content, LEFT, y + 4, 16, 22, WIDTH - LEFT - PADDING)
        for embed in message.embeds:
            y = self._embed(canvas, embed, y + 6)
        for row in rows(message.components):
            y = self._buttons(canvas, row, y + 8)
        return y

    # ------------------------------------------------------------------ above the embed

    def _asked(self, canvas: Canvas, asked: Asked, y: float) -> float:
        """`mod used /settime …`, with the line that leads down to the answer."""
        middle = y + 9
        canvas.path(f"M{LEFT - 4} {middle} H{42} Q36 {middle} 36 {middle + 6} V{middle + 14}", stroke=0x4E5058, thick=2)
        canvas.circle(LEFT + 8, middle, 8, asked.colour)
        canvas.line([Run(asked.who[:1].upper(), bold=True)], LEFT + 4.5, middle + 3.6, 10, WHITE)
        x = canvas.text(Run(asked.who, bold=True), LEFT + 22, middle + 5, 14, asked.colour)
        x = canvas.text(Run("used"), x + 5, middle + 5, 14, QUIET)
        x = canvas.text(Run(asked.name, bold=True, colour=LINK), x + 5, middle + 5, 14)
        if asked.options:
            canvas.text(Run(asked.options), x + 5, middle + 5, 14, FOOTER)
        return y + 26

    def _new_day(self, canvas: Canvas, day: datetime, y: float) -> float:
        """A line across, with the date in its middle."""
        date = Run(f"{day.day} {day:%B %Y}", bold=True)
        wide = date.width(12)
        begin, end = (WIDTH - wide) / 2, (WIDTH + wide) / 2
        canvas.rect(PADDING, y + 7, begin - 6 - PADDING, 1, LINE)
        canvas.text(date, begin, y + 12, 12, QUIET)
        canvas.rect(end + 6, y + 7, WIDTH - PADDING - end - 6, 1, LINE)
        return y + 14 + GAP

    def _author(self, canvas: Canvas, message: PostedMessage, y: float) -> float:
        _face(canvas, 36, y + 20)
        x = canvas.text(Run(message.author.removeprefix("@"), bold=True), LEFT, y + 15, 16, BRIGHT)
        canvas.rect(x + 6, y + 2, 33, 16, APP, radius=3)
        x = canvas.text(Run("APP", bold=True), x + 11, y + 14, 11.5, WHITE) + 5
        day = "Today at" if message.at.date() == self.now.date() else f"{message.at:%d/%m/%Y},"
        x = canvas.text(Run(f"{day} {message.at:%H:%M}"), x + 8, y + 14.5, 12, QUIET)
        if message.hidden:
            canvas.text(Run("Only you can see this"), x + 10, y + 14.5, 12, QUIET)
        return y + 22

    # ------------------------------------------------------------------ the embed

    def _embed(self, canvas: Canvas, embed: Mapping[str, Any], y: float) -> float:
        top, x = y, LEFT + 16
        card, bar = canvas.mark(), canvas.mark()
        y += 10
        if embed.get("title"):
            y = self._paragraph(canvas, str(embed["title"]), x, y + 2, 16, 22, INSIDE, bold=True)
        if embed.get("description"):
            y = self._paragraph(canvas, str(embed["description"]), x, y + 4, 14, 18, INSIDE)
        y = self._fields(canvas, embed.get("fields") or [], x, y)
        if footer := (embed.get("footer") or {}).get("text"):
            canvas.text(Run(str(footer)), x, y + 22, 12, FOOTER)
            y += 28
        y += 14
        canvas.rect_at(card, LEFT, top, EMBED, y - top, CARD, 4)
        canvas.rect_at(bar, LEFT, top, 4, y - top, int(embed.get("color") or BAR), 2)
        return y

    def _fields(self, canvas: Canvas, fields: Iterable[Mapping[str, Any]], x: float, y: float) -> float:
        """Up to three inline fields beside each other; the others have a line of their own."""
        for group in _grouped(fields):
            room = INSIDE / 3 - 8 if len(group) > 1 else INSIDE
            places = [x + number * INSIDE / len(group) for number in range(len(group))]
            ends = []
            for place, field in zip(places, group, strict=True):
                below = self._paragraph(canvas, str(field.get("name", "")), place, y + 8, 14, 18, room, bold=True)
                ends.append(self._paragraph(canvas, str(field.get("value", "")), place, below + 1, 14, 18, room))
            y = max(ends)
        return y

    def _paragraph(
        self,
        canvas: Canvas,
        text: str,
        x: float,
        y: float,
        size: float,
        step: float,
        room: float,
        *,
        bold: bool = False,
    ) -> float:
        """Text in lines; returns where they end."""
        colour = BRIGHT if bold else TEXT
        for line in lines(runs(text, self.names, self.now, bold=bold), size, room):
            canvas.line(line, x, y + step * 0.75, size, colour)
            y += step
        return y

    def _buttons(self, canvas: Canvas, row: Iterable[Button], y: float) -> float:
        x = LEFT
        for button in row:
            label = Run(button.label, bold=True)
            wide = max(label.width(14) + 32, 60)
            opacity = 0.5 if button.disabled else 1
            canvas.rect(x, y, wide, 32, BUTTONS.get(button.style, BUTTONS[2]), radius=4, opacity=opacity)
            canvas.text(label, x + (wide - label.width(14)) / 2, y + 21, 14, WHITE)
            x += wide + 8
        return y + 32


def _grouped(fields: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    groups: list[list[Mapping[str, Any]]] = []
    for field in fields:
        last = groups[-1] if groups else []
        if field.get("inline") and last and last[0].get("inline") and len(last) < 3:
            last.append(field)
        else:
            groups.append([field])
    return groups


def _face(canvas: Canvas, x: float, y: float) -> None:
    """The bot's picture: a clock."""
    canvas.circle(x, y, 20, APP)
    canvas.circle(x, y, 12, WHITE)
    canvas.path(f"M{x} {y - 7} V{y} L{x + 5} {y + 3}", stroke=APP, thick=2.6)
