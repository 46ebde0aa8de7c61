"""The refusals that a press alone can get, in words."""

from boostmon.app.changing.confirming import NotConfirmed, OtherThanShown
from boostmon.app.commands.errors import OutdatedButton, QuestionTooOld
from boostmon.app.commands.undo import ChangedSince, NothingToUndo, OverByNow, UndoneAlready
from boostmon.domain.ids import TimerKey
from boostmon.domain.timers import Running
from boostmon.texts import stamps
from boostmon.texts.actions import COMMANDS
from boostmon.texts.english import approximate
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.refusals.timers import standing


@explain.register
def _nothing_to_undo(_error: NothingToUndo) -> Problem:
    return Problem(
        "Nothing to undo", "I have no record of that change in this server. `/timeleft` shows how a timer stands."
    )


@explain.register
def _undone_already(error: UndoneAlready) -> Problem:
    return Problem("Undone already", f"{stamps.user(error.by)} undid that change {stamps.distance(error.at)}.")


@explain.register
def _changed_since(error: ChangedSince) -> Problem:
    later = error.later
    how = f" with `{COMMANDS[later.action]}`" if later.action in COMMANDS else ""
    return Problem(
        "Too late to undo",
        f"{stamps.user(later.actor)} changed {_whose(error.key)}{how} {stamps.distance(later.at)}, and undoing the "
        "earlier change would undo that, too. `/timeleft` shows how the timer stands; go on from there.",
    )


@explain.register
def _over_by_now(error: OverByNow) -> Problem:
    state = error.timer.state
    ended = state.ends_at if isinstance(state, Running) else state.since
    return Problem(
        "Too late to undo",
        f"As it was before the change, {_whose(error.timer.key)} would have ended {stamps.distance(ended)}. "
        "`/settime` starts a new one.",
    )


@explain.register
def _outdated_button(_error: OutdatedButton) -> Problem:
    return Problem(
        "That button is outdated",
        "It does nothing any more: it comes from an earlier version of me, or is not mine. Type the command again.",
    )


@explain.register
def _question_too_old(_error: QuestionTooOld) -> Problem:
    return Problem(
        "That question is too old",
        "Time has gone by since I asked, so what it says is not what would come of it now. Nothing was changed; if you "
        "still want to, type the command again.",
    )


@explain.register
def _not_confirmed(error: NotConfirmed) -> Problem:
    lost = approximate(error.loss.length)
    return Problem(
        "That takes a lot of time away",
        f"{_capitalised(_whose(error.loss.before.key))} would lose {lost}. Nothing was changed.",
    )


@explain.register
def _other_than_shown(error: OtherThanShown) -> Problem:
    timer = error.timer
    now = "is gone" if timer is None else f"has changed: {standing(timer)}"
    return Problem(
        "The timer has changed since I asked",
        f"{_capitalised(_whose(error.key))} {now}. Nothing was changed by you; if you still want to, type the command "
        "again.",
    )


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _whose(key: TimerKey) -> str:
    return f"the timer of {stamps.user(key.user)} on {stamps.role(key.role)}"
