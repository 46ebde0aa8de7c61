"""`History` on PostgreSQL: the ledger, read back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.app.ports import ENTRIES_READ, History, LaterChange, RecordedChange
from boostmon.domain.ids import ChannelId, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.origins import Origin, Step, origins
from boostmon.domain.timers import Ending, Obstacle, Paused, Running, State, Timer
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
    ORDER BY later.entry_id
"""

# The newest of a member are read from the end of its index, whatever they are, so that what is read is bounded.
STEPS_OF = f"""
    SELECT role_id, action, actor_id, at, reason, before IS NULL FROM (
        SELECT * FROM boostmon.ledger WHERE guild_id = %(guild_id)s AND user_id = %(user_id)s
        ORDER BY entry_id DESC LIMIT {ENTRIES_READ}
    ) AS newest
    WHERE actor_id IS NOT NULL ORDER BY entry_id DESC
"""


class PostgresHistory(History):
    """Reads the ledger in PostgreSQL."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def change_of(self, guild: GuildId, request: RequestId) -> RecordedChange | None:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(CHANGE_OF, {"guild_id": guild, "request_id": request}).fetchall()

        rows = self._database.run(work, idempotent=True)
        if not rows:
            return None
        user, role, at, action, actor, before, ended_at = rows[0][:7]
        key = TimerKey(guild, UserId(user), RoleId(role))
        return RecordedChange(
            key,
            _utc(at),
            Action(action),
            UserId(actor),
            None if before is None else _timer_of(key, before),
            standing(_later(row[7:]) for row in rows if row[7] is not None),
            None if ended_at is None else _utc(ended_at),
        )

    @override
    def origins(self, guild: GuildId, user: UserId) -> Mapping[RoleId, Origin]:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(STEPS_OF, {"guild_id": guild, "user_id": user}).fetchall()

        return origins(
            Step(RoleId(role), Action(action), Origin(UserId(actor), _utc(at), reason), begins)
            for role, action, actor, at, reason, begins in self._database.run(work, idempotent=True)
        )


def _later(row: TupleRow) -> tuple[Action, LaterChange]:
    at, action, actor = row
    return Action(action), LaterChange(_utc(at), Action(action), UserId(actor))


def _timer_of(key: TimerKey, snapshot: Mapping[str, Any]) -> Timer:
    """A timer of what `statements.snapshot` wrote down of its row."""
    channel = snapshot.get("channel_id")
    return Timer(
        key,
        _state_of(snapshot),
        None if channel is None else ChannelId(channel),
        _instant(snapshot["created_at"]),
        _instant(snapshot["updated_at"]),
        snapshot["version"],
    )


def _state_of(snapshot: Mapping[str, Any]) -> State:
    match snapshot["state"]:
        case "running":
            return Running(_instant(snapshot["ends_at"]), tuple(map(_length, snapshot["armed"])))
        case "paused":
            return Paused(_length(snapshot["remaining"]), since=_instant(snapshot["paused_at"]))
        case _:
            blocked_by = snapshot.get("blocked_by")
            return Ending(
                _instant(snapshot["ended_at"]),
                _instant(snapshot["due_at"]),
                snapshot["attempts"],
                None if blocked_by is None else Obstacle(blocked_by),
                snapshot.get("last_error"),
            )


def _instant(written: str) -> datetime:
    return _utc(datetime.fromisoformat(written))


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
