"""What a guild decided about its timers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique

from boostmon.domain.durations import Amount, Calendar, Months
from boostmon.domain.ids import ChannelId, RoleId
from boostmon.domain.languages import Language
from boostmon.domain.rules import RoleRule
from boostmon.domain.zones import zone_named

DEFAULT_THRESHOLDS = (timedelta(minutes=60), timedelta(minutes=10), timedelta(minutes=1))


@unique
class Stacking(StrEnum):
    """What a second `/settime` does to the timer there is. The values are stored."""

    REPLACE = "replace"
    """The new time counts from now, whatever was left."""
    EXTEND = "extend"
    """The new time is added to what is left."""
    KEEP_LONGER = "keep_longer"
    """Of the two ends, the later one counts."""
    REFUSE = "refuse"
    """The timer stays as it is, and whoever asked is told."""


@unique
class Rejoin(StrEnum):
    """What becomes of the timers of a member who leaves. The values are stored."""

    COUNT_ON = "count_on"
    """They go on, and give the role back to a member who returns."""
    PAUSE = "pause"
    """They wait until the member returns."""
    END = "end"
    """They end."""


@unique
class TakenByHand(StrEnum):
    """What follows when somebody takes a timed role by hand. The values are stored."""

    END = "end"
    """The timer ends."""
    GIVE_BACK = "give_back"
    """The member gets the role back."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds (how long before the end a warning is due), where notices go, and in which language.

    `warning_channel` takes the notices of timers without a channel of their own, `log_channel` what the people who
    run the guild should know; `dms` says whether members may be written to directly. `thresholds` may be empty.
    `language` is that of what everybody reads; None: that of the guild's locale in Discord.

    `longest` is how long a timer may run, None: as long as any; `default_duration` what `/settime` takes where no
    duration is given. Holders of one of the roles `managers` may use the commands without the permission that they
    need otherwise. Only roles in `timeable` may be timed, None: any. `time_zone` is an IANA name, None: the
    operator's. `self_pause_days` is for how many days of a year members may pause each of their timers, 0: never.
    `rules` are what it decided for single roles.
    """

    thresholds: tuple[timedelta, ...] = DEFAULT_THRESHOLDS
    warning_channel: ChannelId | None = None
    log_channel: ChannelId | None = None
    dms: bool = True
    language: Language | None = None
    stacking: Stacking = Stacking.REPLACE
    rejoin: Rejoin = Rejoin.COUNT_ON
    taken_by_hand: TakenByHand = TakenByHand.END
    longest: timedelta | None = None
    default_duration: Amount | None = None
    managers: frozenset[RoleId] = frozenset()
    timeable: frozenset[RoleId] | None = None
    time_zone: str | None = None
    months: Months = Months.CALENDAR
    self_pause_days: int = 0
    rules: Mapping[RoleId, RoleRule] = field(default_factory=dict, hash=False)

    def for_role(self, role: RoleId) -> "Policy":
        """The policy as it is for the timers of a role: what its rule says, and otherwise what the guild decided."""
        rule = self.rules.get(role)
        if rule is None:
            return self
        return replace(
            self,
            thresholds=self.thresholds if rule.thresholds is None else rule.thresholds,
            longest=self.longest if rule.longest is None else rule.longest,
            default_duration=self.default_duration if rule.duration is None else rule.duration,
        )

    def ends_on(self, role: RoleId) -> datetime | None:
        """The date by which all timers of the role end; None: there is none."""
        rule = self.rules.get(role)
        return None if rule is None else rule.ends_on

    def grace(self, role: RoleId) -> timedelta | None:
        """For how long members keep the role once time is up; None: not at all."""
        rule = self.rules.get(role)
        return None if rule is None else rule.grace

    @property
    def calendar(self) -> Calendar:
        """By which months and typed moments are counted; in UTC where no zone is set, so see `in_zone`."""
        zone = None if self.time_zone is None else zone_named(self.time_zone)
        return Calendar(zone or UTC, self.months)

    def in_zone(self, name: str) -> "Policy":
        """The same policy, with that zone where the guild has none of its own, or one that is not known here."""
        if self.time_zone is not None and zone_named(self.time_zone) is not None:
            return self
        return replace(self, time_zone=name)


DEFAULT_POLICY = Policy()
"""The policy of a guild that never changed anything."""
