"""Messages that members, or those who run a server, have yet to be told.

A notice waits in the outbox until it is delivered, stale, or given up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from boostmon.domain.ids import ChannelId, TimerKey, UserId
from boostmon.domain.timers import Obstacle

ENDED_NOTICE_LIFE = timedelta(days=1)
"""After a day, news of an ending explains nothing any more."""
OBSTACLE_NOTICE_LIFE = timedelta(days=1)
"""By then the obstacle is gone, or another attempt has met it again."""


class NoticeKind(StrEnum):
    """The kinds of notices. Values are stored: never rename one."""

    WARNING = "warning"
    GRACE = "grace"
    ENDED = "ended"
    BLOCKED = "blocked"
    RESOLVED = "resolved"
    FOUGHT = "fought"
    GIVEN_AGAIN = "given_again"
    NOT_GIVEN = "not_given"
    UNTIMED = "untimed"


@dataclass(frozen=True, slots=True)
class WarningNotice:
    """The role ends at `ends_at`; `threshold` is the one that was crossed last."""

    key: TimerKey
    channel: ChannelId | None
    threshold: timedelta
    ends_at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.WARNING

    @property
    def due_at(self) -> datetime:
        """When it became due to be told."""
        return self.ends_at - self.threshold

    @property
    def stale_at(self) -> datetime:
        """A warning says nothing once the end has come."""
        return self.ends_at


@dataclass(frozen=True, slots=True)
class EndedNotice:
    """The role was taken; its time was up at `ended_at`."""

    key: TimerKey
    channel: ChannelId | None
    ended_at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.ENDED

    @property
    def due_at(self) -> datetime:
        """When it became due to be told."""
        return self.ended_at

    @property
    def stale_at(self) -> datetime:
        """When the news is too old to be told."""
        return self.ended_at + ENDED_NOTICE_LIFE


@dataclass(frozen=True, slots=True)
class GraceNotice:
    """Time was up, and the member keeps the role for as long as `grace`, up to `until`."""

    key: TimerKey
    channel: ChannelId | None
    grace: timedelta
    until: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.GRACE

    @property
    def ended_at(self) -> datetime:
        """When time was up."""
        return self.until - self.grace

    @property
    def due_at(self) -> datetime:
        """When it became due to be told."""
        return self.ended_at

    @property
    def stale_at(self) -> datetime:
        """It says nothing once the grace is over, too."""
        return self.until


class _OfObstacle:
    """What the news have in common that are for those who run the guild."""

    __slots__ = ()
    at: datetime

    @property
    def channel(self) -> None:
        """It goes to the log channel alone."""
        return

    @property
    def due_at(self) -> datetime:
        """When it became due to be told."""
        return self.at

    @property
    def stale_at(self) -> datetime:
        """When the news is too old to be told."""
        return self.at + OBSTACLE_NOTICE_LIFE


@dataclass(frozen=True, slots=True)
class BlockedNotice(_OfObstacle):
    """Discord refuses to take the role of `key`, and of everybody else whose time is up, until somebody acts.

    It is owed once for each guild, role and obstacle while that lasts, not once for each timer. With `gives`, Discord
    refuses to give the role, to everybody whose timer begins.
    """

    key: TimerKey
    obstacle: Obstacle
    at: datetime
    gives: bool = False

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.NOT_GIVEN if self.gives else NoticeKind.BLOCKED


@dataclass(frozen=True, slots=True)
class ResolvedNotice(_OfObstacle):
    """Nothing is in the way of the role of `key` any more: nothing waits for it. Its user is `NOBODY`.

    It is owed once, after a `BlockedNotice` of the role.
    """

    key: TimerKey
    at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.RESOLVED


@dataclass(frozen=True, slots=True)
class FoughtNotice(_OfObstacle):
    """`by` took the role of `key` again and again although it was given back, so that it is given back no more.

    It is owed once for each timer while that lasts.
    """

    key: TimerKey
    by: UserId
    at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.FOUGHT


@dataclass(frozen=True, slots=True)
class GivenAgainNotice(_OfObstacle):
    """`by` gave the role of `key` to a member who had their only timer on it before, so that it is taken again."""

    key: TimerKey
    by: UserId
    at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.GIVEN_AGAIN


@dataclass(frozen=True, slots=True)
class UntimedNotice(_OfObstacle):
    """`members` got the role of `key` unheard, so that the timer that its rule starts is missing. Its user is `NOBODY`.

    It is owed once each time that they become more.
    """

    key: TimerKey
    members: int
    at: datetime

    @property
    def kind(self) -> NoticeKind:
        """What it is stored as."""
        return NoticeKind.UNTIMED


type Notice = (
    WarningNotice
    | GraceNotice
    | EndedNotice
    | BlockedNotice
    | ResolvedNotice
    | FoughtNotice
    | GivenAgainNotice
    | UntimedNotice
)
