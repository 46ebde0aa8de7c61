"""`Timers` on PostgreSQL: one statement, so one transaction and one round trip, for each call."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, override
from uuid import uuid4

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.commits import GET, commit, commit_together, read
from boostmon.adapters.postgres.deleted_roles import END_OF_ROLE, TIMED_ROLES
from boostmon.adapters.postgres.details import detail_json
from boostmon.adapters.postgres.floor import Floor
from boostmon.adapters.postgres.listener import CHANNEL
from boostmon.adapters.postgres.policy_columns import POLICY_COLUMNS, policy_from
from boostmon.adapters.postgres.rows import (
    KEY_COLUMNS,
    STATE_COLUMNS,
    arrays,
    key_row,
    timer_from,
)
from boostmon.adapters.postgres.rule_fields import rules_of
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.settling import HELD, MINE, mine, settling
from boostmon.adapters.postgres.statements import (
    FREE,
    ONE,
    names,
    next_due,
    unnested,
)
from boostmon.app.ports import Basis, Change, Claim, Member, Settlement, Timers
from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LEAVING, TOLD
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer

_ALL = f"{names(KEY_COLUMNS, STATE_COLUMNS)}, version"
_WIDTH = len(KEY_COLUMNS) + len(STATE_COLUMNS) + 1
OF_MEMBER = (
    f"SELECT {_ALL} FROM boostmon.timers WHERE guild_id = %(guild_id)s AND user_id = %(user_id)s ORDER BY role_id"
)


def _basis(asked: str, guild: str, also: str = "") -> str:
    # One row at least: that of the guild's policy, which is null where it never decided anything. Whoever decides for a
    # role has such a row, too.
    return f"""
        SELECT {names(KEY_COLUMNS, STATE_COLUMNS, prefix="timers.")}, timers.version, {names(POLICY_COLUMNS)},
            {rules_of(guild)}{also}
        FROM {asked}
        LEFT JOIN boostmon.guild_settings USING (guild_id)
        LEFT JOIN boostmon.timers ON (timers.guild_id, timers.user_id) = (asked.guild_id, asked.user_id)
        ORDER BY timers.role_id
    """


BASIS = _basis("(VALUES (%(guild_id)s::bigint, %(user_id)s::bigint)) AS asked (guild_id, user_id)", "%(guild_id)s")
_MEMBER = {"guild_id": "bigint", "user_id": "bigint"}
BASES = _basis(unnested("asked", _MEMBER), "asked.guild_id", ", asked.guild_id, asked.user_id")
NEXT_DUE = next_due("boostmon.timers", "due_at >= %(floor)s")


def _claiming(and_: str = "") -> str:
    # A claim does not wait for the disk. What a crash of the server loses of it was a lease: the timer is free again, a
    # removal that is under way is made twice, and its settlement finds that the claim does not hold.
    return f"""
    WITH due AS (
        SELECT guild_id, user_id, role_id FROM boostmon.timers
        WHERE due_at BETWEEN %(floor)s AND %(now)s AND {FREE}{and_}
        ORDER BY due_at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE boostmon.timers SET claim_token = %(token)s, leased_until = now() + %(lease)s
    FROM due WHERE (timers.guild_id, timers.user_id, timers.role_id) = (due.guild_id, due.user_id, due.role_id)
        AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
    RETURNING {names(KEY_COLUMNS, STATE_COLUMNS, prefix="timers.")}, timers.version
"""


CLAIM = _claiming()
CLAIM_ELSEWHERE = _claiming(" AND guild_id <> ALL (%(except_guilds)s)")
STILL_HELD = f"SELECT array_agg(mine.place) AS held FROM {unnested('mine', MINE, place='place')} {HELD}"
# In the order of keys, as a settlement locks them.
MARK = f"""
    WITH held AS (
        SELECT {names(KEY_COLUMNS, prefix="t.")} FROM {unnested("mine", MINE)} {HELD}
        ORDER BY t.guild_id, t.user_id, t.role_id FOR UPDATE OF t
    )
    UPDATE boostmon.timers SET version = nextval('boostmon.timer_versions'),
        grant_open_until = greatest(grant_open_until, %(open_until)s)
    FROM held WHERE (timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)
    RETURNING {names(KEY_COLUMNS, STATE_COLUMNS, prefix="timers.")}, timers.version
"""
# In the order of keys, as a settlement locks them, and never waiting for a row: another thread may be settling.
RENEW = f"""
    WITH held AS (
        SELECT {names(KEY_COLUMNS, prefix="t.")} FROM {unnested("mine", MINE)} {HELD}
        ORDER BY t.guild_id, t.user_id, t.role_id FOR UPDATE OF t SKIP LOCKED
    )
    UPDATE boostmon.timers SET leased_until = now() + %(lease)s FROM held
    WHERE (timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)
    RETURNING timers.claim_token, {names(KEY_COLUMNS, prefix="timers.")}
"""
RELEASE = f"""
    UPDATE boostmon.timers SET claim_token = NULL, leased_until = NULL FROM {unnested("mine", MINE)}
    WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
        AND timers.claim_token = mine.claim_token AND timers.version = mine.version
"""

GRANT_ANSWERED = f"""
    WITH answered AS (
        UPDATE boostmon.timers SET grant_open_until = NULL WHERE {ONE} AND grant_open_until = %(open_until)s
        RETURNING {_ALL}
    )
    SELECT * FROM answered
    UNION ALL SELECT {_ALL} FROM boostmon.timers WHERE {ONE} AND grant_open_until IS DISTINCT FROM %(open_until)s
"""

WAS_LEFT = f"""
    SELECT after IS NULL AND action = ANY (%(leaving)s) FROM boostmon.ledger
    WHERE {ONE} AND action <> ALL (%(told)s) ORDER BY entry_id DESC LIMIT 1
"""

# In the order in which a settlement locks its rows, so that neither waits for the other in a circle.
UNBLOCK = f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)} FROM boostmon.timers
        WHERE guild_id = %(guild_id)s AND blocked_by IS NOT NULL AND due_at > %(now)s
            AND role_id <> ALL (%(except_roles)s::bigint[])
        ORDER BY {names(KEY_COLUMNS)} FOR UPDATE
    ),
    moved AS (
        UPDATE boostmon.timers SET due_at = %(now)s,
            version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
        FROM mine WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
        RETURNING 1
    )
    SELECT count(*) AS moved, CASE WHEN count(*) > 0 THEN pg_notify('{CHANNEL}', '') END FROM moved
"""


class PostgresTimers(Timers):
    """Timers in PostgreSQL. A change, its ledger entry and its notices are one statement, and so one transaction."""

    def __init__(self, database: Sessions, floor: Floor | None = None) -> None:
        self._database = database
        self._floor = floor or Floor()

    @override
    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        return [timer_from(row) for row in self._rows(OF_MEMBER, {"guild_id": guild, "user_id": user})]

    @override
    def basis(self, guild: GuildId, user: UserId) -> Basis:
        return _basis_from(self._rows(BASIS, {"guild_id": guild, "user_id": user}))

    @override
    def bases(self, members: Collection[Member]) -> Mapping[Member, Basis]:
        asked = arrays(({"guild_id": guild, "user_id": user} for guild, user in members), _MEMBER)
        rows: dict[tuple[int, int], list[TupleRow]] = {}
        for *row, guild, user in self._rows(BASES, dict(asked)):
            rows.setdefault((guild, user), []).append(tuple(row))
        return {member: _basis_from(rows[member]) for member in members}

    @override
    def get(self, key: TimerKey) -> Timer | None:
        rows = self._rows(GET, key_row(key))
        return timer_from(rows[0]) if rows else None

    @override
    def commit(self, change: Change) -> Timer | None:
        # Repeating is safe where a request or a version tells that it was written before.
        return self._database.run(partial(commit, change), idempotent=change.entry.request is not None)

    @override
    def commit_together(self, changes: Sequence[Change]) -> Sequence[Timer | None]:
        are_known = all(change.entry.request is not None for change in changes)
        return self._database.run(partial(commit_together, changes), idempotent=are_known)

    @override
    def next_due(self, now: datetime) -> datetime | None:
        self._floor.lower_now_and_then()
        rows = self._rows(NEXT_DUE, {"now": now, "floor": self._floor.at(now)})
        due_at: datetime | None
        due_at, first = rows[0] if rows else (None, None)
        self._floor.raise_to(first, now)
        return due_at

    @override
    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        """One token names the whole batch."""
        token = uuid4()
        parameters = {"now": now, "floor": self._floor.at(now), "limit": limit, "lease": lease, "token": token}
        statement = CLAIM
        if except_guilds:
            statement, parameters["except_guilds"] = CLAIM_ELSEWHERE, list(except_guilds)
        # A claim that was written but never heard of is given back by its lease.
        claims = [Claim(timer_from(row), token) for row in self._rows(statement, parameters)]
        return sorted(claims, key=lambda claim: (claim.timer.due_at or now, claim.timer.key))

    @override
    def still_held(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        [(places,)] = self._rows(STILL_HELD, arrays(map(mine, claims), MINE))
        held = set(places or ())
        return [claim for place, claim in enumerate(claims, 1) if place in held]

    @override
    def mark(self, claims: Sequence[Claim], open_until: datetime) -> Sequence[Claim]:
        parameters = arrays(map(mine, claims), MINE) | {"open_until": open_until}
        # Marked, but never heard of: the claims do not hold any more, and come back by their lease.
        rows = self._rows(MARK, parameters, idempotent=False)
        marked = {timer.key: timer for timer in map(timer_from, rows)}
        return [Claim(marked[key], claim.token) for claim in claims if (key := claim.timer.key) in marked]

    @override
    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        return _named(self._rows(RENEW, arrays(map(mine, claims), MINE) | {"lease": lease}), claims)

    @override
    def settle(self, settlements: Sequence[Settlement]) -> Sequence[TimerKey]:
        statement, parameters = settling(settlements)
        [(places,)] = self._rows(statement, parameters, idempotent=False)
        held = set(places or ())
        return [one.claim.timer.key for place, one in enumerate(settlements, 1) if place not in held]

    @override
    def release(self, claims: Sequence[Claim]) -> None:
        parameters = arrays(map(mine, claims), MINE)
        self._database.run(lambda connection: connection.execute(RELEASE, parameters), idempotent=True)

    @override
    def grant_answered(self, key: TimerKey, open_until: datetime) -> Timer | None:
        rows = self._rows(GRANT_ANSWERED, key_row(key) | {"open_until": open_until})
        return timer_from(rows[0]) if rows else None

    @override
    def was_left(self, key: TimerKey) -> bool:
        parameters = key_row(key) | {"told": list(map(str, TOLD)), "leaving": list(map(str, LEAVING))}
        rows = self._rows(WAS_LEFT, parameters)
        return bool(rows and rows[0][0])

    @override
    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        parameters = {"guild_id": guild, "now": now, "except_roles": list(except_roles)}
        [(moved, _)] = self._rows(UNBLOCK, parameters)
        return int(moved)

    @override
    def timed_roles(self, guild: GuildId) -> Collection[RoleId]:
        return [RoleId(role) for (role,) in self._rows(TIMED_ROLES, {"guild_id": guild})]

    @override
    def end_of_role(
        self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, named: RoleNamed | None = None
    ) -> int:
        parameters = {"guild_id": guild, "role_id": role, "now": now, "limit": limit, "detail": detail_json(named)}
        [(ended, _)] = self._rows(END_OF_ROLE, parameters)
        return int(ended)

    def _rows(self, statement: str, parameters: dict[str, Any], *, idempotent: bool = True) -> list[TupleRow]:
        def work(connection: Connection) -> list[TupleRow]:
            return read(connection, statement, parameters)

        return self._database.run(work, idempotent=idempotent)


def _basis_from(rows: Sequence[TupleRow]) -> Basis:
    decided = dict(zip((*POLICY_COLUMNS, "rules"), rows[0][_WIDTH:], strict=True))
    timers = [timer_from(row[:_WIDTH]) for row in rows if row[0] is not None]
    return Basis(timers, Policy() if decided["thresholds"] is None else policy_from(decided))


def _named(rows: Iterable[TupleRow], claims: Sequence[Claim]) -> list[Claim]:
    """Those of the claims that the rows name, each by its token and key."""
    held = set(rows)
    return [claim for claim in claims if (claim.token, *key_row(claim.timer.key).values()) in held]
