"""Where commands run: separate threads for each kind of work, and a share of them for each server.

Whatever grows with a server or with a text, and whatever waits, happens here and not on the event loop. No server can
take so many threads that the commands of others wait for it, and reading never waits for writing.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from boostmon.app.commands.errors import Stopping, TooManyCommands

PREPARERS, PREPARERS_OF_GUILD = 2, 1
"""Reading options and refusing what is wrong with them takes processor time only, of which Python uses one core."""
READERS, READERS_OF_GUILD = 4, 2
"""Each takes a connection to the database for a few milliseconds."""
WRITERS, WRITERS_OF_GUILD = 16, 4
"""More than the pool has connections, since some wait for Discord instead and hold none. Those of one server leave most
connections to others even while they wait for a lock."""
SUGGESTERS, SUGGESTERS_OF_GUILD = 1, 1
"""Choosing suggestions takes processor time only, and less matters than answering commands."""
LOOKUPS, LOOKUPS_OF_GUILD = 4, 2
"""Readers for suggestions, kept apart from the others since people type faster than they press Enter."""
MOST_AT_ONCE, MOST_OF_GUILD = 4_000, 1_000
"""Commands in service, waiting ones too: some ten kilobytes each. Beyond that they are refused."""
TRY_AGAIN = 10.0
"""Seconds, told to those who are refused for their number."""


class Places:
    """At most `share` at once for each server, first come, first served. For one event loop."""

    def __init__(self, share: int) -> None:
        self._share = share
        self._places: dict[int, asyncio.Semaphore] = {}
        self._users: Counter[int] = Counter()

    @asynccontextmanager
    async def place(self, guild: int) -> AsyncIterator[None]:
        """Is entered when the server has a place free."""
        places = self._places.setdefault(guild, asyncio.Semaphore(self._share))
        self._users[guild] += 1
        try:
            async with places:
                yield
        finally:
            self._users[guild] -= 1
            if not self._users[guild]:
                del self._users[guild], self._places[guild]


class Lane:
    """Threads for one kind of work, of which each server gets at most a share. For one event loop."""

    def __init__(self, name: str, threads: int, share: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = Places(share)

    async def run[T](self, guild: int, work: Callable[[], T]) -> T:
        """What `work` returns or raises, on a thread, when the server has a place free."""
        async with self._places.place(guild):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Gives up work that waits for a thread; does not wait for work that runs."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """All lanes of one bot, and the count of commands in service. For its event loop only."""

    def __init__(self) -> None:
        self.preparing = Lane("prepare", PREPARERS, PREPARERS_OF_GUILD)
        self.reading = Lane("read", READERS, READERS_OF_GUILD)
        self.writing = Lane("command", WRITERS, WRITERS_OF_GUILD)
        self.suggesting = Lane("suggest", SUGGESTERS, SUGGESTERS_OF_GUILD)
        self.looking_up = Lane("look-up", LOOKUPS, LOOKUPS_OF_GUILD)
        self._in_service: Counter[int] = Counter()
        self._waits: set[asyncio.Timeout] = set()
        self._is_closing = False

    @contextmanager
    def service(self, guild: int) -> Iterator[None]:
        """Counts a command of a server while it is in service.

        Raises:
            TooManyCommands: there are too many already.
        """
        if self._in_service[guild] >= MOST_OF_GUILD or self._in_service.total() >= MOST_AT_ONCE:
            raise TooManyCommands(TRY_AGAIN)
        self._in_service[guild] += 1
        try:
            yield
        finally:
            self._in_service[guild] -= 1
            if not self._in_service[guild]:
                del self._in_service[guild]

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """A wait that holds no thread, and that ends when no more is begun.

        Raises:
            Stopping: the bot stops, or has begun to.
        """
        if self._is_closing:
            raise Stopping
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._waits.add(scope)
                yield
        except TimeoutError:
            if not scope.expired():
                raise
            raise Stopping from None
        finally:
            self._waits.discard(scope)

    def stop_waiting(self) -> None:
        """Ends all that is waited for in `waiting`, now and from now on. What runs goes on."""
        if self._is_closing:
            return
        self._is_closing = True
        for scope in self._waits:
            scope.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Gives up what waits for a thread; does not wait for what runs."""
        for lane in (self.preparing, self.reading, self.writing, self.suggesting, self.looking_up):
            lane.close()
