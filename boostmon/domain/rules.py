"""What a guild decided for the timers of one role."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.domain.durations import Amount
from boostmon.domain.ids import RoleId
from boostmon.domain.own_words import OwnWords

MOST_RULES = 100
"""In a guild: they are read with its policy, each time anew."""


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What goes for the timers of `role` instead of what the guild decided; None: that.

    `starts`: a timer starts by itself whenever the role is given, by anyone or anything. `once`: each member gets one
    timer, and never a second, as for a trial. Holders of one of the roles `managers` may time this role, as those that
    the policy names may time all. `duration` is for timers of which nobody says how long, `longest` what
    none may exceed. `thresholds` may be empty: no warnings for this role. `warning` and `ending` are said in the
    server's own words, above a button that leads to the page `link`. By `ends_on`, a date, all timers of the role end.
    For as long as `grace`, members keep it once their time is up.
    Whose time is up is given the role that `follows`.
    """

    role: RoleId
    starts: bool = False
    duration: Amount | None = None
    longest: timedelta | None = None
    thresholds: tuple[timedelta, ...] | None = None
    warning: str | None = None
    ending: str | None = None
    link: str | None = None
    once: bool = False
    managers: frozenset[RoleId] = frozenset()
    ends_on: datetime | None = None
    grace: timedelta | None = None
    follows: RoleId | None = None

    @property
    def own_words(self) -> OwnWords | None:
        """What is said of its timers in the server's own words, if anything is."""
        own = OwnWords(self.warning, self.ending, self.link)
        return None if own == OwnWords() else own

    @property
    def is_empty(self) -> bool:
        """Whether it decides nothing, so that all is as without it."""
        return self == RoleRule(self.role)


def starts(rule: RoleRule | None) -> bool:
    """Whether timers start by it; not where there is none."""
    return rule is not None and rule.starts
