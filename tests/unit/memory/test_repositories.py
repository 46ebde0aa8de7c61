"""The in-memory repositories keep the contracts."""

import pytest

from tests.contracts.outbox import OutboxContract
from tests.contracts.timer_repository import TimerRepositoryContract, World
from tests.support.memory_world import MemoryWorld


@pytest.fixture
def world() -> World:
    return MemoryWorld()


class TestInMemoryTimers(TimerRepositoryContract):
    pass


class TestInMemoryOutbox(OutboxContract):
    pass
