"""A day of many guilds, second by second, by the rules that BoostMon and Discord go by.

Time, the database and Discord's limits are modelled; thresholds, gaps, group sizes and limits are BoostMon's own
constants. What is drawn is drawn from a seed, so that a run can be repeated. Memory holds what is due within the next
hour and what waits.
"""

import heapq
import math
import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from boostmon.adapters.discord.budget import DEFAULT_RATE
from boostmon.app.batches.pace import LONGEST_GAP, SHORTEST_GAP
from boostmon.app.delivering.messages import MOST_TOGETHER
from boostmon.domain.notices import ENDED_NOTICE_LIFE
from boostmon.domain.policy import Policy
from boostmon.sandbox.limits import OBSERVED

HOUR, DAY = 3_600, 86_400
MIDNIGHT = DAY // 2
"""The day goes from noon to noon: what ends with the month is in its middle."""
THRESHOLDS = tuple(int(threshold.total_seconds()) for threshold in sorted(Policy().thresholds, reverse=True))
AHEAD = THRESHOLDS[0]
GAPS = (int(SHORTEST_GAP.total_seconds()), int(LONGEST_GAP.total_seconds()))
NEWS_LIFE = int(ENDED_NOTICE_LIFE.total_seconds())
ROUTE = OBSERVED["DELETE /guilds/:id/members/:id/roles/:id"]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Who is simulated. `month_end` is the share of all timers that end at midnight, all in the same second.

    Timers run for `days` on average, so as many end (and begin, by a command that gives the role) in a day. A share
    `on_the_hour` of the others ends on the full hour; the rest follows the time of day. Guild number n has a share of
    all timers that falls with n as 1 / (n + `flattening`). Every guild has a channel for its news. `used` is the share
    of Discord's limit that BoostMon uses, and `decisions` are those that it makes in a second: both measured.
    """

    guilds: int = 100_000
    timers: int = 10_000_000
    days: float = 30.0
    on_the_hour: float = 0.2
    month_end: float = 0.0
    flattening: float = 100.0
    rate: int = DEFAULT_RATE
    used: float = 0.95
    decisions: int = 5_000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds after the moment, of so many."""

    count: int
    p50: int
    p99: int
    longest: int


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: `used` is the share of the limit, `waiting` the roles that are still to be taken at its end."""

    hour: int
    used: float
    waiting: int
    endings: Lateness
    news: Lateness


@dataclass(frozen=True, slots=True)
class Simulated:
    """A day. `dropped` are warnings that a newer one, or the end, overtook before they were sent."""

    assumptions: Assumptions
    requests: int
    messages: int
    told: int
    dropped: int
    used: float
    endings: Lateness
    news: Lateness
    hours: list[Hour]


@dataclass(slots=True)
class _Seen:
    """How late things were, by seconds: as many numbers as there are different ones."""

    counts: Counter[int] = field(default_factory=Counter)

    def note(self, late: int, number: int = 1) -> None:
        self.counts[late] += number

    def lateness(self) -> Lateness:
        total = self.counts.total()
        ordered = sorted(self.counts.items())

        def percentile(share: float) -> int:
            wanted = math.ceil(share * total)
            reached = accumulate(number for _, number in ordered)
            return next((late for (late, _), so_far in zip(ordered, reached, strict=True) if so_far >= wanted), 0)

        return Lateness(total, percentile(0.5), percentile(0.99), ordered[-1][0] if ordered else 0)


@dataclass(slots=True)
class _Owed:
    """Notices of one guild that came at the same moment and are stale at the same."""

    due: int
    stale: int
    number: int


@dataclass(slots=True)
class _Guild:
    """What waits in one guild, and what Discord and BoostMon let it do."""

    due: deque[int] = field(default_factory=deque)
    window_ends: int = 0
    left: int = 0
    owed: deque[_Owed] = field(default_factory=deque)
    gap: int = 0
    next_message: int = 0


class _Demand:
    """What ends, second by second, drawn an hour ahead so that its warnings come before it."""

    def __init__(self, of: Assumptions) -> None:
        self._of = of
        self._random = random.Random(of.seed)  # noqa: S311 - a simulation, no secret
        self._weights = list(accumulate(1 / (number + of.flattening) for number in range(of.guilds)))
        self._daily = of.timers / of.days
        self.endings: defaultdict[int, list[int]] = defaultdict(list)
        self.warnings: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for second in range(-AHEAD, 0):
            self.draw(second)

    def per_second(self, second: int) -> float:
        """How many end in a second of this time of day, but for those of the full hour."""
        return self._daily / DAY * (1 - self._of.on_the_hour) * _time_of_day(second)

    def begins(self, second: int) -> int:
        """How many timers are begun by a command."""
        return self._whole(self._daily / DAY * _time_of_day(second))

    def draw(self, second: int) -> None:
        """What ends `AHEAD` seconds after this one."""
        end = second + AHEAD
        number = self._whole(self.per_second(end))
        if end % HOUR == 0:
            number += self._whole(self._daily / 24 * self._of.on_the_hour * _time_of_day(end))
        if end == MIDNIGHT:
            number += round(self._of.timers * self._of.month_end)
        if number and end < DAY + AHEAD:
            guilds = self._random.choices(range(self._of.guilds), cum_weights=self._weights, k=number)
            self.endings[end] = guilds
            # A warning is overtaken by the next one, and the last one by the end.
            for threshold, following in pairwise((*THRESHOLDS, 0)):
                self.warnings[end - threshold] += [(guild, end - following) for guild in guilds]

    def _whole(self, mean: float) -> int:
        return int(mean + self._random.random())


def _time_of_day(second: int) -> float:
    """Half as much again at 20 o'clock as on average, half as much at 8; the day begins at noon."""
    return 1 + math.sin((second / HOUR - 2) / 24 * 2 * math.pi) / 2


class _Bot:
    """One token: its queues, its guilds' limits, and what it may ask of Discord."""

    def __init__(self, of: Assumptions) -> None:
        self._of = of
        self._guilds: defaultdict[int, _Guild] = defaultdict(_Guild)
        self._undecided: deque[tuple[int, int, int]] = deque()
        self._open: list[tuple[int, int]] = []
        self._opening: defaultdict[int, list[int]] = defaultdict(list)
        self._ready: list[tuple[int, int]] = []
        self._gathering: defaultdict[int, list[int]] = defaultdict(list)
        self._allowance = 0.0
        self.waiting = self.messages = self.told = self.dropped = 0
        self.endings, self.news = _Seen(), _Seen()

    def due(self, second: int, endings: Sequence[int], warnings: Sequence[tuple[int, int]]) -> None:
        """Comes due. `warnings` are guilds and when each is overtaken."""
        self._undecided.extend((guild, second, 0) for guild in endings)
        self._undecided.extend((guild, second, stale) for guild, stale in warnings)
        self.waiting += len(endings)

    def step(self, second: int, commands: int) -> int:
        """One second; returns how many requests were made."""
        for _ in range(min(len(self._undecided), self._of.decisions)):
            guild, due, stale = self._undecided.popleft()
            if stale:
                self._owe(guild, _Owed(due, stale, 1), second)
            else:
                self._end(guild, due)
        self._reopen(second)
        self._allowance = min(self._allowance, 1.0) + self._of.rate * self._of.used
        made = min(commands, int(self._allowance))
        while made < int(self._allowance) and self._open:
            self._remove(second)
            made += 1
        while made < int(self._allowance) and self._ready:
            made += self._tell(second)
        self._allowance -= made
        return made

    def _end(self, number: int, due: int) -> None:
        guild = self._guilds[number]
        if not guild.due and (guild.left or guild.window_ends == 0):
            heapq.heappush(self._open, (due, number))
        guild.due.append(due)

    def _owe(self, number: int, owed: _Owed, second: int) -> None:
        guild = self._guilds[number]
        if not guild.owed:
            if guild.next_message > second:
                self._gathering[guild.next_message].append(number)
            else:
                heapq.heappush(self._ready, (owed.due, number))
        last = guild.owed[-1] if guild.owed else None
        if last is not None and (last.due, last.stale) == (owed.due, owed.stale):
            last.number += owed.number
        else:
            guild.owed.append(owed)

    def _reopen(self, second: int) -> None:
        for number in self._opening.pop(second, ()):
            guild = self._guilds[number]
            was_closed = guild.left == 0
            guild.window_ends = guild.left = 0
            if guild.due and was_closed:
                heapq.heappush(self._open, (guild.due[0], number))
        for number in self._gathering.pop(second, ()):
            heapq.heappush(self._ready, (self._guilds[number].owed[0].due, number))

    def _remove(self, second: int) -> None:
        due, number = heapq.heappop(self._open)
        guild = self._guilds[number]
        if guild.window_ends == 0:
            guild.window_ends, guild.left = second + math.ceil(ROUTE.seconds), ROUTE.requests
            self._opening[guild.window_ends].append(number)
        guild.left -= 1
        guild.due.popleft()
        self.waiting -= 1
        self.endings.note(second - due)
        if guild.due and guild.left:
            heapq.heappush(self._open, (guild.due[0], number))
        self._owe(number, _Owed(second, second + NEWS_LIFE, 1), second)

    def _tell(self, second: int) -> int:
        """Sends a guild's next message, if there is anything to tell still; returns the requests."""
        _, number = heapq.heappop(self._ready)
        guild, together = self._guilds[number], 0
        while guild.owed and together < MOST_TOGETHER:
            owed = guild.owed[0]
            taken = min(owed.number, MOST_TOGETHER - together)
            if owed.stale <= second:
                taken = owed.number
                self.dropped += taken
            else:
                together += taken
                self.news.note(second - owed.due, taken)
            owed.number -= taken
            if not owed.number:
                guild.owed.popleft()
        if together:
            self.told += together
            self.messages += 1
            is_busy = second < guild.next_message + guild.gap
            guild.gap = min(2 * guild.gap, GAPS[1]) if is_busy and guild.gap else GAPS[0]
            # A full message does not wait for more.
            guild.next_message = second + (0 if len(guild.owed) and together == MOST_TOGETHER else guild.gap)
        if guild.owed:
            if guild.next_message > second:
                self._gathering[guild.next_message].append(number)
            else:
                heapq.heappush(self._ready, (guild.owed[0].due, number))
        return 1 if together else 0


def simulate(of: Assumptions) -> Simulated:
    """Plays the day."""
    demand, bot = _Demand(of), _Bot(of)
    hours: list[Hour] = []
    requests, endings, news = 0, _Seen(), _Seen()
    for first in range(0, DAY, HOUR):
        made = sum(_seconds(demand, bot, range(first, first + HOUR)))
        hours.append(
            Hour(
                hour=(12 + first // HOUR) % 24,
                used=round(made / (HOUR * of.rate), 4),
                waiting=bot.waiting,
                endings=bot.endings.lateness(),
                news=bot.news.lateness(),
            )
        )
        requests += made
        endings.counts.update(bot.endings.counts)
        news.counts.update(bot.news.counts)
        bot.endings, bot.news = _Seen(), _Seen()
    return Simulated(
        assumptions=of,
        requests=requests,
        messages=bot.messages,
        told=bot.told,
        dropped=bot.dropped,
        used=round(requests / (DAY * of.rate), 4),
        endings=endings.lateness(),
        news=news.lateness(),
        hours=hours,
    )


def _seconds(demand: _Demand, bot: _Bot, seconds: range) -> Iterator[int]:
    for second in seconds:
        demand.draw(second)
        bot.due(second, demand.endings.pop(second, ()), demand.warnings.pop(second, ()))
        yield bot.step(second, demand.begins(second))
