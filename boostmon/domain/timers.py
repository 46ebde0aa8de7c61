"""The timer: its states, and the transitions that commands make.

Every transition is a pure function of the timer and `now`. Instants are aware UTC datetimes.
A threshold is armed by a transition exactly when more time than it remains afterwards, so that a
five-minute timer warns once, and resuming with thirty minutes left does not repeat the
sixty-minute warning.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from boostmon.domain.durations import MAX_DURATION, When, time_until
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.policy import Policy

ZERO = timedelta(0)


class Obstacle(StrEnum):
    """Why Discord refuses a role change until a human mends something."""

    MISSING_PERMISSIONS = "missing_permissions"
    """Manage Roles is missing, or the role stands above the bot's own (error 50013)."""
    GUILD_GONE = "guild_gone"
    """The bot is out of the guild, or blind in it (errors 10004, 50001)."""
    ROLE_NOT_ASSIGNABLE = "role_not_assignable"
    """Managed by an integration, the booster role, or @everyone (error 50028)."""
    REFUSED = "refused"
    """Discord refused for a reason that BoostMon does not know."""


@dataclass(frozen=True, slots=True)
class Running:
    """Counting down to `ends_at`; `armed` are the thresholds still to warn at, longest first."""

    ends_at: datetime
    armed: tuple[timedelta, ...]


@dataclass(frozen=True, slots=True)
class Paused:
    """Frozen with `remaining` to go, since `since`."""

    remaining: timedelta
    since: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """Time was up at `since`; the removal is not confirmed yet and is next tried at `next_attempt_at`."""

    since: datetime
    next_attempt_at: datetime
    attempts: int = 0
    blocked_by: Obstacle | None = None
    last_error: str | None = None


type State = Running | Paused | Ending


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
        """When the timer next needs a decision; None while paused."""
        match self.state:
            case Running(ends_at, armed):
                return ends_at - max(armed, default=ZERO)
            case Paused():
                return None
            case Ending(next_attempt_at=next_attempt_at):
                return next_attempt_at
            case _ as never:
                assert_never(never)

    def remaining(self, now: datetime) -> timedelta:
        """What is left; zero once time is up."""
        match self.state:
            case Running(ends_at):
                return max(ends_at - now, ZERO)
            case Paused(remaining):
                return remaining
            case Ending():
                return ZERO
            case _ as never:
                assert_never(never)

    def in_state(self, state: State, *, at: datetime | None = None) -> "Timer":
        """The same timer in another state, as of `at`; None: nobody changed it, time went by."""
        # Spelled out, since every decision comes by here, and dataclasses.replace takes twice as long.
        updated_at = self.updated_at if at is None else at
        return Timer(self.key, state, self.channel, self.created_at, updated_at, self.version, self.grant_open_until)

    def stored_as(self, version: int) -> "Timer":
        """The same timer under the version that a repository gave it."""
        return replace(self, version=version)

    def is_over(self, now: datetime) -> bool:
        """Whether time is up, be the removal confirmed or not."""
        return self.remaining(now) == ZERO

    def with_grant_until(self, until: datetime) -> "Timer":
        """The same timer, whose role is going to be asked for; by `until` Discord has served that, or never will."""
        return replace(self, grant_open_until=max(until, self.grant_open_until or until))

    def is_grant_open(self, now: datetime) -> bool:
        """Whether Discord may yet give the role, whatever the timer does meanwhile."""
        return self.grant_open_until is not None and self.grant_open_until > now


class TimerError(BoostMonError):
    """A transition that the timer's state does not allow."""

    def __init__(self, timer: Timer) -> None:
        super().__init__(f"{type(self).__name__}: {timer.key}")
        self.timer = timer


class AlreadyPaused(TimerError):
    """A paused timer cannot be paused again."""


class NotPaused(TimerError):
    """Only a paused timer can be resumed."""


class TimeIsUp(TimerError):
    """The timer has ended; only its removal is outstanding."""


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
    """It is paused: when it ends depends on when it goes on."""


class TooMuchTime(BoostMonError):
    """The change would leave more time than is allowed."""

    def __init__(self, wanted: timedelta, limit: timedelta) -> None:
        super().__init__(f"{wanted} is more than {limit}")
        self.wanted = wanted
        self.limit = limit


def start(
    key: TimerKey,
    duration: timedelta,
    *,
    now: datetime,
    policy: Policy,
    channel: ChannelId | None = None,
    replaces: Timer | None = None,
) -> Timer:
    """A timer that runs for `duration` from `now`; in the place of `replaces`, where there is one.

    Raises:
        TooMuchTime: when `duration` is beyond the longest allowed.
    """
    fresh = Timer(key=key, state=_running(duration, now, policy), channel=channel, created_at=now, updated_at=now)
    if replaces is None:
        return fresh
    return replace(
        fresh,
        channel=channel if channel is not None else replaces.channel,
        created_at=replaces.created_at,
        version=replaces.version,
    )


def extend(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Adds a length to what remains, or makes the timer end at a moment that is later than its end.

    A paused timer stays paused; one whose time is up is revived.

    Raises:
        TooMuchTime: when more than the longest allowed would remain.
        EndsLater: when it ends at that moment or later.
        PausedHasNoEnd: when a moment is wanted of a paused timer.
        InvalidDuration: when the moment is not ahead.
    """
    if isinstance(amount, datetime):
        return _extend_until(timer, amount, now=now, policy=policy)
    remaining = timer.remaining(now) + amount
    if isinstance(timer.state, Paused):
        _check_length(remaining)
        return timer.in_state(replace(timer.state, remaining=remaining), at=now)
    return timer.in_state(_running(remaining, now, policy), at=now)


def _extend_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Paused():
            raise PausedHasNoEnd(timer, moment)
        case Running(ends_at) if ends_at >= moment:
            raise EndsLater(timer, moment)
        case _:
            return timer.in_state(_running(time_until(moment, now), now, policy), at=now)


def reduce(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Takes a length from what remains, or makes the timer end at a moment that is sooner than its end.

    With nothing left the timer ends now.

    Raises:
        TimeIsUp: when nothing remains to be reduced.
        EndsSooner: when it ends at that moment or sooner.
        PausedHasNoEnd: when a moment is wanted of a paused timer.
        InvalidDuration: when the moment is not ahead.
    """
    if timer.is_over(now):
        raise TimeIsUp(timer)
    if isinstance(amount, datetime):
        return _reduce_until(timer, amount, now=now, policy=policy)
    remaining = timer.remaining(now) - amount
    if remaining <= ZERO:
        return end(timer, now=now)
    if isinstance(timer.state, Paused):
        return timer.in_state(replace(timer.state, remaining=remaining), at=now)
    return timer.in_state(_running(remaining, now, policy), at=now)


def _reduce_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Running(ends_at) if ends_at > moment:
            return timer.in_state(_running(time_until(moment, now), now, policy), at=now)
        case Running():
            raise EndsSooner(timer, moment)
        case _:
            raise PausedHasNoEnd(timer, moment)


def pause(timer: Timer, *, now: datetime) -> Timer:
    """Freezes what remains, to the microsecond.

    Raises:
        AlreadyPaused: when it is paused.
        TimeIsUp: when nothing remains to be frozen.
    """
    if isinstance(timer.state, Paused):
        raise AlreadyPaused(timer)
    if timer.is_over(now):
        raise TimeIsUp(timer)
    return timer.in_state(Paused(remaining=timer.remaining(now), since=now), at=now)


def resume(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """Goes on from what remained.

    Raises:
        NotPaused: when it is running or has ended.
    """
    if not isinstance(timer.state, Paused):
        raise NotPaused(timer)
    return timer.in_state(_running(timer.state.remaining, now, policy), at=now)


def end(timer: Timer, *, now: datetime, first_attempt: timedelta = ZERO) -> Timer:
    """Ends the timer now; the sweep first tries the removal `first_attempt` from now.

    A timer that is ending already keeps its history of attempts.
    """
    state = timer.state
    attempt_at = now + first_attempt
    if isinstance(state, Ending):
        return timer.in_state(replace(state, next_attempt_at=attempt_at), at=now)
    since = min(state.ends_at, now) if isinstance(state, Running) else now
    return timer.in_state(Ending(since=since, next_attempt_at=attempt_at), at=now)


def replan(timer: Timer, policy: Policy, now: datetime) -> Timer:
    """The timer under thresholds that were changed while it ran; in any other state it is left as it is.

    Armed are the wanted thresholds that are still ahead, as a transition at `now` would arm them, and those that
    were armed before: one that was crossed a moment ago, and that no sweep has seen yet, is warned of all the same.
    """
    state = timer.state
    if not isinstance(state, Running) or state.ends_at <= now:
        return timer
    left = state.ends_at - now
    armed = sorted((t for t in set(policy.thresholds) if left > t or t in state.armed), reverse=True)
    return timer.in_state(replace(state, armed=tuple(armed)), at=now)


def _running(duration: timedelta, now: datetime, policy: Policy) -> Running:
    _check_length(duration)
    armed = sorted((t for t in set(policy.thresholds) if duration > t), reverse=True)
    return Running(ends_at=now + duration, armed=tuple(armed))


def _check_length(duration: timedelta) -> None:
    if duration > MAX_DURATION:
        raise TooMuchTime(duration, MAX_DURATION)
