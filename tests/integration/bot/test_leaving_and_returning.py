"""Members who leave and return, with the members intent and without it."""

from collections.abc import Iterator

import pytest

from boostmon.domain.policy import Rejoin
from boostmon.domain.timers import Paused, Running, State
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage, stage
from tests.integration.bot.sweeping import Sweeping
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR

SECONDS = PATIENCE


@pytest.fixture(name="seeing")
def stage_that_sees_members() -> Iterator[BotStage]:
    with stage(members_intent=True) as made:
        yield made


def state(on: BotStage, member: str = "@alice") -> State | None:
    timer = on.timer(member, "@VIP")
    return None if timer is None else timer.state


def wait_for(on: BotStage, kind: type[State], member: str = "@alice") -> None:
    on.discord.wait_until(lambda: isinstance(state(on, member), kind), SECONDS, f"a timer that is {kind.__name__}")


def wait_for_role(on: BotStage, member: str = "@alice") -> None:
    on.discord.wait_until(
        lambda: on.discord.look(lambda world: world.role("@VIP").id in world.member(member).role_ids),
        SECONDS,
        "the role to be given back",
    )


def wait_for_actions(on: BotStage, *actions: str) -> None:
    on.discord.wait_until(
        lambda: [str(entry.action) for entry in on.store.ledger] == list(actions), SECONDS, f"{actions} in the ledger"
    )


def test_who_returns_gets_the_role_back(seeing: BotStage) -> None:
    seeing.type("/settime user:@alice role:@VIP duration:1d")

    seeing.discord.change(lambda world: world.leave("@alice"))
    seeing.discord.change(lambda world: world.join("@alice"))

    wait_for_role(seeing)
    wait_for_actions(seeing, "set", "returned")
    assert isinstance(state(seeing), Running)


def test_time_stands_still_while_a_member_is_away(seeing: BotStage) -> None:
    seeing.type("/timersettings rejoin then:pause", by="@owner")
    assert seeing.policy.rejoin is Rejoin.PAUSE
    seeing.type("/settime user:@alice role:@VIP duration:1d")

    seeing.discord.change(lambda world: world.leave("@alice"))
    wait_for(seeing, Paused)
    assert "until they are back in this server" in seeing.type("/timeleft user:@alice").text
    seeing.clock.advance(3 * DAY)
    assert Sweeping(seeing).sweep().ended == 0

    seeing.discord.change(lambda world: world.join("@alice"))
    wait_for_role(seeing)
    timer = seeing.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(seeing.clock.now()) == DAY


def test_timers_end_with_the_membership(seeing: BotStage) -> None:
    seeing.type("/timersettings rejoin then:end", by="@owner")
    seeing.type("/settime user:@alice role:@VIP duration:1d")

    seeing.discord.change(lambda world: world.leave("@alice"))
    wait_for_actions(seeing, "set", "left")

    assert Sweeping(seeing).sweep().ended == 1
    assert state(seeing) is None


def test_a_kick_is_known_with_who_did_it_and_heard_once(seeing: BotStage) -> None:
    seeing.type("/timersettings rejoin then:pause", by="@owner")
    seeing.type("/settime user:@alice role:@VIP duration:1d")
    seeing.discord.change(lambda world: world.kick("@alice", by="@mod"))
    wait_for_actions(seeing, "set", "left")

    assert seeing.store.ledger[-1].actor == seeing.discord.id_of("@mod")
    seeing.type("/settime user:@bob role:@VIP duration:1d")
    seeing.discord.change(lambda world: world.kick("@bob", by="@mod"))
    wait_for_actions(seeing, "set", "left", "set", "left")


def test_without_the_intent_kicks_and_bans_are_heard(stage: BotStage) -> None:
    stage.type("/timersettings rejoin then:pause", by="@owner")
    for member in ("@alice", "@bob"):
        stage.type(f"/settime user:{member} role:@VIP duration:1d")

    stage.discord.change(lambda world: world.kick("@alice", by="@mod"))
    stage.discord.change(lambda world: world.ban("@bob", by="@mod"))
    wait_for(stage, Paused)
    wait_for(stage, Paused, "@bob")
    assert {entry.actor for entry in stage.store.ledger if entry.action == "left"} == {stage.discord.id_of("@mod")}


def test_without_the_intent_who_asks_gets_the_role_back(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.discord.change(lambda world: world.leave("@alice"))
    told = stage.type("/timeleft user:@alice").text
    assert "They are not in this server" in told
    assert "`/addtime` gives it back" in told
    stage.clock.advance(HOUR)
    stage.discord.change(lambda world: world.join("@alice"))

    told = stage.type("/timeleft", by="@alice").text

    assert "Welcome back! You have the role again." in told
    assert "You do not have this role" not in told
    wait_for_role(stage)
    assert [str(entry.action) for entry in stage.store.ledger] == ["set", "returned"]


def test_without_the_intent_a_moderators_look_lets_a_timer_go_on(stage: BotStage) -> None:
    stage.type("/timersettings rejoin then:pause", by="@owner")
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.discord.change(lambda world: world.kick("@alice", by="@mod"))
    wait_for(stage, Paused)
    stage.clock.advance(HOUR)
    stage.discord.change(lambda world: world.join("@alice"))

    told = stage.type("/timeleft user:@alice").text
    assert "They are back, and have the role again." in told
    assert "Paused" not in told

    assert isinstance(state(stage), Running)
    wait_for_role(stage)


def test_a_role_that_may_have_been_taken_by_hand_is_not_given_at_sight(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.discord.change(lambda world: world.set_permission("view-audit-log", allowed=False))
    stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@owner"))

    assert "You do not have this role" in stage.type("/timeleft", by="@alice").text

    assert [str(entry.action) for entry in stage.store.ledger] == ["set"]


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("count_on", "timers go on; whoever is back gets the role by `/timeleft` or `/addtime`"),
        ("pause", "kicks and bans I see at once, who leaves by themselves within an hour or so"),
        ("end", "timers end; kicks and bans I see at once"),
    ],
)
def test_the_settings_say_what_can_be_done_without_the_intent(stage: BotStage, then: str, said: str) -> None:
    assert said in stage.type(f"/timersettings rejoin then:{then}", by="@owner").text
    assert said in stage.type("/timersettings show", by="@owner").text

    stage.discord.change(lambda world: world.set_permission("view-audit-log", allowed=False))
    told = stage.type("/timersettings show", by="@owner").text
    assert (said if then == "count_on" else "notice within an hour or so who left") in told


def test_the_settings_say_what_can_be_done_with_it(seeing: BotStage) -> None:
    said = "timers wait; whoever returns gets the role back"
    assert said in seeing.type("/timersettings rejoin then:pause", by="@owner").text
    assert said in seeing.type("/timersettings show", by="@owner").text


def test_who_returned_while_the_bot_was_away_gets_the_role_at_their_next_update(seeing: BotStage) -> None:
    seeing.type("/settime user:@alice role:@VIP duration:1d")
    seeing.clock.advance(HOUR)
    logins = seeing.discord.logins
    seeing.discord.look(return_unheard)
    seeing.discord.drop_gateway(forget_sessions=True)
    seeing.discord.wait_until(lambda: seeing.discord.logins > logins, SECONDS, "a new session")
    seeing.clock.advance(HOUR)
    assert [str(entry.action) for entry in seeing.store.ledger] == ["set"]

    seeing.discord.change(lambda world: world.give("@alice", "@Supporter", by="@owner"))

    wait_for_role(seeing)
    wait_for_actions(seeing, "set", "returned")


def return_unheard(world: World) -> None:
    """@alice leaves and returns, and no event says so."""
    subscribers, world.backend.subscribers = world.backend.subscribers, []
    user = world.user("@alice").id
    world.backend.remove_member(world.guild_id, user)
    world.backend.add_member(world.guild_id, user, announce=True)
    world.backend.subscribers = subscribers


def test_the_bots_own_roles_are_known_with_the_intent(seeing: BotStage) -> None:
    seeing.discord.change(lambda world: world.give("@BoostMon", "@Supporter", by="@owner"))

    async def knows() -> bool:
        [guild] = seeing.running.bot.guilds
        return seeing.discord.id_of("@Supporter") in [role.id for role in guild.me.roles]

    seeing.discord.wait_until(lambda: seeing.running.run(knows()), SECONDS, "the bot to know its role")


def test_no_member_is_kept_and_nobody_asks_for_all_of_them(seeing: BotStage) -> None:
    bot = seeing.running.bot
    # By the command, after which the bot knows that the server has timers, however slowly it starts.
    seeing.type("/settime user:@alice role:@VIP duration:1d")

    def flood(world: World) -> None:
        for number in range(500):
            user = world.backend.make_user(f"passer-by-{number}")
            world.backend.add_member(world.guild_id, user.id, announce=True)
            world.backend.announce_member_update(world.guild_id, user.id)
            world.backend.remove_member(world.guild_id, user.id)

    trips = seeing.timers.trips
    seeing.discord.look(flood)
    seeing.discord.change(lambda world: world.leave("@alice"))
    seeing.discord.change(lambda world: world.join("@alice"))
    wait_for_role(seeing)

    async def kept() -> tuple[list[int], int]:
        [guild] = bot.guilds
        return [member.id for member in guild.members], len(bot.users)

    members, users = seeing.running.run(kept())
    assert bot.user is not None
    assert members == [bot.user.id]
    assert users < 50
    assert seeing.timers.trips - trips <= 25
