"""The processes of a run, and who starts them again: what a supervisor does for an operator."""

import signal
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType

from boostmon.adapters.clock import SystemClock
from tests.e2e.program import Ended, Program
from tests.support.patience import PATIENCE

RESTART_PAUSE = 0.3
"""Seconds until the supervisor has noticed that a process is gone."""
ALIVE = {"bot": "commands registered", "sweeper": "sweeping"}
"""What each writes once it is at work."""
ARGUMENTS = {"bot": "run", "sweeper": "sweeper"}


def leave_on_signal() -> None:
    """From now on SIGTERM ends this process as Ctrl-C does, so that what it started ends with it."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


class Crew:
    """A bot that sweeps, and a sweeper, each started again whenever it is gone, until `stop`."""

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        self._settings = dict(settings)
        self._folder = folder
        self._lock = threading.Lock()
        self._running: dict[str, Program] = {}
        self._wanted = threading.Event()
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self.outputs: list[str] = []
        """Of the processes that have ended."""
        self._kills: list[datetime] = []
        self.deaths: list[str] = []
        """The last words of those that ended without having been asked to."""

    @property
    def kills(self) -> Sequence[datetime]:
        """When something was killed, in real time."""
        return self._kills

    @property
    def pids(self) -> dict[str, int]:
        """The processes that there are."""
        with self._lock:
            return {name: program.pid for name, program in self._running.items()}

    def start(self) -> None:
        """Starts both, and from now on starts again whatever is gone."""
        with self._lock:
            for name in ARGUMENTS:
                self._running[name] = self._started(name)
        self._wanted.set()
        if not self._keeper.is_alive():
            self._keeper.start()

    def wait_until_at_work(self, within: float = PATIENCE) -> None:
        """Until both are at work; AssertionError with their output when they are not."""
        for name, words in ALIVE.items():
            with self._lock:
                program = self._running[name]
            program.hear(words, within)

    def kill(self, name: str) -> None:
        """As a power cut would end it."""
        with self._lock:
            program = self._running.get(name)
            if program is None or not program.is_running:
                return
            program.kill()
            self._kills.append(SystemClock().now())
            self.outputs.append(program.output)
            del self._running[name]

    def stop(self) -> dict[str, Ended]:
        """Asks both to end and waits; nobody starts them again until `start`."""
        self._wanted.clear()
        with self._lock:
            ended = {name: program.stop() for name, program in self._running.items() if program.is_running}
            self.outputs += [one.output for one in ended.values()]
            self._running.clear()
        return ended

    def close(self) -> None:
        """Ends everything, whatever state it is in."""
        self._wanted.clear()
        self._ending.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        for program in self._running.values():
            if program.is_running:
                program.kill()
            self.outputs.append(program.output)

    def _started(self, name: str) -> Program:
        return Program([ARGUMENTS[name]], self._settings, self._folder)

    def _keep(self) -> None:
        while not self._ending.wait(RESTART_PAUSE):
            if not self._wanted.is_set():
                continue
            with self._lock:
                for name in ARGUMENTS if self._wanted.is_set() else ():
                    program = self._running.get(name)
                    if program is not None and program.is_running:
                        continue
                    if program is not None:
                        ended = program.ended()
                        self.outputs.append(ended.output)
                        self.deaths.append(f"{name} ended with {ended.code}: " + "".join(ended.output[-600:]))
                    self._running[name] = self._started(name)
