"""The sweep and the delivery of notices by the stage's bot, and members for them."""

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.obstacles import InMemoryObstacles
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.guilds.resolving import TellResolved
from boostmon.app.sweeping.sweep import Sweep
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage


class Sweeping:
    """The sweep and the courier of the stage's bot, run by hand."""

    def __init__(self, stage: BotStage) -> None:
        rest = DiscordRest(lambda: stage.running.bot)
        bridge = LoopBridge(lambda: stage.running.loop)
        policies = InMemoryPolicies(stage.store)
        names = NameLookup(lambda: stage.running.bot, rest)
        notifier = DiscordNotifier(rest, bridge, DirectMessages(rest, pace=0.0), names, stage.clock)
        roles = DiscordRoleGateway(rest, bridge, names.known_language)
        self.sweep = Sweep(stage.timers, roles, stage.clock, policies)
        self.tell_resolved = TellResolved(InMemoryObstacles(stage.store), stage.clock)
        self.deliver = DeliverNotices(InMemoryOutbox(stage.store), notifier, stage.clock, policies)


def seat(world: World, number: int) -> list[int]:
    """So many new members who have @VIP."""
    users = [world.backend.make_user(f"member{n}").id for n in range(number)]
    for user in users:
        world.backend.add_member(world.guild_id, user, roles=[world.role("@VIP").id])
    return users
