"""The repositories on PostgreSQL keep the contracts."""

from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

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
from tests.support.postgres_world import PostgresWorld, postgres_world


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "contracts") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


class TestPostgresTimersChanges(TimerChangesContract):
    pass


class TestPostgresTimersClaims(TimerClaimsContract):
    pass


class TestPostgresBeginnings(BeginningsContract):
    pass


class TestPostgresOutbox(OutboxContract):
    pass


class TestPostgresDeletedRoles(DeletedRolesContract):
    pass


class TestPostgresObstacles(ObstaclesContract):
    pass


class TestPostgresPolicies(GuildPoliciesContract):
    pass


class TestPostgresHistory(HistoryContract):
    pass


class TestPostgresLedger(LedgerReaderContract):
    pass


class TestPostgresHearing(HearingContract):
    pass


class TestPostgresRoleTallies(RoleTalliesContract):
    pass
