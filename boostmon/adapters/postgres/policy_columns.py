"""What a guild decides, as a row and back: a line here for each field of `Policy`, whose column has its name.

Its rules for single roles have a table of their own: `rule_fields`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from boostmon.adapters.postgres.amounts import amount_from, amount_text
from boostmon.adapters.postgres.rows import Columns, Row, interval_array
from boostmon.adapters.postgres.rule_fields import rules_from
from boostmon.domain.ids import ChannelId, RoleId
from boostmon.domain.languages import Language
from boostmon.domain.policy import DEFAULT_POLICY, Policy


def _same(value: Any) -> Any:
    return value


def _seconds(lengths: tuple[timedelta, ...]) -> list[float]:
    return [length.total_seconds() for length in lengths]


def _length(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _channel(number: int | None) -> ChannelId | None:
    return None if number is None else ChannelId(number)


def _language(name: str | None) -> Language | None:
    """None also for a language that a later version speaks."""
    return Language(name) if name in set(Language) else None


def _roles(numbers: Iterable[int] | None) -> frozenset[RoleId] | None:
    return None if numbers is None else frozenset(map(RoleId, numbers))


def _listed(roles: frozenset[RoleId] | None) -> list[RoleId] | None:
    return None if roles is None else sorted(roles)


@dataclass(frozen=True, slots=True)
class _Column:
    """Its SQL type; how a value is read, is written, and is kept in the history, which is JSON."""

    kind: str
    read: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same
    keep: Callable[[Any], Any] = _same


def _choice(default: StrEnum) -> _Column:
    """One of a few; what a later version may choose beside them is read as the default."""
    kinds = type(default)
    return _Column("text", read=lambda name: kinds(name) if name in set(kinds) else default)


_COLUMNS = {
    "thresholds": _Column("interval[]", read=tuple, write=interval_array, keep=_seconds),
    "warning_channel": _Column("bigint", read=_channel),
    "log_channel": _Column("bigint", read=_channel),
    "dms": _Column("boolean"),
    "language": _Column("text", read=_language),
    "stacking": _choice(DEFAULT_POLICY.stacking),
    "rejoin": _choice(DEFAULT_POLICY.rejoin),
    "taken_by_hand": _choice(DEFAULT_POLICY.taken_by_hand),
    "longest": _Column("interval", keep=_length),
    "default_duration": _Column("text", read=amount_from, write=amount_text, keep=amount_text),
    "managers": _Column("bigint[]", read=_roles, write=_listed, keep=_listed),
    "timeable": _Column("bigint[]", read=_roles, write=_listed, keep=_listed),
    "time_zone": _Column("text"),
    "months": _choice(DEFAULT_POLICY.months),
    "self_pause_days": _Column("integer"),
}

POLICY_COLUMNS: Columns = {name: column.kind for name, column in _COLUMNS.items()}


def policy_from(row: Row) -> Policy:
    """What a guild decided, of a row with POLICY_COLUMNS; and for which roles, where they were read along."""
    rules = rules_from(row.get("rules"))
    return Policy(**{name: column.read(row[name]) for name, column in _COLUMNS.items()}, rules=rules)


def policy_row(policy: Policy) -> dict[str, Any]:
    """The values of POLICY_COLUMNS."""
    return {name: column.write(getattr(policy, name)) for name, column in _COLUMNS.items()}


def policy_json(policy: Policy) -> str:
    """A policy as the history keeps it: JSON that can be read without BoostMon."""
    return json.dumps({name: column.keep(getattr(policy, name)) for name, column in _COLUMNS.items()})
