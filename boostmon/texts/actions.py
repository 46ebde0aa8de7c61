"""What is done to timers, by the names of the commands that do it."""

from boostmon.domain.ledger import Action

COMMANDS = {
    Action.SET: "/settime",
    Action.ADD: "/addtime",
    Action.REMOVE: "/removetime",
    Action.PAUSE: "/pausetime",
    Action.RESUME: "/resumetime",
    Action.SELF_PAUSE: "/mypause",
    Action.SELF_RESUME: "/myresume",
    Action.CLEAR: "/cleartime",
    Action.MOVE: "/movetime",
}
"""The command that makes each kind of change."""
