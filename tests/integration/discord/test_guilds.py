"""The directory on Discord's REST API keeps the contract of the port, and costs little."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.guilds import REMEMBERED, DiscordGuilds
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.session import RestSession
from boostmon.domain.ids import GuildId, RoleId
from boostmon.sandbox.faults import Kind, Latency, LostAnswer, Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.contracts.guild_directory import GuildDirectoryContract

GUILD_PATH = "/guilds/*"


class LoopbackGuildWorld:
    """The world of the contract, with a clock of its own for what is remembered."""

    def __init__(self, discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> None:
        self.discord = discord
        self.seconds = 0.0
        self.directory = DiscordGuilds(rest, bridge, patience=2.0, clock=lambda: self.seconds)
        self.guild = GuildId(discord.look(lambda world: world.guild_id))

    @property
    def looks(self) -> int:
        path = f"/guilds/{self.guild}"
        return sum(request.method == "GET" and request.path == path for request in self.discord.requests)

    def role(self, name: str) -> RoleId:
        return RoleId(self.discord.look(lambda world: world.role(name).id))

    def put_above_moderator(self) -> None:
        self.discord.change(lambda changes: changes.move_role("@VIP", "@Moderator", above=True))

    def time_passes(self) -> None:
        self.seconds += REMEMBERED


@pytest.fixture
def world(discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> LoopbackGuildWorld:
    return LoopbackGuildWorld(discord, rest, bridge)


class TestDiscordGuilds(GuildDirectoryContract):
    """Over real sockets, with nextcord."""


def test_one_look_serves_all_who_ask_within_seconds(world: LoopbackGuildWorld) -> None:
    world.discord.fail(Latency(0.3), path=GUILD_PATH)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(world.directory.roles, [world.guild] * 40))
    assert all(roles is not None and roles == found[0] for roles in found)
    assert world.looks == 1

    world.seconds += REMEMBERED - 0.001
    world.directory.roles(world.guild)
    assert world.looks == 1
    world.seconds += 0.001
    world.directory.roles(world.guild)
    assert world.looks == 2


@pytest.mark.parametrize("fault", [Refusal(503), Refusal(403, 50001, "Missing Access"), LostAnswer(hold=60.0)])
def test_a_look_without_an_answer_is_not_repeated_at_once_either(world: LoopbackGuildWorld, fault: Kind) -> None:
    world.discord.fail(fault, path=GUILD_PATH)
    assert world.directory.roles(world.guild) is None
    assert world.directory.roles(world.guild) is None
    assert world.looks == 1

    world.time_passes()
    assert world.directory.roles(world.guild) is not None


def test_without_a_connection_nothing_is_known(world: LoopbackGuildWorld, session: RestSession) -> None:
    session.stop()
    assert world.directory.roles(world.guild) is None
