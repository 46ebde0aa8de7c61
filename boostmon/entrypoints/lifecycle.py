"""Ends a process on SIGTERM and SIGINT without losing what is under way."""

import asyncio
import faulthandler
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
LONGEST_STOP = 9.5
"""Seconds from the signal to the end, whatever hangs: whoever started us kills after ten."""
_LOOK = 0.1
"""Seconds between two looks: waiting on a lock for longer would, on Windows, hear no signal."""


class Stopped(BaseException):
    """Raised by a stop signal within `StopSignal.interrupting`. No error: it is to pass every `except Exception`."""


def end_by_force(seconds: float) -> None:
    """Ends the process with exit code 1 after so long, and shows where each thread hung."""
    faulthandler.dump_traceback_later(seconds, exit=True)


class StopSignal:
    """Set by SIGTERM, SIGINT (Ctrl-C), or by `set`. A second signal of the same kind ends the process the hard way.

    `force` is called with the seconds that remain when the signal comes; it must not wait.
    """

    def __init__(self, force: Callable[[float], None] = end_by_force) -> None:
        # Not a threading.Event: a handler that sets one hangs if it interrupts the main thread inside its wait().
        self._stopped = False
        self._signal: signal.Signals | None = None
        self._interrupts = False
        self._force = force

    def listen(self) -> None:
        """Takes the signals over. To be called from the main thread."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)

    def set(self) -> None:
        """Does what a signal does, but without a limit on the time that follows."""
        self._stopped = True

    def is_set(self) -> bool:
        """Whether the process is to end."""
        return self._stopped

    def cause(self) -> dict[str, str]:
        """Which signal it was, as a field of a log line; no field where it was none."""
        return {} if self._signal is None else {"signal": self._signal.name}

    def wait(self) -> None:
        """Returns when the process is to end."""
        while not self._stopped:
            time.sleep(_LOOK)

    async def wait_on_loop(self) -> None:
        """Like `wait`, without blocking an event loop."""
        while not self._stopped:  # noqa: ASYNC110 - an asyncio.Event cannot be set by a signal handler
            await asyncio.sleep(_LOOK)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Within it, on the main thread, a signal breaks off what is waited for, by `Stopped`.

        For waits at the start, when there is nothing yet to finish. Not for code on an event loop.

        Raises:
            Stopped: the signal came, then or before.
        """
        self._interrupts = True
        try:
            if self._stopped:
                raise Stopped
            yield
        finally:
            self._interrupts = False

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stopped = True
        self._signal = signal.Signals(number)
        signal.signal(number, signal.SIG_DFL)
        self._force(LONGEST_STOP)
        if self._interrupts:
            raise Stopped
