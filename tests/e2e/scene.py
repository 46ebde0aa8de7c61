"""What the tests of this folder ask of the loopback Discord."""

import threading
from contextlib import suppress

from boostmon.sandbox.answer import Answer
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Program
from tests.support.patience import PATIENCE


def ready(discord: LoopbackDiscord, program: Program, logins: int = 1) -> None:
    """Waits until the bot is connected and all commands are registered."""
    discord.wait_until(lambda: discord.logins >= logins or not program.is_running, PATIENCE, "the login")
    program.hear("commands registered")
    discord.wait_until(discord.ready, PATIENCE, "the bot")


def removals(discord: LoopbackDiscord) -> list[RecordedRequest]:
    """The requests that took a role from a member."""
    return [r for r in discord.requests if r.method == "DELETE" and "/roles/" in r.path]


class Typist(threading.Thread):
    """Types one command, and waits for the answer in the background."""

    def __init__(self, discord: LoopbackDiscord, line: str) -> None:
        super().__init__(name="typist", daemon=True)
        self._discord = discord
        self._line = line
        self.answer: Answer | None = None
        self.start()

    def run(self) -> None:
        # Where no answer comes, the Discord is closed before the wait is over.
        with suppress(Exception):
            self.answer = self._discord.command("@mod", self._line)

    def answered(self, within: float) -> Answer:
        """The answer, which has to come within so many seconds."""
        self.join(within)
        assert self.answer is not None, f"no answer within {within} s"
        return self.answer
