"""Time zones by their names in the IANA database, as this machine has it."""

from collections.abc import Sequence
from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

UTC_NAME = "UTC"
"""The name of the zone that is the same everywhere."""


def zone_named(name: str) -> tzinfo | None:
    """The zone of exactly that name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder: it is no zone either way
        return None


@cache
def zone_names() -> Sequence[str]:
    """Every name there is, in alphabetical order, those of regions before those that only programs use."""
    return sorted(available_timezones(), key=lambda name: ("/" not in name or name.startswith("Etc/"), name))


def canonical_name(written: str) -> str | None:
    """The name of the zone that is meant: in any case, with spaces for underscores, or its last part alone.

    None where there is none, or more than one.
    """
    wanted = _plain(written)
    whole = [name for name in zone_names() if _plain(name) == wanted]
    if not whole:
        whole = [name for name in zone_names() if _plain(name).rpartition("/")[2] == wanted]
    return whole[0] if len(whole) == 1 else None


def zones_like(typed: str) -> Sequence[str]:
    """The names that fit what is typed, those first of which a part begins so."""
    wanted = _plain(typed)
    fitting = [name for name in zone_names() if wanted in _plain(name)]
    return sorted(fitting, key=lambda name: not any(part.startswith(wanted) for part in _plain(name).split("/")))


def _plain(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()
