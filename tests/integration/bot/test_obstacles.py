"""An obstacle is told once, and what it held up ends as soon as Discord says that it is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from simcord.backend import serializers

from boostmon.app.errors import StorageUnavailable
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.domain.timers import Ending, Obstacle
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping, seat
from tests.support.patience import PATIENCE
from tests.support.timers import MINUTE, change, running

MEMBERS = 100


@pytest.fixture
def sweeping(stage: BotStage) -> Sweeping:
    return Sweeping(stage)


def holders(world: World) -> int:
    vip = world.role("@VIP").id
    return sum(vip in member.role_ids for member in world.guild.members.values())


def time_is_up(stage: BotStage, number: int) -> None:
    """The time of as many members with @VIP."""
    like = stage.key("@alice", "@VIP")
    for user in stage.discord.look(lambda world: seat(world, number)):
        key = TimerKey(like.guild, UserId(user), RoleId(like.role))
        assert stage.timers.commit(change(None, running(MINUTE, at=stage.clock.now(), of=key))) is not None
    stage.clock.advance(MINUTE)


def is_due(stage: BotStage) -> bool:
    now = stage.clock.now()
    due = stage.timers.next_due(now)
    return due is not None and due <= now


def wait_until_due(stage: BotStage) -> None:
    stage.discord.wait_until(lambda: is_due(stage), PATIENCE, "the second look")


def swept(stage: BotStage, sweeping: Sweeping, members: int) -> Swept:
    """What came of so many endings: a slow machine uses up a limit of Discord's, which holds some of them back."""
    passes = [sweeping.sweep()]
    while sum(one.failed + one.ended for one in passes) < members:
        held_until = passes[-1].next_due
        assert held_until is not None
        stage.clock.advance(max(held_until - stage.clock.now(), timedelta()))
        passes.append(sweeping.sweep())
    return Swept(passes[-1].next_due, ended=sum(one.ended for one in passes), failed=sum(one.failed for one in passes))


def test_a_hundred_endings_below_a_moved_role_are_one_message_and_end_when_it_is_moved_back(
    stage: BotStage, sweeping: Sweeping
) -> None:
    stage.type("/timersettings log channel:#warnings", by="@owner")
    time_is_up(stage, MEMBERS)
    stage.discord.change(lambda world: world.move_role("@BoostMon", "@VIP", above=False))

    assert swept(stage, sweeping, MEMBERS).failed == MEMBERS
    assert sweeping.deliver().delivered == 1

    [message] = stage.discord.messages("#warnings")
    own, vip = stage.discord.look(lambda world: f"<@&{world.role('@BoostMon').id}>"), stage.mention("@VIP")
    assert f"My highest role, {own}, does not stand above {vip}" in message.text
    assert f"drag {own} above it" in message.text
    assert "Manage Roles" not in message.text
    assert stage.discord.look(holders) == MEMBERS
    assert not is_due(stage)

    stage.discord.change(lambda world: world.move_role("@BoostMon", "@VIP", above=True))
    wait_until_due(stage)

    assert swept(stage, sweeping, MEMBERS).ended == MEMBERS
    assert stage.discord.look(holders) == 0
    assert len(stage.discord.messages("#warnings")) == 1

    stage.store.told_obstacles = dict.fromkeys(stage.store.told_obstacles, -1000.0)  # a while ago
    assert [sweeping.tell_resolved(), sweeping.tell_resolved()] == [1, 0]
    stage.clock.advance(MINUTE)
    sweeping.deliver()
    *_, gone = stage.discord.messages("#warnings")
    assert f"As of this message, nothing waits for the role {vip} any more." in gone.text


def denied(world: Changes) -> None:
    world.set_permission("manage-roles", allowed=False)


def above(world: Changes) -> None:
    world.move_role("@VIP", "@BoostMon", above=True)


def granted(world: Changes) -> None:
    world.set_permission("manage-roles", allowed=True)


def deleted(world: Changes) -> None:
    world.delete_role("@VIP")


@pytest.mark.parametrize(
    ("obstruct", "mend"), [(denied, granted), (above, deleted)], ids=["permission", "role deleted"]
)
def test_what_was_blocked_is_tried_again_at_once(
    stage: BotStage, sweeping: Sweeping, obstruct: Callable[[Changes], None], mend: Callable[[Changes], None]
) -> None:
    time_is_up(stage, 2)
    stage.discord.change(obstruct)
    assert sweeping.sweep().failed == 2
    assert not is_due(stage)

    stage.discord.change(mend)
    wait_until_due(stage)

    assert sweeping.sweep().ended == 2


def give_the_bot_another_role(world: World) -> None:
    """One with Manage Roles, above @VIP: an event of the bot's own member, and none of a role."""
    world.backend.add_member_role(world.guild_id, world.bot_id, world.role("@Moderator").id)


def test_a_role_that_the_bot_is_given_may_free_the_way(stage: BotStage, sweeping: Sweeping) -> None:
    time_is_up(stage, 2)
    stage.discord.change(denied)
    assert sweeping.sweep().failed == 2

    stage.discord.look(give_the_bot_another_role)
    wait_until_due(stage)

    assert sweeping.sweep().ended == 2


def test_a_change_that_leaves_the_role_out_of_reach_costs_no_request(stage: BotStage, sweeping: Sweeping) -> None:
    time_is_up(stage, 2)
    stage.discord.change(above)
    assert sweeping.sweep().failed == 2
    looked = stage.timers.looks

    stage.discord.change(lambda world: world.create_role("@Another"))
    stage.discord.wait_until(lambda: stage.timers.looks > looked, PATIENCE, "the second look")

    assert not is_due(stage)


def test_a_look_that_the_database_refused_is_made_again(stage: BotStage, sweeping: Sweeping) -> None:
    time_is_up(stage, 1)
    stage.discord.change(denied)
    assert sweeping.sweep().failed == 1
    stage.timers.look_failures.append(StorageUnavailable("away"))

    stage.discord.change(granted)
    wait_until_due(stage)

    assert stage.timers.look_failures == []


def leave_guild(world: World) -> Callable[[World], None]:
    """The bot is out of the guild; what this returns lets it in again."""
    guild_id = world.guild_id
    guild = world.backend.guilds.pop(guild_id)
    world.backend.emit("GUILD_DELETE", {"id": str(guild_id)})

    def come_back(world: World) -> None:
        world.backend.guilds[guild_id] = guild
        world.backend.emit("GUILD_CREATE", serializers.guild_create_payload(world.backend, guild))

    return come_back


def test_a_guild_that_takes_the_bot_back_goes_on(stage: BotStage, sweeping: Sweeping) -> None:
    time_is_up(stage, 1)
    come_back = stage.discord.look(leave_guild)
    assert sweeping.sweep().failed == 1
    [timer] = [row.timer for row in stage.store.timers.values()]
    assert isinstance(timer.state, Ending)
    assert timer.state.blocked_by is Obstacle.GUILD_GONE

    stage.discord.look(come_back)
    wait_until_due(stage)

    assert sweeping.sweep().ended == 1
