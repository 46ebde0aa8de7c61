"""Timers that are not as the command needs them."""

from boostmon.app.changing.changes import TooManyConflicts
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.timers import (
    AlreadyPaused,
    Ending,
    EndsLater,
    EndsSooner,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    Running,
    TimeIsUp,
    Timer,
)
from boostmon.texts import stamps
from boostmon.texts.english import approximate
from boostmon.texts.refusals.problems import Problem, explain, listed


@explain.register
def _no_timer(error: NoTimer) -> Problem:
    if error.role is None:
        return Problem("No timer", f"{stamps.user(error.user)} has no timer in this server. `/settime` starts one.")
    return Problem(
        "No timer on that role",
        f"{stamps.user(error.user)} has no timer on {stamps.role(error.role)}. "
        "`/timeleft` shows the timers there are, `/settime` starts one.",
    )


@explain.register
def _several_timers(error: SeveralTimers) -> Problem:
    if not error.timers:
        return Problem(
            "Which timer?",
            f"{stamps.user(error.user)} has more than one timer. Say which one with the option `role`.",
        )
    lines = [f"- {stamps.role(timer.key.role)}: {standing(timer)}" for timer in error.timers]
    return Problem(
        "Which timer?",
        f"{stamps.user(error.user)} has {len(error.timers)} timers:\n{listed(lines)}\n"
        "Say which one with the option `role`.",
    )


def standing(timer: Timer) -> str:
    """How a timer stands, in a few words for its asker alone."""
    match timer.state:
        case Paused(remaining=remaining):
            return f"paused, {approximate(remaining)} left"
        case Ending():
            return "time is up"
        case running:
            return f"ends {stamps.distance(running.ends_at)}"


@explain.register
def _already_paused(error: AlreadyPaused) -> Problem:
    left = approximate(error.timer.remaining(error.timer.updated_at))
    return Problem("Paused already", f"{_whose(error.timer)} is paused with {left} left. `/resumetime` lets it go on.")


@explain.register
def _not_paused(error: NotPaused) -> Problem:
    if isinstance(error.timer.state, Ending):
        return _time_is_up(TimeIsUp(error.timer))
    return Problem("Not paused", f"{_whose(error.timer)} is running; only a paused one can go on.")


@explain.register
def _time_is_up(error: TimeIsUp) -> Problem:
    return Problem(
        "Time is up",
        f"{_whose(error.timer)} has ended, and I am taking the role. `/addtime` or `/settime` gives more time.",
    )


@explain.register
def _ends_later(error: EndsLater) -> Problem:
    return Problem(
        "That is not more time",
        f"{_whose(error.timer)} ends {_end(error.timer)}, which is not before {stamps.moment(error.moment)}. "
        "`/removetime` with that moment makes it end then; `/addtime` with a length such as `2h` adds to what remains.",
    )


@explain.register
def _ends_sooner(error: EndsSooner) -> Problem:
    return Problem(
        "That is not less time",
        f"{_whose(error.timer)} ends {_end(error.timer)}, which is not after {stamps.moment(error.moment)}. "
        "`/addtime` with that moment makes it end then; `/removetime` with a length such as `2h` takes from what "
        "remains.",
    )


@explain.register
def _paused_has_no_end(error: PausedHasNoEnd) -> Problem:
    left = approximate(error.timer.remaining(error.timer.updated_at))
    return Problem(
        "Paused",
        f"{_whose(error.timer)} is paused with {left} left, so it has no end that could be moved to "
        f"{stamps.moment(error.moment)}. Let it go on with `/resumetime` first, or write a length such as `2h`.",
    )


def _end(timer: Timer) -> str:
    return stamps.moment(timer.state.ends_at) if isinstance(timer.state, Running) else "now"


def _whose(timer: Timer) -> str:
    return f"The timer of {stamps.user(timer.key.user)} on {stamps.role(timer.key.role)}"


@explain.register
def _too_many_conflicts(error: TooManyConflicts) -> Problem:
    return Problem(
        "Others are changing this timer",
        f"The timer of {stamps.user(error.user)} kept changing while I tried; nothing was changed by you. "
        "Look at it with `/timeleft`, then try again.",
    )
