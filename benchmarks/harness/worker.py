"""A process that measures: started once a case, asked once a turn. The other side is `benchmarks/peers/wire.py`."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]


class WorkerEnded(Exception):
    """The process ended instead of answering; what it said last."""


class Worker:
    """A module that runs as a process and answers `ask`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Has it do something and waits for the answer.

        Raises:
            WorkerEnded: there is none.
        """
        self.send(do, **arguments)
        return self.answer()

    def send(self, do: str, **arguments: Any) -> None:
        """Has it do something; `answer` is to follow."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Waits for the answer to `send`."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise WorkerEnded(" | ".join(said[-12:]) or "it said nothing")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kill(self) -> None:
        """Ends it as a crash would."""
        self._process.kill()
        self._process.wait()


@contextmanager
def worker(python: Path | str, module: str, *arguments: str, log: Path, **settings: str) -> Iterator[Worker]:
    """Runs `module` with `arguments`, and `settings` in its environment; it is ended afterwards."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BOOSTMON_", "PG"))}
    environment: Mapping[str, str] = {**inherited, "PYTHONPATH": str(_ROOT), **settings}
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=log.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            running = Worker(process, log)
            running.answer()  # it is ready
            yield running
        finally:
            process.kill()
