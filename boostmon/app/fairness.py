"""Guilds in turn: many things to do for one guild are no reason to let the others wait for all of them."""

from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter

from boostmon.domain.ids import GuildId


def guilds_in_turn[T](things: Iterable[T], guild_of: Callable[[T], GuildId]) -> list[T]:
    """First one of each guild, then another one of each, and so on; those of one guild stay in their order."""
    seen = Counter[GuildId]()
    turns = []
    for thing in things:
        guild = guild_of(thing)
        turns.append((seen[guild], thing))
        seen[guild] += 1
    return [thing for _, thing in sorted(turns, key=itemgetter(0))]
