"""Every value that lands in the database as text, written down once more: rows of yesterday have to be read tomorrow.

What is stored may gain values: add them here. None of those that ever were may change or go.
"""

from collections.abc import Mapping
from dataclasses import replace

from boostmon.domain.ledger import Action
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, ResolvedNotice, WarningNotice
from boostmon.domain.timers import Ending, Obstacle, Paused, Timer
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way
from tests.support.timers import CHANNEL, HOUR, KEY, MINUTE, NOW, running

OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.MISSING_PERMISSIONS: "missing_permissions",
    Obstacle.GUILD_GONE: "guild_gone",
    Obstacle.ROLE_NOT_ASSIGNABLE: "role_not_assignable",
    Obstacle.REFUSED: "refused",
}
ACTIONS: Mapping[Action, str] = {
    Action.SET: "set",
    Action.ADD: "add",
    Action.REMOVE: "remove",
    Action.PAUSE: "pause",
    Action.RESUME: "resume",
    Action.CLEAR: "clear",
    Action.UNDO: "undo",
    Action.PUT_BACK: "put_back",
    Action.TAKE_AGAIN: "take_again",
    Action.GIVE_BACK: "give_back",
    Action.ENDED: "ended",
    Action.REMOVAL_FAILED: "removal_failed",
    Action.ROLE_DELETED: "role_deleted",
    Action.DELIVERED: "delivered",
    Action.UNDELIVERED: "undelivered",
}
STATES: Mapping[str, Timer] = {
    "running": running(HOUR),
    "paused": replace(running(HOUR), state=Paused(HOUR, NOW)),
    "ending": replace(running(HOUR), state=Ending(NOW, NOW + MINUTE)),
}
NOTICES: Mapping[str, Notice] = {
    "warning": WarningNotice(KEY, CHANNEL, threshold=MINUTE, ends_at=NOW + HOUR),
    "ended": EndedNotice(KEY, CHANNEL, ended_at=NOW),
    "blocked": BlockedNotice(KEY, Obstacle.REFUSED, at=NOW),
    "resolved": ResolvedNotice(KEY, at=NOW),
}
WAYS: Mapping[str, Way] = {"channel": ToChannel(CHANNEL), "member": ToMember(), "log": ToLog(CHANNEL)}
OF_EVERY_TIMER = {"state", "attempts", "due_at", "channel_id", "created_at", "updated_at", "version"}
KEYS_IN_JSON: Mapping[str, set[str]] = {
    "running": OF_EVERY_TIMER | {"ends_at", "armed"},
    "paused": (OF_EVERY_TIMER - {"due_at"}) | {"paused_at", "remaining"},
    "ending": OF_EVERY_TIMER | {"ended_at", "blocked_by", "last_error"},
}
POLICY_IN_JSON = {
    "thresholds": [7200.0, 60.0],
    "warning_channel": 5,
    "log_channel": None,
    "dms": False,
    "language": None,
}
