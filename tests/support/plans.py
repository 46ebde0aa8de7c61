"""What PostgreSQL reads for a statement."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.sessions import Connection


@dataclass(frozen=True, slots=True)
class Plan:
    """An executed plan; see PostgreSQL's documentation of EXPLAIN for the names in `nodes`."""

    nodes: tuple[Mapping[str, Any], ...]

    @property
    def buffers(self) -> int:
        """Pages that were looked at, cached or not, planning aside. A node's count includes its children's."""
        return sum(node["Shared Hit Blocks"] + node["Shared Read Blocks"] for node in self.nodes if node["top"])

    @property
    def indexes(self) -> set[str]:
        """The indexes that were used."""
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def whole_tables(self) -> set[str]:
        """The tables that were read from end to end."""
        return {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"}

    def of_index(self, name: str) -> Mapping[str, Any]:
        """The one node that used the index; others may stand beside it that were never come to."""
        [node] = [node for node in self.nodes if node.get("Index Name") == name and node["Actual Loops"]]
        return node


def executed_plan(database: Database, statement: str, parameters: Mapping[str, object]) -> Plan:
    """Executes the statement, takes it back, and returns its plan."""

    def work(connection: Connection) -> Plan:
        with connection.transaction(force_rollback=True):
            explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
            row = connection.execute(explain, parameters).fetchone()
        assert row is not None
        [plan] = row[0] if isinstance(row[0], list) else json.loads(row[0])
        return Plan(tuple(_nodes(plan["Plan"], top=True)))

    return database.run(work, idempotent=True)


def _nodes(node: dict[str, Any], *, top: bool = False) -> Iterator[dict[str, Any]]:
    children = node.pop("Plans", [])
    # What a CTE changes is run after the statement proper, so that no parent counts it.
    yield node | {"top": top or (node.get("Parent Relationship") == "InitPlan" and node["Node Type"] == "ModifyTable")}
    for child in children:
        yield from _nodes(child)


@dataclass(frozen=True, slots=True)
class Reads:
    """What was read of the tables since a point in time."""

    blocks: int
    whole_tables: int

    def __sub__(self, earlier: "Reads") -> "Reads":
        return Reads(self.blocks - earlier.blocks, self.whole_tables - earlier.whole_tables)


def reads_so_far(database: Database) -> Reads:
    """Counts pages and sequential scans of BoostMon's tables by PostgreSQL's statistics.

    A session hands its counts over now and then; it is asked to do so first, so `database` must have one session only.
    """
    counted = """
        SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::bigint, sum(seq_scan)::bigint
        FROM pg_statio_user_tables JOIN pg_stat_user_tables USING (relid)
        WHERE pg_statio_user_tables.relname IN ('timers', 'ledger', 'notices')
    """

    def work(connection: Connection) -> Reads:
        connection.execute("SELECT pg_stat_force_next_flush()")
        row = connection.execute(counted).fetchone()
        assert row is not None
        return Reads(*row)

    return database.run(work, idempotent=True)
