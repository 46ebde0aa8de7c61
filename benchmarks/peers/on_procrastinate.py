"""Procrastinate on its psycopg connector."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector

from benchmarks.peers.bulk import fill
from benchmarks.peers.wire import Late, looks, serve_peer, wall

DAY = 86_400.0
CONCURRENCY = 10
LATER_IDS = 10**12
"""From here on it counts by itself. Below, future jobs have even ids, and due ones odd ids spread among them: of timers
of every length, those that are due were neither stored first nor last."""
FILL = """
    INSERT INTO procrastinate_jobs (id, queue_name, task_name, args, status, scheduled_at)
    SELECT %(id)s + 2 * %(stride)s * (number::bigint * 7919 %% %(count)s), 'timers', 'fire',
        jsonb_build_object('index', number), 'todo',
        to_timestamp(%(first)s::float8 + number * %(step)s::float8)
    FROM generate_series(0, %(count)s - 1) AS number
"""


class OnProcrastinate:
    """One worker at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.on_fire: Callable[[int], None] = lambda _index: None
        self.app = App(connector=PsycopgConnector(conninfo=url))

        @self.app.task(name="fire", queue="timers")
        async def fire(index: int) -> None:
            self.on_fire(index)

        self.fire = fire

    def prepare(self, future: int) -> Mapping[str, Any]:
        """Installs its schema, with so many jobs of tomorrow."""

        async def install() -> None:
            async with self.app.open_async():
                await self.app.schema_manager.apply_schema_async()

        asyncio.run(install())
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SEQUENCE procrastinate_jobs_id_seq RESTART WITH {LATER_IDS}")
        self._fill(2, 1, future, wall() + DAY, 0.1)
        return {}

    def due(self, count: int, first: float, step: float) -> Mapping[str, Any]:
        """Stores jobs as `configure(schedule_at=…).defer()` would, only all at once."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("TRUNCATE procrastinate_events")
            connection.execute("DELETE FROM procrastinate_jobs WHERE id %% 2 = 1 OR id >= %s", (LATER_IDS,))
            row = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        future = 0 if row is None else int(row[0])
        self._fill(1, max(future // max(count, 1), 1), count, first, step)
        return {}

    def drain(self, limit: float) -> Mapping[str, Any]:
        """Runs a worker until it has caught up, or the limit has passed."""
        done, last = 0, 0.0

        def count(_index: int) -> None:
            nonlocal done, last
            done, last = done + 1, time.monotonic()

        self.on_fire = count
        started = time.monotonic()
        asyncio.run(self._work(limit, wait=False))
        return {"started": started, "ended": last, "done": done}

    def late(self, first: float, step: float, count: int, commands: float) -> Mapping[str, Any]:
        """Runs a worker, and defers jobs of tomorrow meanwhile."""
        late = Late(first, step, count)
        self.on_fire = late.fired

        async def run() -> None:
            deferring = asyncio.create_task(self._defer(commands))
            working = asyncio.create_task(self._work(None, wait=True, is_open=True))
            while not late.is_complete and not late.is_over:  # noqa: ASYNC110 - it is set by what the worker runs
                await asyncio.sleep(0.05)
            for task in (deferring, working):
                task.cancel()
            await asyncio.gather(deferring, working, return_exceptions=True)

        async def opened() -> None:
            async with self.app.open_async():
                await run()

        asyncio.run(opened())
        return late.answer()

    def claim(self, count: int, lease: float) -> Mapping[str, Any]:
        """Fetches jobs as a worker does, one after the other. It knows no lease."""
        del lease

        async def take() -> None:
            async with self.app.open_async():
                worker = await self.app.job_manager.register_worker()
                for _ in range(count):
                    await self.app.job_manager.fetch_job(queues=None, worker_id=worker)

        asyncio.run(take())
        return {"claimed": count}

    def take_over(self, count: int, patience: float, lease: float, interval: float) -> Mapping[str, Any]:
        """Runs another worker. It would need a task that looks for stalled jobs, and a schedule for that."""
        del count, lease, interval
        seen: list[int] = []
        self.on_fire = seen.append
        asyncio.run(self._work(patience, wait=True))
        return {"ended": time.monotonic(), "done": len(set(seen)), "doubles": len(seen) - len(set(seen))}

    def idle(self, polls: int) -> Mapping[str, Any]:
        """What a worker asks: the next job that is due."""

        async def poll() -> list[float]:
            times = []
            async with self.app.open_async():
                worker = await self.app.job_manager.register_worker()
                for _ in range(polls):
                    started = time.perf_counter()
                    await self.app.job_manager.fetch_job(queues=None, worker_id=worker)
                    times.append(time.perf_counter() - started)
            return times

        times = asyncio.run(poll())
        return looks(times)

    async def _work(self, limit: float | None, *, wait: bool, is_open: bool = False) -> None:
        async def run() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(limit):
                    await self.app.run_worker_async(
                        concurrency=CONCURRENCY, wait=wait, delete_jobs="successful", install_signal_handlers=False
                    )

        if is_open:
            await run()
            return
        async with self.app.open_async():
            await run()

    async def _defer(self, per_second: float) -> None:
        number = 0
        while True:
            at = datetime.fromtimestamp(wall(), UTC) + timedelta(days=1)
            await self.fire.configure(schedule_at=at).defer_async(index=number)
            number += 1
            await asyncio.sleep(1 / per_second)

    def _fill(self, id_from: int, stride: int, count: int, first: float, step: float) -> None:
        numbers = {"id": id_from, "stride": stride, "count": count, "first": first, "step": step}
        fill(self.url, "procrastinate_jobs", FILL, numbers, count)


def main(url: str) -> None:
    """The process."""
    one = OnProcrastinate(url)
    serve_peer(one)


if __name__ == "__main__":
    main(sys.argv[1])
