"""Discord's identifiers: 64-bit snowflakes, told apart by the type checker."""

from dataclasses import dataclass
from typing import NewType

GuildId = NewType("GuildId", int)
UserId = NewType("UserId", int)
RoleId = NewType("RoleId", int)
ChannelId = NewType("ChannelId", int)
RequestId = NewType("RequestId", int)
"""The id of the Discord interaction that asked for a change; a change is applied once per request."""


@dataclass(frozen=True, slots=True, order=True)
class TimerKey:
    """What a timer is about: one member's one role in one guild."""

    guild: GuildId
    user: UserId
    role: RoleId
