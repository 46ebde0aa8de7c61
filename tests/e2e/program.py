"""`boostmon` as a process of its own, as an operator has it: started, heard, signalled, killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
LONGEST_STOP = 10.0
"""Seconds that a stop may take, by the product's promise."""


def environment(**settings: str) -> dict[str, str]:
    """The environment for a `boostmon` of this checkout with these settings, and none of whoever runs the tests."""
    dropped = ("BOOSTMON_", "PG", "DISCORD_TOKEN", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(dropped)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "120", **settings}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and how long that took since it was asked to."""

    code: int
    seconds: float
    output: str


class Program:
    """A running `boostmon`. Its output, both streams in one, is kept."""

    def __init__(self, arguments: Sequence[str], settings: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "boostmon", *arguments],
            env=environment(**settings),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        self._lines: list[str] = []
        self._heard = threading.Condition()
        self._silent = False
        self._reader = threading.Thread(target=self._read, name=f"output-{self.pid}", daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """Everything that it wrote so far."""
        with self._heard:
            return "".join(self._lines)

    @property
    def is_running(self) -> bool:
        """Whether it is alive."""
        return self._process.poll() is None

    def hear(self, text: str, within: float = PATIENCE) -> str:
        """Waits until it wrote `text` and returns the line; AssertionError when it ends or stays silent instead."""
        deadline = time.monotonic() + within
        with self._heard:
            while not (found := [line for line in self._lines if text in line]):
                left = deadline - time.monotonic()
                assert left > 0, f"never wrote {text!r} but:\n{''.join(self._lines)}"
                assert not self._silent, f"ended without {text!r}:\n{''.join(self._lines)}"
                self._heard.wait(left)
        return found[0]

    def ended(self, within: float = PATIENCE) -> Ended:
        """Waits for its end."""
        began = time.monotonic()
        try:
            code = self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {within} s:\n{self.output}") from None
        seconds = time.monotonic() - began
        self._reader.join(30)
        return Ended(code, seconds, self.output)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Sends the signal and waits for the end; who holds it to `LONGEST_STOP` looks at the seconds."""
        self._process.send_signal(number)
        return self.ended()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._process.kill()
        self._process.wait()
        self._reader.join(30)

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            for line in stream:
                with self._heard:
                    self._lines.append(line)
                    self._heard.notify_all()
        with self._heard:
            self._silent = True
            self._heard.notify_all()


type Start = Callable[..., Program]


@contextmanager
def programs(folder: Path) -> Iterator[Start]:
    """Lends a function that starts programs; what still runs in the end is killed."""
    started: list[Program] = []

    def start(*arguments: str, folder: Path = folder, **settings: str) -> Program:
        program = Program(arguments, settings, folder)
        started.append(program)
        return program

    try:
        yield start
    finally:
        for program in started:
            if program.is_running:
                program.kill()
