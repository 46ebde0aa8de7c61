import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.logging_fixtures import untouched_logging

__all__ = ["untouched_logging"]


@pytest.fixture(autouse=True)
def blank_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to start in, and no setting of whoever runs the tests; returns the folder."""
    for name in list(os.environ):
        if name.upper().startswith(("BOOSTMON_", "DATABASE_")) or name.upper() == "DISCORD_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def untouched_signals() -> Iterator[None]:
    """Puts the handlers of the stop signals back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
