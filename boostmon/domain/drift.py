"""Whether as many members have a role as ought to, by their number alone. Pure.

Of a role that changes hands unheard, only the number of its members tells.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was found the last time, and is no news: only a change of it is.

    `untimed` members had the role without a timer, `absent` timers were of members without the role. `unexplained` of
    the untimed got it unheard although its rule starts a timer.
    """

    untimed: int = 0
    absent: int = 0
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The timers of one role: `due_role` are those whose member ought to have it, `unsure` those that are ending, or
    whose role is just being given. `starts`: its rule starts a timer for whoever gets it. None: nobody has counted yet.
    """

    due_role: int = 0
    unsure: int = 0
    starts: bool = False
    baseline: Baseline | None = None


class Drift(Enum):
    """What the number of members says."""

    NONE = auto()
    FEWER = auto()
    """Somebody lost the role unheard; perhaps one who has no timer."""
    MORE = auto()
    """Somebody got it unheard, who ought to have a timer."""


def drift(tally: Tally, members: int) -> Drift:
    """What follows from how many members have the role."""
    if tally.baseline is None:
        return Drift.FEWER if members < tally.due_role else Drift.NONE
    least, most = _untimed(tally, members, tally.baseline.absent)
    if most < tally.baseline.untimed:
        return Drift.FEWER
    return Drift.MORE if least > tally.baseline.untimed and tally.starts else Drift.NONE


def counted(tally: Tally, members: int, *, absent: int | None = None) -> Baseline:
    """What is no news from now on; `absent` is given where somebody has looked at the members."""
    before = tally.baseline or Baseline()
    missing = before.absent if absent is None else absent
    least, most = _untimed(tally, members, missing)
    if tally.baseline is None:
        return Baseline(least, missing)
    untimed = min(max(before.untimed, least), most)
    news = untimed - before.untimed if tally.starts else min(untimed - before.untimed, 0)
    return replace(before, untimed=untimed, absent=missing, unexplained=max(before.unexplained + news, 0))


def _untimed(tally: Tally, members: int, absent: int) -> tuple[int, int]:
    """How many members have the role without a timer: at least, and at most."""
    most = members - tally.due_role + absent
    return most - tally.unsure, most
