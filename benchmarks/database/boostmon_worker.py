"""BoostMon as a process that the harness asks; see `benchmarks/peers/wire.py`.

It is put together by BoostMon's own container from settings, as `boostmon run` is, with PostgreSQL; Discord is the
gateway in memory, which does at once what it is told.
"""

import itertools
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dependency_injector import providers

from benchmarks.database import tables
from benchmarks.peers.wire import Late, Pace, looks, serve
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.app.changing.changes import Target
from boostmon.app.ports import Asked, AuditReason
from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import Outcome
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.container import Container
from boostmon.entrypoints.garbage_collection import freeze_what_stays
from boostmon.entrypoints.settings import Settings
from boostmon.entrypoints.sweeper import Sweeper

GUILD, MODERATOR = GuildId(500_000), UserId(1)
ROLES = {RoleId(number): RoleFacts(RoleId(number), f"role {number}", position=number) for number in (11, 12, 13)}
VIEW = GuildView(
    GUILD,
    bot=Standing((99, 0), permissions=Permission.MANAGE_ROLES),
    asker=Standing((98, 0), permissions=Permission.MANAGE_ROLES),
    roles=ROLES,
)


WARM_UP = 20
"""Sweeps before it counts: by then statements are prepared, as in a bot that has run for a minute."""
FLUSH = "SELECT pg_stat_force_next_flush()"
"""What a session has counted is handed over with this transaction."""


class WatchedGateway:
    """A `RoleGateway` in memory that tells when it is asked to take a role."""

    def __init__(self) -> None:
        self._inner = InMemoryRoleGateway()
        self.seen: Callable[[TimerKey], None] = lambda _key: None

    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        """Grants it in memory."""
        return self._inner.grant(key, reason)

    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        """Grants them in memory."""
        return self._inner.grant_all(keys, reason)

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        """Tells of each key before it takes the role in memory."""
        for key in keys:
            self.seen(key)
        return self._inner.remove(keys, reason)


class BoostMon:
    """One process of it."""

    def __init__(self, url: str) -> None:
        os.environ.update(DATABASE_URL=url, BOOSTMON_DISCORD="memory")
        self._url = url
        self._gateway = WatchedGateway()
        self._requests = itertools.count(time.time_ns())
        self.container = Container(settings=Settings())
        self.container.memory_roles.override(providers.Object(self._gateway))
        storage = self.container.storage()
        storage.start()
        storage.open()
        freeze_what_stays()  # as `boostmon run` does

    def due(self, count: int, first: float, step: float, kind: str = "endings") -> Mapping[str, Any]:
        """Lets so many timers end, or reach a threshold (`warnings`)."""
        tables.due(self._url, count, first, step, warnings=kind == "warnings")
        return {}

    def drain(self, limit: float) -> Mapping[str, Any]:
        """Sweeps until nothing is due."""
        sweep, done = self.container.sweep(), 0
        started = time.monotonic()
        while time.monotonic() < started + limit:
            swept = sweep()
            done += swept.warned + swept.ended
            if swept.next_due is None or swept.next_due > self.container.clock().now():
                break
        return {"started": started, "ended": time.monotonic(), "done": done}

    def late(self, first: float, step: float, count: int, commands: float) -> Mapping[str, Any]:
        """Runs the sweeper's own threads, and commands through the use cases in another one."""
        late = Late(first, step, count)
        self._gateway.seen = lambda key: late.fired(key.user - tables.FIRST_DUE_USER)
        sweeper = self._sweeper()
        sweeper.start()
        with Pace(commands, self._command) as pace:
            late.wait()
        sweeper.request_stop()
        sweeper.join(10)
        return {**late.answer(), "commands": pace.calls}

    def idle(self, polls: int) -> Mapping[str, Any]:
        """Sweeps where nothing is due."""
        sweep, times = self.container.sweep(), []
        for _ in range(WARM_UP):
            sweep()
        for _ in range(polls):
            started = time.perf_counter()
            sweep()
            times.append(time.perf_counter() - started)
        return {**looks(times), "sweeps": polls + WARM_UP}

    def tell(self, times: int) -> Mapping[str, Any]:
        """Has the sessions tell the server what they read so far; by themselves they do once a second."""
        database = self.container.storage().database
        for _ in range(times):
            database.run(lambda connection: connection.execute(FLUSH), idempotent=True)
        return {}

    def claim(self, count: int, lease: float) -> Mapping[str, Any]:
        """Claims, and does nothing about it."""
        claims = self.container.timers().claim(self.container.clock().now(), count, timedelta(seconds=lease))
        return {"claimed": len(claims)}

    def take_over(self, count: int, patience: float, lease: float, interval: float) -> Mapping[str, Any]:
        """Runs the sweeper until so many roles were taken. Lease and interval are known otherwise."""
        del lease, interval
        seen: dict[TimerKey, int] = {}
        complete = threading.Event()

        def note(key: TimerKey) -> None:
            seen[key] = seen.get(key, 0) + 1
            if len(seen) == count:
                complete.set()

        self._gateway.seen = note
        sweeper = self._sweeper()
        sweeper.start()
        complete.wait(patience)
        ended = time.monotonic()
        sweeper.request_stop()
        sweeper.join(10)
        return {"ended": ended, "done": len(seen), "doubles": sum(times - 1 for times in seen.values())}

    def _sweeper(self) -> Sweeper:
        """A new one: its threads start once."""
        self.container.halt().clear()
        self.container.sweeper.reset()
        return self.container.sweeper()

    def _command(self, number: int) -> None:
        """By turns: a new timer, more time, a look."""
        use_cases, at = self.container.use_cases(), self.container.clock().now()
        asked = Asked(by=MODERATOR, at=at, request=RequestId(next(self._requests)))
        user, role = UserId(2 + number // 3), RoleId(11)
        match number % 3:
            case 0:
                use_cases.set_time(TimerKey(GUILD, user, role), timedelta(days=1), asked=asked, view=VIEW)
            case 1:
                use_cases.add_time(Target(GUILD, user, role), timedelta(hours=1), asked=asked, view=VIEW)
            case _:
                use_cases.time_left(GUILD, user, by=MODERATOR, view=VIEW)


def main(url: str) -> None:
    """The process."""
    one = BoostMon(url)
    serve(
        {
            "due": one.due,
            "drain": one.drain,
            "late": one.late,
            "idle": one.idle,
            "tell": one.tell,
            "claim": one.claim,
            "take_over": one.take_over,
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
