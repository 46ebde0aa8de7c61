"""Building blocks of the SQL: constant texts made of the column lists in `rows`; values are always parameters."""

from boostmon.adapters.postgres.details import DROPPED
from boostmon.adapters.postgres.rows import Columns
from boostmon.domain.details import Drop

FREE = "(leased_until IS NULL OR leased_until <= now())"
"""Nobody holds the row: leases are counted by the database's clock. `now()` is stable, so that an index scan stays
one; `clock_timestamp()` would be a filter on every row."""

ONE = "guild_id = %(guild_id)s AND user_id = %(user_id)s AND role_id = %(role_id)s"
"""The row of a key."""

_LOOKED_AT = 50
"""How many rows the first lease to run out is looked for in: whoever holds these is at work, and then looks again, or
their lease runs out. With many more, PostgreSQL would plan each look anew, which takes longer than the look."""


def next_due(table: str, due: str) -> str:
    """When a claim on the table next finds something: see `DueTimers.next_due`; `due` says of which rows.

    Only where the first row of all is held, which it seldom is, are others looked at. What is held was due, so it
    stands first.
    """
    rows = f"SELECT due_at, leased_until FROM {table} WHERE {due}"
    earliest = f"SELECT due_at FROM ({rows} AND {FREE} ORDER BY due_at LIMIT 1) AS free"
    lease_end = f"""
        SELECT %(now)s + (min(leased_until) - now())
        FROM ({rows} ORDER BY due_at LIMIT {_LOOKED_AT}) AS first WHERE NOT {FREE}
    """
    return f"""
        SELECT CASE WHEN {FREE} THEN due_at ELSE least(({earliest}), ({lease_end})) END AS due_at, head.due_at AS first
        FROM ({rows} ORDER BY due_at LIMIT 1) AS head
    """


def names(*columns: Columns, prefix: str = "") -> str:
    """`a, b, c`, each with the prefix."""
    return ", ".join(f"{prefix}{name}" for group in columns for name in group)


def prefixed(tag: str, columns: Columns) -> Columns:
    """The columns under longer names."""
    return {f"{tag}{name}": kind for name, kind in columns.items()}


def renamed(tag: str, columns: Columns) -> str:
    """`tag_a AS a, …`: `prefixed` columns under their own names again."""
    return ", ".join(f"{tag}{name} AS {name}" for name in columns)


def snapshot(row: str, *, version: str = "version") -> str:
    """A timer as the ledger keeps it, of a row with STATE_COLUMNS and the version: JSON that can be read without
    BoostMon, nothing in it that is null, lengths in seconds."""
    of_every = ("state", "attempts", "due_at", "channel_id", "created_at", "updated_at")
    return f"""jsonb_strip_nulls(
        jsonb_build_object({_pairs(row, *of_every)}, 'version', {row}.{version}) || CASE {row}.state
            WHEN 'running' THEN jsonb_build_object({_pairs(row, "ends_at", "anchor")}, 'armed', CASE
                WHEN {row}.armed = '{{}}' THEN '[]'
                ELSE (SELECT jsonb_agg(extract(epoch FROM threshold)) FROM unnest({row}.armed) AS threshold)
            END, 'grace', extract(epoch FROM {row}.grace))
            WHEN 'waiting' THEN jsonb_build_object(
                {_pairs(row, "starts_at", "ends_at", "anchor", "blocked_by", "last_error")}
            )
            WHEN 'paused' THEN
                jsonb_build_object({_pairs(row, "paused_at", "away")}, 'remaining', extract(epoch FROM {row}.remaining))
            ELSE jsonb_build_object({_pairs(row, "ended_at", "anchor", "blocked_by", "last_error", "by_itself")})
        END
    )"""


def _pairs(row: str, *columns: str) -> str:
    return ", ".join(f"'{name}', {row}.{name}" for name in columns)


def untold(why: Drop) -> str:
    """The detail of a notice that was dropped, of a row of it: what `details` makes of `NoticeDropped`."""
    return f"""jsonb_strip_nulls(jsonb_build_object(
        'kind', '{DROPPED}', 'notice', kind, 'threshold', extract(epoch FROM threshold), 'why', '{why}',
        'perhaps_sent', message_id IS NOT NULL
    ))"""


def values(*columns: Columns) -> str:
    """`%(a)s::type, …`: one parameter a column, typed, so that a null is one of the right type."""
    return ", ".join(f"%({name})s::{kind}" for group in columns for name, kind in group.items())


def assignments(columns: Columns, source: str = "") -> str:
    """`a = source.a, …`, or with parameters where no source is named."""
    if source:
        return ", ".join(f"{name} = {source}.{name}" for name in columns)
    return ", ".join(f"{name} = %({name})s::{kind}" for name, kind in columns.items())


def unnested(alias: str, *columns: Columns, tag: str = "", place: str = "") -> str:
    """`unnest(%(a)s::type[], …) AS alias(a, …)`; parameters are prefixed with the tag.

    With a `place`, that further column counts the rows from 1 on.

    An array column travels as text literals and is cast where it is used, because `unnest` flattens arrays of arrays.
    """
    pairs = [(name, "text" if kind.endswith("[]") else kind) for group in columns for name, kind in group.items()]
    parameters = ", ".join(f"%({tag}{name})s::{kind}[]" for name, kind in pairs)
    columns_there = ", ".join([*(name for name, _ in pairs), *([place] if place else [])])
    return f"unnest({parameters}) {'WITH ORDINALITY ' if place else ''}AS {alias}({columns_there})"
