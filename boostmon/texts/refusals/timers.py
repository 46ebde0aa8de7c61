"""Timers that are not as the command needs them."""

from boostmon.app.changing.changes import TooManyConflicts
from boostmon.app.commands.move_time import MovedToItself
from boostmon.domain.ids import TimerKey
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.timers import (
    AlreadyPaused,
    BegunAlready,
    Ending,
    EndsLater,
    EndsSooner,
    Grace,
    LastsForGood,
    NotBegun,
    NothingWouldRemain,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    StillOver,
    TimeIsUp,
    Timer,
    TimerThere,
    Waiting,
)
from boostmon.texts import stamps
from boostmon.texts.refusals.problems import Problem, explain, listed
from boostmon.texts.words import Words


@explain.register
def _no_timer(error: NoTimer, words: Words) -> Problem:
    user = stamps.user(error.user)
    if error.role is None:
        text = words("{user} has no timer in this server. `/settime` starts one.", user=user)
        return Problem(words("No timer"), text)
    return Problem(
        words("No timer on that role"),
        words(
            "{user} has no timer on {role}. `/timeleft` shows the timers there are, `/settime` starts one.",
            user=user,
            role=stamps.role(error.role),
        ),
    )


@explain.register
def _several_timers(error: SeveralTimers, words: Words) -> Problem:
    user = stamps.user(error.user)
    if not error.timers:
        text = words("{user} has more than one timer. Say which one with the option `role`.", user=user)
        return Problem(words("Which timer?"), text)
    number = words.plural("{user} has {n} timer:", "{user} has {n} timers:", len(error.timers), user=user)
    lines = [f"- {_line(timer, words)}" for timer in error.timers]
    remedy = words("Say which one with the option `role`.")
    return Problem(words("Which timer?"), f"{number}\n{listed(lines, words)}\n{remedy}")


def _line(timer: Timer, words: Words) -> str:
    return words("{role}: {standing}", role=stamps.role(timer.key.role), standing=standing(timer, words))


def standing(timer: Timer, words: Words) -> str:
    """How a timer stands, in a few words for its asker alone."""
    match timer.state:
        case Paused(remaining=remaining):
            return words("paused, {duration} left", duration=words.duration(remaining))
        case Grace(until=until):
            return words("time is up, kept until {moment}", moment=stamps.moment(until))
        case Ending():
            return words("time is up")
        case Waiting(starts_at=starts_at):
            return words("begins {distance}", distance=stamps.distance(starts_at))
        case running:
            return words("ends {distance}", distance=stamps.distance(running.ends_at))


@explain.register
def _timer_there(error: TimerThere, words: Words) -> Problem:
    return Problem(
        words("There is a timer already"),
        words(
            "{user} has a timer on {role} already ({standing}). In this server, `/settime` does not change it. "
            "`/addtime` gives more time, `/removetime` and `/cleartime` take it.",
            **whose(error.timer.key),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _already_paused(error: AlreadyPaused, words: Words) -> Problem:
    state, left, who = error.timer.state, _left(error.timer, words), whose(error.timer.key)
    if isinstance(state, Paused) and state.until is not None:
        text = words(
            "The timer of {user} on {role} is paused until {moment} already, with {left} left. `/resumetime` lets it "
            "go on sooner.",
            **who,
            moment=stamps.moment(state.until),
            left=left,
        )
        return Problem(words("Paused already"), text)
    text = words(
        "The timer of {user} on {role} is paused with {left} left. `/resumetime` lets it go on.", **who, left=left
    )
    return Problem(words("Paused already"), text)


@explain.register
def _not_begun(error: NotBegun, words: Words) -> Problem:
    return Problem(
        words("Not begun yet"),
        words(
            "The timer of {user} on {role} has not begun ({standing}), so there is nothing to pause or to resume. "
            "`/settime` with `starts` moves its start; `/cleartime` cancels it.",
            **whose(error.timer.key),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _lasts_for_good(error: LastsForGood, words: Words) -> Problem:
    return Problem(
        words("For good"),
        words(
            "{user} is about to get {role} for good, as the role that follows another; it has no time that could be "
            "changed. `/settime` gives it for a time, `/cleartime` calls it off.",
            **whose(error.timer.key),
        ),
    )


@explain.register
def _begun_already(error: BegunAlready, words: Words) -> Problem:
    return Problem(
        words("Begun already"),
        words(
            "{user} has a timer on {role} already ({standing}). Only where there is none, or where it has not begun, "
            "can one begin later. `/addtime` gives more time; `/cleartime` ends it.",
            **whose(error.timer.key),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _nothing_would_remain(error: NothingWouldRemain, words: Words) -> Problem:
    return Problem(
        words("Nothing would remain"),
        words(
            "The timer of {user} on {role} ({standing}) would be over before it begins. Choose a later end; "
            "`/cleartime` cancels a timer that has not begun.",
            **whose(error.timer.key),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _not_paused(error: NotPaused, words: Words) -> Problem:
    if isinstance(error.timer.state, Ending | Grace):
        return _time_is_up(TimeIsUp(error.timer), words)
    return Problem(
        words("Not paused"),
        words("The timer of {user} on {role} is running; only a paused one can go on.", **whose(error.timer.key)),
    )


@explain.register
def _time_is_up(error: TimeIsUp, words: Words) -> Problem:
    state = error.timer.state
    if isinstance(state, Grace):
        return Problem(
            words("Time is up"),
            words(
                "The time of {user} with {role} is up; they keep the role until {moment}. `/addtime` or `/settime` "
                "renews it, `/cleartime` takes it now.",
                **whose(error.timer.key),
                moment=stamps.moment(state.until),
            ),
        )
    return Problem(
        words("Time is up"),
        words(
            "The timer of {user} on {role} has ended, and I am taking the role. `/addtime` or `/settime` gives more "
            "time.",
            **whose(error.timer.key),
        ),
    )


@explain.register
def _still_over(error: StillOver, words: Words) -> Problem:
    state = error.timer.state
    return Problem(
        words("That would be over already"),
        words(
            "The time of {user} with {role} was up on {since}, and more time counts from then: it would have ended on "
            "{end}. Add more, or let it count from now with `/settime`.",
            **whose(error.timer.key),
            since=stamps.moment(state.since if isinstance(state, Grace) else error.timer.updated_at),
            end=stamps.moment(error.end),
        ),
    )


@explain.register
def _ends_later(error: EndsLater, words: Words) -> Problem:
    why = words(
        "The timer of {user} on {role} ends {end}, which is not before {moment}.",
        **whose(error.timer.key),
        end=_end(error.timer, words),
        moment=stamps.moment(error.moment),
    )
    remedy = words(
        "`/removetime` with that moment makes it end then; `/addtime` with a length such as `2h` adds to what remains."
    )
    return Problem(words("That is not more time"), f"{why} {remedy}")


@explain.register
def _ends_sooner(error: EndsSooner, words: Words) -> Problem:
    why = words(
        "The timer of {user} on {role} ends {end}, which is not after {moment}.",
        **whose(error.timer.key),
        end=_end(error.timer, words),
        moment=stamps.moment(error.moment),
    )
    remedy = words(
        "`/addtime` with that moment makes it end then; `/removetime` with a length such as `2h` takes from what "
        "remains."
    )
    return Problem(words("That is not less time"), f"{why} {remedy}")


@explain.register
def _paused_has_no_end(error: PausedHasNoEnd, words: Words) -> Problem:
    return Problem(
        words.context("the state of a timer", "Paused"),
        words(
            "The timer of {user} on {role} is paused with {left} left, so it cannot be made to end on {moment}. "
            "Let it go on with `/resumetime` first, or write a length such as `2h`.",
            **whose(error.timer.key),
            left=_left(error.timer, words),
            moment=stamps.moment(error.moment),
        ),
    )


@explain.register
def _moved_to_itself(error: MovedToItself, words: Words) -> Problem:
    return Problem(
        words("That is the same member"),
        words(
            "The time of {user} cannot be moved to {user}. Choose another member with the option `to`.",
            user=stamps.user(error.user),
        ),
    )


@explain.register
def _too_many_conflicts(error: TooManyConflicts, words: Words) -> Problem:
    return Problem(
        words("Others are changing this timer"),
        words(
            "The timer of {user} kept changing while I tried; nothing was changed by you. Look at it with "
            "`/timeleft`, then try again.",
            user=stamps.user(error.user),
        ),
    )


def whose(key: TimerKey) -> dict[str, str]:
    """What fills `{user}` and `{role}` in "the timer of {user} on {role}"."""
    return {"user": stamps.user(key.user), "role": stamps.role(key.role)}


def _left(timer: Timer, words: Words) -> str:
    return words.duration(timer.remaining(timer.updated_at))


def _end(timer: Timer, words: Words) -> str:
    return words("now") if timer.ends_at is None else stamps.moment(timer.ends_at)
