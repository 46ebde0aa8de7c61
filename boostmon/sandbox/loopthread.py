"""An event loop on a thread of its own, and the way into it for everybody else."""

import asyncio
import threading
from collections.abc import Callable, Coroutine

#: A closed transport gives its socket back some turns of the loop later.
TURNS_TO_CLOSE = 5


class LoopThread:
    """Runs one event loop from `start` to `stop`. Calls into it wait for their result."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to run the loop."""
        self._thread.start()

    def stop(self) -> None:
        """Cancel what still runs, end the loop and wait for the thread."""
        self.run(self._cancel_rest(), timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run[T](self, coroutine: Coroutine[object, object, T], timeout: float | None = None) -> T:
        """Run a coroutine on the loop and return its result. RuntimeError on the loop's own thread."""
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("this would wait for itself: called on the loop's own thread")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout)

    def call[T](self, function: Callable[[], T]) -> T:
        """Call a function on the loop's thread and return its result; directly when already there."""
        if threading.current_thread() is self._thread:
            return function()
        return self.run(_as_coroutine(function))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _cancel_rest(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
        for _ in range(TURNS_TO_CLOSE):
            await asyncio.sleep(0)


async def _as_coroutine[T](function: Callable[[], T]) -> T:
    return function()
