"""The bot is thrown out of a server with timers, and let in again."""

from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.domain.timers import Ending, Obstacle, Running
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping, seat
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR, change, running

SECONDS = PATIENCE


def throw_out(stage: BotStage) -> None:
    stage.discord.change(lambda world: world.kick("@BoostMon", by="@owner"))
    stage.discord.wait_until(lambda: not stage.running.bot.guilds, SECONDS, "the bot to know that it is out")


def let_in(stage: BotStage) -> None:
    stage.discord.change(lambda world: world.join("@BoostMon"))
    stage.discord.change(lambda world: world.move_role("@BoostMon", "@VIP", above=True))


def test_timers_are_kept_and_go_on_at_once_when_it_is_back(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    stage.given("@bob", "@VIP", DAY)
    throw_out(stage)
    sweeping = Sweeping(stage)

    stage.clock.advance(2 * HOUR)
    assert sweeping.sweep().failed == 1
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert timer.state.blocked_by is Obstacle.GUILD_GONE
    assert sweeping.sweep().failed == 0  # not again at once
    assert sweeping.deliver().delivered == 0  # and nobody is there to be told

    let_in(stage)

    def is_due() -> bool:
        now, blocked = stage.clock.now(), stage.timer("@alice", "@VIP")
        return blocked is not None and blocked.due_at is not None and blocked.due_at <= now

    stage.discord.wait_until(is_due, SECONDS, "a look at what was blocked")
    assert sweeping.sweep().ended == 1
    assert stage.timer("@alice", "@VIP") is None
    kept = stage.timer("@bob", "@VIP")
    assert kept is not None
    assert isinstance(kept.state, Running)


def test_discord_is_not_asked_about_each_of_its_timers(stage: BotStage) -> None:
    members = stage.discord.look(lambda world: seat(world, 400))
    guild, vip = stage.key("@alice", "@VIP").guild, RoleId(stage.discord.id_of("@VIP"))
    for member in members:
        timer = running(HOUR, at=stage.clock.now(), of=TimerKey(guild, UserId(member), vip))
        assert stage.timers.commit(change(None, timer)) is not None
    throw_out(stage)
    stage.clock.advance(2 * HOUR)
    before = len(stage.discord.requests)

    assert Sweeping(stage).sweep().failed == 400

    asked = [one for one in stage.discord.requests[before:] if one.method == "DELETE"]
    assert 1 <= len(asked) <= 120  # those that were on their way when the first answer came
