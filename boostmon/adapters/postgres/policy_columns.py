"""What a guild decides, as a row and back: a line here for each field of `Policy`, whose column has its name."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from boostmon.adapters.postgres.rows import Columns, Row, interval_array
from boostmon.domain.ids import ChannelId
from boostmon.domain.languages import Language
from boostmon.domain.policy import Policy


def _same(value: Any) -> Any:
    return value


def _seconds(lengths: tuple[timedelta, ...]) -> list[float]:
    return [length.total_seconds() for length in lengths]


def _channel(number: int | None) -> ChannelId | None:
    return None if number is None else ChannelId(number)


def _language(name: str | None) -> Language | None:
    """None also for a language that a later version speaks."""
    return Language(name) if name in set(Language) else None


@dataclass(frozen=True, slots=True)
class _Column:
    """Its SQL type; how a value is read, is written, and is kept in the history, which is JSON."""

    kind: str
    read: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same
    keep: Callable[[Any], Any] = _same


_COLUMNS = {
    "thresholds": _Column("interval[]", read=tuple, write=interval_array, keep=_seconds),
    "warning_channel": _Column("bigint", read=_channel),
    "log_channel": _Column("bigint", read=_channel),
    "dms": _Column("boolean"),
    "language": _Column("text", read=_language),
}

POLICY_COLUMNS: Columns = {name: column.kind for name, column in _COLUMNS.items()}


def policy_from(row: Row) -> Policy:
    """What a guild decided, of a row with POLICY_COLUMNS."""
    return Policy(**{name: column.read(row[name]) for name, column in _COLUMNS.items()})


def policy_row(policy: Policy) -> dict[str, Any]:
    """The values of POLICY_COLUMNS."""
    return {name: column.write(getattr(policy, name)) for name, column in _COLUMNS.items()}


def policy_json(policy: Policy) -> str:
    """A policy as the history keeps it: JSON that can be read without BoostMon."""
    return json.dumps({name: column.keep(getattr(policy, name)) for name, column in _COLUMNS.items()})
