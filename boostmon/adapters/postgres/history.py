"""`History` on PostgreSQL: the ledger, read back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.rows import KEY_COLUMNS, arrays, key_row
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.snapshots import timer_from_snapshot, utc
from boostmon.adapters.postgres.statements import unnested
from boostmon.app.ports import ENTRIES_READ, History, LaterChange, RecordedChange, Struggle
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.origins import Origin, Step, origins
from boostmon.domain.undoing import standing

# A row for each entry of people since, and one where there are none.
CHANGE_OF = f"""
    SELECT made.user_id, made.role_id, made.at, made.action, made.actor_id, made.before, ended.at,
        later.at, later.action, later.actor_id
    FROM boostmon.ledger AS made
    LEFT JOIN LATERAL (
        SELECT at FROM boostmon.ledger
        WHERE (guild_id, user_id, role_id) = (made.guild_id, made.user_id, made.role_id)
            AND entry_id < made.entry_id AND action = '{Action.ENDED}'
        ORDER BY entry_id DESC LIMIT 1
    ) AS ended ON true
    LEFT JOIN LATERAL (
        SELECT entry_id, at, action, actor_id FROM boostmon.ledger
        WHERE (guild_id, user_id, role_id) = (made.guild_id, made.user_id, made.role_id)
            AND entry_id > made.entry_id AND actor_id IS NOT NULL
        ORDER BY entry_id LIMIT {ENTRIES_READ}
    ) AS later ON true
    WHERE made.guild_id = %(guild_id)s AND made.request_id = %(request_id)s AND made.actor_id IS NOT NULL
    ORDER BY made.entry_id, later.entry_id
"""

_CANCELS = f"""
    (action IN ('{Action.CLEAR}', '{Action.MOVE}') AND after IS NULL AND before ->> 'state' = 'waiting') IS TRUE
"""

# The newest of a member are read from the end of its index, whatever they are, so that what is read is bounded.
STEPS_OF = f"""
    SELECT role_id, action, actor_id, at, reason, before IS NULL, {_CANCELS} FROM (
        SELECT * FROM boostmon.ledger WHERE guild_id = %(guild_id)s AND user_id = %(user_id)s
        ORDER BY entry_id DESC LIMIT {ENTRIES_READ}
    ) AS newest
    WHERE actor_id IS NOT NULL ORDER BY entry_id DESC
"""

# Of many timers at once, and of each from the end of its member's entries.
BEGUN = f"""
    SELECT asked.guild_id, asked.user_id, asked.role_id, step.action, step.actor_id, step.at, step.begins, step.cancels
    FROM {unnested("asked", KEY_COLUMNS)}
    CROSS JOIN LATERAL (
        SELECT entry_id, action, actor_id, at, before IS NULL AS begins, {_CANCELS} AS cancels FROM boostmon.ledger
        WHERE (guild_id, user_id, role_id) = (asked.guild_id, asked.user_id, asked.role_id) AND actor_id IS NOT NULL
        ORDER BY entry_id DESC LIMIT {ENTRIES_READ}
    ) AS step
    ORDER BY step.entry_id DESC
"""

STRUGGLE = f"""
    SELECT count(*) FILTER (WHERE action = '{Action.GIVE_BACK}'), count(*) FILTER (WHERE action = '{Action.FOUGHT}')
    FROM (
        SELECT * FROM boostmon.ledger WHERE guild_id = %(guild_id)s AND user_id = %(user_id)s
        ORDER BY entry_id DESC LIMIT {ENTRIES_READ}
    ) AS newest
    WHERE role_id = %(role_id)s AND actor_id = %(by)s AND at >= %(since)s AND request_id IS DISTINCT FROM %(before)s
"""


class PostgresHistory(History):
    """Reads the ledger in PostgreSQL."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def changes_of(self, guild: GuildId, request: RequestId) -> Sequence[RecordedChange]:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(CHANGE_OF, {"guild_id": guild, "request_id": request}).fetchall()

        of_timers: dict[TimerKey, list[TupleRow]] = {}
        for row in self._database.run(work, idempotent=True):
            of_timers.setdefault(TimerKey(guild, UserId(row[0]), RoleId(row[1])), []).append(row[2:])
        return [_change(key, rows) for key, rows in of_timers.items()]

    @override
    def struggle(self, key: TimerKey, by: UserId, since: datetime, *, before: RequestId) -> Struggle:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(STRUGGLE, key_row(key) | {"by": by, "since": since, "before": before}).fetchall()

        [(rounds, given_up)] = self._database.run(work, idempotent=True)
        return Struggle(rounds, given_up > 0)

    @override
    def begun(self, keys: Collection[TimerKey]) -> Mapping[TimerKey, datetime]:
        asked = dict(arrays(map(key_row, keys), KEY_COLUMNS))

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(BEGUN, asked).fetchall()

        steps: dict[TimerKey, list[Step]] = {}
        for guild, user, role, action, actor, at, *how in self._database.run(work, idempotent=True):
            key = TimerKey(GuildId(guild), UserId(user), RoleId(role))
            steps.setdefault(key, []).append(Step(key.role, Action(action), Origin(UserId(actor), utc(at)), *how))
        found = {key: origins(of_key).get(key.role) for key, of_key in steps.items()}
        return {key: origin.at for key, origin in found.items() if origin is not None}

    @override
    def origins(self, guild: GuildId, user: UserId) -> Mapping[RoleId, Origin]:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(STEPS_OF, {"guild_id": guild, "user_id": user}).fetchall()

        return origins(
            Step(RoleId(role), Action(action), Origin(UserId(actor), utc(at), reason), *how)
            for role, action, actor, at, reason, *how in self._database.run(work, idempotent=True)
        )


def _change(key: TimerKey, rows: Sequence[TupleRow]) -> RecordedChange:
    at, action, actor, before, ended_at = rows[0][:5]
    return RecordedChange(
        key,
        utc(at),
        Action(action),
        UserId(actor),
        None if before is None else timer_from_snapshot(key, before),
        standing(_later(row[5:]) for row in rows if row[5] is not None),
        None if ended_at is None else utc(ended_at),
    )


def _later(row: TupleRow) -> tuple[Action, LaterChange]:
    at, action, actor = row
    return Action(action), LaterChange(utc(at), Action(action), UserId(actor))
