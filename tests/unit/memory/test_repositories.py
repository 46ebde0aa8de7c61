"""The in-memory repositories keep the contracts."""

import pytest

from tests.contracts.outbox import OutboxContract
from tests.contracts.timer_changes import TimerChangesContract
from tests.contracts.timer_claims import TimerClaimsContract
from tests.contracts.world import World
from tests.support.memory_world import MemoryWorld


@pytest.fixture
def world() -> World:
    return MemoryWorld()


class TestInMemoryTimersChanges(TimerChangesContract):
    pass


class TestInMemoryTimersClaims(TimerClaimsContract):
    pass


class TestInMemoryOutbox(OutboxContract):
    pass
