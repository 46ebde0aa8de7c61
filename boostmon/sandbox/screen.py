"""Messages and events drawn for a terminal: colour bar, title, fields, footer, buttons.

Pure functions from values to lines; with `colour` off they hold no terminal codes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boostmon.sandbox.answer import Answer, PostedMessage
from boostmon.sandbox.buttons import Button, rows
from boostmon.sandbox.feed import Happening
from boostmon.sandbox.markup import BLURPLE, BOLD, UNBOLD, Names, coloured, readable

_NAME = re.compile(r"[@#][-\w]+")
_CODES = re.compile(r"\x1b\[[0-9;]*m")

DIM: Final = "\x1b[2m"
RESET: Final = "\x1b[0m"
INDENT: Final = "  "
DEFAULT_COLOUR: Final = 0x4F545C
HIDDEN: Final = "only you can see this"


@dataclass(frozen=True, slots=True)
class Screen:
    """Draws for one reader at one moment: whose names, what time, how wide, with colours or without."""

    names: Names
    now: datetime
    width: int = 80
    colour: bool = False

    def note(self, text: str) -> str:
        """A comment of a script."""
        return self._dim(text) if text else ""

    def happening(self, happening: Happening) -> list[str]:
        """A live event and, when it has one, its message."""
        lines = [f"{self._dim(_clock(happening.at))} • {self._tinted(happening.text)}"]
        if happening.message is not None:
            lines.extend(self.body(happening.message))
        return lines

    def answer(self, answer: Answer, bot_name: str) -> list[str]:
        """The bot's answer to a command, or what Discord shows instead."""
        if answer.failure:
            return [f"{INDENT}{self._bold('!')} {answer.failure}"]
        if answer.thinking:
            return [f"{INDENT}{self._dim(f'{bot_name} is thinking…')}"]
        if not answer.messages:
            return [f"{INDENT}{self._dim('(nothing to see)')}"]
        lines = []
        for message in answer.messages:
            lines.append(self._heading(message))
            lines.extend(self.body(message))
        return lines

    def message(self, message: PostedMessage) -> list[str]:
        """A message of a channel's history."""
        return [f"{self._dim(_clock(message.at))} {self._heading(message).strip()}", *self.body(message)]

    def body(self, message: PostedMessage) -> list[str]:
        """A message without its author."""
        lines = self._wrapped(self._read(message.content), INDENT) if message.content else []
        for embed in message.embeds:
            lines.extend(self._embed(embed))
        lines.extend(INDENT + "  ".join(map(self._button, row)) for row in rows(message.components))
        return lines

    # ------------------------------------------------------------------ parts

    def _heading(self, message: PostedMessage) -> str:
        notes = [HIDDEN] if message.hidden else []
        if message.edited:
            notes.append("edited")
        tail = self._dim(f"  ({', '.join(notes)})") if notes else ""
        return f"{INDENT}{self._bold(message.author)}{tail}"

    def _embed(self, embed: Mapping[str, Any]) -> list[str]:
        bar = INDENT + self._bar(embed.get("color"))
        lines: list[str] = []
        author = (embed.get("author") or {}).get("name")
        if author:
            lines += self._wrapped(author, bar)
        if embed.get("title"):
            lines += self._wrapped(self._bold(self._read(embed["title"])), bar)
        if embed.get("description"):
            lines += self._wrapped(self._read(embed["description"]), bar)
        for field in embed.get("fields") or []:
            lines += self._field(field, bar)
        footer = (embed.get("footer") or {}).get("text")
        if footer:
            lines += [self._dimmed(line, bar) for line in self._wrapped(footer, bar)]
        return lines

    def _field(self, field: Mapping[str, Any], bar: str) -> list[str]:
        name, value = self._read(str(field.get("name", ""))), self._read(str(field.get("value", "")))
        one_line = f"{self._bold(name)}: {value}"
        if "\n" not in value and _length(one_line) <= self._room(bar):
            return [f"{bar}{one_line}"]
        return [*self._wrapped(self._bold(name), bar), *self._wrapped(value, bar + INDENT)]

    def _button(self, button: Button) -> str:
        if button.disabled:
            return self._dim(f"[{button.label} (off)]")
        return f"[{button.label}]"

    def _read(self, text: str) -> str:
        return readable(text, self.names, self.now, styled=self.colour)

    def _wrapped(self, text: str, margin: str) -> list[str]:
        room = self._room(margin)
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            lines += _wrap(paragraph, room)
        return [f"{margin}{line}".rstrip() for line in lines]

    def _room(self, margin: str) -> int:
        return max(self.width - _length(margin), 20)

    def _bar(self, colour: Any) -> str:
        if not self.colour:
            return "| "
        return f"{coloured('▌', int(colour) if colour else DEFAULT_COLOUR)} "

    def _tinted(self, text: str) -> str:
        """A sentence with the names in it coloured as mentions are."""
        if not self.colour:
            return text
        known = dict.fromkeys([*self.names.users.values(), *self.names.channels.values()], BLURPLE)
        known |= {name: self.names.colours.get(role, BLURPLE) for role, name in self.names.roles.items()}
        return _NAME.sub(lambda m: coloured(m[0], known[m[0]]) if m[0] in known else m[0], text)

    def _bold(self, text: str) -> str:
        return f"{BOLD}{text}{UNBOLD}" if self.colour else text

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{RESET}" if self.colour else text

    def _dimmed(self, line: str, bar: str) -> str:
        return f"{bar}{self._dim(line.removeprefix(bar))}"


def _clock(at: datetime) -> str:
    return at.strftime("%H:%M:%S")


def _wrap(text: str, room: int) -> list[str]:
    """Lines of words, by the width that is seen: codes take none. A word that is too long is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and _length(line) + 1 + _length(word) > room:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while _length(line) > room and line == _CODES.sub("", line):
            lines.append(line[:room])
            line = line[room:]
    return [*lines, line] if line or not lines else lines


def _length(text: str) -> int:
    return len(_CODES.sub("", text))
