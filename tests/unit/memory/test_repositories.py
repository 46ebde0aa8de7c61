"""The in-memory repositories keep the contracts."""

import pytest

from tests.contracts.beginnings import BeginningsContract
from tests.contracts.deleted_roles import DeletedRolesContract
from tests.contracts.guild_policies import GuildPoliciesContract
from tests.contracts.hearing import HearingContract
from tests.contracts.history import HistoryContract
from tests.contracts.ledger import LedgerReaderContract
from tests.contracts.obstacles import ObstaclesContract
from tests.contracts.outbox import OutboxContract
from tests.contracts.role_tallies import RoleTalliesContract
from tests.contracts.timer_changes import TimerChangesContract
from tests.contracts.timer_claims import TimerClaimsContract
from tests.support.memory_world import MemoryWorld


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


class TestInMemoryTimersChanges(TimerChangesContract):
    pass


class TestInMemoryTimersClaims(TimerClaimsContract):
    pass


class TestInMemoryBeginnings(BeginningsContract):
    pass


class TestInMemoryOutbox(OutboxContract):
    pass


class TestInMemoryDeletedRoles(DeletedRolesContract):
    pass


class TestInMemoryObstacles(ObstaclesContract):
    pass


class TestInMemoryPolicies(GuildPoliciesContract):
    pass


class TestInMemoryHistory(HistoryContract):
    pass


class TestInMemoryLedger(LedgerReaderContract):
    pass


class TestInMemoryHearing(HearingContract):
    pass


class TestInMemoryRoleTallies(RoleTalliesContract):
    pass
