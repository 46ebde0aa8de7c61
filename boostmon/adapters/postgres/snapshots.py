"""Timers as the ledger keeps them: what `statements.snapshot` wrote down of a row, read back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.timers import Ending, Grace, Obstacle, Paused, Running, State, Timer, Waiting


def timer_from_snapshot(key: TimerKey, snapshot: Mapping[str, Any]) -> Timer:
    """The timer; the mark of an open grant is not remembered."""
    channel = snapshot.get("channel_id")
    return Timer(
        key,
        _state_of(snapshot),
        None if channel is None else ChannelId(channel),
        _instant(snapshot["created_at"]),
        _instant(snapshot["updated_at"]),
        snapshot["version"],
    )


def _state_of(snapshot: Mapping[str, Any]) -> State:
    match snapshot["state"]:
        case "running":
            armed = tuple(map(_length, snapshot["armed"]))
            grace = _length(snapshot["grace"]) if "grace" in snapshot else None
            return Running(_instant(snapshot["ends_at"]), armed, snapshot.get("anchor"), grace)
        case "paused":
            until = _instant(snapshot["due_at"]) if "due_at" in snapshot else None
            away = bool(snapshot.get("away"))
            return Paused(_length(snapshot["remaining"]), _instant(snapshot["paused_at"]), until, away)
        case "waiting":
            return Waiting(
                _instant(snapshot["starts_at"]),
                _instant(snapshot["ends_at"]) if "ends_at" in snapshot else None,
                _instant(snapshot["due_at"]),
                snapshot.get("anchor"),
                snapshot["attempts"],
                _obstacle(snapshot),
                snapshot.get("last_error"),
            )
        case "grace":
            return Grace(_instant(snapshot["ended_at"]), _instant(snapshot["due_at"]), snapshot.get("anchor"))
        case _:
            return Ending(
                _instant(snapshot["ended_at"]),
                _instant(snapshot["due_at"]),
                snapshot["attempts"],
                _obstacle(snapshot),
                snapshot.get("last_error"),
                bool(snapshot.get("by_itself")),
            )


def _obstacle(snapshot: Mapping[str, Any]) -> Obstacle | None:
    blocked_by = snapshot.get("blocked_by")
    return None if blocked_by is None else Obstacle(blocked_by)


def _instant(written: str) -> datetime:
    return utc(datetime.fromisoformat(written))


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def utc(instant: datetime) -> datetime:
    """The same instant, in UTC: a session may have another zone."""
    return instant.astimezone(UTC)
