"""Logging as it was, for tests of what sets it up for a whole process; a conftest imports it."""

import logging
from collections.abc import Iterator

import pytest


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
