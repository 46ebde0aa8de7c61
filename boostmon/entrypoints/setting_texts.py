"""The settings in words: all of them for `--help`, and those that were changed for the log."""

import textwrap
from collections.abc import Collection, Iterator
from datetime import timedelta, tzinfo
from enum import StrEnum

from pydantic.fields import FieldInfo

from boostmon.entrypoints.setting_problems import SECRETS
from boostmon.entrypoints.settings import Settings

_WIDTH = 77
"""Characters of a line; a help screen puts two more before it."""
_INDENT = 2
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def written(value: object) -> str:
    """A value as it would be written into the environment."""
    match value:
        case timedelta():
            return _length(value)
        case StrEnum():
            return value.value
        case tzinfo():
            return str(value)
        case _:
            return str(value)


def _length(value: timedelta) -> str:
    if value % _SECOND:
        return f"{value // timedelta(milliseconds=1)}ms"
    is_minutes = value > _MINUTE and not value % _MINUTE
    return f"{value // _MINUTE}m" if is_minutes else f"{value // _SECOND}s"


def changed(settings: Settings) -> dict[str, str]:
    """The settings that differ from their defaults; of secrets, only that they are set."""
    found = {}
    for field, info in Settings.model_fields.items():
        value, name = getattr(settings, field), _name(info)
        if value != info.get_default(call_default_factory=True):
            found[name] = "set" if name in SECRETS else written(value)
    return found


def listing(only: Collection[str] = ()) -> str:
    """A table for a help screen: name, what it is about, default; all settings, or `only` those."""
    shown = [info for info in Settings.model_fields.values() if info.description and (not only or _name(info) in only)]
    width = max(len(_name(info)) for info in shown) + 2
    return "\n".join(line for info in shown for line in _lines(info, width))


def _lines(info: FieldInfo, width: int) -> Iterator[str]:
    default = info.get_default(call_default_factory=True)
    text = f"{info.description}" if default is None else f"{info.description} [{written(default)}]"
    left = " " * (_INDENT + width)
    name = f"{' ' * _INDENT}{_name(info):{width}}"
    yield from textwrap.wrap(text, _WIDTH, initial_indent=name, subsequent_indent=left, break_on_hyphens=False)


def _name(info: FieldInfo) -> str:
    return str(info.validation_alias)
