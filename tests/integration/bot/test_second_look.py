"""A role that the bot's cache puts in the wrong place: nobody is refused by that."""

from typing import Any

import pytest

from boostmon.sandbox.faults import Latency, Refusal
from tests.integration.bot.stage import BotStage
from tests.support.timers import MINUTE

SET = "/settime user:@alice role:@VIP duration:2h"


def looks(stage: BotStage) -> int:
    guild = stage.discord.look(lambda world: world.guild_id)
    return sum(one.method == "GET" and one.path == f"/guilds/{guild}" for one in stage.discord.requests)


def misplace(stage: BotStage, position: int, role: str = "VIP") -> None:
    """Lets the bot believe that a role stands there."""
    role_id, guild_id = stage.discord.look(lambda world: (world.role(role).id, world.guild_id))

    async def move() -> None:
        guild = stage.running.bot.get_guild(guild_id)
        assert guild is not None
        found = guild.get_role(role_id)
        assert found is not None
        found.position = position

    stage.running.run(move())


def test_roles_that_were_moved_and_deleted_stand_where_they_are(stage: BotStage) -> None:
    """nextcord moves cached positions when a role goes, although Discord tells of each that moved."""

    def week(changes: Any) -> None:
        changes.move_role("@VIP", "@BoostMon", above=True)
        changes.move_role("@VIP", "@BoostMon", above=False)
        changes.delete_role("@Supporter")
        changes.move_role("@VIP", "@Moderator", above=False)

    stage.discord.change(week)

    assert not stage.type(SET).hidden
    assert "@VIP" in stage.discord.member_roles("@alice")
    assert looks(stage) == 0


@pytest.mark.parametrize("position", [4, 9])
@pytest.mark.parametrize("command", ["settime", "addtime", "removetime", "pausetime", "resumetime", "cleartime"])
def test_an_old_position_in_the_cache_refuses_nothing(stage: BotStage, command: str, position: int) -> None:
    lines = {
        "settime": SET,
        "addtime": "/addtime user:@alice role:VIP duration:1h",
        "removetime": "/removetime user:@alice duration:5m",
    }
    stage.given("@alice", "@VIP", 59 * MINUTE)
    if command == "resumetime":
        stage.type("/pausetime user:@alice")
    misplace(stage, position)

    answer = stage.type(lines.get(command, f"/{command} user:@alice"))

    assert not answer.hidden, answer.text
    assert looks(stage) == 1


def test_a_role_that_does_stand_too_high_is_refused_and_often_costs_little(stage: BotStage) -> None:
    id_ = stage.discord.look(lambda world: world.role("Staff").id)
    for _ in range(6):
        answer = stage.type(f"/settime user:@alice role:{id_} duration:2h")
        assert answer.hidden
        assert "at or above your own highest role" in answer.text
        assert "remember" not in answer.text
    assert looks(stage) <= 2


def test_while_discord_says_nothing_the_cache_decides_and_the_answer_says_so(stage: BotStage) -> None:
    misplace(stage, 9)
    stage.discord.fail(Refusal(503), "GET", "/guilds/*", times=1)
    answer = stage.type(SET)
    assert answer.hidden
    assert "at or above your own highest role" in answer.text
    assert "Discord did not tell me in time how the roles stand now" in answer.text
    assert stage.timer("@alice", "@VIP") is None


def test_the_command_is_acknowledged_before_discord_is_asked(stage: BotStage) -> None:
    misplace(stage, 9)
    stage.discord.fail(Latency(1.5), "GET", "/guilds/*", times=1)
    answer = stage.type(SET)
    assert not answer.hidden, answer.text
    assert answer.acknowledged_in is not None
    assert answer.replied_in is not None
    assert answer.acknowledged_in < answer.replied_in - 1.0
