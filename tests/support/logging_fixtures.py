"""Logging as it was, for tests of what sets it up for a process (a conftest imports it); and what was warned of."""

import logging
from collections.abc import Iterator

import pytest


def warned_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings, without those of slow statements: they tell of the machine, which may be busy."""
    records = [record for record in caplog.records if record.levelno == logging.WARNING]
    return [record.getMessage() for record in records if not record.name.endswith(".slow_statements")]


@pytest.fixture
def untouched_logging() -> Iterator[None]:
    """Puts the root logger and the libraries' levels back: a level that stays raised silences what others listen to."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in list(root.manager.loggerDict)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(root.manager.loggerDict):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
