"""Guilds that the bot was just found not to be in, so that nobody asks Discord about each of their timers."""

import time
from collections.abc import Callable

from boostmon.domain.ids import GuildId
from boostmon.domain.outcomes import Blocked, Outcome
from boostmon.domain.timers import Obstacle

SECONDS = 5.0
"""Long enough for the rest of a sweep, short enough for a bot that is let in again. Refusals count against the bot:
Discord shuts out an address after 10,000 of them in ten minutes."""


class Absences:
    """Remembers such answers for a few seconds; `is_there` says of a guild that the client has it, which counts more.

    For the client's loop only.
    """

    def __init__(
        self,
        is_there: Callable[[GuildId], bool],
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_there = is_there
        self._seconds = seconds
        self._clock = clock
        self._known: dict[GuildId, tuple[float, Blocked]] = {}

    def hear(self, guild: GuildId, outcome: Outcome) -> None:
        """What Discord answered about something in the guild."""
        if isinstance(outcome, Blocked) and outcome.obstacle is Obstacle.GUILD_GONE:
            now = self._clock()
            self._known = {one: known for one, known in self._known.items() if known[0] > now}
            self._known[guild] = now + self._seconds, outcome

    def answer(self, guild: GuildId) -> Blocked | None:
        """What Discord would answer; None: nobody knows."""
        until, outcome = self._known.get(guild, (0.0, None))
        if outcome is None or until <= self._clock() or self._is_there(guild):
            return None
        return outcome
