"""Who and what the examples are about."""

from dataclasses import dataclass

from boostmon.domain.ids import ChannelId, RoleId, TimerKey, UserId
from tests.support.timers import ALICE, CHANNEL, GUILD, VIP

LOG = ChannelId(CHANNEL + 1)
OWN_ROLE = RoleId(VIP + 50)
"""The bot's highest role."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What people have chosen or typed; `many` is how many stand in a list that may be long."""

    role: str = "VIP"
    guild: str = "Boost Town"
    reason: str = "won the raffle"
    typed: str = "vipp"
    many: int = 2


PLAIN = Cast()
LONGEST = Cast(role="*" * 100, guild="_" * 100, reason="*" * 1000, typed="*" * 100, many=40)
"""As long as Discord and our options allow, of characters that each need a backslash."""


def nth(number: int) -> TimerKey:
    """Of as many members, each with a role of their own."""
    return TimerKey(GUILD, UserId(ALICE + number), RoleId(VIP + number))
