"""Keeps the bot's process: starts it and says what is happening, stops it, and notices when it dies."""

import time
from typing import Final

from boostmon.sandbox.bot import BotProcess
from boostmon.sandbox.errors import BotDied, CannotDo
from boostmon.sandbox.printer import Printer
from boostmon.sandbox.server import LoopbackDiscord

#: How long a starting bot may take to log in and register its commands, in real seconds.
LOGIN_SECONDS: Final = 60.0
#: Lines of the bot's output that are shown when it died.
LAST_LINES: Final = 20


class Keeper:
    """Keeps one bot. `starting` is put behind "Starting the bot": why that takes a while."""

    def __init__(self, discord: LoopbackDiscord, bot: BotProcess, printer: Printer, starting: str = "") -> None:
        self._discord = discord
        self._bot = bot
        self._printer = printer
        self._starting = starting
        self._wanted = False

    def start(self) -> None:
        """Start the bot and wait until it can be talked to. Raises `BotDied`."""
        if self._bot.is_running:
            self._printer.lines(["  The bot runs already."])
            return
        logins, calls, began = self._discord.logins, self._discord.request_count, time.monotonic()
        self._printer.lines([f"  Starting the bot{self._starting} …"])
        self._bot.start()
        self._wanted = True
        talked = False

        def settled() -> bool:
            nonlocal talked
            if not talked and self._discord.request_count > calls:
                talked = True
                self._printer.lines([f"  It logs in to Discord, after {time.monotonic() - began:.1f} s …"])
            return not self._bot.is_running or (self._discord.logins > logins and self._discord.ready())

        try:
            self._discord.wait_until(settled, LOGIN_SECONDS)
        except TimeoutError:
            self._printer.lines([f"  The bot is not ready after {LOGIN_SECONDS:g} s; see `bot log`."])
            return
        self.check()
        self._printer.lines([f"  The bot is ready, after {time.monotonic() - began:.1f} s."])

    def stop(self) -> None:
        """Stop the bot, if it runs."""
        self._wanted = False
        code = self._bot.stop()
        self._printer.lines(["  The bot does not run." if code is None else f"  The bot ended with exit code {code}."])

    def kill(self) -> None:
        """Kill the bot as a crash would."""
        self._wanted = False
        was_running = self._bot.is_running
        self._bot.kill()
        self._printer.lines(["  The bot was killed." if was_running else "  The bot does not run."])

    def act(self, what: str) -> None:
        """Do what the word `bot` is followed by. Raises `CannotDo`."""
        deeds = {"start": self.start, "stop": self.stop, "kill": self.kill, "log": self._show_log}
        if what not in deeds:
            raise CannotDo("Write `bot start`, `bot stop`, `bot kill` or `bot log`")
        deeds[what]()

    def _show_log(self) -> None:
        self._printer.lines(f"  | {line}" for line in list(self._bot.output)[-LAST_LINES * 2 :])

    def check(self) -> None:
        """Raise `BotDied` if the bot should be running and is not."""
        if self._wanted and not self._bot.is_running:
            self._wanted = False
            last = "\n".join(f"  | {line}" for line in list(self._bot.output)[-LAST_LINES:])
            raise BotDied(f"The bot's process ended by itself. Its last words:\n{last or '  | (none)'}")
