"""Calls from any thread into nextcord's event loop, with a timeout."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import Any

_log = logging.getLogger(__name__)


class LoopNotRunning(Exception):
    """nextcord's event loop has not started, or has ended: nothing can be asked of Discord."""


class CalledOnLoop(RuntimeError):
    """A blocking call was made on an event loop's thread, where it would wait for itself: a mistake of the caller."""


class LoopBridge:
    """Runs coroutines on the loop that `loop` gives at the time of each call (None: there is none yet)."""

    def __init__(self, loop: Callable[[], asyncio.AbstractEventLoop | None]) -> None:
        self._loop = loop
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_cut_off = False

    def cut_off(self) -> None:
        """Ends every call that is under way, and each later one at once, with LoopNotRunning.

        To be called on the loop, before the client closes: callers then hear of it while they can still tell somebody.
        """
        self._is_cut_off = True
        for task in self._under_way:
            task.cancel()

    def call[T](self, make: Callable[[], Coroutine[Any, Any, T]], timeout: float) -> T:
        """Runs `make()` on the loop and waits for its result at most `timeout` seconds; its error is raised here.

        `make` is called on the loop, so that no coroutine is left over when it never comes to that.

        Raises:
            CalledOnLoop: on the thread of a running event loop.
            LoopNotRunning: there is no running loop, or it ended before the result was there.
            TimeoutError: no result in time. The coroutine is cancelled; what it has done already stays done.
        """
        loop = self._running_loop()
        call = _Call(loop, make, self._started)
        try:
            loop.call_soon_threadsafe(call.start)
        except RuntimeError as error:  # it closed since it was asked
            raise LoopNotRunning(str(error)) from error
        return call.wait(timeout)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            raise CalledOnLoop("a blocking call to Discord on an event loop's own thread would never end")
        loop = self._loop()
        if loop is None or not loop.is_running() or self._is_cut_off:
            raise LoopNotRunning("the connection to Discord is not open")
        return loop

    def _started(self, task: asyncio.Task[Any]) -> None:
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if self._is_cut_off:  # since it was asked for
            task.cancel()


class _Call[T]:
    """One coroutine on its way: `start` runs on the loop, `wait` on the caller's thread."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        make: Callable[[], Coroutine[Any, Any, T]],
        started: Callable[[asyncio.Task[Any]], None],
    ) -> None:
        self._loop = loop
        self._make = make
        self._started = started
        self._result: Future[T] = Future()
        self._task: asyncio.Task[T] | None = None

    def start(self) -> None:
        if self._result.set_running_or_notify_cancel():
            self._task = self._loop.create_task(self._make())
            self._task.add_done_callback(self._finish)
            self._started(self._task)

    def _finish(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self._result.set_exception(LoopNotRunning("the connection to Discord was closed"))
        elif (error := task.exception()) is not None:
            self._result.set_exception(error)
        else:
            self._result.set_result(task.result())

    def wait(self, timeout: float) -> T:
        try:
            return self._result.result(timeout)
        except BaseException:
            if not self._result.done() and not self._result.cancel():
                self._cancel_task()
            raise

    def _cancel_task(self) -> None:
        def cancel() -> None:
            if self._task is not None:
                self._task.cancel()

        try:
            self._loop.call_soon_threadsafe(cancel)
        except RuntimeError:
            _log.debug("the loop closed before a late call could be cancelled")


def settle_each[K, R](
    bridge: LoopBridge,
    items: Sequence[K],
    one: Callable[[K], Awaitable[R]],
    *,
    limit: int,
    timeout: float,
    unsettled: Callable[[str], R],
) -> list[R]:
    """One result for each item, in their order: `one(item)` on the loop, at most `limit` of them at a time.

    `one` must not raise. What has no result after `timeout` seconds, or because no loop runs, gets `unsettled(why)`;
    results that were there by then count.

    Raises:
        CalledOnLoop: on the thread of a running event loop.
    """
    results: dict[int, R] = {}
    waiting = iter(enumerate(items))

    async def work() -> None:
        for place, item in waiting:
            results[place] = await one(item)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(limit, len(items))):
                group.create_task(work())

    why = "Discord did not answer in time"
    try:
        if items:
            bridge.call(run, timeout)
    except TimeoutError:
        pass
    except LoopNotRunning as error:
        why = str(error)
    settled = dict(results)  # the loop may still write into the other one
    return [settled[place] if place in settled else unsettled(why) for place in range(len(items))]
