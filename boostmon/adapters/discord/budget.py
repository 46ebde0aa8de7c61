"""How many requests a second this process makes of Discord, and who goes first.

Pure: it knows neither an event loop nor nextcord. `turns` lets coroutines wait by it.
"""

import time
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, partial

from boostmon.adapters.discord.buckets import Bucket, Buckets, Told, Where

DEFAULT_RATE = 50
"""Requests a second that Discord grants to a bot, by its documentation of rate limits."""
_SECOND = 1.0
_MOST_DOUBT = 2.0
"""Seconds by which two requests' ways to Discord are thought to differ at most. With half a second, a machine that
stood still for longer brought 429s; with more than this, requests that hang would keep too much of the budget."""
_REMEMBERED_ANSWERS = 1_000
_BURST = 0.2
"""How much unused budget, in seconds, paced requests may catch up on at once."""


class Priority(IntEnum):
    """Who goes first."""

    COMMAND = 0
    """Somebody is waiting: a command's own request, and what nextcord requests by itself."""
    REMOVAL = 1
    GRANT = 2
    NOTICE = 3
    CATCH_UP = 4
    """What happened while nobody listened: it is late anyway."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a request waits at most: for a bucket that is known to open then, and in all."""

    bucket: float
    queue: float


PATIENCE = {
    # It has waited on the event loop until Discord would let it pass (`Budget.opens_in`): now it holds a thread.
    Priority.COMMAND: Patience(bucket=0.5, queue=3),
    Priority.REMOVAL: Patience(bucket=0.25, queue=5),
    Priority.GRANT: Patience(bucket=10, queue=10),
    Priority.NOTICE: Patience(bucket=0.25, queue=3),
    Priority.CATCH_UP: Patience(bucket=10, queue=30),
}
"""A sweep takes its timers back and tries again later; its own grants would rather wait."""
UNTIL_IT_OPENS = Patience(bucket=60, queue=60)
"""For what nextcord requests by itself and would not request again."""


type Route = tuple[str, str]
"""Method and path template."""


class Slots:
    """Lets `rate` requests reach Discord in any second, by Discord's clock.

    A slot is free again a second after its request arrived there. When that was is not known; but the way of its answer
    and that of the next request take together at least as long as the quickest of late, of the routes of both. So the
    next may go a second after the answer, less that time. One that is not answered keeps its slot for at most
    `_MOST_DOUBT` more than a second.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._taken: list[Slot] = []
        self._times: dict[Route, deque[float]] = {}

    def take(self, now: float) -> "Slot":
        """Takes a slot, which must be free."""
        slot = Slot(taken_at=now, over_at=now + _SECOND + _MOST_DOUBT)
        self._taken.append(slot)
        return slot

    def answered(self, slot: "Slot", route: Route, now: float) -> None:
        """The request has its answer."""
        times = self._times.setdefault(route, deque(maxlen=_REMEMBERED_ANSWERS))
        times.append(now - slot.taken_at)
        slot.over_at, slot.least = min(slot.over_at, now + _SECOND), min(times)

    def give_back(self, slot: "Slot") -> None:
        """The request was not sent."""
        self._taken.remove(slot)

    def free_at(self, now: float, route: Route) -> float:
        """When there is a free slot for a request of this route; now: there is one."""
        self._taken = [slot for slot in self._taken if slot.over_at > now]
        least = min(self._times.get(route, (0.0,)))
        free = sorted(slot.over_at - min(slot.least, least) for slot in self._taken)
        busy = free[bisect_right(free, now) :]
        return now if len(busy) < self.rate else busy[len(busy) - self.rate]


@dataclass(slots=True, eq=False)
class Slot:
    """One request of a second's. From `over_at` on it counts for nobody; `least` is the quickest time of its route."""

    taken_at: float
    over_at: float
    least: float = 0.0


class Pace:
    """Spreads many requests evenly over the second, so that one with priority finds a slot soon."""

    def __init__(self, rate: int) -> None:
        self._gap = _SECOND / rate
        self._due = float("-inf")

    def next_at(self) -> float:
        """When the next one may go."""
        return self._due - _BURST

    def step(self, now: float) -> None:
        """One goes."""
        self._due = max(self._due, now) + self._gap


@dataclass(slots=True, eq=False)
class Ticket:
    """One request, from when it queues until it ends."""

    where: Where
    priority: Priority
    patience: Patience
    number: int
    bucket: Bucket | None = field(default=None)
    slot: Slot | None = field(default=None)


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A request that would wait for too long; its bucket may let it pass in `seconds`."""

    ticket: Ticket
    seconds: float


class Budget:
    """The queue of requests. `clock` counts seconds, as `time.monotonic`; to be used from one thread.

    Of those whose bucket is open, the one with the highest priority goes first, then the one that queued first.
    So a guild that has used up its own limit never holds up the others.
    """

    def __init__(self, rate: int = DEFAULT_RATE, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._slots = Slots(rate)
        self._pace = Pace(rate)
        self._buckets = Buckets()
        self._queue: list[Ticket] = []
        self._joined = 0
        self._closed_until = float("-inf")

    def join(self, where: Where, priority: Priority, patience: Patience | None = None) -> Ticket:
        """Queues a request; `patience` is that of its priority if none is given."""
        self._joined += 1
        ticket = Ticket(where, priority, patience or PATIENCE[priority], self._joined)
        insort(self._queue, ticket, key=lambda other: (other.priority, other.number))
        return ticket

    def opens_in(self, where: Where, ahead: int = 0) -> float | None:
        """Seconds until a request would be let pass by all that is known of limits; zero: now.

        None: that is known only when others have their answers. Nothing is taken or queued. `ahead`: so many others
        have been told the same, and are about to queue.
        """
        now = self._clock()
        wait = self._buckets.of(where, now).opens_in(now, ahead)
        closed_for = 0.0 if where.is_exempt else self._closed_until - now
        return max(closed_for, wait or 0.0) if closed_for > 0 else wait

    def turn_away(self, where: Where) -> float:
        """In how many seconds one that does not wait for `opens_in` had best come again."""
        now = self._clock()
        return max(self._buckets.of(where, now).turn_away(now), self._closed_until - now)

    def leave(self, ticket: Ticket) -> None:
        """A request is not to be made any more, whether its turn has come or not."""
        if ticket.bucket is None:
            if ticket in self._queue:
                self._queue.remove(ticket)
            return
        ticket.bucket.give_back()
        if ticket.slot is not None:
            self._slots.give_back(ticket.slot)
        ticket.bucket = None

    def admit(self) -> tuple[list[Ticket], list[TurnedAway]]:
        """Takes those out of the queue who may go now, and those who would wait for longer than they are willing to."""
        now = self._clock()
        admitted: list[Ticket] = []
        turned_away: list[TurnedAway] = []
        free_at = self._free_at(now)
        for ticket in list(self._queue):
            bucket = self._buckets.of(ticket.where, now)
            wait = bucket.opens_in(now)
            if wait == 0 and self._opens_at(ticket, free_at, now) <= now:
                self._queue.remove(ticket)
                self._go(ticket, bucket, now)
                free_at = self._free_at(now)
                admitted.append(ticket)
            elif (late := self._too_late(ticket, bucket, wait, now)) is not None:
                self._queue.remove(ticket)
                turned_away.append(TurnedAway(ticket, late))
        return admitted, turned_away

    def _go(self, ticket: Ticket, bucket: Bucket, now: float) -> None:
        bucket.take()
        ticket.bucket = bucket
        if not ticket.where.is_exempt:
            ticket.slot = self._slots.take(now)
            if ticket.priority is not Priority.COMMAND:
                self._pace.step(now)

    def _too_late(self, ticket: Ticket, bucket: Bucket, wait: float | None, now: float) -> float | None:
        if wait is not None and wait > ticket.patience.bucket:
            return bucket.turn_away(now)
        closed_for = self._closed_until - now
        return closed_for if closed_for > ticket.patience.queue and not ticket.where.is_exempt else None

    def _free_at(self, now: float) -> Callable[[Route], float]:
        """When there is a slot for each route; asked once for all tickets of one."""
        return cache(partial(self._slots.free_at, now))

    def _opens_at(self, ticket: Ticket, free_at: Callable[[Route], float], now: float) -> float:
        """When the budget as a whole lets it pass."""
        if ticket.where.is_exempt:
            return now
        pace = now if ticket.priority is Priority.COMMAND else self._pace.next_at()
        return max(free_at(ticket.where.route), self._closed_until, pace)

    def next_look(self) -> float | None:
        """When `admit` may find somebody, if no answer comes before; None: not without one."""
        now = self._clock()
        free_at = self._free_at(now)
        times = []
        for ticket in self._queue:
            wait = self._buckets.of(ticket.where, now).opens_in(now)
            if wait is not None:
                times.append(max(now + wait, self._opens_at(ticket, free_at, now)))
        return min(times, default=None)

    def answered(self, ticket: Ticket, told: Told | None) -> None:
        """An answer came, with what it told of its bucket (None: nothing, as one from in front of Discord)."""
        now, bucket = self._clock(), ticket.bucket
        if ticket.slot is not None:
            self._slots.answered(ticket.slot, ticket.where.route, now)
        if bucket is None:
            return
        if told is None:
            bucket.give_back()
        else:
            self._buckets.learn(ticket.where, bucket, told, now)
        ticket.bucket = None

    def unanswered(self, ticket: Ticket) -> None:
        """A request was broken off. It may have arrived."""
        if ticket.bucket is not None:
            ticket.bucket.lose(self._clock())
            ticket.bucket = None

    def close(self, seconds: float) -> None:
        """Nobody is to go for so long: a global 429."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    def close_bucket(self, where: Where, seconds: float) -> None:
        """Nobody is to go on this route for so long: a 429 of the scopes user and shared."""
        now = self._clock()
        self._buckets.of(where, now).close(now + seconds)
