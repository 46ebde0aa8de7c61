"""The in-memory repositories keep the contracts."""

from collections.abc import Sequence

import pytest

from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.settings import InMemorySettings
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.ports import OBSTACLE_SETTLES
from tests.contracts.guild_settings import GuildSettingsContract
from tests.contracts.outbox import OutboxContract
from tests.contracts.timer_repository import TimerRepositoryContract


class MemoryWorld:
    """See `World`."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self.store = MemoryStore(seconds=lambda: self._seconds)
        self.timers = InMemoryTimers(self.store)
        self.outbox = InMemoryOutbox(self.store)
        self.settings = InMemorySettings(self.store)

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        return [(str(e.action), e.actor, e.reason, e.request) for e in self.store.ledger]

    def let_leases_run_out(self) -> None:
        self._seconds += 3600

    def let_obstacles_settle(self) -> None:
        self._seconds += OBSTACLE_SETTLES.total_seconds()

    def settings_ledger(self) -> Sequence[tuple[int | None, int | None]]:
        return [(entry.asked.by, entry.asked.request) for entry in self.store.settings_ledger]


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


class TestInMemoryTimers(TimerRepositoryContract):
    pass


class TestInMemoryOutbox(OutboxContract):
    pass


class TestInMemorySettings(GuildSettingsContract):
    pass
