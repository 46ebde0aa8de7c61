"""The conversations of a bot that nobody talks to, or to which Discord sets no limit."""

from collections.abc import Callable

from boostmon.adapters.memory.clock import ManualClock
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.bot.conversing.conversation import Conversations
from boostmon.entrypoints.bot.conversing.lanes import Lanes


async def at_once(_guild: GuildId, _patience: float, _ahead: Callable[[], int]) -> None:
    """Roles may be given."""


def idle_conversations() -> Conversations:
    """New ones."""
    return Conversations(ManualClock(), Lanes(), at_once)
