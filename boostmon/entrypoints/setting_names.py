"""Finds misspelt names of settings: a single typo would silently disable a setting."""

import difflib
from collections.abc import Iterable

PREFIX = "BOOSTMON_"
_ALIKE = 0.85
"""From here on one name is taken for a slip in another: `DISCORD_TOKN`, `DATABSE_URL`, but not `DATABASE_PORT`."""
_LONGEST = 40
_OF_OTHERS = frozenset(
    f"DATABASE_{what}" for what in ("DIR", "FILE", "HOST", "NAME", "PASSWORD", "PATH", "PORT", "TEST_URL", "USER")
)
"""Names that other programs know well, and that are like ours."""


def unknown_settings(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """A line for each name that begins as ours do and is none of `known`."""
    # Without what they all begin with: that alone would make any two of them alike.
    endings = sorted(name.removeprefix(PREFIX) for name in known if name.startswith(PREFIX))
    lines = []
    for name in sorted(set(names)):
        ending = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and ending not in endings:
            close = difflib.get_close_matches(ending[:_LONGEST], endings, n=1)
            hint = f"; did you mean {PREFIX}{close[0]}?" if close else ""
            lines.append(f"{_on_one_line(name)} is not a setting of BoostMon{hint}")
    return lines


def near_misses(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """A line for each name that may be a slip in one of `known` which is not set itself.

    The environment belongs to other programs, too: such a name may well be right, so that it stops nothing.
    """
    there = {name.upper() for name in names}
    missing = sorted(set(known) - there)
    return [
        f"{_on_one_line(name)} is set and {close} is not; did you mean {close}?"
        for name in sorted(there - set(known) - _OF_OTHERS)
        if len(name) <= _LONGEST and not name.startswith(PREFIX)
        for close in difflib.get_close_matches(name, missing, n=1, cutoff=_ALIKE)
    ]


def _on_one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
