"""Where a notice goes: the places to try one after the other, by what the server decided."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from boostmon.domain.ids import ChannelId
from boostmon.domain.notices import (
    BlockedNotice,
    EndedNotice,
    FoughtNotice,
    GivenAgainNotice,
    GraceNotice,
    Notice,
    ResolvedNotice,
    UntimedNotice,
    WarningNotice,
)
from boostmon.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class ToChannel:
    """A channel that the member reads; the message mentions them."""

    channel: ChannelId


@dataclass(frozen=True, slots=True)
class ToMember:
    """A direct message."""


@dataclass(frozen=True, slots=True)
class ToLog:
    """The log channel: the people who run the server read what the member could not be told, or what to fix."""

    channel: ChannelId


type Way = ToChannel | ToMember | ToLog


class Barrier(StrEnum):
    """What keeps a place from accepting a message, in terms that people can act on.

    Values are stored: never rename one.
    """

    DMS_CLOSED = "dms_closed"
    """The member takes no direct messages, or none from the bot."""
    NOTHING_SHARED = "nothing_shared"
    """The member shares no server with the bot (any more)."""
    ACCOUNT_GONE = "account_gone"
    CHANNEL_GONE = "channel_gone"
    CHANNEL_UNSEEN = "channel_unseen"
    """The bot may not view the channel."""
    CHANNEL_FORBIDDEN = "channel_forbidden"
    """The bot may not send messages there, or not with embeds."""
    THREAD_CLOSED = "thread_closed"
    UNKNOWN = "unknown"
    """Discord refused for a reason that is not among these."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way that did not take a notice, and why: `error` for the log and the ledger, `barrier` for people."""

    way: Way
    error: str
    barrier: Barrier = Barrier.UNKNOWN


def ways_of(notice: Notice, policy: Policy) -> tuple[Way, ...]:
    """The ways of a notice, the best first; empty if the server allows none.

    What is for the member goes to the timer's channel, else to the server's, else to the member directly. The log
    channel comes last: it says whom nobody could tell.
    """
    match notice:
        case BlockedNotice() | ResolvedNotice() | FoughtNotice() | GivenAgainNotice() | UntimedNotice():
            return _log(policy)
        case WarningNotice(channel=channel) | GraceNotice(channel=channel) | EndedNotice(channel=channel):
            told = member_ways(channel, policy)
            return (*told, *(way for way in _log(policy) if ToChannel(way.channel) not in told))
        case _ as never:
            assert_never(never)


def member_ways(channel: ChannelId | None, policy: Policy) -> tuple[ToChannel | ToMember, ...]:
    """How the member of a timer is told whose own channel is `channel`."""
    channels = dict.fromkeys(one for one in (channel, policy.warning_channel) if one is not None)
    direct = (ToMember(),) if policy.dms else ()
    return (*(ToChannel(one) for one in channels), *direct)


def _log(policy: Policy) -> tuple[ToLog, ...]:
    return () if policy.log_channel is None else (ToLog(policy.log_channel),)
