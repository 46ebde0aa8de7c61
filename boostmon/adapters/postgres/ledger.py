"""`LedgerReader` on PostgreSQL."""

from collections.abc import Sequence
from typing import Any, override

from boostmon.adapters.postgres.details import detail_from
from boostmon.adapters.postgres.rows import KEY_COLUMNS, LEDGER_COLUMNS, Row, key_from
from boostmon.adapters.postgres.sessions import Sessions, rows_of
from boostmon.adapters.postgres.snapshots import timer_from_snapshot, utc
from boostmon.adapters.postgres.statements import names
from boostmon.app.ports import LedgerReader
from boostmon.domain.details import Detail, Unsorted
from boostmon.domain.ids import EntryId, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry, RecordedEntry
from boostmon.domain.timers import Timer

_LATEST = EntryId(2**63 - 1)
_OF_DISCORD = (Action.PUT_BACK, Action.TAKE_AGAIN)
"""What a person asked for in vain: whose `reason` is a sentence, if a version wrote it that knew no details."""


def _reading(of: str = "") -> str:
    return f"""
        SELECT entry_id, {names(KEY_COLUMNS, LEDGER_COLUMNS)}, before, after FROM boostmon.ledger
        WHERE guild_id = %(guild_id)s{of} AND entry_id < %(before)s ORDER BY entry_id DESC LIMIT %(limit)s
    """


OF_GUILD = _reading()
OF_MEMBER = _reading(" AND user_id = %(user_id)s")
OF_ROLE = _reading(" AND role_id = %(role_id)s")


class PostgresLedger(LedgerReader):
    """Reads the ledger in PostgreSQL, each page by an index."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def of_member(
        self, guild: GuildId, user: UserId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        return self._page(OF_MEMBER, {"guild_id": guild, "user_id": user}, before, limit)

    @override
    def of_role(
        self, guild: GuildId, role: RoleId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        return self._page(OF_ROLE, {"guild_id": guild, "role_id": role}, before, limit)

    @override
    def of_guild(self, guild: GuildId, *, before: EntryId | None = None, limit: int) -> Sequence[RecordedEntry]:
        return self._page(OF_GUILD, {"guild_id": guild}, before, limit)

    def _page(
        self, statement: str, parameters: dict[str, Any], before: EntryId | None, limit: int
    ) -> Sequence[RecordedEntry]:
        parameters |= {"before": _LATEST if before is None else before, "limit": limit}
        return [_entry(row) for row in rows_of(self._database, statement, parameters)]


def _entry(row: Row) -> RecordedEntry:
    key, action = key_from(row), Action(row["action"])
    actor = None if row["actor_id"] is None else UserId(row["actor_id"])
    detail = _detail(row)
    reason: str | None = row["reason"]
    if reason is not None and detail is None and (actor is None or action in _OF_DISCORD):
        detail, reason = Unsorted(reason), None
    entry = LedgerEntry(
        key,
        utc(row["at"]),
        action,
        actor,
        _timer(key, row["before"]),
        _timer(key, row["after"]),
        reason,
        None if row["request_id"] is None else RequestId(row["request_id"]),
        detail,
    )
    return RecordedEntry(EntryId(row["entry_id"]), entry)


def _detail(row: Row) -> Detail | None:
    return None if row["detail"] is None else detail_from(row["detail"])


def _timer(key: TimerKey, snapshot: Row | None) -> Timer | None:
    return None if snapshot is None else timer_from_snapshot(key, snapshot)
