"""`Outbox` on PostgreSQL. Notices are written by `PostgresTimers.settle`, with the decision that owes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, override
from uuid import uuid4

from boostmon.adapters.postgres.rows import (
    KEY_COLUMNS,
    LEDGER_COLUMNS,
    NOTICE_COLUMNS,
    POSTMARK_COLUMNS,
    Columns,
    Row,
    arrays,
    key_row,
    ledger_row,
    notice_from,
    postmark_from,
    postmark_row,
)
from boostmon.adapters.postgres.sessions import Sessions, rows_of
from boostmon.adapters.postgres.statements import FREE, assignments, names, next_due, unnested
from boostmon.adapters.postgres.storable import storable
from boostmon.app.ports import DeliverySettlement, Outbox, Posted

_MINE: Columns = {"guild_id": "bigint", "notice_id": "bigint", "claim_token": "uuid"}
_MATCHES = "(notices.guild_id, notices.notice_id, notices.claim_token) = ({0}.guild_id, {0}.notice_id, {0}.claim_token)"

NEXT_DUE = next_due("boostmon.notices", "due_at IS NOT NULL")
# Of a message that may have been sent, the first notice stands for all: a claim that gets its row gets the others, and
# one that does not gets none of them.
CLAIM = f"""
    WITH heads AS (
        SELECT guild_id, notice_id, message_id FROM boostmon.notices
        WHERE due_at <= %(now)s AND {FREE} AND (message_id IS NULL OR NOT EXISTS (
            SELECT FROM boostmon.notices other
            WHERE other.guild_id = notices.guild_id AND other.message_id = notices.message_id
                AND (other.notice_id < notices.notice_id OR other.leased_until > now())
        ))
        ORDER BY due_at, guild_id, channel_id, notice_id LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ),
    companions AS (
        SELECT notices.guild_id, notices.notice_id FROM heads JOIN boostmon.notices USING (guild_id, message_id)
        WHERE notices.notice_id > heads.notice_id AND {FREE}
        FOR UPDATE OF notices SKIP LOCKED
    ),
    due AS (SELECT guild_id, notice_id FROM heads UNION ALL SELECT guild_id, notice_id FROM companions)
    UPDATE boostmon.notices SET claim_token = %(token)s, leased_until = now() + %(lease)s
    FROM due WHERE (notices.guild_id, notices.notice_id) = (due.guild_id, due.notice_id)
    RETURNING {names(KEY_COLUMNS, NOTICE_COLUMNS, POSTMARK_COLUMNS, prefix="notices.")},
        notices.notice_id, notices.attempts
"""
# It waits for a command that is just dropping the notice, and then does not find it any more.
MARK = f"""
    WITH held AS (
        SELECT notices.guild_id, notices.notice_id, {names(POSTMARK_COLUMNS, prefix="mine.")}
        FROM {unnested("mine", _MINE, POSTMARK_COLUMNS)} JOIN boostmon.notices ON {_MATCHES.format("mine")}
        ORDER BY notices.guild_id, notices.notice_id FOR UPDATE OF notices
    )
    UPDATE boostmon.notices SET {assignments(POSTMARK_COLUMNS, "held")} FROM held
    WHERE (notices.guild_id, notices.notice_id) = (held.guild_id, held.notice_id)
    RETURNING notices.notice_id
"""
RENEW = f"""
    WITH held AS (
        SELECT notices.guild_id, notices.notice_id FROM {unnested("mine", _MINE)}
        JOIN boostmon.notices ON {_MATCHES.format("mine")}
        ORDER BY notices.guild_id, notices.notice_id FOR UPDATE OF notices SKIP LOCKED
    )
    UPDATE boostmon.notices SET leased_until = now() + %(lease)s FROM held
    WHERE (notices.guild_id, notices.notice_id) = (held.guild_id, held.notice_id)
    RETURNING notices.notice_id
"""
RELEASE = f"""
    UPDATE boostmon.notices SET claim_token = NULL, leased_until = NULL
    FROM {unnested("mine", _MINE)} WHERE {_MATCHES.format("mine")}
"""

_NOTICE_ID: Columns = {"notice_id": "bigint"}
_SETTLED: Columns = {
    **_MINE,
    "retry_at": "timestamptz",
    "error": "text",
    "is_attempt": "boolean",
    "is_unsent": "boolean",
}
_UNLESS_UNSENT = ", ".join(f"{name} = CASE WHEN NOT settled.is_unsent THEN {name} END" for name in POSTMARK_COLUMNS)
SETTLE = f"""
    WITH settled AS (SELECT * FROM {unnested("settled", _SETTLED)}),
    gone AS (
        DELETE FROM boostmon.notices USING settled WHERE {_MATCHES.format("settled")} AND settled.retry_at IS NULL
        RETURNING notices.guild_id, notices.notice_id
    ),
    again AS (
        UPDATE boostmon.notices SET due_at = settled.retry_at, last_error = settled.error,
            attempts = attempts + settled.is_attempt::integer, {_UNLESS_UNSENT},
            claim_token = NULL, leased_until = NULL
        FROM settled WHERE {_MATCHES.format("settled")} AND settled.retry_at IS NOT NULL
    )
    INSERT INTO boostmon.ledger ({names(KEY_COLUMNS, LEDGER_COLUMNS)})
    SELECT {names(KEY_COLUMNS, LEDGER_COLUMNS, prefix="entry.")}
    FROM {unnested("entry", _NOTICE_ID, KEY_COLUMNS, LEDGER_COLUMNS, tag="entry_")}
    JOIN gone USING (guild_id, notice_id)
"""


class PostgresOutbox(Outbox):
    """The outbox in PostgreSQL."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def next_due(self, now: datetime) -> datetime | None:
        rows = rows_of(self._database, NEXT_DUE, {"now": now})
        return rows[0]["due_at"] if rows else None

    @override
    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        """One token names the whole batch."""
        token = uuid4()
        rows = rows_of(self._database, CLAIM, {"now": now, "limit": limit, "lease": lease, "token": token})
        rows.sort(key=lambda row: (row["due_at"], row["notice_id"]))
        return [Posted(row["notice_id"], notice_from(row), row["attempts"], token, postmark_from(row)) for row in rows]

    @override
    def mark(self, posted: Sequence[Posted]) -> Sequence[Posted]:
        rows = rows_of(
            self._database,
            MARK,
            arrays((_mine(one) | postmark_row(one.postmark) for one in posted), _MINE, POSTMARK_COLUMNS),
        )
        return _named(rows, posted)

    @override
    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        rows = rows_of(self._database, RENEW, arrays(map(_mine, posted), _MINE) | {"lease": lease})
        return _named(rows, posted)

    @override
    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        settled = [
            _mine(s.posted)
            | {"retry_at": s.retry_at, "error": storable(s.error)}
            | {"is_attempt": s.is_attempt, "is_unsent": s.is_unsent}
            for s in settlements
        ]
        entries = [
            {"notice_id": s.posted.id} | key_row(s.entry.key) | ledger_row(s.entry)
            for s in settlements
            if s.entry is not None
        ]
        logged = arrays(entries, _NOTICE_ID, KEY_COLUMNS, LEDGER_COLUMNS)
        parameters = arrays(settled, _SETTLED) | {f"entry_{name}": column for name, column in logged.items()}
        # Safe to repeat: what was taken out or given back does not match its token any more.
        self._database.run(lambda connection: connection.execute(SETTLE, parameters), idempotent=True)

    @override
    def release(self, posted: Sequence[Posted]) -> None:
        parameters = arrays(map(_mine, posted), _MINE)
        self._database.run(lambda connection: connection.execute(RELEASE, parameters), idempotent=True)


def _mine(posted: Posted) -> dict[str, Any]:
    return {"guild_id": posted.notice.key.guild, "notice_id": posted.id, "claim_token": posted.token}


def _named(rows: Iterable[Row], posted: Sequence[Posted]) -> list[Posted]:
    """Those that the rows name."""
    held = {row["notice_id"] for row in rows}
    return [one for one in posted if one.id in held]
