"""Times that are promised, held against those that a test measures on a machine that may be busy."""

import time
from collections.abc import Callable

import psycopg

_SESSIONS = 10


def seconds_of(act: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.monotonic()
    act()
    return time.monotonic() - started


def busyness(url: str) -> float:
    """Seconds to allow for how busy the machine is at the moment: what ten sessions would take to be opened.

    A tenth of a second where nothing else is going on.
    """
    return _SESSIONS * seconds_of(lambda: psycopg.connect(url).close())
