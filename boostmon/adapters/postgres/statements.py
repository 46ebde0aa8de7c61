"""Building blocks of the SQL: constant texts made of the column lists in `rows`; values are always parameters."""

from boostmon.adapters.postgres.rows import Columns

FREE = "(leased_until IS NULL OR leased_until <= now())"
"""Nobody holds the row: leases are counted by the database's clock. `now()` is stable, so that an index scan stays
one; `clock_timestamp()` would be a filter on every row."""


def names(*columns: Columns, prefix: str = "") -> str:
    """`a, b, c`, each with the prefix."""
    return ", ".join(f"{prefix}{name}" for group in columns for name in group)


def values(*columns: Columns) -> str:
    """`%(a)s::type, …`: one parameter a column, typed, so that a null is one of the right type."""
    return ", ".join(f"%({name})s::{kind}" for group in columns for name, kind in group.items())


def assignments(columns: Columns, source: str = "") -> str:
    """`a = source.a, …`, or with parameters where no source is named."""
    if source:
        return ", ".join(f"{name} = {source}.{name}" for name in columns)
    return ", ".join(f"{name} = %({name})s::{kind}" for name, kind in columns.items())


def unnested(alias: str, *columns: Columns, tag: str = "") -> str:
    """`unnest(%(a)s::type[], …) AS alias(a, …)`; parameters are prefixed with the tag.

    An array column travels as text literals and is cast where it is used, because `unnest` flattens arrays of arrays.
    """
    pairs = [(name, "text" if kind.endswith("[]") else kind) for group in columns for name, kind in group.items()]
    parameters = ", ".join(f"%({tag}{name})s::{kind}[]" for name, kind in pairs)
    return f"unnest({parameters}) AS {alias}({', '.join(name for name, _ in pairs)})"
