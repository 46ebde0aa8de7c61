"""Lets coroutines wait for their turn by the budget."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from boostmon.adapters.discord.buckets import Told, Where
from boostmon.adapters.discord.budget import Budget, Patience, Priority, Ticket, TurnedAway
from boostmon.adapters.discord.faults import LONGEST_WAIT, Faulty
from boostmon.domain.outcomes import Held

_LOOK_AGAIN = 0.25
"""Seconds after which is looked again without news: who was expected to ask may have thought better of it."""

type _Turn = asyncio.Future[TurnedAway | None]


class Turns:
    """One for the process, whatever clients come and go. To be used on the client's loop only."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._waiting: dict[Ticket, _Turn] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._curious: set[asyncio.Future[None]] = set()

    async def until_open(self, where: Where, patience: float, ahead: Callable[[], int] = lambda: 0) -> None:
        """Returns when a request would be let pass at once; takes no turn, and sends nothing.

        So whoever is about to ask can wait before doing anything else, and without holding anything. `ahead` says how
        many others came back from here and are not done: they may have asked already, or not.

        Raises:
            Faulty: it would have to wait for longer than `patience` seconds (`Held`).
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while (wait := self._budget.opens_in(where, ahead())) != 0:
            left, least = deadline - loop.time(), self._budget.opens_in(where)
            if left <= 0 or (least is not None and least > left):
                seconds = _seconds(self._budget.turn_away(where))
                raise Faulty(Held("Discord's limit for this is used up", seconds))
            await self._news(min(left, _LOOK_AGAIN if wait is None or ahead() else wait))

    async def _news(self, seconds: float) -> None:
        """Returns when something happened that may have opened a way, or after so long."""
        news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._curious.add(news)
        try:
            await asyncio.wait({news}, timeout=seconds)
        finally:
            self._curious.discard(news)

    async def wait(self, where: Where, priority: Priority, patience: Patience) -> Ticket:
        """Returns when the request may be sent; it must then be given to `end`, and before to `answered`.

        Raises:
            Faulty: it would have to wait for too long (`Held`). Nothing was sent.
        """
        ticket = self._budget.join(where, priority, patience)
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = turn
        self._look()
        try:
            async with asyncio.timeout(patience.queue):
                away = await turn
        except BaseException as error:
            del self._waiting[ticket]
            self._then_look(lambda: self._budget.leave(ticket))
            if isinstance(error, TimeoutError):
                raise Faulty(Held("many requests are waiting for Discord", _seconds(patience.queue))) from None
            raise
        del self._waiting[ticket]
        if away is not None:
            raise Faulty(Held("Discord's limit for this is used up", _seconds(away.seconds)))
        return ticket

    def answered(self, ticket: Ticket, told: Told | None) -> None:
        """Discord has answered: `told` is what it said about its limits, if anything."""
        self._then_look(lambda: self._budget.answered(ticket, told))

    def end(self, ticket: Ticket) -> None:
        """The request is over; without an answer, it was broken off."""
        self._then_look(lambda: self._budget.unanswered(ticket))

    def close(self, where: Where | None, seconds: float) -> None:
        """Discord wants `where` (None: everything) to be left alone for so long."""
        if where is None:
            self._then_look(lambda: self._budget.close(seconds))
        else:
            self._then_look(lambda: self._budget.close_bucket(where, seconds))

    def _then_look(self, change: Callable[[], None]) -> None:
        change()
        self._look()

    def _look(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        admitted, turned_away = self._budget.admit()
        for ticket in admitted:
            self._settle(ticket, None)
        for away in turned_away:
            self._settle(away.ticket, away)
        for news in self._curious:
            if not news.done():
                news.set_result(None)
        if self._waiting and (when := self._budget.next_look()) is not None:
            self._alarm = asyncio.get_running_loop().call_at(when, self._look)

    def _settle(self, ticket: Ticket, away: TurnedAway | None) -> None:
        turn = self._waiting[ticket]
        if not turn.done():
            turn.set_result(away)


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
