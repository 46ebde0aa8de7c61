"""What a refusal is, and the one function that words it: each kind of error registers its own text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatch

from boostmon.domain.errors import BoostMonError

MOST_LISTED = 20
"""Roles that are listed in one text; with what is said of each they stay far below a message's limits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal, ready to be shown: `title` says what is the case, `text` why and what to do.

    `why` is the class of the error, for the log.
    """

    title: str
    text: str
    why: str | None = field(default=None, compare=False)


@singledispatch
def explain(error: BoostMonError) -> Problem:
    """The refusal in words; a further class of errors registers its own text here.

    Raises:
        TypeError: nobody has worded this class of errors.
    """
    raise TypeError(f"no text for {type(error).__name__}")


def apology(reference: str) -> Problem:
    """What is said about a fault of BoostMon's own; `reference` stands in the log beside the traceback."""
    return Problem(
        "Something went wrong",
        "That is a fault of mine, not of what you typed. `/timeleft` shows how things stand. "
        f"If it happens again, tell whoever runs me this reference: `{reference}`",
    )


def listed(lines: list[str]) -> str:
    """The lines, and how many there are beyond those that fit."""
    more = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED]
    return "\n".join(shown if more <= 0 else [*shown, f"- and {more} more"])


def bold(permissions: Sequence[str]) -> str:
    """The names of permissions, listed."""
    return ", ".join(f"**{name}**" for name in permissions)
