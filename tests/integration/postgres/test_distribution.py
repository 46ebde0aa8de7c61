"""The tables can be spread over partitions or machines by guild: keys start with it, and statements name it.

What names no guild goes by the index of due times, which each part has for itself.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres import outbox, policies, replanning, timers
from boostmon.adapters.postgres.settling import settling
from boostmon.app.ports import Claim, Settlement
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from tests.support.postgres import cloned_database
from tests.support.timers import DAY, KEY, NOW, running

DUE = {"timers_due", "notices_due"}
BOOKKEEPING = {"schema_migrations"}
"""What the migration runner keeps: one row for each migration."""
PARAMETER = re.compile(r"%\((\w+)\)s")
TYPES = {"now": "timestamptz", "obstacle_settles": "interval", "lease": "interval"}
"""Of parameters of which PostgreSQL cannot tell; psycopg says it by itself."""
STATEMENT = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b")

CLAIM = Claim(running(DAY), UUID(int=7))
ENTRY = LedgerEntry(KEY, NOW, Action.ENDED)
NOTICE = EndedNotice(KEY, None, ended_at=NOW)
SETTLING = {
    "endings": [Settlement(CLAIM, None, ENTRY, NOTICE)],
    "silent endings": [Settlement(CLAIM, None)],
    "all kinds": [Settlement(CLAIM, None, ENTRY), Settlement(CLAIM, CLAIM.timer, notice=NOTICE)],
}
STATEMENTS = {f"settling {what}": settling(settlements)[0] for what, settlements in SETTLING.items()} | {
    f"{module.__name__.rpartition('.')[2]}.{name}": text
    for module in (timers, outbox, policies, replanning)
    for name, text in vars(module).items()
    if isinstance(text, str) and name.upper() == name and STATEMENT.match(text)
}


FILLING = (
    """
    INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)
    SELECT number % 100, number, 1, 'running', now(), now(), now(), now() FROM generate_series(1, 5000) AS number
    """,
    """
    INSERT INTO boostmon.notices (guild_id, user_id, role_id, kind, at, due_at)
    SELECT number % 100, number, 1, 'ended', now(), now() FROM generate_series(1, 5000) AS number
    """,
    """
    INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action)
    SELECT guild_id, user_id, 1, now(), 'set' FROM boostmon.timers
    """,
    """
    INSERT INTO boostmon.guild_settings (guild_id, thresholds, dms)
    SELECT number, '{}', true FROM generate_series(0, 999) AS number
    """,
    "ANALYZE",
)


@pytest.fixture(scope="module")
def connection(migrated_template: NoopExecutor) -> Iterator[psycopg.Connection[TupleRow]]:
    with (
        cloned_database(migrated_template, "distribution") as url,
        psycopg.connect(url, autocommit=True) as connected,
    ):
        for statement in FILLING:
            connected.execute(statement)
        # What would be wrong with many more rows.
        for switched_off in ("seqscan", "hashjoin", "mergejoin", "bitmapscan"):
            connected.execute(f"SET enable_{switched_off} TO off".encode())
        connected.execute("SET plan_cache_mode TO force_generic_plan")
        yield connected


def test_every_key_starts_with_the_guild(connection: psycopg.Connection[TupleRow]) -> None:
    keys = connection.execute("""
        SELECT pg_class.relname, pg_get_indexdef(indexrelid), attname
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
            JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indisunique AND relnamespace = 'boostmon'::regnamespace
    """).fetchall()

    found = {table for table, _, _ in keys} - BOOKKEEPING
    assert found >= {"timers", "ledger", "notices", "guild_settings", "settings_ledger", "told_obstacles", "role_rules"}
    assert [definition for table, definition, first in keys if table in found and first != "guild_id"] == []


def test_there_are_statements_to_look_at() -> None:
    assert {"timers.CLAIM", "timers.BASIS", "outbox.CLAIM", "outbox.SETTLE", "policies.OF"} <= STATEMENTS.keys()


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_reads_by_guild_or_by_due_time(connection: psycopg.Connection[TupleRow], name: str) -> None:
    assert unbound(connection, STATEMENTS[name]) == []


@pytest.mark.parametrize(
    ("statement", "scan"),
    [
        ("SELECT version FROM boostmon.timers WHERE user_id = %(user_id)s", "timers"),
        (
            "DELETE FROM boostmon.notices USING boostmon.timers t WHERE notices.user_id = t.user_id AND t.guild_id = 1",
            "notices",
        ),
    ],
)
def test_a_statement_that_reads_by_neither_is_found(
    connection: psycopg.Connection[TupleRow], statement: str, scan: str
) -> None:
    assert [table for table, _, _ in unbound(connection, statement)] == [scan]


def unbound(connection: psycopg.Connection[TupleRow], statement: str) -> list[tuple[str, str, str | None]]:
    """The scans of a table by anything else."""
    scans = [node for node in plan(connection, statement) if "Scan" in node["Node Type"]]
    return [
        (node["Relation Name"], node["Node Type"], node.get("Index Cond"))
        for node in scans
        if node.get("Relation Name") and not is_bound(node)
    ]


def is_bound(scan: Mapping[str, Any]) -> bool:
    return scan.get("Index Name") in DUE or "guild_id" in scan.get("Index Cond", "")


def plan(connection: psycopg.Connection[TupleRow], statement: str) -> Iterator[Mapping[str, Any]]:
    """The nodes of a plan that holds for whatever parameters."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(PARAMETER.findall(statement)), start=1)}

    def number(match: re.Match[str]) -> str:
        name = match[1]
        return f"${numbers[name]}::{TYPES[name]}" if name in TYPES else f"${numbers[name]}"

    numbered = PARAMETER.sub(number, statement).replace("%%", "%")
    connection.execute(f"PREPARE looked_at AS {numbered}".encode())
    nulls = f"({', '.join(['NULL'] * len(numbers))})" if numbers else ""
    row = connection.execute(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{nulls}".encode()).fetchone()
    connection.execute("DEALLOCATE looked_at")
    assert row is not None
    return nodes(row[0][0]["Plan"])


def nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)
