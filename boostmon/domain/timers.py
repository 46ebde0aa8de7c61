"""The timer: its states, and what a change of it can be refused for. Instants are aware UTC datetimes."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, RoleId, TimerKey

ZERO = timedelta(0)


class Obstacle(StrEnum):
    """Why Discord refuses a role change until a person fixes something."""

    MISSING_PERMISSIONS = "missing_permissions"
    """Manage Roles is missing, or the role stands above the bot's own (error 50013)."""
    GUILD_GONE = "guild_gone"
    """The bot is not in the guild, or cannot see it (errors 10004, 50001)."""
    ROLE_NOT_ASSIGNABLE = "role_not_assignable"
    """Managed by an integration, the booster role, or @everyone (error 50028)."""
    REFUSED = "refused"
    """Discord refused for a reason that BoostMon does not know."""


@dataclass(frozen=True, slots=True)
class Running:
    """Counting down to `ends_at`; `armed` are the thresholds still to warn at, longest first.

    `anchor` is the day of the month on which it would end if that month had so many: the next month goes by it. None:
    the day on which it ends. It belongs to this end, and whatever changes that otherwise forgets it. For as long as
    `grace`, the member keeps the role once time is up; None: not at all.
    """

    ends_at: datetime
    armed: tuple[timedelta, ...]
    anchor: int | None = None
    grace: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """Frozen with `remaining` to go, since `since`; it goes on by itself at `until` (None: not by itself).

    `away`: it waits for a member who left, and goes on when they return.
    """

    remaining: timedelta
    since: datetime
    until: datetime | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class Grace:
    """Time was up at `since`, and the member keeps the role until then, so that they can renew it; see `Running`."""

    since: datetime
    until: datetime
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Time was up at `since`; the removal is not confirmed yet and is next tried at `next_attempt_at`.

    `by_itself`: it had run out, and nobody ended it before.
    """

    since: datetime
    next_attempt_at: datetime
    attempts: int = 0
    blocked_by: Obstacle | None = None
    last_error: str | None = None
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not begun: its role is to be given at `starts_at`, and is next asked for at `next_attempt_at`.

    Given on time, it ends at `ends_at`, whose month has that `anchor`; given late, it runs for as long all the same.
    None: the role is given for good, and then there is no timer any more.
    """

    starts_at: datetime
    ends_at: datetime | None
    next_attempt_at: datetime
    anchor: int | None = None
    attempts: int = 0
    blocked_by: Obstacle | None = None
    last_error: str | None = None

    @property
    def length(self) -> timedelta:
        """For how long it is to run; zero where the role is given for good."""
        return ZERO if self.ends_at is None else self.ends_at - self.starts_at


type State = Running | Paused | Grace | Ending | Waiting


@dataclass(frozen=True, slots=True)
class Timer:
    """A member's countdown on one role in one guild.

    `channel` is where its notices go (None: to the member). `version` names what is stored: 0 was never
    stored, and every stored change gets a new, higher one, by which a lost race is noticed.
    Until `grant_open_until`, Discord may serve a request for the role whose answer nobody has heard yet.
    """

    key: TimerKey
    state: State
    channel: ChannelId | None
    created_at: datetime
    updated_at: datetime
    version: int = 0
    grant_open_until: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When the timer next needs a decision; None while paused with no end to the pause."""
        match self.state:
            case Running(ends_at, armed):
                return ends_at - max(armed, default=ZERO)
            case Paused(until=until) | Grace(until=until):
                return until
            case Ending(next_attempt_at=next_attempt_at) | Waiting(next_attempt_at=next_attempt_at):
                return next_attempt_at
            case _ as never:
                assert_never(never)

    def remaining(self, now: datetime) -> timedelta:
        """What is left; zero once time is up, and all of it before it begins."""
        match self.state:
            case Running(ends_at):
                return max(ends_at - now, ZERO)
            case Paused(remaining):
                return remaining
            case Grace() | Ending():
                return ZERO
            case Waiting() as state:
                return state.length
            case _ as never:
                assert_never(never)

    @property
    def ends_at(self) -> datetime | None:
        """When time is up, as things stand; None where that depends on what people do, and once it is."""
        match self.state:
            case Running(ends_at):
                return ends_at
            case Paused(remaining, until=until):
                return None if until is None else until + remaining
            case Grace() | Ending():
                return None
            case Waiting(ends_at=ends_at, attempts=attempts):
                return None if attempts else ends_at
            case _ as never:
                assert_never(never)

    @property
    def blocked_by(self) -> Obstacle | None:
        """What is in the way of giving its role, or of taking it."""
        return self.state.blocked_by if isinstance(self.state, Ending | Waiting) else None

    def in_state(self, state: State, *, at: datetime | None = None) -> "Timer":
        """The same timer in another state, as of `at`; None: nobody changed it, time went by."""
        # Spelled out, since every decision comes by here, and dataclasses.replace takes twice as long.
        updated_at = self.updated_at if at is None else at
        return Timer(self.key, state, self.channel, self.created_at, updated_at, self.version, self.grant_open_until)

    def stored_as(self, version: int) -> "Timer":
        """The same timer under the version that a repository gave it."""
        return replace(self, version=version)

    def is_over(self, now: datetime) -> bool:
        """Whether time is up, be the removal confirmed or not, and be there a grace or not."""
        return not isinstance(self.state, Waiting) and self.remaining(now) == ZERO

    def goes_on(self, now: datetime) -> bool:
        """Whether time is left, or grace is."""
        match self.state:
            case Grace(until=until):
                return until > now
            case Running(ends_at, grace=grace) if grace is not None:
                return ends_at + grace > now
            case _:
                return not self.is_over(now)

    def wants_role(self, now: datetime) -> bool:
        """Whether its member ought to have the role: it has begun, and neither time nor grace is up."""
        return not isinstance(self.state, Waiting) and self.goes_on(now)

    @property
    def is_untouched(self) -> bool:
        """Whether it has not begun, and Discord cannot have served any request for its role."""
        return isinstance(self.state, Waiting) and self.grant_open_until is None

    def with_grant_until(self, until: datetime) -> "Timer":
        """The same timer with a request for its role; by `until` Discord has served that, or never will."""
        return replace(self, grant_open_until=max(until, self.grant_open_until or until))

    def is_grant_open(self, now: datetime) -> bool:
        """Whether Discord may yet give the role, whatever the timer does meanwhile."""
        return self.grant_open_until is not None and self.grant_open_until > now

    def misses_role(self, held: Container[RoleId], now: datetime) -> bool:
        """Whether its member, who holds these roles, ought to have its role and does not.

        One that is just being given is not missed yet.
        """
        return self.wants_role(now) and not self.is_grant_open(now) and self.key.role not in held


def lapsed(timer: Timer, *, now: datetime) -> Timer:
    """The timer as it is `now`, where its time is up and its grace is not, whoever looks late."""
    state = timer.state
    if not isinstance(state, Running) or state.grace is None or not state.ends_at <= now < state.ends_at + state.grace:
        return timer
    return timer.in_state(Grace(state.ends_at, state.ends_at + state.grace, state.anchor))


class TimerError(BoostMonError):
    """A transition that the timer's state does not allow."""

    def __init__(self, timer: Timer) -> None:
        super().__init__(f"{type(self).__name__}: {timer.key}")
        self.timer = timer


class AlreadyPaused(TimerError):
    """A paused timer cannot be paused again for as long as it is."""


class NotPaused(TimerError):
    """Only a paused timer can be resumed."""


class NotBegun(TimerError):
    """The timer begins later; until then it can neither be paused nor go on."""


class LastsForGood(TimerError):
    """The role is about to be given for good, so it has no time that could be changed."""


class BegunAlready(TimerError):
    """The timer runs, is paused or is just ending, so it cannot begin later."""


class NothingWouldRemain(TimerError):
    """Nothing would be left of a timer that has not begun."""


class TimeIsUp(TimerError):
    """The timer has ended; only its removal is outstanding."""


class StillOver(TimerError):
    """Counted from when its time was up, the time that it was to get is over at `end` already."""

    def __init__(self, timer: Timer, end: datetime) -> None:
        super().__init__(timer)
        self.end = end


class TimerThere(TimerError):
    """The guild takes no second timer on the role while this one lasts."""


class CannotEndThen(TimerError):
    """The timer cannot be made to end at `moment` by this change."""

    def __init__(self, timer: Timer, moment: datetime) -> None:
        super().__init__(timer)
        self.moment = moment


class EndsLater(CannotEndThen):
    """It ends then or later, so ending then is not more time."""


class EndsSooner(CannotEndThen):
    """It ends then or sooner, so ending then is not less time."""


class PausedHasNoEnd(CannotEndThen):
    """It is paused, and so does not run towards an end that could be moved."""


class TooMuchTime(BoostMonError):
    """The change would leave more time than is allowed."""

    def __init__(self, wanted: timedelta, limit: timedelta) -> None:
        super().__init__(f"{wanted} is more than {limit}")
        self.wanted = wanted
        self.limit = limit
