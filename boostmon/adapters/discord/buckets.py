"""What Discord lets pass on each route: one bucket per route and guild or channel, as its headers show.

Discord names a bucket alike in every guild, but counts each guild apart. So a bucket is known here by its name and by
the guild, channel or webhook in its path; routes that turn out to share a name share the bucket, too.
"""

from dataclasses import dataclass

UNTOLD_WINDOW = 1.0
"""Seconds of a window whose length is unknown."""
_KEPT_BUCKETS = 2_000
LONGEST_SPREAD = 60.0
"""The most seconds over which requests that were turned away are spread."""


@dataclass(frozen=True, slots=True)
class Where:
    """The method and path template of a request, and whose bucket it counts for. `is_exempt`: not a global one."""

    method: str
    path: str
    owner: tuple[str, ...]
    is_exempt: bool = False

    @property
    def route(self) -> tuple[str, str]:
        """Its method and path template."""
        return self.method, self.path


@dataclass(frozen=True, slots=True)
class Told:
    """A bucket's headers: at most `limit` in a window, of which `remaining` are left for `reset_after` seconds."""

    name: str | None
    limit: int
    remaining: int
    reset_after: float


@dataclass(slots=True)
class Bucket:
    """One bucket, counted here as requests leave and corrected by what answers tell.

    While `limit` is unknown, one request at a time goes out to learn it. A window starts at Discord with the first
    request that arrives after the last one; here it ends when Discord's has surely ended.
    """

    limit: int | None = None
    window: float = 0.0
    remaining: int = 1
    ends_at: float | None = None
    closed_until: float = float("-inf")
    in_flight: int = 0
    turned_away: int = 0

    def opens_in(self, now: float, ahead: int = 0) -> float | None:
        """Seconds until a request may pass; zero: now. None: that is known only when others have their answers.

        `ahead`: so many others are about to take their turn.
        """
        self._roll(now)
        if now < self.closed_until:
            return self.closed_until - now
        if self.limit is None:
            return 0.0 if self.remaining > 0 and self.in_flight == 0 and ahead == 0 else self._end(now)
        return 0.0 if self.remaining > ahead else self._end(now)

    def _end(self, now: float) -> float | None:
        return None if self.ends_at is None else self.ends_at - now

    def _roll(self, now: float) -> None:
        if self.ends_at is not None and now >= self.ends_at:
            self.ends_at = None
            # What is under way may count for the next window.
            self.remaining = max((self.limit or 1) - self.in_flight, 0)

    def turn_away(self, now: float) -> float:
        """When to come back, in seconds. Each window is given to as many as it lets pass, so that few come in vain."""
        windows = self.turned_away // (self.limit or 1)
        self.turned_away += 1
        return (self.opens_in(now) or UNTOLD_WINDOW) + min(windows * self.window, LONGEST_SPREAD)

    def take(self) -> None:
        """One request leaves."""
        self.turned_away = 0
        self.remaining -= 1
        self.in_flight += 1

    def give_back(self) -> None:
        """A request did not count: it was not sent, or answered by something in front of Discord."""
        self.in_flight -= 1
        self.remaining = min(self.remaining + 1, self.limit or 1)

    def lose(self, now: float) -> None:
        """A request has ended without an answer, and may have counted."""
        self.in_flight -= 1
        if self.limit is None:
            self.remaining = 1
        elif self.ends_at is None:
            self.ends_at = now + (self.window or UNTOLD_WINDOW)

    def learn(self, told: Told, now: float) -> None:
        """An answer came."""
        self.in_flight -= 1
        self.correct(told, now)

    def correct(self, told: Told, now: float) -> None:
        """Takes over what an answer tells."""
        ends_at = now + told.reset_after
        is_first, self.limit = self.limit is None, told.limit
        self.window = max(self.window, told.reset_after)
        # Answers of one window differ by how long they travelled, those of two windows by its length.
        if is_first or (self.ends_at is not None and ends_at > self.ends_at + self.window / 2):
            self.ends_at = ends_at
            self.remaining = max(told.remaining - self.in_flight, 0)
        else:
            self.ends_at = ends_at if self.ends_at is None else min(self.ends_at, ends_at)
            self.remaining = min(self.remaining, told.remaining)

    def close(self, until: float) -> None:
        """Lets nobody pass until then."""
        self.closed_until = max(self.closed_until, until)

    def is_idle(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting it."""
        return self.in_flight == 0 and (self.ends_at is None or self.ends_at <= now) and self.closed_until <= now


class Buckets:
    """All buckets of one bot."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._shapes: dict[str, tuple[int, float]] = {}
        self._buckets: dict[tuple[str, tuple[str, ...]], Bucket] = {}

    def of(self, where: Where, now: float) -> Bucket:
        """The bucket that a request counts for. A guild's first one starts from what the route lets pass elsewhere."""
        name = self._name(where)
        bucket = self._buckets.get((name, where.owner))
        if bucket is None:
            self._forget_idle(now)
            bucket = self._buckets[name, where.owner] = Bucket()
            if name in self._shapes:
                bucket.limit, bucket.window = self._shapes[name]
                bucket.remaining = bucket.limit
        return bucket

    def learn(self, where: Where, bucket: Bucket, told: Told, now: float) -> None:
        """An answer came to a request that counted for `bucket`."""
        if told.name is not None and self._name(where) != told.name:
            self._rename(where, told.name)
        bucket.learn(told, now)
        named = self.of(where, now)
        if named is not bucket:
            named.correct(told, now)
        self._shapes[self._name(where)] = (told.limit, bucket.window)

    def _name(self, where: Where) -> str:
        return self._names.get((where.method, where.path)) or f"{where.method} {where.path}"

    def _rename(self, where: Where, name: str) -> None:
        """A route's name is told: what was known under it in every guild stays known."""
        before = self._name(where)
        self._names[where.method, where.path] = name
        for (known_as, owner), bucket in list(self._buckets.items()):
            if known_as == before:
                self._buckets.setdefault((name, owner), bucket)

    def _forget_idle(self, now: float) -> None:
        if len(self._buckets) >= _KEPT_BUCKETS:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.is_idle(now)}
