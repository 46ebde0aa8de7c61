"""The design that BoostMon replaces, in Python: every 30 s it reads all rows, looks at each, and deletes one by one.

Written as fairly as its description allows: one connection, autocommit, prepared statements, no waiting for anything
but the database. It knows no leases, so that two of it would act twice, and a failed act is lost.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from benchmarks.peers.wire import Late, looks, serve_peer, wall

POLL = float(os.environ.get("SEED_POLL", "30"))
"""Seconds between two looks; a smoke test cannot wait for them."""
THRESHOLDS = (3600.0, 600.0, 60.0)
READ = "SELECT * FROM seed_timers WHERE expires_at > 0"
TABLE = """
    CREATE TABLE seed_timers (
        id bigserial PRIMARY KEY, guild_id bigint NOT NULL, user_id bigint NOT NULL, role_id bigint NOT NULL,
        expires_at double precision NOT NULL, channel_id bigint, warned double precision[] NOT NULL DEFAULT '{}'
    )
"""
FILL = """
    INSERT INTO seed_timers (guild_id, user_id, role_id, expires_at, channel_id)
    SELECT 1 + number %% 1000, number, %(role)s, %(first)s::float8 + number * %(step)s::float8, 7
    FROM generate_series(0, %(count)s - 1) AS number
"""
FUTURE, DUE = 1, 2
DAY = 86_400.0


class Seed:
    """One process of it, on one connection."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def prepare(self, future: int) -> Mapping[str, Any]:
        """Makes the table, with so many timers of tomorrow."""
        self.connection.execute(TABLE)
        self._fill(FUTURE, future, wall() + DAY, 0.1)
        self.connection.execute("VACUUM (ANALYZE) seed_timers")
        return {}

    def due(self, count: int, first: float, step: float) -> Mapping[str, Any]:
        """Lets so many fall due, from `first` on, in the place of those that were left over."""
        self.connection.execute("DELETE FROM seed_timers WHERE role_id <> %s", (FUTURE,))
        self._fill(DUE, count, first, step)
        self.connection.execute("VACUUM (ANALYZE) seed_timers")
        return {}

    def drain(self, limit: float) -> Mapping[str, Any]:
        """One pass, to its end: it knows no other."""
        del limit
        started = time.monotonic()
        done = self._pass(lambda _row: None)
        return {"started": started, "ended": time.monotonic(), "done": done}

    def late(self, first: float, step: float, count: int, commands: float) -> Mapping[str, Any]:
        """Passes every 30 s, of which the next one is as far away as it is on average: 15 s after the first timer."""
        late = Late(first, step, count)
        time.sleep(max(first + POLL / 2 - wall(), 0.0))
        del commands  # whoever adds a row does not meet the sweep at all
        while True:
            self._pass(lambda row: late.fired(row[2]))
            if late.is_complete or late.is_over:
                return late.answer()

    def idle(self, polls: int) -> Mapping[str, Any]:
        """Looks, and finds nothing due."""
        times = []
        for _ in range(polls):
            started = time.perf_counter()
            self._pass(lambda _row: None)
            times.append(time.perf_counter() - started)
        return looks(times)

    def _pass(self, act: Callable[[tuple[Any, ...]], None]) -> int:
        done = 0
        for row in self.connection.execute(READ).fetchall():
            left = row[4] - wall()
            if left <= 0:
                act(row)
                self.connection.execute("DELETE FROM seed_timers WHERE id = %s", (row[0],))
                done += 1
            elif left <= THRESHOLDS[0] and any(left <= t and t not in row[6] for t in THRESHOLDS):
                self.connection.execute("UPDATE seed_timers SET warned = %s WHERE id = %s", (list(THRESHOLDS), row[0]))
        return done

    def _fill(self, role: int, count: int, first: float, step: float) -> None:
        self.connection.execute(FILL, {"role": role, "count": count, "first": first, "step": step})


def main(url: str) -> None:
    """The process."""
    seed = Seed(url)
    serve_peer(seed)


if __name__ == "__main__":
    main(sys.argv[1])
