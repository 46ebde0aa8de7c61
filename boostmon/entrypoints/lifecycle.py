"""What ends a process: SIGTERM and SIGINT, heard once, without losing what is under way."""

import asyncio
import signal
import threading
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LOOK = 0.1
"""Seconds between two looks: waiting on a lock for longer would, on Windows, hear no signal."""


class StopSignal:
    """Set by SIGTERM, SIGINT (Ctrl-C), or by `set`. A second signal ends the process the hard way."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def listen(self) -> None:
        """Takes the signals over. To be called from the main thread."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)

    def set(self) -> None:
        """As a signal would."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether the process is to end."""
        return self._event.is_set()

    def wait(self) -> None:
        """Returns when the process is to end."""
        while not self._event.wait(_LOOK):
            pass

    async def wait_on_loop(self) -> None:
        """As `wait`, without holding up an event loop."""
        while not self._event.is_set():  # noqa: ASYNC110 - an asyncio.Event cannot be set by a signal handler
            await asyncio.sleep(_LOOK)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._event.set()
        signal.signal(number, signal.SIG_DFL)
