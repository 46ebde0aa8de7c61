"""One job that goes on in a thread while the next one is prepared."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class Behind[T]:
    """Does jobs in their order, each while its caller goes on. No thread is started before the first.

    An error of a job is raised at the next call.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, "behind")
        self._job: Future[T] | None = None

    def start(self, job: Callable[[], T]) -> T | None:
        """Starts a job once the one before it is done; returns what that one returned, None if there was none."""
        earlier = self.finish()
        self._job = self._threads.submit(job)
        return earlier

    def finish(self) -> T | None:
        """Waits for the job that is under way; returns what it returned, None if there is none."""
        job, self._job = self._job, None
        return None if job is None else job.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown()
