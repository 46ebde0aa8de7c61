"""Where keystrokes wait for their suggestions: a bounded queue that keeps only the newest of each person.

Clients ask for suggestions at each keystroke, and show only those for the last. So a newer one takes the place of an
older one that still waits, and where too many wait, the oldest go. Those get no answer at all: nobody looks at it, and
answering would take more time than everything else that is done for them.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

AT_ONCE, AT_ONCE_OF_GUILD = 16, 8
"""Each waits for a thread, or for Discord to take the answer."""
MOST_WAITING = 1_000
STALE = 2.0
"""Seconds after which nobody is answered any more: Discord takes suggestions within three."""

type _Person = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: float
    turn: asyncio.Future[bool]


class TypingLine:
    """One for a bot. Servers have their turn one after the other. For one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[int, _Waiting]] = {}
        self._count = 0
        self._at_work: set[_Person] = set()
        self._of_guild: Counter[int] = Counter()

    def __len__(self) -> int:
        """How many wait."""
        return self._count

    @asynccontextmanager
    async def turn(self, guild: int, person: int) -> AsyncIterator[bool]:
        """Is entered with True when it is this keystroke's turn, with False when it is not worth serving any more."""
        if not (is_served := await self._come_up(guild, person)):
            yield is_served
            return
        try:
            yield is_served
        finally:
            self._end(guild, person)

    async def _come_up(self, guild: int, person: int) -> bool:
        if self._has_room(guild, person):
            self._begin(guild, person)
            return True
        self._drop(guild, person)
        if self._count >= MOST_WAITING:
            self._drop_oldest()
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(guild, {})[person] = _Waiting(asyncio.get_running_loop().time(), turn)
        self._count += 1
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self._end(guild, person)  # it was given a place that it never takes
            elif (waiting := self._waiting.get(guild, {}).get(person)) is not None and waiting.turn is turn:
                self._drop(guild, person)
            raise

    def _has_room(self, guild: int, person: int) -> bool:
        is_busy = (guild, person) in self._at_work
        return not is_busy and len(self._at_work) < AT_ONCE and self._of_guild[guild] < AT_ONCE_OF_GUILD

    def _begin(self, guild: int, person: int) -> None:
        self._at_work.add((guild, person))
        self._of_guild[guild] += 1

    def _end(self, guild: int, person: int) -> None:
        self._at_work.discard((guild, person))
        self._of_guild[guild] -= 1
        if not self._of_guild[guild]:
            del self._of_guild[guild]
        self._call_next()

    def _call_next(self) -> None:
        now = asyncio.get_running_loop().time()
        for guild in list(self._waiting):
            for person, waiting in list(self._waiting[guild].items()):
                if now - waiting.since > STALE or waiting.turn.cancelled():
                    self._drop(guild, person)
                elif self._has_room(guild, person):
                    self._take(guild, person)
                    self._begin(guild, person)
                    waiting.turn.set_result(True)
                    if guild in self._waiting:  # the others come first next time
                        self._waiting[guild] = self._waiting.pop(guild)
                    return
                elif self._of_guild[guild] >= AT_ONCE_OF_GUILD:
                    break

    def _drop_oldest(self) -> None:
        """Of the server of which most wait: what one types never costs another its suggestions."""
        guild = max(self._waiting, key=lambda one: len(self._waiting[one]))
        self._drop(guild, next(iter(self._waiting[guild])))

    def _drop(self, guild: int, person: int) -> None:
        waiting = self._take(guild, person)
        if waiting is not None and not waiting.turn.done():
            waiting.turn.set_result(False)

    def _take(self, guild: int, person: int) -> _Waiting | None:
        waiting = self._waiting.get(guild, {}).pop(person, None)
        if waiting is not None:
            self._count -= 1
            if not self._waiting[guild]:
                del self._waiting[guild]
        return waiting
