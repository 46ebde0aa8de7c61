"""What a refusal is, and the one function that words it: each kind of error registers its own text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatch

from boostmon.domain.errors import BoostMonError
from boostmon.texts.words import Words

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
def explain(error: BoostMonError, words: Words) -> Problem:  # noqa: ARG001 - what registers needs them
    """The refusal in words; a further class of errors registers its own text here.

    Raises:
        TypeError: nobody has worded this class of errors.
    """
    raise TypeError(f"no text for {type(error).__name__}")


def apology(reference: str, words: Words) -> Problem:
    """What is said about a fault of BoostMon's own; `reference` stands in the log beside the traceback."""
    return Problem(
        words("Something went wrong"),
        words(
            "That is a fault of mine, not of what you typed. `/timeleft` shows how things stand. "
            "If it happens again, tell whoever runs me this reference: `{reference}`",
            reference=reference,
        ),
    )


def listed(lines: Sequence[str], words: Words) -> str:
    """The lines, and how many there are beyond those that fit."""
    more = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED]
    return "\n".join(shown if more <= 0 else [*shown, f"- {words('and {n} more', n=more)}"])
