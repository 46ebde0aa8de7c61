"""A Discord without sockets: requests travel through simulated time to the sandbox's rate limits and back."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from boostmon.adapters.discord.buckets import Told, Where
from boostmon.adapters.discord.budget import Budget, Priority, Ticket, TurnedAway
from boostmon.sandbox.limits import Limits, RateLimits

REMOVAL_PATH = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"


AT_ONCE = 50
_TICK = 1e-6
"""Seconds. No clock is finer, and a moment must not be missed by a rounding."""


def removal(guild: int) -> Where:
    return Where("DELETE", REMOVAL_PATH, (str(guild),))


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as Discord saw it."""

    at: float
    where: Where
    priority: Priority
    refused: bool


@dataclass
class Simulation:
    """`budget` on one side, `limits` on the other, and `way` giving the seconds that a request travels each way."""

    limits: Limits
    rate: int = 50
    way: Callable[[random.Random], float] = lambda _random: 0.05
    seed: int = 1
    at: float = 0.0
    arrived: list[Arrived] = field(default_factory=list)
    admitted: list[Ticket] = field(default_factory=list)
    away: list[TurnedAway] = field(default_factory=list)
    owed: deque[int] = field(default_factory=deque)
    waiting: set[Ticket] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.budget = Budget(self.rate, clock=lambda: self.at)
        self.random = random.Random(self.seed)  # noqa: S311 - a run that can be repeated
        self.discord = RateLimits(self.limits, clock=lambda: self.at)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._alarm = 0

    def later(self, seconds: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.at + seconds, next(self._numbers), event))

    def ask(self, where: Where, priority: Priority = Priority.REMOVAL) -> Ticket:
        ticket = self.budget.join(where, priority)
        self.look()
        return ticket

    def look(self) -> None:
        while self.owed and len(self.waiting) < AT_ONCE:
            self.waiting.add(self.budget.join(removal(self.owed.popleft()), Priority.REMOVAL))
        admitted, away = self.budget.admit()
        self.away += away
        for one in away:
            if one.ticket in self.waiting:
                self.waiting.discard(one.ticket)
                self.later(one.seconds, lambda back=one.ticket: self._come_back(back))  # type: ignore[misc] # as below
        self.waiting.difference_update(admitted)
        for ticket in admitted:
            self.admitted.append(ticket)
            self.later(self.way(self.random), lambda ticket=ticket: self._arrive(ticket))  # type: ignore[misc] # mypy cannot infer a lambda with a default
        # As `Turns` does, one alarm for the next moment at which somebody may go.
        self._alarm += 1
        when = self.budget.next_look()
        if when is not None:
            self.later(max(when - self.at, 0) + _TICK, lambda alarm=self._alarm: self._ring(alarm))  # type: ignore[misc] # as above

    def _come_back(self, ticket: Ticket) -> None:
        self.owed.append(int(ticket.where.owner[0]))
        self.look()

    def flood(self, requests: int, guilds: int = 40) -> None:
        """Keeps `AT_ONCE` removals waiting, as the sweep does; who is turned away comes back when told to."""
        self.owed.extend(number % guilds for number in range(requests))
        self.look()
        self.run()

    def _ring(self, alarm: int) -> None:
        if alarm == self._alarm:
            self.look()

    def _arrive(self, ticket: Ticket) -> None:
        where = ticket.where
        path = where.path.format(guild_id=where.owner[0], user_id=1, role_id=2)
        verdict = self.discord.take(where.method, path)
        self.arrived.append(Arrived(self.at, where, ticket.priority, verdict.retry_after is not None))
        headers, refused = verdict.headers, verdict.retry_after
        told = None
        if "X-RateLimit-Limit" in headers:
            numbers = (int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"]))
            told = Told(headers["X-RateLimit-Bucket"], *numbers, float(headers["X-RateLimit-Reset-After"]))

        def answer() -> None:
            if refused is not None:
                self.budget.close(refused) if verdict.is_global else self.budget.close_bucket(where, refused)
            self.budget.answered(ticket, told)
            self.budget.unanswered(ticket)
            self.look()

        self.later(self.way(self.random), answer)

    def run(self, seconds: float = float("inf")) -> None:
        """Lets time pass until nothing happens any more, or for so long."""
        end = self.at + seconds
        while self._events and self._events[0][0] <= end:
            self.at, _, event = heapq.heappop(self._events)
            event()
        if seconds < float("inf"):
            self.at = end

    @property
    def refusals(self) -> int:
        return sum(one.refused for one in self.arrived)
