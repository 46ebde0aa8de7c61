"""Timers of a role that is deleted end, whether the bot was there to hear of it or not."""

from collections.abc import Iterator

import pytest

from boostmon.app.errors import StorageUnavailable
from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import GuildId
from boostmon.domain.timers import Ending, Running
from boostmon.sandbox.faults import Refusal
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage, RunningBot, ShakyTimers, running_bot
from tests.integration.bot.sweeping import Sweeping
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR


def actions(stage: BotStage) -> list[str]:
    return [str(entry.action) for entry in stage.store.ledger]


def wait_until_ended(stage: BotStage, number: int = 1) -> None:
    stage.discord.wait_until(
        lambda: actions(stage).count("role_deleted") >= number, PATIENCE, "the end of a deleted role's timers"
    )


@pytest.fixture
def another(stage: BotStage) -> Iterator[RunningBot]:
    """A second process of the same bot on the same database."""
    with running_bot(stage.discord, stage.store, ShakyTimers(stage.store), stage.clock) as bot:
        yield bot


def test_a_timer_ends_with_its_role_and_others_go_on(stage: BotStage) -> None:
    ended = stage.given("@alice", "@VIP", DAY).key
    stage.given("@alice", "@Supporter", DAY)

    stage.discord.change(lambda world: world.delete_role("@VIP"))
    wait_until_ended(stage)

    timer = stage.timers.get(ended)
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert stage.store.ledger[-1].detail == RoleNamed("VIP")
    assert Sweeping(stage).sweep().ended == 1
    assert stage.timers.get(ended) is None
    stage.type("/addtime user:@alice duration:1h")
    left = stage.timer("@alice", "@Supporter")
    assert left is not None
    assert left.remaining(stage.clock.now()) == DAY + HOUR
    assert "@Supporter" in stage.discord.member_roles("@alice")


def test_a_deleted_role_makes_no_command_ask_which_timer_is_meant(stage: BotStage) -> None:
    stage.timers.role_failure = StorageUnavailable("away")
    stage.given("@alice", "@VIP", DAY)
    stage.given("@alice", "@Supporter", DAY)
    stage.discord.change(lambda world: world.delete_role("@VIP"))

    for command in ("addtime duration:1h", "removetime duration:1h", "pausetime", "resumetime", "cleartime"):
        name, _, rest = command.partition(" ")
        answer = stage.insist(f"/{name} user:@alice {rest}".strip())
        assert not answer.hidden, answer.text

    stage.timers.role_failure = None
    wait_until_ended(stage)


@pytest.mark.usefixtures("another")
def test_of_two_processes_that_hear_of_it_one_ends_the_timers(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    stage.given("@bob", "@VIP", DAY)

    stage.discord.change(lambda world: world.delete_role("@VIP"))
    wait_until_ended(stage, 2)

    assert Sweeping(stage).sweep().ended == 2
    assert sorted(actions(stage)) == ["ended"] * 2 + ["role_deleted"] * 2 + ["set"] * 2


def delete_unheard(stage: BotStage, role: str) -> None:
    """While the connection is gone for good, so that nobody is told."""

    def delete(world: World) -> None:
        del world.guild.roles[world.role(role).id]
        for member in world.guild.members.values():
            member.role_ids[:] = [one for one in member.role_ids if one in world.guild.roles]

    stage.discord.look(delete)


def reconnect(stage: BotStage) -> None:
    """With a new session, in which Discord tells of all guilds once more."""
    logins = stage.discord.logins
    stage.discord.drop_gateway(forget_sessions=True)
    stage.discord.wait_until(lambda: stage.discord.logins > logins, PATIENCE, "a new session")


def test_a_role_that_was_deleted_while_the_bot_was_away_is_found(stage: BotStage) -> None:
    gone = stage.given("@alice", "@VIP", DAY).key
    stage.given("@alice", "@Supporter", DAY)

    delete_unheard(stage, "@VIP")
    reconnect(stage)
    wait_until_ended(stage)

    assert Sweeping(stage).sweep().ended == 1
    assert stage.timers.get(gone) is None
    assert stage.timer("@alice", "@Supporter") is not None
    assert "@Supporter" in stage.discord.member_roles("@alice")


def test_what_discord_or_the_database_refuses_is_tried_again(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    stage.timers.role_failure = StorageUnavailable("away")
    stage.discord.fail(Refusal(503), method="GET", path="/guilds/*", times=2)

    delete_unheard(stage, "@VIP")
    reconnect(stage)
    stage.discord.wait_until(lambda: stage.timers.role_looks > 1, PATIENCE, "a second look")
    stage.timers.role_failure = None

    wait_until_ended(stage)


def test_a_role_that_the_bot_has_not_heard_of_yet_keeps_its_timer(stage: BotStage) -> None:
    """It is there, but the bot's cache has lost it."""
    key = stage.given("@alice", "@VIP", DAY).key
    asked = len(census(stage))

    def forget() -> None:
        guild = stage.running.bot.get_guild(key.guild)
        assert guild is not None
        guild._remove_role(key.role)
        stage.running.bot.dispatch("guild_available", guild)

    stage.running.loop.call_soon_threadsafe(forget)
    stage.discord.wait_until(lambda: len(census(stage)) > asked, PATIENCE, "a question to Discord")
    reconnect(stage)

    timer = stage.timers.get(key)
    assert timer is not None
    assert isinstance(timer.state, Running)
    assert "role_deleted" not in actions(stage)


def census(stage: BotStage) -> list[object]:
    return [one for one in stage.discord.requests if one.method == "GET" and one.path == f"/guilds/{guild_of(stage)}"]


def guild_of(stage: BotStage) -> GuildId:
    return stage.key("@alice", "@Supporter").guild


def test_where_all_roles_are_known_discord_is_not_asked(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    looks = stage.timers.role_looks

    reconnect(stage)
    stage.discord.wait_until(lambda: stage.timers.role_looks > looks, PATIENCE, "a look")

    assert census(stage) == []
