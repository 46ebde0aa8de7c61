"""The threads that share the work of a pass."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from boostmon.app.batches.leases import Keeper


@dataclass(frozen=True, slots=True)
class Job[C, R]:
    """Work on some claims."""

    claims: Sequence[C]
    do: Callable[[], R]

    def then(self, after: Callable[[], object]) -> "Job[C, R]":
        """The same job, with something to do after it in its thread, unless it fails."""

        def do() -> R:
            result = self.do()
            after()
            return result

        return Job(self.claims, do)


class Crew[C, R]:
    """Runs jobs in order on a few threads, and keeps track of their claims until their results are collected.

    No thread is started before it is needed. A job that could begin only after it is time to stop, or after another one
    has failed, is given up. Not thread-safe.
    """

    def __init__(self, threads: int, keeper: Keeper[C], stopping: Callable[[], bool]) -> None:
        self._threads = threads
        self._keeper = keeper
        self._stopping = stopping
        self._pool = ThreadPoolExecutor(threads, "sweep")
        self._failed = threading.Event()
        self._jobs: dict[Future[R | None], Job[C, R]] = {}
        self.given_up: list[C] = []
        """The claims of jobs that were not begun."""

    @property
    def is_at_work(self) -> bool:
        """Whether there are jobs whose results have not been collected."""
        return bool(self._jobs)

    def do(self, job: Job[C, R]) -> R:
        """Does one job at once, in the thread of its caller; only while no other is at work."""
        self._keeper.keep(job.claims)
        result = job.do()
        self._keep()
        return result

    def take_on(self, jobs: Sequence[Job[C, R]]) -> list[R]:
        """Hands jobs to the threads and waits until one of these is free, or a lone one is at the last job.

        Returns the results that came in meanwhile.
        """
        for job in jobs:
            self._jobs[self._pool.submit(self._begin, job)] = job
        self._keep()
        results = []
        while len(self._jobs) >= max(self._threads, 2):
            results += self.collect()
        return results

    def collect(self) -> list[R]:
        """Waits until a job is done; returns the results of all that are. Raises what one of them raised."""
        done, _ = wait(self._jobs, return_when=FIRST_COMPLETED)
        results = []
        for future in [future for future in self._jobs if future in done]:
            job = self._jobs.pop(future)
            if (result := future.result()) is None:
                self.given_up += job.claims
            else:
                results.append(result)
        self._keep()
        return results

    def finish(self) -> list[R]:
        """Waits until every job is done or given up; returns the results that were still out."""
        results = []
        while self.is_at_work:
            results += self.collect()
        return results

    def _begin(self, job: Job[C, R]) -> R | None:
        if self._failed.is_set() or self._stopping():
            return None
        try:
            return job.do()
        except BaseException:
            self._failed.set()  # before this thread turns to the next one
            raise

    def _keep(self) -> None:
        self._keeper.keep([claim for job in self._jobs.values() for claim in job.claims])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Waits for what was begun."""
        self._pool.shutdown(cancel_futures=True)
