"""Calls that are made at the same moment."""

import threading
from collections.abc import Callable
from functools import partial

PATIENCE = 30
"""Seconds after which something hangs; nothing ever waits for that long."""


class Started[T]:
    """A call that runs in a thread of its own."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T | Exception] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except Exception as error:  # noqa: BLE001  # handed to the test, which judges it
            self._results.append(error)

    def result(self) -> T | Exception:
        """What it returned or raised, once it has."""
        self._thread.join(PATIENCE)
        assert self._results, "the call hangs"
        return self._results[0]


def together[T](*calls: Callable[[], T]) -> list[T | Exception]:
    """Makes each call in a thread of its own, all let go at once; what each returned or raised, in their order."""
    gate = threading.Barrier(len(calls))

    def held_back(call: Callable[[], T]) -> T:
        gate.wait(PATIENCE)
        return call()

    started = [Started(partial(held_back, call)) for call in calls]
    return [one.result() for one in started]
