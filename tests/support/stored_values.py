"""Every value that lands in the database as text, written down once more: rows of yesterday have to be read tomorrow.

What is stored may gain values: add them here. None of those that ever were may change or go.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from boostmon.domain.details import (
    Confirmed,
    Detail,
    Drop,
    LimitReached,
    NothingThere,
    NoticeDropped,
    NoticeRefused,
    NoticeTold,
    Obstructed,
    RoleNamed,
    Unconfirmed,
    Unsorted,
)
from boostmon.domain.durations import Months, Span
from boostmon.domain.ids import ChannelId, RoleId
from boostmon.domain.languages import Language
from boostmon.domain.ledger import Action
from boostmon.domain.notices import (
    BlockedNotice,
    EndedNotice,
    FoughtNotice,
    GivenAgainNotice,
    GraceNotice,
    Notice,
    NoticeKind,
    ResolvedNotice,
    UntimedNotice,
    WarningNotice,
)
from boostmon.domain.outcomes import Gone
from boostmon.domain.policy import Policy, Rejoin, Stacking, TakenByHand
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Ending, Grace, Obstacle, Paused, Timer, Waiting
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToLog, ToMember, Way
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, VIP, anchored, running

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
    Action.SELF_PAUSE: "self_pause",
    Action.SELF_RESUME: "self_resume",
    Action.CLEAR: "clear",
    Action.MOVE: "move",
    Action.UNDO: "undo",
    Action.PUT_BACK: "put_back",
    Action.TAKE_AGAIN: "take_again",
    Action.GIVE_BACK: "give_back",
    Action.FOUGHT: "fought",
    Action.STARTED: "started",
    Action.GIVEN_AGAIN: "given_again",
    Action.TAKEN: "taken",
    Action.LEFT: "left",
    Action.RETURNED: "returned",
    Action.ENDED: "ended",
    Action.REMOVAL_FAILED: "removal_failed",
    Action.WENT_ON: "went_on",
    Action.BEGAN: "began",
    Action.GIVING_FAILED: "giving_failed",
    Action.FOLLOWED: "followed",
    Action.ROLE_DELETED: "role_deleted",
    Action.RULED: "ruled",
    Action.LAPSED: "lapsed",
    Action.DELIVERED: "delivered",
    Action.UNDELIVERED: "undelivered",
}
DROPS: Mapping[Drop, str] = {
    Drop.TOO_LATE: "too_late",
    Drop.SUPERSEDED: "superseded",
    Drop.OUTDATED: "outdated",
    Drop.NO_WAY: "no_way",
}
GONE: Mapping[Gone, str] = {Gone.MEMBER: "member", Gone.ROLE: "role"}
BARRIERS: Mapping[Barrier, str] = {
    Barrier.DMS_CLOSED: "dms_closed",
    Barrier.NOTHING_SHARED: "nothing_shared",
    Barrier.ACCOUNT_GONE: "account_gone",
    Barrier.CHANNEL_GONE: "channel_gone",
    Barrier.CHANNEL_UNSEEN: "channel_unseen",
    Barrier.CHANNEL_FORBIDDEN: "channel_forbidden",
    Barrier.THREAD_CLOSED: "thread_closed",
    Barrier.UNKNOWN: "unknown",
}
LANGUAGES: Mapping[Language, str] = {
    Language.EN: "en",
    Language.DE: "de",
    Language.FR: "fr",
    Language.ES: "es",
    Language.PT_BR: "pt_BR",
}
STATES: Mapping[str, Timer] = {
    "running": anchored(31, grace=DAY),
    "paused": replace(running(HOUR), state=Paused(HOUR, NOW, away=True)),
    "grace": replace(running(HOUR), state=Grace(NOW, NOW + DAY, 31)),
    "ending": replace(running(HOUR), state=Ending(NOW, NOW + MINUTE, by_itself=True)),
    "waiting": replace(running(HOUR), state=Waiting(NOW, NOW + HOUR, NOW + MINUTE, 31)),
}
NOTICES: Mapping[str, Notice] = {
    "warning": WarningNotice(KEY, CHANNEL, threshold=MINUTE, ends_at=NOW + HOUR),
    "grace": GraceNotice(KEY, CHANNEL, grace=DAY, until=NOW + DAY),
    "ended": EndedNotice(KEY, CHANNEL, ended_at=NOW),
    "blocked": BlockedNotice(KEY, Obstacle.REFUSED, at=NOW),
    "resolved": ResolvedNotice(KEY, at=NOW),
    "not_given": BlockedNotice(KEY, Obstacle.REFUSED, at=NOW, gives=True),
    "fought": FoughtNotice(KEY, ALICE, at=NOW),
    "given_again": GivenAgainNotice(KEY, ALICE, at=NOW),
    "untimed": UntimedNotice(KEY, 3, at=NOW),
}
WAYS: Mapping[str, Way] = {"channel": ToChannel(CHANNEL), "member": ToMember(), "log": ToLog(CHANNEL)}
DETAILS: Mapping[Detail, Mapping[str, Any]] = {
    Confirmed(): {"kind": "confirmed"},
    NothingThere(Gone.MEMBER, "10007"): {"kind": "nothing_there", "what": "member", "error": "10007"},
    Unconfirmed("no answer"): {"kind": "unconfirmed", "error": "no answer"},
    LimitReached("1015"): {"kind": "limit_reached", "error": "1015"},
    Obstructed(Obstacle.REFUSED, "50013"): {"kind": "obstructed", "obstacle": "refused", "error": "50013"},
    RoleNamed("VIP"): {"kind": "role_named", "name": "VIP"},
    Unsorted("the role was taken"): {"kind": "text", "text": "the role was taken"},
    NoticeTold(NoticeKind.ENDED, ToMember()): {"kind": "told", "notice": "ended", "way": "member"},
    NoticeTold(NoticeKind.WARNING, ToChannel(CHANNEL), MINUTE): {
        "kind": "told",
        "notice": "warning",
        "threshold": 60.0,
        "way": "channel",
        "channel": CHANNEL,
    },
    NoticeDropped(NoticeKind.WARNING, Drop.TOO_LATE, MINUTE, perhaps_sent=True): {
        "kind": "dropped",
        "notice": "warning",
        "threshold": 60.0,
        "why": "too_late",
        "perhaps_sent": True,
    },
    NoticeRefused(NoticeKind.BLOCKED, (Refusal(ToLog(CHANNEL), "50001", Barrier.CHANNEL_UNSEEN),)): {
        "kind": "refused",
        "notice": "blocked",
        "refusals": [{"way": "log", "channel": CHANNEL, "error": "50001", "barrier": "channel_unseen"}],
    },
}
OF_EVERY_TIMER = {"state", "attempts", "due_at", "channel_id", "created_at", "updated_at", "version"}
KEYS_IN_JSON: Mapping[str, set[str]] = {
    "running": OF_EVERY_TIMER | {"ends_at", "armed", "anchor", "grace"},
    "paused": (OF_EVERY_TIMER - {"due_at"}) | {"paused_at", "remaining", "away"},
    "waiting": OF_EVERY_TIMER | {"starts_at", "ends_at", "anchor", "blocked_by", "last_error"},
    "grace": OF_EVERY_TIMER | {"ended_at", "anchor"},
    "ending": OF_EVERY_TIMER | {"ended_at", "blocked_by", "last_error", "by_itself"},
}
POLICY_IN_JSON = {
    "thresholds": [7200.0, 60.0],
    "warning_channel": 5,
    "log_channel": None,
    "dms": False,
    "language": None,
    "stacking": "replace",
    "rejoin": "count_on",
    "taken_by_hand": "end",
    "longest": None,
    "default_duration": None,
    "managers": [],
    "timeable": None,
    "time_zone": None,
    "months": "calendar",
    "self_pause_days": 0,
}
ALL_DECIDED = Policy(
    (2 * HOUR, MINUTE),
    warning_channel=CHANNEL,
    log_channel=ChannelId(6),
    dms=False,
    language=Language.PT_BR,
    stacking=Stacking.KEEP_LONGER,
    rejoin=Rejoin.PAUSE,
    taken_by_hand=TakenByHand.GIVE_BACK,
    longest=90 * MINUTE,
    default_duration=Span(1, 72 * HOUR),
    managers=frozenset({RoleId(9), RoleId(7)}),
    timeable=frozenset({RoleId(2**63 - 1)}),
    time_zone="Europe/Berlin",
    months=Months.THIRTY_DAYS,
    self_pause_days=21,
)
"""Nothing in it is as it is by default."""
ALL_DECIDED_IN_JSON = {
    "thresholds": [7200.0, 60.0],
    "warning_channel": CHANNEL,
    "log_channel": 6,
    "dms": False,
    "language": "pt_BR",
    "stacking": "keep_longer",
    "rejoin": "pause",
    "taken_by_hand": "give_back",
    "longest": 5400.0,
    "default_duration": "P1MT72H",
    "managers": [7, 9],
    "timeable": [2**63 - 1],
    "time_zone": "Europe/Berlin",
    "months": "thirty_days",
    "self_pause_days": 21,
}
DECISIONS: Mapping[type[StrEnum], Mapping[str, str]] = {
    Stacking: {"REPLACE": "replace", "EXTEND": "extend", "KEEP_LONGER": "keep_longer", "REFUSE": "refuse"},
    Rejoin: {"COUNT_ON": "count_on", "PAUSE": "pause", "END": "end"},
    TakenByHand: {"END": "end", "GIVE_BACK": "give_back"},
    Months: {"CALENDAR": "calendar", "THIRTY_DAYS": "thirty_days"},
}
"""What a guild chooses among, each by its name in the code."""
RULE = RoleRule(
    VIP,
    starts=True,
    duration=Span(1, 36 * HOUR),
    longest=90 * DAY,
    thresholds=(2 * HOUR, MINUTE),
    warning="Soon, {member}!",
    ending="Over.",
    link="https://example.com",
    once=True,
    managers=frozenset({RoleId(9), RoleId(7)}),
    ends_on=NOW + 30 * DAY,
    grace=3 * DAY,
    follows=RoleId(8),
)
RULE_IN_JSON = {
    "starts": True,
    "duration": "P1MT36H",
    "longest": 7776000.0,
    "thresholds": [7200.0, 60.0],
    "warning": "Soon, {member}!",
    "ending": "Over.",
    "link": "https://example.com",
    "once": True,
    "managers": [7, 9],
    "grace": 259200.0,
    "ends_on": (NOW + 30 * DAY).isoformat(),
    "follows": 8,
}
