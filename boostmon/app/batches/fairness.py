"""Guilds take turns: however much one guild has to do, the others do not wait for all of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from boostmon.app.ports import Claim
from boostmon.domain.ids import GuildId

CROWD = 0.1
"""A guild with more than this share of a full batch may have much more behind it."""
BETWEEN_LOOKS = timedelta(seconds=2)
"""A look past a crowd steps over all of its rows that are due: 300,000 of them take a fraction of a second."""


def guilds_in_turn[T](things: Iterable[T], guild_of: Callable[[T], GuildId]) -> list[T]:
    """First one of each guild, then another one of each, and so on; those of one guild stay in their order."""
    seen = Counter[GuildId]()
    turns = []
    for thing in things:
        guild = guild_of(thing)
        turns.append((seen[guild], thing))
        seen[guild] += 1
    return [thing for _, thing in sorted(turns, key=itemgetter(0))]


class Crowds:
    """Says from time to time which guilds fill the batches of a pass, so that the sweep claims past them.

    Timers are claimed by their due time: behind a mass ending in one guild, the others would wait for all of it.
    """

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def to_step_over(self, claims: Sequence[Claim], now: datetime) -> frozenset[GuildId]:
        """The guilds that crowd a full batch; none where the last look past a crowd was a moment ago."""
        if self._looked_at is not None and now - self._looked_at < BETWEEN_LOOKS:
            return frozenset()
        counts = Counter(claim.timer.key.guild for claim in claims)
        crowded = frozenset(guild for guild, number in counts.items() if number > CROWD * len(claims))
        if crowded:
            self._looked_at = now
        return crowded
