"""What a guild decides for a role, as JSON and back: a line here for each field of `RoleRule`, which has its name."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from boostmon.adapters.postgres.amounts import amount_from, amount_text
from boostmon.adapters.postgres.storable import storable
from boostmon.domain.ids import RoleId
from boostmon.domain.rules import RoleRule


def _same(value: Any) -> Any:
    return value


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _lengths(seconds: list[float]) -> tuple[timedelta, ...]:
    return tuple(map(_length, seconds))


def _seconds_of_all(lengths: tuple[timedelta, ...]) -> list[float]:
    return [length.total_seconds() for length in lengths]


def _roles(ids: list[int]) -> frozenset[RoleId]:
    return frozenset(map(RoleId, ids))


@dataclass(frozen=True, slots=True)
class _Field:
    """How a value is read and kept; a null is None."""

    read: Callable[[Any], Any] = _same
    keep: Callable[[Any], Any] = _same


_FIELDS = {
    "starts": _Field(),
    "duration": _Field(amount_from, amount_text),
    "longest": _Field(_length, timedelta.total_seconds),
    "thresholds": _Field(_lengths, _seconds_of_all),
    "warning": _Field(keep=storable),
    "ending": _Field(keep=storable),
    "link": _Field(keep=storable),
    "once": _Field(),
    "managers": _Field(_roles, sorted),
    "grace": _Field(_length, timedelta.total_seconds),
    "ends_on": _Field(datetime.fromisoformat, datetime.isoformat),
    "follows": _Field(RoleId, int),
}

RULE_FIELDS = tuple(_FIELDS)


def rules_of(guild: str) -> str:
    """The rules of a guild in one value, to be read along with what it decided; null where it has none.

    The guild is hidden from the planner, as it were: where it could tell guilds with few rules from those with many, it
    would plan each time anew, which takes as long as all the rest.
    """
    rules = f"SELECT jsonb_object_agg(role_id, rule) FROM boostmon.role_rules WHERE guild_id = (SELECT {guild}::bigint)"
    return f"({rules}) AS rules"


def rules_from(written: Mapping[str, Mapping[str, Any]] | None) -> Mapping[RoleId, RoleRule]:
    """The rules, of a value of `rules_of`."""
    return _Rules(written) if written else {}


class _Rules(Mapping[RoleId, RoleRule]):
    """Rules that are read once they are asked for: of up to a hundred, a command needs one."""

    def __init__(self, written: Mapping[str, Mapping[str, Any]]) -> None:
        self._written = written

    @override
    def __getitem__(self, role: RoleId) -> RoleRule:
        return rule_from(role, self._written[str(role)])

    @override
    def __iter__(self) -> Iterator[RoleId]:
        return (RoleId(int(role)) for role in self._written)

    @override
    def __len__(self) -> int:
        return len(self._written)

    @override
    def __repr__(self) -> str:
        return repr(dict(self))


def rule_from(role: RoleId, written: Mapping[str, Any]) -> RoleRule:
    """The rule of a role. What only a later version knows of it is passed over."""
    known = {name: field.read(written[name]) for name, field in _FIELDS.items() if written.get(name) is not None}
    return RoleRule(role, **known)


def rule_json(rule: RoleRule | None) -> str | None:
    """A rule as it is stored, and as the history keeps it: JSON that can be read without BoostMon."""
    return None if rule is None else json.dumps({name: _kept(rule, name) for name in _FIELDS})


def _kept(rule: RoleRule, name: str) -> Any:
    value = getattr(rule, name)
    return None if value is None else _FIELDS[name].keep(value)
