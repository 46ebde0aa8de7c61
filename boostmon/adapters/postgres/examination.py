"""Whether a database can be used at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boostmon.adapters.postgres.counting import IS_FOUGHT
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.statements import FREE
from boostmon.app.errors import StorageReadOnly
from boostmon.domain.ids import GuildId, RoleId

_OVERDUE = f"SELECT count(*) FROM boostmon.timers WHERE due_at < now() - interval '1 minute' AND {FREE}"
_TIMED_ROLES = (
    "SELECT guild_id, role_id, count(*) FROM boostmon.timers GROUP BY guild_id, role_id ORDER BY guild_id, role_id"
)
_BY_HAND = f"""
    SELECT guild_id, role_id, bool_or(starts), sum(fought)::int, sum(unexplained)::int FROM (
        SELECT guild_id, role_id, true AS starts, 0 AS fought, 0 AS unexplained
        FROM boostmon.role_rules WHERE rule -> 'starts' = 'true'
        UNION ALL SELECT guild_id, role_id, false, count(*), 0
        FROM boostmon.timers WHERE {IS_FOUGHT} GROUP BY guild_id, role_id
        UNION ALL SELECT guild_id, role_id, false, 0, unexplained FROM boostmon.role_counts WHERE unexplained > 0
    ) AS known GROUP BY guild_id, role_id ORDER BY guild_id, role_id
"""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database says of itself."""

    now: datetime
    version: str
    takes_changes: bool


def examine(database: Sessions) -> Examined:
    """Asks it.

    Raises:
        StorageUnavailable: it does not answer.
    """

    def ask(connection: Connection) -> Examined:
        row = connection.execute(
            "SELECT clock_timestamp(), current_setting('server_version'),"
            " NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'"
        ).fetchone()
        if row is None:
            raise TypeError("a SELECT without FROM has one row")
        return Examined(*row)

    return database.run(ask, idempotent=True)


def require_changes(database: Sessions) -> None:
    """Does nothing where the database takes changes.

    Raises:
        StorageReadOnly: it answers, but takes none.
        StorageUnavailable: it does not answer.
    """
    if not examine(database).takes_changes:
        raise StorageReadOnly("the database is read-only at the moment: a failover, or its operator's wish")


@dataclass(frozen=True, slots=True)
class TimedRole:
    """A role with a timer."""

    guild: GuildId
    role: RoleId
    timers: int


def timed_roles(database: Sessions) -> Sequence[TimedRole]:
    """Every role with a timer. Reads all timers: for an operator's question, not for a sweep.

    Raises:
        StorageUnavailable: it does not answer.
    """

    def ask(connection: Connection) -> Sequence[TimedRole]:
        rows = connection.execute(_TIMED_ROLES).fetchall()
        return [TimedRole(GuildId(guild), RoleId(role), timers) for guild, role, timers in rows]

    return database.run(ask, idempotent=True)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is known of a role that people and other bots give and take.

    `starts`: its rule starts timers. `fought` of its timers wait because somebody takes the role again and again, and
    `unexplained` members got it unheard, so that the timer that its rule starts is missing.
    """

    guild: GuildId
    role: RoleId
    starts: bool = False
    fought: int = 0
    unexplained: int = 0


def by_hand(database: Sessions) -> Sequence[ByHand]:
    """Of every role of which anything is known. Reads all timers that are paused: for an operator's question.

    Raises:
        StorageUnavailable: it does not answer.
    """

    def ask(connection: Connection) -> Sequence[ByHand]:
        rows = connection.execute(_BY_HAND).fetchall()
        return [ByHand(GuildId(guild), RoleId(role), *known) for guild, role, *known in rows]

    return database.run(ask, idempotent=True)


def overdue(database: Sessions) -> int:
    """How many timers have been due for more than a minute without anybody acting on them.

    Raises:
        StorageUnavailable: it does not answer.
    """

    def ask(connection: Connection) -> int:
        [(number,)] = connection.execute(_OVERDUE).fetchall()
        return int(number)

    return database.run(ask, idempotent=True)
