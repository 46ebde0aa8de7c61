"""Discord's identifiers: 64-bit snowflakes, told apart by the type checker."""

from dataclasses import dataclass
from typing import NewType

GuildId = NewType("GuildId", int)
UserId = NewType("UserId", int)
RoleId = NewType("RoleId", int)
ChannelId = NewType("ChannelId", int)
RequestId = NewType("RequestId", int)
"""The id of the Discord interaction that asked for a change, or of the entry in the guild's audit log that it follows
from; a change is applied once per request."""
EntryId = NewType("EntryId", int)
"""An entry of the ledger."""
NOBODY = UserId(0)
"""The user in the key of something that concerns a role and nobody in particular. Discord gives no such id."""


@dataclass(frozen=True, slots=True, order=True)
class TimerKey:
    """What a timer is about: one member's one role in one guild."""

    guild: GuildId
    user: UserId
    role: RoleId


_MOST_DIGITS = 19
"""Those of the greatest id: Discord's have 64 bits with a time in front that leaves the first one empty for decades,
and databases have no larger whole numbers."""


def parse_id(text: str) -> int | None:
    """The identifier that a text of digits stands for, or None. The text may be of any length."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    number = int(text)
    return number if 0 < number < 2**63 else None
