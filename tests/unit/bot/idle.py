"""The conversations and commands of a bot that nobody talks to, or to which Discord sets no limit."""

from collections.abc import Callable
from typing import Any, cast

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.commands.known_timers import KnownTimers
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.bot.commands.cog import CommandsCog
from boostmon.entrypoints.bot.commands.command import Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.table import COMMANDS
from boostmon.entrypoints.bot.conversing.conversation import Conversations
from boostmon.entrypoints.bot.conversing.lanes import Lanes


async def at_once(_guild: GuildId, _patience: float, _ahead: Callable[[], int]) -> None:
    """Roles may be given."""


def idle_conversations() -> Conversations:
    """New ones."""
    return Conversations(ManualClock(), Lanes(), at_once)


def idle_cog() -> CommandsCog:
    """New commands. Nothing is carried out, so nothing stands behind them."""
    clock, lanes, conversations = ManualClock(), Lanes(), idle_conversations()
    store = MemoryStore()
    known = KnownTimers(InMemoryTimers(store), InMemoryPolicies(store), "UTC")
    completion = Completion(known, clock, lanes, conversations.rivals)
    nothing = Services(cast("Any", None), cast("Any", None))
    return CommandsCog(COMMANDS, nothing, completion, conversations)
