"""Timers, ledger entries and notices as rows, and back. Column order is the one promise between here and the SQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, assert_never

from boostmon.adapters.postgres.details import detail_json
from boostmon.adapters.postgres.storable import storable
from boostmon.app.ports import Postmark
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry
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
from boostmon.domain.timers import Ending, Grace, Obstacle, Paused, Running, State, Timer, Waiting
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way

type Row = Mapping[str, Any]
type Columns = Mapping[str, str]
"""Column names and their SQL types, in order."""

KEY_COLUMNS: Columns = {"guild_id": "bigint", "user_id": "bigint", "role_id": "bigint"}

STATE_COLUMNS: Columns = {
    "state": "text",
    "ends_at": "timestamptz",
    "armed": "interval[]",
    "anchor": "smallint",
    "grace": "interval",
    "remaining": "interval",
    "paused_at": "timestamptz",
    "away": "boolean",
    "ended_at": "timestamptz",
    "by_itself": "boolean",
    "starts_at": "timestamptz",
    "attempts": "integer",
    "blocked_by": "text",
    "last_error": "text",
    "due_at": "timestamptz",
    "channel_id": "bigint",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "grant_open_until": "timestamptz",
}
"""Everything of a timer but its key, version and claim."""

_NO_STATE: Mapping[str, Any] = {**dict.fromkeys(STATE_COLUMNS), "armed": "{}", "attempts": 0}

LEDGER_COLUMNS: Columns = {
    "at": "timestamptz",
    "action": "text",
    "actor_id": "bigint",
    "reason": "text",
    "detail": "jsonb",
    "request_id": "bigint",
}
"""Of an entry but its timer before and after: those are the rows themselves, as `snapshot` shows them."""

NOTICE_COLUMNS: Columns = {
    "kind": "text",
    "channel_id": "bigint",
    "threshold": "interval",
    "at": "timestamptz",
    "due_at": "timestamptz",
    "obstacle": "text",
    "by_id": "bigint",
    "members": "integer",
}

_NO_NOTICE: Mapping[str, Any] = dict.fromkeys(NOTICE_COLUMNS)

POSTMARK_COLUMNS: Columns = {"message_id": "uuid", "way": "text", "sent_to": "bigint"}
"""The message that a notice goes in; all of them null before it goes in any."""


def key_row(key: TimerKey) -> dict[str, Any]:
    """The values of KEY_COLUMNS."""
    return {"guild_id": key.guild, "user_id": key.user, "role_id": key.role}


def key_from(row: Row) -> TimerKey:
    """The key of any row that carries KEY_COLUMNS."""
    return TimerKey(GuildId(row["guild_id"]), UserId(row["user_id"]), RoleId(row["role_id"]))


def state_row(timer: Timer) -> dict[str, Any]:
    """The values of STATE_COLUMNS."""
    row: dict[str, Any] = {
        **_NO_STATE,
        "due_at": timer.due_at,
        "channel_id": timer.channel,
        "created_at": timer.created_at,
        "updated_at": timer.updated_at,
        "grant_open_until": timer.grant_open_until,
    }
    match timer.state:
        case Running(ends_at, armed, anchor, grace):
            row["state"], row["ends_at"], row["armed"] = "running", ends_at, interval_array(armed)
            row["anchor"], row["grace"] = anchor, grace
        case Paused(remaining, since, away=away):  # it ends when it is due
            row["state"], row["remaining"], row["paused_at"] = "paused", remaining, since
            row["away"] = away or None
        case Grace(since=since, anchor=anchor):  # it ends when it is due
            row["state"], row["ended_at"], row["anchor"] = "grace", since, anchor
        case Ending(since, _, attempts, blocked_by, last_error, by_itself):
            row["state"], row["ended_at"], row["attempts"] = "ending", since, attempts
            row["blocked_by"], row["last_error"], row["by_itself"] = blocked_by, storable(last_error), by_itself or None
        case Waiting() as waiting:
            row["state"], row["starts_at"], row["ends_at"] = "waiting", waiting.starts_at, waiting.ends_at
            row["anchor"], row["attempts"], row["blocked_by"] = waiting.anchor, waiting.attempts, waiting.blocked_by
            row["last_error"] = storable(waiting.last_error)
        case _ as never:
            assert_never(never)
    return row


def timer_from(values: Sequence[Any]) -> Timer:
    """A timer of the values of KEY_COLUMNS, STATE_COLUMNS and its version, in this order.

    Claims come by the hundred, and as tuples they take half of the time that they take as dictionaries.
    """
    guild, user, role, name, ends_at, armed, anchor, grace, remaining, paused_at, away, ended_at, *rest = values
    by_itself, starts_at, attempts, blocked_by, last_error, due_at, channel, created_at, updated_at, *rest = rest
    grant_open_until, version = rest
    match name:
        case "running":
            state: State = Running(ends_at, tuple(armed), anchor, grace)
        case "paused":
            state = Paused(remaining, since=paused_at, until=due_at, away=bool(away))
        case "waiting":
            state = Waiting(starts_at, ends_at, due_at, anchor, attempts, _obstacle(blocked_by), last_error)
        case "grace":
            state = Grace(ended_at, due_at, anchor)
        case _:
            state = Ending(ended_at, due_at, attempts, _obstacle(blocked_by), last_error, bool(by_itself))
    return Timer(
        TimerKey(GuildId(guild), UserId(user), RoleId(role)),
        state,
        None if channel is None else ChannelId(channel),
        created_at,
        updated_at,
        version,
        grant_open_until,
    )


def _obstacle(stored: str | None) -> Obstacle | None:
    return None if stored is None else Obstacle(stored)


def ledger_row(entry: LedgerEntry) -> dict[str, Any]:
    """The values of LEDGER_COLUMNS."""
    return {
        "at": entry.at,
        "action": entry.action,
        "actor_id": entry.actor,
        "reason": storable(entry.reason),
        "detail": detail_json(entry.detail),
        "request_id": entry.request,
    }


def notice_row(notice: Notice) -> dict[str, Any]:
    """The values of NOTICE_COLUMNS."""
    row: dict[str, Any] = {
        **_NO_NOTICE,
        "kind": notice.kind,
        "channel_id": notice.channel,
        "due_at": notice.due_at,
    }
    match notice:
        case WarningNotice(threshold=threshold, ends_at=ends_at):
            row |= {"threshold": threshold, "at": ends_at}
        case GraceNotice(grace=grace, until=until):
            row |= {"threshold": grace, "at": until}
        case EndedNotice(ended_at=ended_at):
            row |= {"at": ended_at}
        case BlockedNotice(obstacle=obstacle, at=at):
            row |= {"at": at, "obstacle": obstacle}
        case ResolvedNotice(at=at):
            row |= {"at": at}
        case FoughtNotice(by=by, at=at) | GivenAgainNotice(by=by, at=at):
            row |= {"at": at, "by_id": by}
        case UntimedNotice(members=members, at=at):
            row |= {"at": at, "members": members}
        case _ as never:
            assert_never(never)
    return row


def notice_from(row: Row) -> Notice:
    """A notice of a row with KEY_COLUMNS and NOTICE_COLUMNS."""
    key, at, channel = key_from(row), row["at"], None if row["channel_id"] is None else ChannelId(row["channel_id"])
    notice: Notice = EndedNotice(key, channel, ended_at=at)
    match row["kind"]:
        case NoticeKind.WARNING:
            notice = WarningNotice(key, channel, threshold=row["threshold"], ends_at=at)
        case NoticeKind.GRACE:
            notice = GraceNotice(key, channel, grace=row["threshold"], until=at)
        case NoticeKind.BLOCKED | NoticeKind.NOT_GIVEN as kind:
            notice = BlockedNotice(key, Obstacle(row["obstacle"]), at=at, gives=kind == NoticeKind.NOT_GIVEN)
        case NoticeKind.RESOLVED:
            notice = ResolvedNotice(key, at=at)
        case NoticeKind.FOUGHT:
            notice = FoughtNotice(key, UserId(row["by_id"]), at=at)
        case NoticeKind.GIVEN_AGAIN:
            notice = GivenAgainNotice(key, UserId(row["by_id"]), at=at)
        case NoticeKind.UNTIMED:
            notice = UntimedNotice(key, row["members"], at=at)
    return notice


def postmark_row(postmark: Postmark | None) -> dict[str, Any]:
    """The values of POSTMARK_COLUMNS."""
    if postmark is None:
        return dict.fromkeys(POSTMARK_COLUMNS)
    message = {"message_id": postmark.message}
    match postmark.way:
        case ToMember():
            return message | {"way": "member", "sent_to": None}
        case ToChannel(channel):
            return message | {"way": "channel", "sent_to": channel}
        case ToLog(channel):
            return message | {"way": "log", "sent_to": channel}
        case _ as never:
            assert_never(never)


def postmark_from(row: Row) -> Postmark | None:
    """The postmark of a row with POSTMARK_COLUMNS; None where it has none."""
    if row["message_id"] is None:
        return None
    way: Way
    if row["way"] == "member":
        way = ToMember()
    else:
        channel = ChannelId(row["sent_to"])
        way = ToLog(channel) if row["way"] == "log" else ToChannel(channel)
    return Postmark(row["message_id"], way)


def arrays(rows: Iterable[Row], *columns: Columns) -> dict[str, str]:
    """Rows turned into one array literal a column, as `unnest` takes them; a column that a row lacks is null there.

    psycopg would make the same of lists, one element at a time, and batches of settlements are a hot path.
    """
    listed = list(rows)
    return {name: _array([row.get(name) for row in listed], kind) for group in columns for name, kind in group.items()}


def _array(values: list[Any], kind: str) -> str:
    if values and values.count(values[0]) == len(values):  # of a batch of endings that is most of its columns
        literals = [_element(values[0], kind)] * len(values)
    else:
        literals = [_element(value, kind) for value in values]
    return "{" + ",".join(literals) + "}"


def _element(value: Any, kind: str) -> str:
    return "NULL" if value is None else _ELEMENTS[kind](value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(1024)  # most are thresholds, of which a guild has a few
def _interval(length: timedelta) -> str:
    """Exact to the microsecond."""
    return f'"{length // timedelta(microseconds=1)} microseconds"'


_ELEMENTS: Mapping[str, Callable[[Any], str]] = {
    "bigint": str,
    "integer": str,
    "smallint": str,
    "boolean": str,
    "uuid": str,
    "text": _quoted,
    "jsonb": _quoted,
    "interval": _interval,
    "interval[]": _quoted,
    "timestamptz": datetime.isoformat,
}
"""A value of each type as an element of an array literal; arrays come as literals themselves."""


def interval_array(intervals: Sequence[timedelta]) -> str:
    """An array literal: inside of `unnest`, an array of arrays would be flattened."""
    return "{" + ",".join(map(_interval, intervals)) + "}"
