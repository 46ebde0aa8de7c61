"""How the harness and a process talk: a JSON object a line, a request and its answer. The standard library alone.

What each process of the database scenarios can do:

`prepare(future)`  makes its tables in an empty database, with so many timers of tomorrow and later
`due(count, first, step)`  replaces what is left of earlier turns by `count` timers, due at `first`, `first + step`, …
`drain(limit)`  acts on what is due, for at most `limit` seconds; answers `started`, `ended` (of a clock that all
    processes of a machine share) and `done`
`late(first, step, count, commands)`  acts on these timers as they fall due while it is given `commands` other things
    a second to do; answers how late each was, in milliseconds
`idle(polls)`  looks for what is due, where nothing is; answers how many milliseconds that takes, and the memory of the
    process in MB

`claim(count, lease)`  takes what is due, so that no other process would act on it before `lease` seconds have passed,
    and does nothing about it; answers `claimed`. It is killed then
`take_over(count, patience, lease, interval)`  acts on what another process had claimed, for at most `patience` seconds,
    looking every `interval` seconds if nothing wakes it; answers `ended`, `done` and `doubles`

Instants are seconds since 1970 by the machine's clock, which is the server's as well.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO


def serve(actions: Mapping[str, Callable[..., Mapping[str, Any]]]) -> None:
    """Answers requests until the input ends. `do` names the action, everything else are its arguments."""
    answers = _answers()
    _send(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        _send(answers, actions[request.pop("do")](**request))


ACTIONS = ("prepare", "due", "drain", "late", "idle", "claim", "take_over")


def serve_peer(peer: object) -> None:
    """Serves those actions that it has."""
    serve({name: getattr(peer, name) for name in ACTIONS if hasattr(peer, name)})


def _answers() -> TextIO:
    """Standard output for the answers alone; what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _send(answers: TextIO, answer: Mapping[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def wall() -> float:
    """Seconds since 1970, as the server on this machine counts them."""
    return time.clock_gettime(time.CLOCK_REALTIME)


PATIENCE = 5.0
"""Seconds after the last timer was due: what has not been acted on by then counts as this late."""


def looks(times: Sequence[float]) -> Mapping[str, Any]:
    """What `idle` answers, of so many seconds for each look."""
    return {"milliseconds": sorted(times)[len(times) // 2] * 1000, "resident": resident()}


def resident() -> float:
    """The memory of this process, in MB."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Late:
    """Notes how late each of a row of timers was acted on."""

    def __init__(self, first: float, step: float, count: int) -> None:
        self._first, self._step, self._count = first, step, count
        self._by_index: dict[int, float] = {}
        self._doubles = 0
        self._complete = threading.Event()

    def fired(self, index: int) -> None:
        """The timer was acted on, now."""
        late = wall() - (self._first + index * self._step)
        self._doubles += index in self._by_index
        self._by_index[index] = late
        if len(self._by_index) == self._count:
            self._complete.set()

    @property
    def is_complete(self) -> bool:
        """Whether all were acted on."""
        return self._complete.is_set()

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any longer."""
        return wall() > self._first + self._count * self._step + PATIENCE

    def wait(self) -> None:
        """Returns when all were acted on, or nobody waits any longer."""
        self._complete.wait(max(self._first + self._count * self._step + PATIENCE - wall(), 0.0))

    def answer(self) -> Mapping[str, Any]:
        """What `late` answers."""
        late = [round(self._by_index.get(index, PATIENCE) * 1000, 3) for index in range(self._count)]
        return {"late": late, "missing": self._count - len(self._by_index), "doubles": self._doubles}


class Pace:
    """Calls something so many times a second, from a thread of its own, while it is entered."""

    def __init__(self, per_second: float, call: Callable[[int], None]) -> None:
        self._pause = 1 / per_second
        self._call = call
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="commands", daemon=True)
        self.calls = 0

    def __enter__(self) -> "Pace":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._thread.join()

    def _run(self) -> None:
        following = time.monotonic()
        while not self._leaving.wait(max(following - time.monotonic(), 0.0)):
            self._call(self.calls)
            self.calls += 1
            following += self._pause
