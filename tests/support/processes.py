"""Other Python processes for tests, and waiting for what they do."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 30.0  # seconds; long enough for a busy machine, only spent when a test fails
_ROOT = Path(__file__).parents[2]


@contextmanager
def python_process(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `code` in a Python of its own, with pipes; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def eventually(condition: Callable[[], bool], *, within: float = _PATIENCE) -> None:
    """Poll until `condition` holds.

    Raises:
        AssertionError: it did not within that many seconds.
    """
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {within} s"
        time.sleep(0.01)  # between two looks at another process, which can wake nobody here; it decides nothing
