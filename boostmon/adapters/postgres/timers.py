"""`TimerRepository` on PostgreSQL: one statement, so one transaction and one round trip, for each call."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import errors
from psycopg.rows import dict_row

from boostmon.adapters.postgres.floor import SLACK, Floor
from boostmon.adapters.postgres.listener import CHANNEL
from boostmon.adapters.postgres.rows import (
    KEY_COLUMNS,
    LEDGER_COLUMNS,
    NOTICE_COLUMNS,
    POLICY_COLUMNS,
    STATE_COLUMNS,
    Columns,
    Row,
    arrays,
    key_from,
    key_row,
    ledger_row,
    notice_row,
    policy_from,
    state_row,
    timer_from,
)
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.statements import (
    FREE,
    assignments,
    names,
    next_due,
    prefixed,
    renamed,
    unnested,
    values,
)
from boostmon.app.ports import OBSTACLE_SETTLES, Basis, Change, Claim, Conflict, Settlement
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import SUPERSEDED, SUPERSEDED_PERHAPS_SENT
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer

_ALL = f"{names(KEY_COLUMNS, STATE_COLUMNS)}, version"
_ONE = "guild_id = %(guild_id)s AND user_id = %(user_id)s AND role_id = %(role_id)s"
_MINE: Columns = {**KEY_COLUMNS, "claim_token": "uuid", "version": "bigint"}
"""What a claim is recognised by."""

OF_MEMBER = f"SELECT {_ALL} FROM timers WHERE guild_id = %(guild_id)s AND user_id = %(user_id)s ORDER BY role_id"
# One row at least: that of the guild's policy, which is null where it never decided anything.
BASIS = f"""
    SELECT {names(KEY_COLUMNS, STATE_COLUMNS, prefix="timers.")}, timers.version, {names(POLICY_COLUMNS)}
    FROM (VALUES (%(guild_id)s::bigint, %(user_id)s::bigint)) AS asked (guild_id, user_id)
    LEFT JOIN guild_settings USING (guild_id)
    LEFT JOIN timers ON (timers.guild_id, timers.user_id) = (asked.guild_id, asked.user_id)
    ORDER BY timers.role_id
"""
GET = f"SELECT {_ALL} FROM timers WHERE {_ONE}"
NEXT_DUE = next_due("timers", "due_at >= %(floor)s")
CLAIM = f"""
    WITH due AS (
        SELECT guild_id, user_id, role_id FROM timers
        WHERE due_at BETWEEN %(floor)s AND %(now)s AND {FREE}
        ORDER BY due_at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE timers SET claim_token = %(token)s, leased_until = now() + %(lease)s
    FROM due WHERE (timers.guild_id, timers.user_id, timers.role_id) = (due.guild_id, due.user_id, due.role_id)
    RETURNING {names(KEY_COLUMNS, STATE_COLUMNS, prefix="timers.")}, timers.version
"""
_HELD = """
    JOIN timers t USING (guild_id, user_id, role_id)
    WHERE t.claim_token = mine.claim_token AND t.version = mine.version
"""
STILL_HELD = f"SELECT t.claim_token, {names(KEY_COLUMNS, prefix='t.')} FROM {unnested('mine', _MINE)} {_HELD}"
# In the order of keys, as `SETTLE` locks them, and never waiting for a row: it is sent while another thread settles.
RENEW = f"""
    WITH held AS (
        SELECT {names(KEY_COLUMNS, prefix="t.")} FROM {unnested("mine", _MINE)} {_HELD}
        ORDER BY t.guild_id, t.user_id, t.role_id FOR UPDATE OF t SKIP LOCKED
    )
    UPDATE timers SET leased_until = now() + %(lease)s FROM held
    WHERE (timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)
    RETURNING timers.claim_token, {names(KEY_COLUMNS, prefix="timers.")}
"""
RELEASE = f"""
    UPDATE timers SET claim_token = NULL, leased_until = NULL FROM {unnested("mine", _MINE)}
    WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
        AND timers.claim_token = mine.claim_token AND timers.version = mine.version
"""

GRANT_ANSWERED = f"""
    WITH answered AS (
        UPDATE timers SET grant_open_until = NULL WHERE {_ONE} AND grant_open_until = %(open_until)s RETURNING {_ALL}
    )
    SELECT * FROM answered
    UNION ALL SELECT {_ALL} FROM timers WHERE {_ONE} AND grant_open_until IS DISTINCT FROM %(open_until)s
"""

# A change by a command. The timer is written only where the request is new and the version is the one that was read;
# entry and dropped warnings depend on that.
WAS_APPLIED = "SELECT FROM ledger WHERE guild_id = %(guild_id)s AND request_id = %(request_id)s::bigint"
_REQUEST_IS_NEW = f"NOT EXISTS ({WAS_APPLIED})"
_START = f"""
    INSERT INTO timers ({names(KEY_COLUMNS, STATE_COLUMNS)})
    SELECT {values(KEY_COLUMNS, STATE_COLUMNS)} WHERE {_REQUEST_IS_NEW}
    ON CONFLICT (guild_id, user_id, role_id) DO NOTHING RETURNING version
"""
_REPLACE = f"""
    UPDATE timers SET {assignments(STATE_COLUMNS)},
        version = nextval('timer_versions'), claim_token = NULL, leased_until = NULL
    WHERE {_ONE} AND version = %(version)s AND {_REQUEST_IS_NEW} RETURNING version
"""
_DELETE = f"DELETE FROM timers WHERE {_ONE} AND version = %(version)s AND {_REQUEST_IS_NEW} RETURNING version"


def _committing(write: str) -> str:
    logged = {name: (f"entry_{name}", kind) for name, kind in LEDGER_COLUMNS.items()}
    entry = ", ".join(
        f"%(request_id)s::{kind}" if name == "request_id" else f"%({tagged})s::{kind}"
        for name, (tagged, kind) in logged.items()
    )
    return f"""
        WITH written AS ({write}),
        dropped AS (
            DELETE FROM notices
            WHERE {_ONE} AND kind = 'warning' AND %(outdates_warnings)s AND EXISTS (SELECT FROM written)
        ),
        logged AS (
            INSERT INTO ledger ({names(KEY_COLUMNS, LEDGER_COLUMNS)})
            SELECT {values(KEY_COLUMNS)}, {entry} FROM written
        )
        SELECT (SELECT version FROM written), {_REQUEST_IS_NEW}
    """


def _announcing(write: str) -> str:
    """As `_committing`; and where the timer is due before all others that nobody holds, sweepers elsewhere hear of it.

    A notification in every transaction would halve what the server can commit, so most go without: their sweepers
    wake for an earlier timer anyway, and then see them. Rows before the floor are overdue, so nobody sleeps.
    """
    return f"""{_committing(write)}, (
            SELECT count(pg_notify('{CHANNEL}', '')) FROM written
            WHERE %(due_at)s < coalesce(
                (SELECT due_at FROM timers WHERE due_at >= %(floor)s AND {FREE} ORDER BY due_at LIMIT 1), 'infinity'
            )
        )
    """


START, REPLACE, DELETE = _announcing(_START), _announcing(_REPLACE), _committing(_DELETE)

# Outcomes of a batch: one wide row for each, with its entry and its notice, where it has them. `held` locks the rows
# that are still ours; everything else reads it alone and finds its rows by their keys, so that no plan, however wrong
# its estimates, compares each row with each. `superseded` leaves out warnings that somebody is just sending: their own
# settlement tells what became of them. `told` lets one notice of an obstacle through: a second process that waits for
# the first one's row sees its time, if not yet its timers.
_ENTRY, _NOTICE = prefixed("entry_", LEDGER_COLUMNS), prefixed("notice_", NOTICE_COLUMNS)
_SETTLED: Columns = {**_MINE, "leaves": "boolean", **STATE_COLUMNS, **_ENTRY, **_NOTICE}
_CAST_STATE = ", ".join(
    f"{name} = held.{name}::{kind}" if kind.endswith("[]") else f"{name} = held.{name}"
    for name, kind in STATE_COLUMNS.items()
)
SETTLE = f"""
    WITH held AS MATERIALIZED (
        SELECT mine.* FROM {unnested("mine", _SETTLED)} {_HELD}
        ORDER BY t.guild_id, t.user_id, t.role_id FOR UPDATE OF t
    ),
    gone AS (
        DELETE FROM timers USING held
        WHERE (timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)
            AND held.leaves
    ),
    moved AS (
        UPDATE timers SET {_CAST_STATE},
            version = nextval('timer_versions'), claim_token = NULL, leased_until = NULL
        FROM held
        WHERE (timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)
            AND NOT held.leaves
    ),
    logged AS (
        INSERT INTO ledger ({names(KEY_COLUMNS, LEDGER_COLUMNS)})
        SELECT {names(KEY_COLUMNS, _ENTRY)} FROM held WHERE entry_action IS NOT NULL
    ),
    proposed AS (
        SELECT {names(KEY_COLUMNS)}, {renamed("notice_", NOTICE_COLUMNS)} FROM held WHERE notice_kind IS NOT NULL
    ),
    superseded AS (
        DELETE FROM notices USING proposed AS newer
        WHERE (notices.guild_id, notices.user_id, notices.role_id) = (newer.guild_id, newer.user_id, newer.role_id)
            AND notices.kind = 'warning' AND newer.kind IN ('warning', 'ended') AND {FREE}
        RETURNING {names(KEY_COLUMNS, prefix="notices.")}, notices.message_id, newer.due_at
    ),
    untold AS (
        INSERT INTO ledger ({names(KEY_COLUMNS)}, at, action, reason)
        SELECT {names(KEY_COLUMNS)}, due_at, '{Action.UNDELIVERED}',
            CASE WHEN message_id IS NULL THEN '{SUPERSEDED}' ELSE '{SUPERSEDED_PERHAPS_SENT}' END
        FROM superseded
    ),
    told AS (
        INSERT INTO told_obstacles (guild_id, role_id, obstacle, told_at)
        SELECT DISTINCT guild_id, role_id, obstacle, now() FROM proposed WHERE obstacle IS NOT NULL ORDER BY 1, 2, 3
        ON CONFLICT (guild_id, role_id, obstacle) DO UPDATE SET told_at = now()
        WHERE told_obstacles.told_at <= now() - %(obstacle_settles)s AND NOT EXISTS (
            SELECT FROM timers WHERE guild_id = told_obstacles.guild_id AND role_id = told_obstacles.role_id
                AND blocked_by = told_obstacles.obstacle
        )
        RETURNING guild_id, role_id, obstacle
    ),
    owed AS (
        INSERT INTO notices ({names(KEY_COLUMNS, NOTICE_COLUMNS)})
        SELECT {names(KEY_COLUMNS, NOTICE_COLUMNS)} FROM proposed WHERE obstacle IS NULL
        UNION ALL (
            SELECT DISTINCT ON (guild_id, role_id, obstacle) {names(KEY_COLUMNS, NOTICE_COLUMNS)}
            FROM proposed JOIN told USING (guild_id, role_id, obstacle)
        )
    )
    SELECT {names(KEY_COLUMNS)} FROM held
"""

# In the order in which a settlement locks its rows, so that neither waits for the other in a circle.
UNBLOCK = f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)} FROM timers
        WHERE guild_id = %(guild_id)s AND blocked_by IS NOT NULL AND due_at > %(now)s
            AND role_id <> ALL (%(except_roles)s::bigint[])
        ORDER BY {names(KEY_COLUMNS)} FOR UPDATE
    ),
    moved AS (
        UPDATE timers SET due_at = %(now)s,
            version = nextval('timer_versions'), claim_token = NULL, leased_until = NULL
        FROM mine WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
        RETURNING 1
    )
    SELECT count(*) AS moved, CASE WHEN count(*) > 0 THEN pg_notify('{CHANNEL}', '') END FROM moved
"""


class PostgresTimers:
    """See `TimerRepository`."""

    def __init__(self, database: Sessions) -> None:
        self._database = database
        self._floor = Floor()

    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        """See `TimerRepository.of_member`."""
        return [timer_from(row) for row in self._rows(OF_MEMBER, {"guild_id": guild, "user_id": user})]

    def basis(self, guild: GuildId, user: UserId) -> Basis:
        """See `TimerRepository.basis`."""
        rows = self._rows(BASIS, {"guild_id": guild, "user_id": user})
        has_decided = rows[0]["thresholds"] is not None
        timers = [timer_from(row) for row in rows if row["role_id"] is not None]
        return Basis(timers, policy_from(rows[0]) if has_decided else Policy())

    def get(self, key: TimerKey) -> Timer | None:
        """See `TimerRepository.get`."""
        rows = self._rows(GET, key_row(key))
        return timer_from(rows[0]) if rows else None

    def commit(self, change: Change) -> Timer | None:
        """See `TimerRepository.commit`."""
        statement, parameters = _statement_for(change)
        key = change.entry.key

        def work(connection: Connection) -> Timer | None:
            try:
                row = connection.execute(statement, parameters).fetchone()
            except errors.UniqueViolation:
                # The same request is being written by somebody else at this moment: it counts as written.
                return _stored(connection, key)
            version, request_is_new = row[:2] if row else (None, True)
            if version is not None:
                return _with_version(change.after, version)
            # A statement that waited for its own twin to commit did not see the twin's entry: it looks again.
            if request_is_new and connection.execute(WAS_APPLIED, parameters).fetchone() is None:
                raise Conflict
            return _stored(connection, key)

        # Repeating is safe where a request or a version tells that it was written before.
        return self._database.run(work, idempotent=change.entry.request is not None)

    def next_due(self, now: datetime) -> datetime | None:
        """See `TimerRepository.next_due`."""
        self._floor.lower_now_and_then()
        rows = self._rows(NEXT_DUE, {"now": now, "floor": self._floor.at(now)})
        self._floor.raise_to(rows[0]["first"] if rows else None, now)
        return rows[0]["due_at"] if rows else None

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Claim]:
        """See `TimerRepository.claim`. One token names the whole batch."""
        token = uuid4()
        parameters = {"now": now, "floor": self._floor.at(now), "limit": limit, "lease": lease, "token": token}
        # A claim that was written but never heard of is given back by its lease.
        claims = [Claim(timer_from(row), token) for row in self._rows(CLAIM, parameters)]
        return sorted(claims, key=lambda claim: (claim.timer.due_at or now, claim.timer.key))

    def still_held(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        """See `TimerRepository.still_held`."""
        return _named(self._rows(STILL_HELD, arrays(map(_mine, claims), _MINE)), claims)

    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        """See `TimerRepository.renew`."""
        return _named(self._rows(RENEW, arrays(map(_mine, claims), _MINE) | {"lease": lease}), claims)

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[TimerKey]:
        """See `TimerRepository.settle`."""
        parameters = arrays(map(_settled, settlements), _SETTLED) | {"obstacle_settles": OBSTACLE_SETTLES}
        held = {key_from(row) for row in self._rows(SETTLE, parameters, idempotent=False)}
        return [s.claim.timer.key for s in settlements if s.claim.timer.key not in held]

    def release(self, claims: Sequence[Claim]) -> None:
        """See `TimerRepository.release`."""
        parameters = arrays(map(_mine, claims), _MINE)
        self._database.run(lambda connection: connection.execute(RELEASE, parameters), idempotent=True)

    def grant_answered(self, key: TimerKey, open_until: datetime) -> Timer | None:
        """See `TimerRepository.grant_answered`."""
        rows = self._rows(GRANT_ANSWERED, key_row(key) | {"open_until": open_until})
        return timer_from(rows[0]) if rows else None

    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        """See `TimerRepository.unblock`."""
        parameters = {"guild_id": guild, "now": now, "except_roles": list(except_roles)}
        [row] = self._rows(UNBLOCK, parameters)
        return int(row["moved"])

    def _rows(self, statement: str, parameters: dict[str, Any], *, idempotent: bool = True) -> list[dict[str, Any]]:
        def work(connection: Connection) -> list[dict[str, Any]]:
            with connection.cursor(row_factory=dict_row) as cursor:
                return cursor.execute(statement, parameters).fetchall()

        return self._database.run(work, idempotent=idempotent)


def _statement_for(change: Change) -> tuple[str, dict[str, Any]]:
    parameters = key_row(change.entry.key) | _tagged("entry_", ledger_row(change.entry))
    parameters |= {"request_id": change.entry.request, "outdates_warnings": change.outdates_warnings}
    parameters["floor"] = change.entry.at - SLACK
    if change.before is not None:
        parameters["version"] = change.before.version
    if change.after is None:
        return DELETE, parameters
    return (START if change.before is None else REPLACE), parameters | state_row(change.after)


def _stored(connection: Connection, key: TimerKey) -> Timer | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(GET, key_row(key)).fetchone()
    return None if row is None else timer_from(row)


def _with_version(timer: Timer | None, version: int) -> Timer | None:
    return None if timer is None else timer.stored_as(version)


def _mine(claim: Claim) -> dict[str, int | UUID]:
    return key_row(claim.timer.key) | {"claim_token": claim.token, "version": claim.timer.version}


def _settled(settlement: Settlement) -> dict[str, Any]:
    after, entry, notice = settlement.after, settlement.entry, settlement.notice
    row = _mine(settlement.claim) | {"leaves": after is None}
    if after is not None:
        row |= state_row(after)
    if entry is not None:
        row |= _tagged("entry_", ledger_row(entry))
    if notice is not None:
        row |= _tagged("notice_", notice_row(notice))
    return row


def _named(rows: Iterable[Row], claims: Sequence[Claim]) -> list[Claim]:
    """Those of the claims that the rows name."""
    held = {(key_from(row), row["claim_token"]) for row in rows}
    return [claim for claim in claims if (claim.timer.key, claim.token) in held]


def _tagged(tag: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {f"{tag}{name}": value for name, value in parameters.items()}
