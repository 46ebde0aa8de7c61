"""The repositories on PostgreSQL as the contracts want to see them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg.rows import TupleRow
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres.counting import PostgresRoleTallies
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.details import detail_from
from boostmon.adapters.postgres.hearing import PostgresHearing
from boostmon.adapters.postgres.history import PostgresHistory
from boostmon.adapters.postgres.ledger import PostgresLedger
from boostmon.adapters.postgres.obstacles import PostgresObstacles
from boostmon.adapters.postgres.outbox import PostgresOutbox
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.domain.details import Detail
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from tests.support.postgres import cloned_database


class PostgresWorld:
    """The repositories on one database; what a test looks at is read past them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.timers = PostgresTimers(database)
        self.outbox = PostgresOutbox(database)
        self.obstacles = PostgresObstacles(database)
        self.policies = PostgresPolicies(database)
        self.history = PostgresHistory(database)
        self.hearing = PostgresHearing(database)
        self.tallies = PostgresRoleTallies(database)
        self.reader = PostgresLedger(database)

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        rows = self.rows("SELECT action, actor_id, reason, request_id FROM boostmon.ledger ORDER BY entry_id")
        return [(action, actor, reason, request) for action, actor, reason, request in rows]

    def details(self) -> Sequence[Detail | None]:
        rows = self.rows("SELECT detail FROM boostmon.ledger ORDER BY entry_id")
        return [None if detail is None else detail_from(detail) for (detail,) in rows]

    def let_leases_run_out(self) -> None:
        self.execute("UPDATE boostmon.timers SET leased_until = now() WHERE leased_until IS NOT NULL")
        self.execute("UPDATE boostmon.notices SET leased_until = now() WHERE leased_until IS NOT NULL")

    def let_obstacles_settle(self) -> None:
        self.execute("UPDATE boostmon.told_obstacles SET told_at = told_at - interval '1 hour'")

    def policy_ledger(self) -> Sequence[tuple[int | None, int | None]]:
        rows = self.rows("SELECT actor_id, request_id FROM boostmon.settings_ledger ORDER BY entry_id")
        return [(actor, request) for actor, request in rows]

    def rule_ledger(self) -> Sequence[tuple[int, int | None, int | None, bool, bool]]:
        rows = self.rows("""
            SELECT role_id, actor_id, request_id, before IS NOT NULL, after IS NOT NULL
            FROM boostmon.role_rules_ledger ORDER BY entry_id
        """)
        return [(role, actor, request, was, is_) for role, actor, request, was, is_ in rows]

    def ruled(self) -> Sequence[TimerKey]:
        rows = self.rows("SELECT guild_id, user_id, role_id FROM boostmon.ledger WHERE action = 'ruled'")
        return [TimerKey(GuildId(guild), UserId(user), RoleId(role)) for guild, user, role in rows]

    def rows(self, statement: LiteralString, parameters: Sequence[object] = ()) -> list[TupleRow]:
        """What is stored, past the repositories."""

        def work(connection: psycopg.Connection[TupleRow]) -> list[TupleRow]:
            return connection.execute(statement, parameters).fetchall()

        return self.database.run(work, idempotent=True)

    def execute(self, statement: LiteralString, parameters: Mapping[str, object] | None = None) -> None:
        """Changes what is stored, past the repositories."""
        self.database.run(lambda connection: connection.execute(statement, parameters), idempotent=True)

    def waiting_sessions(self) -> int:
        """How many sessions of this database wait for a lock."""
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        [(number,)] = self.rows(waiting)
        return int(number)

    def empty(self) -> None:
        """As if nothing had ever been written, save that versions and ids go on counting, and as if just started."""
        self.timers = PostgresTimers(self.database)
        self.outbox = PostgresOutbox(self.database)
        self.execute("DELETE FROM boostmon.timers")
        self.execute("DELETE FROM boostmon.notices")
        self.execute("DELETE FROM boostmon.ledger")
        self.execute("DELETE FROM boostmon.guild_settings")
        self.execute("DELETE FROM boostmon.settings_ledger")
        self.execute("DELETE FROM boostmon.role_rules")
        self.execute("DELETE FROM boostmon.role_rules_ledger")
        self.execute("DELETE FROM boostmon.told_obstacles")
        self.execute("DELETE FROM boostmon.audit_log_cursors")
        self.execute("DELETE FROM boostmon.role_counts")
        self.execute("DELETE FROM boostmon.timed_roles")


@contextmanager
def postgres_world(template: NoopExecutor, name: str) -> Iterator[PostgresWorld]:
    """A world on a database of its own. Copying a database takes half a second on a small machine: where many
    short tests share one, each empties it first."""
    with cloned_database(template, name) as url:
        database = Database(url)
        database.open()
        try:
            yield PostgresWorld(database)
        finally:
            database.close()
