"""Whose direct message is opened next: one every so many seconds, and guilds take turns.

Pure but for its clock. So a mass ending in one guild delays the direct messages of another by seconds, not minutes: a
guild that has just had an opening lets those go first that wait, however many of its own do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from boostmon.domain.ids import GuildId

LONGEST_QUEUE = 1.0
"""Seconds that an opening may wait for its turn; beyond it the outbox plans the notice again."""
LONGEST_SPREAD = 60.0
"""Seconds over which those who are sent away are spread: nobody comes back later because many came before."""
_KEPT_LANES = 1_000
_LONG_AGO = float("-inf")


@dataclass(slots=True)
class _Lane:
    """One guild's. `due`: when its next opening may be; `returns_at`: when the next that is sent away comes back."""

    due: float = _LONG_AGO
    returns_at: float = _LONG_AGO


class Openings:
    """`pace` is the least number of seconds between two openings, whoever they are for; `clock` counts seconds."""

    def __init__(self, pace: float, clock: Callable[[], float]) -> None:
        self._pace = pace
        self._clock = clock
        self._next = _LONG_AGO
        self._lanes: dict[GuildId, _Lane] = {}

    def take(self, guild: GuildId) -> float | None:
        """Books an opening and returns the seconds until it; None where it would not come soon: nothing is booked."""
        now, lane = self._clock(), self._lane(guild)
        start = max(now, self._next, lane.due)
        if start - now > LONGEST_QUEUE:
            return None
        self._next = start + self._pace
        lane.due = start + self._round(guild, now)
        return start - now

    def come_back(self, guild: GuildId) -> float:
        """In how many seconds one who was sent away is to try again: one after the other, at the guild's share."""
        now, lane = self._clock(), self._lane(guild)
        start = max(now, self._next, lane.due)
        if not start <= lane.returns_at <= now + LONGEST_SPREAD:
            lane.returns_at = start
        after = lane.returns_at - now
        lane.returns_at += self._round(guild, now)
        return after

    def would_go(self, guilds: Sequence[GuildId]) -> list[bool]:
        """Which of these, one after the other, would be given an opening now. Books nothing."""
        now, first_free, dues = self._clock(), self._next, {guild: self._lane(guild).due for guild in guilds}
        rounds = {guild: self._round(guild, now) for guild in dues}
        going = []
        for guild in guilds:
            start = max(now, first_free, dues[guild])
            going.append(start - now <= LONGEST_QUEUE)
            if going[-1]:
                first_free, dues[guild] = start + self._pace, start + rounds[guild]
        return going

    def _round(self, guild: GuildId, now: float) -> float:
        """How long it takes until all who wait have had one opening each."""
        others = sum(lane.returns_at > now for whose, lane in self._lanes.items() if whose != guild)
        return self._pace * (1 + others)

    def _lane(self, guild: GuildId) -> _Lane:
        lane = self._lanes.get(guild)
        if lane is None:
            if len(self._lanes) >= _KEPT_LANES:
                now = self._clock()
                self._lanes = {whose: one for whose, one in self._lanes.items() if max(one.due, one.returns_at) > now}
            lane = self._lanes[guild] = _Lane()
        return lane
