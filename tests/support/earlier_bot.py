"""The tables that the earlier BoostMon, the one in Node.js, left: every form of its timers, with rows of every kind."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

_FIRST = """
    CREATE TABLE role_timers (
        id serial PRIMARY KEY, user_id varchar(255) NOT NULL, role_id varchar(255) NOT NULL, expires_at bigint NOT NULL,
        warn_channel_id varchar(255), paused boolean DEFAULT false, paused_at bigint, {remaining},
        warnings_sent jsonb DEFAULT '{{}}', created_at timestamp DEFAULT CURRENT_TIMESTAMP,
        updated_at timestamp DEFAULT CURRENT_TIMESTAMP, UNIQUE (user_id, role_id)
    );
    CREATE INDEX idx_role_timers_expires_at ON role_timers (expires_at);
    CREATE INDEX idx_role_timers_paused_expires ON role_timers (paused, expires_at);
"""
_S0 = (_FIRST.format(remaining="paused_remaining_ms bigint"),)
_S1 = (_FIRST.format(remaining="paused_remaining_ms bigint DEFAULT 0"),)
_S2 = (*_S1, "ALTER TABLE role_timers ADD COLUMN guild_id varchar(255)")
_S3 = (
    *_S2,
    "ALTER TABLE role_timers ADD COLUMN pause_type varchar(50), ADD COLUMN pause_expires_at bigint",
)
_S4 = (*_S3, "ALTER TABLE role_timers ADD COLUMN issued_by varchar(255)")

FORMS: Mapping[str, Sequence[str]] = {"S0": _S0, "S1": _S1, "S2": _S2, "S3": _S3, "S4": _S4}
"""How `role_timers` came to be, from the oldest on."""

_ID = "id serial PRIMARY KEY, guild_id varchar(255) NOT NULL"
_STAMPS = "created_at timestamp DEFAULT CURRENT_TIMESTAMP, updated_at timestamp DEFAULT CURRENT_TIMESTAMP"
OTHERS: Mapping[str, str] = {
    "autopurge_settings": f"{_ID}, channel_id varchar(255), type varchar(50), lines integer, {_STAMPS}",
    "boost_queue": f"{_ID}, user_id varchar(255), note text, status varchar(50), position_order integer, {_STAMPS}",
    "boost_servers": f"{_ID}, server_number integer, server_name varchar(255), boost_rate numeric(5, 2), {_STAMPS}",
    "dashboard_access": f"{_ID}, role_id varchar(255), mode varchar(50) DEFAULT 'normal', {_STAMPS}",
    "guild_members_cache": f"{_ID}, user_id varchar(255), username varchar(255), is_bot boolean, {_STAMPS}",
    "guild_settings": (
        f"guild_id varchar(255) PRIMARY KEY, streak_leaderboard_size integer DEFAULT 50, {_STAMPS}, "
        "queue_role_id varchar(255), queue_notify_interval_minutes integer DEFAULT 0, queue_notify_last_at timestamp"
    ),
    "pause_credits": f"{_ID}, user_id varchar(255), balance bigint DEFAULT 0, {_STAMPS}, UNIQUE (user_id, guild_id)",
    "rolestatus_schedules": (
        f"{_ID}, role_id varchar(255), channel_id varchar(255), interval_minutes integer, purge_lines integer, "
        f"last_message_id varchar(255), report_sort_order varchar(50), {_STAMPS}, "
        "UNIQUE (guild_id, role_id, channel_id)"
    ),
    "server_urls": f"{_ID}, role_id varchar(255), url text, created_by varchar(255), {_STAMPS}",
    "sessions": "sid varchar PRIMARY KEY, sess json NOT NULL, expire timestamp(6) NOT NULL",
    "streak_roles": f"{_ID}, day_threshold integer, role_id varchar(255), UNIQUE (guild_id, day_threshold)",
    "ticket_config": f"{_ID}, category_id varchar(255), {_STAMPS}",
    "tickets": f"{_ID}, user_id varchar(255), channel_id varchar(255), status varchar(50), {_STAMPS}",
    "timer_allowed_roles": f"{_ID}, role_id varchar(255), role_name varchar(255), UNIQUE (guild_id, role_id)",
    "user_registrations": f"{_ID}, discord_id varchar(255), in_game_username varchar(255), {_STAMPS}",
    "user_streaks": f"{_ID}, user_id varchar(255), streak_start_at timestamp, save_tokens integer, {_STAMPS}",
}
"""Its other tables and their columns, as they were at last. Its `guild_settings` has the name of one of ours."""

GUILD, ROLE, CHANNEL = "1100000000000000001", "1200000000000000001", "1300000000000000001"
_END = 1_772_000_000_000
"""A moment of February 2026, in milliseconds since 1970 as all of its moments are."""
_HOUR = 3_600_000
_TEN_MINUTES = 600_000

_RUNNING: dict[str, Any] = {"expires_at": _END, "warn_channel_id": CHANNEL, "warnings_sent": '{"60": true}'}
ROWS: Mapping[str, dict[str, Any]] = {
    "running": _RUNNING,
    "running, and nobody said whether paused": _RUNNING | {"paused": None},
    "never ends": {"expires_at": 0},
    "by direct message": {"expires_at": _END, "warn_channel_id": None},
    "paused": {"expires_at": _END, "paused": True, "paused_at": _END - _HOUR, "paused_remaining_ms": _HOUR},
    "paused with nothing remaining": {"expires_at": _END, "paused": True, "paused_at": _END - _HOUR},
    "text glued to its end": {"expires_at": int(f"{_END}{_TEN_MINUTES}")},
    "paused, with the length of the pause in place of what remained": {
        "expires_at": _END,
        "paused": True,
        "paused_at": _END - _HOUR,
        "paused_remaining_ms": 7 * 24 * _HOUR,
    },
    "a warning that counts as sent and is still ahead": _RUNNING | {"warnings_sent": '{"1": true, "10": true}'},
    "a user that is none": {"user_id": "somebody", "expires_at": _END},
    "a role that is none": {"role_id": "VIP", "expires_at": _END},
    "a channel that is none": {"expires_at": _END, "warn_channel_id": "#general"},
}
"""Rows as they occur in every form, by what is the matter with them; each is of a member of its own."""
_IN_GUILD: Mapping[str, dict[str, Any]] = {
    "in a server": _RUNNING | {"guild_id": GUILD},
    "in none": _RUNNING | {"guild_id": ""},
}
_BY_ITSELF: Mapping[str, dict[str, Any]] = {
    "a pause that ends by itself": {
        **ROWS["paused"],
        "guild_id": GUILD,
        "pause_type": "global",
        "pause_expires_at": _END + _HOUR,
    },
}


def rows(form: str) -> Mapping[str, Mapping[str, Any]]:
    """What stands in `role_timers` of a form: values by column, by what is the matter with the row."""
    found = dict(ROWS)
    if form >= "S2":
        found |= _IN_GUILD
    if form >= "S3":
        found |= _BY_ITSELF
    return {
        what: {"user_id": f"14000000000000000{number:02}", "role_id": ROLE, **row}
        for number, (what, row) in enumerate(found.items())
    }


def leave_tables(url: str, form: str = "S4") -> None:
    """Makes its tables in a database, as its own start would, and fills them."""
    with psycopg.connect(url) as connection:
        for statement in FORMS[form]:
            connection.execute(statement.encode())
        for row in rows(form).values():
            _insert(connection, "role_timers", row)
        for table, columns in OTHERS.items():
            connection.execute(f"CREATE TABLE {table} ({columns})".encode())
            if table == "sessions":
                _insert(connection, table, {"sid": "a", "sess": "{}", "expire": "2026-03-01 12:00:00"})
            else:
                _insert(connection, table, {"guild_id": GUILD})


def start_again(url: str) -> None:
    """What it does to its tables at each start, and what a command of its then writes; an error if it cannot."""
    with psycopg.connect(url) as connection:
        for table, columns in OTHERS.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})".encode())
        connection.execute("ALTER TABLE guild_settings ADD COLUMN IF NOT EXISTS queue_role_id varchar(255)")
        connection.execute("INSERT INTO guild_settings (guild_id, streak_leaderboard_size) VALUES ('7', 10)")
        connection.execute("INSERT INTO role_timers (user_id, role_id, expires_at) VALUES ('7', %s, %s)", (ROLE, _END))
        connection.execute("SELECT * FROM role_timers WHERE expires_at > 0 ORDER BY expires_at")


def contents(url: str) -> Mapping[str, object]:
    """Everything of its tables: rows with their places on the pages, columns, indexes, constraints, sequences."""
    with psycopg.connect(url) as connection:
        found: dict[str, object] = {}
        for table in ("role_timers", *OTHERS):
            name = sql.Identifier("public", table)
            found[table] = connection.execute(
                sql.SQL("SELECT ctid::text, xmin::text, t::text FROM {} AS t ORDER BY 1").format(name)
            ).fetchall()
        found["columns"] = connection.execute(_COLUMNS).fetchall()
        found["objects"] = connection.execute(_OBJECTS).fetchall()
        found["constraints"] = connection.execute(_CONSTRAINTS).fetchall()
        found["sequences"] = connection.execute(_SEQUENCES).fetchall()
    return found


def _insert(connection: psycopg.Connection[TupleRow], table: str, row: Mapping[str, Any]) -> None:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    connection.execute(statement, list(row.values()))


_COLUMNS = """
    SELECT attrelid::regclass::text, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
        pg_get_expr(adbin, adrelid)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
    WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_OBJECTS = """
    SELECT oid, relname, relkind, relowner, relacl::text, reloptions, relfilenode,
        CASE relkind WHEN 'i' THEN pg_get_indexdef(oid) END
    FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid
"""
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
