"""APScheduler 3 with its SQLAlchemy job store on PostgreSQL."""

import importlib
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, text

from benchmarks.peers.wire import Late, Pace, looks, serve_peer, wall

DAY = 86_400.0
MOST_AT_ONCE = 1_000_000
FUTURE = """
    INSERT INTO apscheduler_jobs (id, next_run_time, job_state)
    SELECT 'future-' || number, :first + number * 0.1, :state FROM generate_series(0, :count - 1) AS number
"""
DUE = "INSERT INTO apscheduler_jobs (id, next_run_time, job_state) VALUES (:id, :at, :state)"

on_fire: Callable[[int], None] = lambda _index: None  # noqa: E731 - the job is found by its name; what it does varies


def fire(index: int) -> None:
    """The job."""
    on_fire(index)


class OnApscheduler:
    """One scheduler at a time: two on one store would both fire what is due."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))

    def prepare(self, future: int) -> Mapping[str, Any]:
        """Has the store make its table, and copies one job as often as it is asked."""
        store = SQLAlchemyJobStore(engine=self.engine)
        store.start(BackgroundScheduler(timezone=UTC), "default")
        [(_, _, state)] = self._states([("future", wall() + DAY, 0)])
        with self.engine.begin() as connection:
            connection.execute(text(FUTURE), {"first": wall() + DAY, "state": state, "count": future})
        self._tidy()
        return {}

    def due(self, count: int, first: float, step: float) -> Mapping[str, Any]:
        """Stores jobs as `add_job` would, only all at once."""
        rows = self._states((f"due-{index}", first + index * step, index) for index in range(count))
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM apscheduler_jobs WHERE id NOT LIKE 'future-%'"))
            if rows:
                connection.execute(text(DUE), [{"id": name, "at": at, "state": state} for name, at, state in rows])
        self._tidy()
        return {}

    def drain(self, limit: float) -> Mapping[str, Any]:
        """Runs a scheduler until nothing is due. A pass cannot be broken off: there is no limit to keep."""
        global on_fire  # noqa: PLW0603 - as above
        last, done, lock = 0.0, 0, threading.Lock()

        def count(_index: int) -> None:
            nonlocal last, done
            with lock:
                done += 1
                last = time.monotonic()

        on_fire = count
        wanted = self._due_jobs()
        scheduler = self._scheduler()
        started = time.monotonic()
        scheduler.start()
        while done < wanted and time.monotonic() < started + 4 * limit:
            time.sleep(0.01)
        scheduler.shutdown()
        return {"started": started, "ended": last, "done": done}

    def late(self, first: float, step: float, count: int, commands: float) -> Mapping[str, Any]:
        """Runs a scheduler, and adds jobs of tomorrow through it meanwhile."""
        global on_fire  # noqa: PLW0603 - as above
        late = Late(first, step, count)
        on_fire = late.fired
        scheduler = self._scheduler()
        scheduler.start()

        def add(number: int) -> None:
            at = datetime.fromtimestamp(wall() + DAY, UTC)
            scheduler.add_job(fire, "date", run_date=at, args=[number], id=f"command-{wall()}-{number}")

        with Pace(commands, add):
            late.wait()
        scheduler.shutdown()
        return late.answer()

    def claim(self, count: int, lease: float) -> Mapping[str, Any]:
        """Runs a scheduler until it has handed out all that is due to jobs that take their time. It knows no lease."""
        global on_fire  # noqa: PLW0603 - as above
        del lease
        on_fire = lambda _index: time.sleep(DAY)  # noqa: E731 - as above
        self._scheduler().start()
        while self._due_jobs():
            time.sleep(0.01)
        return {"claimed": count}

    def take_over(self, count: int, patience: float, lease: float, interval: float) -> Mapping[str, Any]:
        """Runs another one, which has nothing to go by."""
        global on_fire  # noqa: PLW0603 - as above
        del lease, interval
        seen: list[int] = []
        on_fire = seen.append
        scheduler = self._scheduler()
        scheduler.start()
        until = time.monotonic() + patience
        while len(seen) < count and time.monotonic() < until:
            time.sleep(0.01)
        ended = time.monotonic()
        scheduler.shutdown()
        return {"ended": ended, "done": len(set(seen)), "doubles": len(seen) - len(set(seen))}

    def idle(self, polls: int) -> Mapping[str, Any]:
        """What a scheduler asks when it wakes up: what is due, and when it is to wake up next."""
        store = SQLAlchemyJobStore(engine=self.engine)
        store.start(BackgroundScheduler(timezone=UTC), "default")
        times = []
        for _ in range(polls):
            started = time.perf_counter()
            store.get_due_jobs(datetime.fromtimestamp(wall(), UTC))
            store.get_next_run_time()
            times.append(time.perf_counter() - started)
        return looks(times)

    def _due_jobs(self) -> int:
        with self.engine.connect() as connection:
            found = connection.execute(text("SELECT count(*) FROM apscheduler_jobs WHERE id LIKE 'due-%'")).scalar()
        return int(found or 0)

    def _scheduler(self) -> BackgroundScheduler:
        # A job that is late is to run all the same, as a timer is.
        defaults = {"misfire_grace_time": None, "max_instances": MOST_AT_ONCE}
        return BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(engine=self.engine)}, job_defaults=defaults, timezone=UTC
        )

    def _states(self, jobs: Iterable[tuple[str, float, int]]) -> list[tuple[str, float, bytes]]:
        """Pickles as the store keeps them."""
        now = datetime.fromtimestamp(wall(), UTC)
        # Everything that a started scheduler would fill in from its defaults.
        given = {"misfire_grace_time": None, "max_instances": MOST_AT_ONCE, "coalesce": True, "next_run_time": now}
        model = BackgroundScheduler(timezone=UTC).add_job(fire, "date", run_date=now, args=[0], **given).__getstate__()
        rows = []
        for name, at, index in jobs:
            when = datetime.fromtimestamp(at, UTC)
            trigger = pickle.loads(pickle.dumps(model["trigger"]))  # noqa: S301 - our own, a line above
            trigger.run_date = when
            state = {**model, "id": name, "args": (index,), "trigger": trigger, "next_run_time": when}
            rows.append((name, at, pickle.dumps(state, pickle.HIGHEST_PROTOCOL)))
        return rows

    def _tidy(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE, INDEX_CLEANUP ON) apscheduler_jobs"))
            connection.execute(text("CHECKPOINT"))


def main(url: str) -> None:
    """The process."""
    one = OnApscheduler(url)
    serve_peer(one)


if __name__ == "__main__":
    # Stored jobs name their function by its module: it must not be `__main__`.
    importlib.import_module("benchmarks.peers.on_apscheduler").main(sys.argv[1])
