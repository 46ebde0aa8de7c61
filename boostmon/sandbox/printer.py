"""The one place that writes to the terminal; lines of different threads never tear each other."""

import shutil
import sys
import threading
from collections.abc import Iterable
from typing import TextIO

from boostmon.sandbox.answer import Answer, PostedMessage
from boostmon.sandbox.feed import Happening
from boostmon.sandbox.markup import Names
from boostmon.sandbox.screen import Screen
from boostmon.sandbox.server import LoopbackDiscord


class Printer:
    """Draws values and writes them to `out`, or to standard output. Safe from any thread, the server's own included."""

    def __init__(self, discord: LoopbackDiscord, out: TextIO | None, *, colour: bool) -> None:
        self._discord = discord
        self._out = out
        self._colour = colour
        self._lock = threading.Lock()

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines as they are."""
        text = "".join(f"{line}\n" for line in lines)
        with self._lock:
            # Looked up each time: the prompt puts its own standard output in place while it is shown.
            out = self._out or sys.stdout
            out.write(text)
            out.flush()

    def note(self, text: str) -> None:
        """Write a comment of a script; an empty one leaves a line free."""
        self.lines([self._screen().note(text)])

    def happening(self, happening: Happening) -> None:
        """Write a live event."""
        self.lines(self._screen().happening(happening))

    def answer(self, answer: Answer) -> None:
        """Write the bot's answer to a command."""
        bot = self._discord.look(lambda w: w.user_name(w.bot_id))
        self.lines(self._screen().answer(answer, bot))

    def messages(self, messages: Iterable[PostedMessage]) -> None:
        """Write a channel's history."""
        screen = self._screen()
        self.lines(line for message in messages for line in screen.message(message))

    def _screen(self) -> Screen:
        names = self._discord.look(Names.of)
        width = min(shutil.get_terminal_size().columns, 100)
        return Screen(names, self._discord.now, width, self._colour)
