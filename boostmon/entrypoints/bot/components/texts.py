"""The refusals that a press alone can get, in words; beside those of the commands in `bot.texts`."""

from boostmon.adapters.discord import stamps
from boostmon.app.undoing import ChangedSince, NothingToUndo, OverByNow, UndoneAlready
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Running
from boostmon.entrypoints.bot.texts import Problem, explain

_COMMANDS = {
    Action.SET: "/settime",
    Action.ADD: "/addtime",
    Action.REMOVE: "/removetime",
    Action.PAUSE: "/pausetime",
    Action.RESUME: "/resumetime",
    Action.CLEAR: "/cleartime",
}
"""The command that makes each kind of change."""


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
    how = f" with `{_COMMANDS[later.action]}`" if later.action in _COMMANDS else ""
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


def _whose(key: TimerKey) -> str:
    return f"the timer of {stamps.user(key.user)} on {stamps.role(key.role)}"
