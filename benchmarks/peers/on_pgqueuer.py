"""PgQueuer, on psycopg or on asyncpg."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import psycopg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver, Driver, PsycopgDriver
from pgqueuer.domain.types import QueueEntrypoint, QueueExecutionMode, QueueManagerId
from pgqueuer.models import Job
from pgqueuer.queries import EntrypointExecutionParameter, Queries

from benchmarks.peers.bulk import fill
from benchmarks.peers.wire import Late, looks, serve_peer, wall

DAY = 86_400.0
BATCH = 500
"""The fastest of 10, 100, 500 and 1,000; its default is 10."""
HEARTBEAT = INTERVAL = 30.0
"""Seconds without a sign of life after which a job is picked again, and between two looks: what it does by itself."""
LATER_IDS = 10**12
"""From here on it counts by itself. Below, future jobs have even ids, and due ones odd ids spread among them: of timers
of every length, those that are due were neither stored first nor last."""
FILL = """
    INSERT INTO pgqueuer (id, priority, status, entrypoint, payload, execute_after)
    SELECT %(id)s + 2 * %(stride)s * (number::bigint * 7919 %% %(count)s), 0, 'queued', 'fire',
        convert_to(number::text, 'UTF8'),
        to_timestamp(%(first)s::float8 + number * %(step)s::float8)
    FROM generate_series(0, %(count)s - 1) AS number
"""


class OnPgQueuer:
    """One queue manager at a time."""

    def __init__(self, url: str, driver: str) -> None:
        self.url = url
        self.driver = driver
        self.on_fire: Callable[[int], None] = lambda _index: None

    def prepare(self, future: int) -> Mapping[str, Any]:
        """Installs its schema, with so many jobs of tomorrow."""

        async def install() -> None:
            async with self._connected() as driver:
                await Queries(driver).install()

        uvloop.run(install())
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SEQUENCE pgqueuer_id_seq RESTART WITH {LATER_IDS}")
        self._fill(2, 1, future, wall() + DAY, 0.1)
        return {}

    def due(self, count: int, first: float, step: float) -> Mapping[str, Any]:
        """Stores jobs as `enqueue(execute_after=…)` would, only all at once."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("TRUNCATE pgqueuer_log")
            connection.execute("DELETE FROM pgqueuer WHERE id %% 2 = 1 OR id >= %s", (LATER_IDS,))
            row = connection.execute("SELECT count(*) FROM pgqueuer").fetchone()
        future = 0 if row is None else int(row[0])
        self._fill(1, max(future // max(count, 1), 1), count, first, step)
        return {}

    def drain(self, limit: float) -> Mapping[str, Any]:
        """Runs a queue manager until all that is due was handed to its function, or the limit has passed."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute("SELECT count(*) FROM pgqueuer WHERE execute_after <= now()").fetchone()
        wanted = 0 if row is None else int(row[0])
        done, last = 0, 0.0

        async def drain() -> None:
            complete = asyncio.Event()

            def count(_index: int) -> None:
                nonlocal done, last
                done, last = done + 1, time.monotonic()
                if done == wanted:
                    complete.set()

            self.on_fire = count
            await self._manage(complete, limit)

        started = time.monotonic()
        uvloop.run(drain())
        return {"started": started, "ended": last, "done": done}

    def late(self, first: float, step: float, count: int, commands: float) -> Mapping[str, Any]:
        """Runs a queue manager, and enqueues jobs of tomorrow meanwhile."""
        late = Late(first, step, count)
        self.on_fire = late.fired

        async def run() -> None:
            over = asyncio.Event()

            async def watch() -> None:
                while not late.is_complete and not late.is_over:  # noqa: ASYNC110 - as its function sets it
                    await asyncio.sleep(0.05)
                over.set()

            watching = asyncio.create_task(watch())
            enqueueing = asyncio.create_task(self._enqueue(commands))
            await self._manage(over, None)
            enqueueing.cancel()
            await asyncio.gather(watching, enqueueing, return_exceptions=True)

        uvloop.run(run())
        return late.answer()

    def claim(self, count: int, lease: float) -> Mapping[str, Any]:
        """Dequeues, as a queue manager does before it hands jobs to their function."""

        async def take() -> int:
            async with self._connected() as driver:
                return len(await self._dequeue(Queries(driver), count, lease))

        return {"claimed": uvloop.run(take())}

    def take_over(self, count: int, patience: float, lease: float, interval: float) -> Mapping[str, Any]:
        """Runs a queue manager that takes a job for abandoned when its heartbeat is so old."""
        seen: dict[int, float] = {}
        doubles = 0

        async def run() -> None:
            complete = asyncio.Event()

            def note(index: int) -> None:
                nonlocal doubles
                doubles += index in seen
                seen[index] = time.monotonic()
                if len(seen) == count:
                    complete.set()

            self.on_fire = note
            await self._manage(complete, patience, heartbeat=lease, interval=interval)

        uvloop.run(run())
        return {"ended": max(seen.values(), default=0.0), "done": len(seen), "doubles": doubles}

    def idle(self, polls: int) -> Mapping[str, Any]:
        """What a queue manager asks: what is due, whether more is, and when the next one will be."""

        async def poll() -> list[float]:
            times = []
            async with self._connected() as driver:
                queries = Queries(driver)
                for _ in range(polls):
                    started = time.perf_counter()
                    await self._dequeue(queries, BATCH, HEARTBEAT)
                    await queries.eligible_queued_work(["fire"])
                    await queries.next_deferred_eta(["fire"])
                    times.append(time.perf_counter() - started)
            return times

        times = uvloop.run(poll())
        return looks(times)

    @staticmethod
    async def _dequeue(queries: Queries, count: int, heartbeat: float) -> list[Job]:
        jobs: list[Job] = await queries.dequeue(
            batch_size=count,
            entrypoints={QueueEntrypoint("fire"): EntrypointExecutionParameter(0)},
            queue_manager_id=QueueManagerId(uuid4()),
            global_concurrency_limit=None,
            heartbeat_timeout=timedelta(seconds=heartbeat),
        )
        return jobs

    async def _manage(
        self, until: asyncio.Event, limit: float | None, *, heartbeat: float = HEARTBEAT, interval: float = INTERVAL
    ) -> None:
        async with self._connected() as driver:
            manager = PgQueuer(driver)

            @manager.entrypoint("fire")
            async def fire(job: Job) -> None:
                self.on_fire(int(job.payload or b"0"))

            async def stop() -> None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(until.wait(), limit)
                manager.shutdown.set()

            stopping = asyncio.create_task(stop())
            await manager.run(
                batch_size=BATCH,
                mode=QueueExecutionMode.continuous,
                heartbeat_timeout=timedelta(seconds=heartbeat),
                dequeue_timeout=timedelta(seconds=interval),
            )
            await stopping

    async def _enqueue(self, per_second: float) -> None:
        async with self._connected() as driver:
            queries, number = Queries(driver), 0
            while True:
                await queries.enqueue("fire", str(number).encode(), execute_after=timedelta(days=1))
                number += 1
                await asyncio.sleep(1 / per_second)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Driver]:
        if self.driver == "asyncpg":
            connection = await asyncpg.connect(self.url)
            try:
                yield AsyncpgDriver(connection)
            finally:
                await connection.close()
            return
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as other:
            yield PsycopgDriver(other)

    def _fill(self, id_from: int, stride: int, count: int, first: float, step: float) -> None:
        numbers = {"id": id_from, "stride": stride, "count": count, "first": first, "step": step}
        fill(self.url, "pgqueuer", FILL, numbers, count)


def main(url: str, driver: str) -> None:
    """The process."""
    one = OnPgQueuer(url, driver)
    serve_peer(one)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
