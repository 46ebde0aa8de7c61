"""Tries something in a fork of this process, so that nothing of it stays, and stops it when it does not end."""

import os
import pickle
import resource
import select
import signal
import sys
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Never

#: For a test that waits for what never comes.
WALL_SECONDS = 15
MEMORY_BYTES = 4 << 30

_ALIVE = b"."


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    """A test did not end with it: noticed as well."""
    SURVIVED = "survived"
    UNREACHED = "survived: no test comes by"
    NEEDS_IMPORT = "needs a fresh import"


type Answer = tuple[Fate, str]


def in_fork(do: Callable[[Callable[[], None]], Answer], *, silence: float = WALL_SECONDS) -> Answer:
    """What `do` answered in a process of its own. It is given what it is to call at least every `silence` seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _answer(do, writing)
    os.close(writing)
    try:
        said = _heard(reading, child, silence)
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    if said:
        fate, _, test = said.decode().partition("\n")
        return Fate(fate), test
    stopped = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGKILL}
    return (Fate.TIMED_OUT if stopped else Fate.KILLED), "the process ended"


def begun[T](do: Callable[[], T]) -> Callable[[], T]:
    """Do something meanwhile, in a process of its own that may plant as it likes; the function waits for the result.

    Raises:
        SystemExit: there is none; what went wrong was printed.
    """
    handle, name = tempfile.mkstemp()
    os.close(handle)
    target = Path(name)
    sys.stdout.flush()
    child = os.fork()
    if not child:
        status = 1
        try:
            target.write_bytes(pickle.dumps(do()))
            status = 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def result() -> T:
        failed = os.waitpid(child, 0)[1]
        said = target.read_bytes()
        target.unlink()
        if failed:
            raise SystemExit("mutants: the tests do not pass as they are, or could not be collected")
        answer: T = pickle.loads(said)  # noqa: S301 (written above)
        return answer

    return result


def _heard(reading: int, child: int, silence: float) -> bytes:
    said = b""
    while True:
        if not select.select([reading], [], [], silence)[0]:
            os.kill(child, signal.SIGKILL)
            return b""
        piece = os.read(reading, 4096)
        if not piece:
            return said.lstrip(_ALIVE)
        said += piece


def _answer(do: Callable[[Callable[[], None]], Answer], writing: int) -> Never:
    """Be the child: quiet, with no more memory than is decent, and without going on when it has answered."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        be_quiet()

        def alive() -> None:
            os.write(writing, _ALIVE)

        fate, test = do(alive)
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(writing, f"{fate}\n{test}".encode())
    finally:
        os._exit(0)


def be_quiet() -> None:
    """Say nothing from now on, in this process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
