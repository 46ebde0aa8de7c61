"""Counting members over Discord's REST API keeps the contract of the port, and trusts no odd answer."""

import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.holders import DiscordRoleHolders
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.errors import DiscordUnreachable
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.sandbox.faults import Impostor, Kind, LostAnswer, Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.contracts.role_holders import RoleHoldersContract

NAMES = (("@alice", "@VIP"), ("@bob", "@VIP"), ("@alice", "@Gold"))


class LoopbackHoldersWorld:
    """The world of the contract."""

    def __init__(self, discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> None:
        self.discord = discord
        self.holders = DiscordRoleHolders(rest, bridge)
        guild = GuildId(discord.look(lambda world: world.guild_id))
        made = [TimerKey(guild, UserId(discord.id_of(member)), RoleId(discord.id_of(role))) for member, role in NAMES]
        self.keys = made[0], made[1], made[2]

    def give(self, key: TimerKey) -> None:
        self.discord.change(lambda changes: changes.give(*NAMES[self.keys.index(key)], by="@mod"))

    def take(self, key: TimerKey) -> None:
        self.discord.change(lambda changes: changes.take(*NAMES[self.keys.index(key)], by="@mod"))

    def leave(self, key: TimerKey) -> None:
        self.discord.change(lambda changes: changes.leave(NAMES[self.keys.index(key)][0]))


@pytest.fixture
def world(discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> LoopbackHoldersWorld:
    discord.change(lambda changes: changes.create_role("Gold"))
    return LoopbackHoldersWorld(discord, rest, bridge)


class TestDiscordRoleHolders(RoleHoldersContract):
    """Over real sockets, with nextcord."""


@pytest.mark.parametrize(
    "fault",
    [
        Refusal(503),
        Refusal(403, 50001, "Missing Access"),
        LostAnswer(),
        Impostor("<html>"),
        Impostor("[]", content_type="application/json"),
        Impostor('{"5": null}', content_type="application/json"),
        Impostor('{"roles": null}', content_type="application/json"),
    ],
    ids=["unavailable", "refused", "lost", "a page", "a list", "null", "no roles"],
)
def test_what_is_no_answer_is_told_from_nobody(world: LoopbackHoldersWorld, fault: Kind) -> None:
    [key, *_] = world.keys
    world.discord.fail(fault, method="GET", times=2)

    with pytest.raises(DiscordUnreachable):
        world.holders.counts(key.guild)
    with pytest.raises(DiscordUnreachable):
        world.holders.membership(key.guild, key.user)
