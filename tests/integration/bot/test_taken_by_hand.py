"""A timer whose role somebody takes by hand is over, as the bot hears without a privileged intent."""

import time

from simcord.enums import AuditLogAction

from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping, seat
from tests.support.patience import PATIENCE
from tests.support.stopwatch import seconds_of
from tests.support.timers import DAY, change, running

SECONDS = PATIENCE


def actions(stage: BotStage) -> list[str]:
    return [str(entry.action) for entry in stage.store.ledger]


def wait_until_followed(stage: BotStage, number: int = 1) -> None:
    stage.discord.wait_until(lambda: actions(stage).count("taken") >= number, SECONDS, "the end of a timer")


def test_a_role_that_a_moderator_takes_ends_its_timer_in_two_seconds(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.given("@alice", "@Supporter", DAY)
    slack = 10 * seconds_of(lambda: stage.type("/timeleft user:@alice"))  # as busy as the machine is
    began = time.monotonic()

    stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@mod"))
    wait_until_followed(stage)

    assert time.monotonic() - began < 2.0 + slack
    assert stage.timer("@alice", "@VIP") is None
    assert stage.timer("@alice", "@Supporter") is not None
    [entry] = [one for one in stage.store.ledger if one.action == "taken"]
    assert entry.actor == stage.discord.id_of("@mod")
    assert entry.request is not None
    assert Sweeping(stage).deliver().delivered == 0


def test_what_the_bot_itself_does_is_no_news(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.given("@bob", "@VIP", DAY)
    stage.insist("/cleartime user:@alice role:@VIP")

    stage.discord.change(lambda world: world.take("@bob", "@VIP", by="@mod"))
    wait_until_followed(stage)

    assert actions(stage) == ["set", "set", "clear", "ended", "taken"]


def test_of_five_thousand_events_none_of_a_timed_role_is_missed_and_few_reach_the_tables(stage: BotStage) -> None:
    members = stage.discord.look(lambda world: seat(world, 100))
    guild, vip = stage.key("@alice", "@VIP").guild, RoleId(stage.discord.id_of("@VIP"))
    for member in members:
        timer = running(DAY, at=stage.clock.now(), of=TimerKey(guild, UserId(member), vip))
        assert stage.timers.commit(change(None, timer)) is not None
    logins = stage.discord.logins
    stage.discord.drop_gateway(forget_sessions=True)  # another process made them: which roles have timers is read anew
    stage.discord.wait_until(lambda: stage.discord.logins > logins, SECONDS, "a new session")
    trips, other = stage.timers.trips, stage.discord.id_of("@Supporter")

    def flood(world: World) -> None:
        for number in range(5_000):
            member, role = members[number % 100], vip if number % 50 == 0 else other
            target = members[number // 50] if role == vip else member
            changes = [{"key": "$remove", "new_value": [{"id": str(role), "name": "a role"}]}]
            world.backend.record_audit_log(
                world.guild_id, AuditLogAction.MEMBER_ROLE_UPDATE, target_id=target, changes=changes, user_id=members[0]
            )

    stage.discord.look(flood)
    wait_until_followed(stage, 100)

    # Of what was read in the log, the role is taken once more, in case that a command gave it last.
    assert all(row.timer.is_over(stage.clock.now()) for row in stage.store.timers.values())
    assert stage.timers.trips - trips <= 120


def test_where_the_server_wants_it_the_role_is_given_back_in_two_seconds(stage: BotStage) -> None:
    chosen = "give back: the member gets the role back, and the timer goes on"
    answer = stage.type(f"/timersettings taken-by-hand then:{chosen}", by="@owner")
    assert "is given back by me; the timer goes on" in answer.text
    stage.type("/timersettings log channel:#warnings", by="@owner")
    stage.type("/settime user:@alice role:@VIP duration:1d")
    slack = 10 * seconds_of(lambda: stage.type("/timeleft user:@alice"))  # as busy as the machine is
    began = time.monotonic()

    stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: "@VIP" in stage.discord.member_roles("@alice"), SECONDS, "the role")

    assert time.monotonic() - began < 2.0 + slack
    stage.discord.wait_until(lambda: actions(stage)[-1] == "give_back", SECONDS, "the entry")
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == DAY

    for number in (2, 3):
        stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@mod"))
        stage.discord.wait_until(lambda: "@VIP" in stage.discord.member_roles("@alice"), SECONDS, "the role")
        assert actions(stage).count("give_back") == number
    stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: "fought" in actions(stage), SECONDS, "the end of it")

    assert "@VIP" not in stage.discord.member_roles("@alice")
    assert Sweeping(stage).deliver().delivered == 1
    [told] = stage.discord.messages("#warnings")
    assert stage.mention("@mod") in told.text
    assert "again each time that I gave it back" in told.text
    assert "I gave it back" in stage.type("/resumetime user:@alice").text
    assert "@VIP" in stage.discord.member_roles("@alice")
