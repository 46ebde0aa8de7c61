"""Bad input, tried through Discord: each has its own clear text for the asker alone, and nothing is changed."""

import pytest

from boostmon.sandbox.answer import Answer
from boostmon.sandbox.faults import Refusal
from tests.integration.bot.stage import FOR_ALL_MEMBERS, BotStage
from tests.support.timers import HOUR, MINUTE


def _refusal(stage: BotStage, line: str, by: str = "@mod") -> Answer:
    """The answer to a command that must be refused: to the asker alone, with nothing left behind."""
    timers, ledger = dict(stage.store.timers), list(stage.store.ledger)
    answer = stage.type(line, by)
    assert answer.hidden, answer.text
    assert stage.discord.messages("#general") == ()
    assert stage.store.timers == timers
    assert stage.store.ledger == ledger
    return answer


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        ("5 parsecs", "“parsecs” is not a unit of time"),
        ("soon", "“soon” is neither a duration nor a moment"),
        ("0", "must be more than zero"),
        ("-2h", "must be more than zero"),
        ("0.1s", "1 second is the least"),
        ("11y", "10 years is the most"),
        ("1h 2h", "Hours are counted twice"),
        ("30 1h", "“30” needs a unit after it"),
        ("1M", "minutes or months? Write “1min” or “1mo”"),
        ("24.12. 18.30", "“24\\.12\\. 18\\.30” is neither a duration nor a moment"),
        ("december", "“december” has no day. Write “24 december”"),
        ("in 18:00", "“18\\:00” is a moment. Write it without “in”"),
        ("31.12.18", "is in the past"),
        ("0:00", "“0\\:00” is not how I read times. Write “00\\:00”"),
        ("12/24/2030", "“12/24/2030” is not how I read dates. Write"),
        ("3 dyas", "Did you mean “days”?"),
        ("2020-01-01", "is in the past"),
        ("<t:1000000000>", "is in the past"),
        ("2030-02-30", "is in no calendar"),
        ("P1X", "neither a duration nor a moment"),
        ("**1**", r"“\*\*1\*\*” is neither"),
    ],
)
@pytest.mark.parametrize("command", ["settime", "addtime"])
def test_malformed_durations(stage: BotStage, command: str, duration: str, text: str) -> None:
    answer = _refusal(stage, f"/{command} user:@alice role:@VIP duration:{duration}")
    assert text in answer.text
    assert "Examples: `90` (minutes)" in answer.text
    # Which moment a day is, the zone of the server says, which is read along with the timers.
    assert answer.deferred == (text == "is in the past" and not duration.startswith("<t:"))


@pytest.mark.parametrize(
    ("role", "by", "text"),
    [
        ("@Staff", "@mod", "at or above your own highest role"),
        ("@Moderator", "@mod", "at or above your own highest role"),
        ("@Staff", "@owner", "stands at or above my own highest role"),
        ("@BoostMon", "@owner", "belongs to an app"),
        ("@Booster", "@owner", "Discord itself gives"),
        ("@everyone", "@owner", "Everybody has the role @everyone"),
    ],
)
@pytest.mark.parametrize("command", ["settime", "addtime"])
def test_roles_that_cannot_be_timed(stage: BotStage, command: str, role: str, by: str, text: str) -> None:
    # By id, for members are called so, too: @staff, @BoostMon.
    id_ = stage.discord.look(lambda world: world.role(role).id)
    answer = _refusal(stage, f"/{command} user:@alice role:{id_} duration:2h", by)
    assert "cannot be timed" in answer.text
    assert text in answer.text


@pytest.mark.parametrize("command", ["settime", "addtime"])
def test_a_member_who_left(stage: BotStage, command: str) -> None:
    stage.discord.change(lambda world: world.kick("@alice", by="@owner"))
    answer = _refusal(stage, f"/{command} user:@alice role:@VIP duration:2h")
    assert "Not a member of this server" in answer.text


@pytest.mark.parametrize("command", ["settime", "addtime"])
def test_a_bot_that_may_not_manage_roles(stage: BotStage, command: str) -> None:
    stage.discord.change(lambda world: world.set_permission("manage-roles", allowed=False))
    answer = _refusal(stage, f"/{command} user:@alice role:@VIP duration:2h")
    assert "I lack the permission **Manage Roles**" in answer.text


def test_a_channel_in_which_the_bot_may_not_write(stage: BotStage) -> None:
    answer = _refusal(stage, "/settime user:@alice role:@VIP duration:2h channel:#secret")
    assert f"In {stage.mention('#secret')} I lack **Send Messages**." in answer.text
    assert not answer.deferred


@pytest.mark.parametrize(
    ("role", "text"),
    [("vipp", "No role here is called “vipp”. Did you mean “VIP”?"), ("no such thing", "No role here is called")],
)
@pytest.mark.parametrize("command", ["addtime duration:2h", "removetime duration:2h", "pausetime", "cleartime"])
def test_a_role_that_nobody_knows(stage: BotStage, command: str, role: str, text: str) -> None:
    name, _, rest = command.partition(" ")
    assert text in _refusal(stage, f"/{name} user:@alice role:{role} {rest}").text


def test_a_name_that_several_roles_have(stage: BotStage) -> None:
    stage.discord.change(lambda world: world.create_role("VIP"))
    answer = _refusal(stage, "/pausetime user:@alice role:vip")
    assert "2 roles here are called “vip”" in answer.text


@pytest.mark.parametrize(
    "command", ["addtime duration:2h", "removetime duration:2h", "pausetime", "resumetime", "cleartime"]
)
def test_a_member_without_a_timer(stage: BotStage, command: str) -> None:
    name, _, rest = command.partition(" ")
    answer = _refusal(stage, f"/{name} user:@alice {rest}".strip())
    assert "has no timer in this server" in answer.text


def test_a_member_without_a_timer_on_that_role(stage: BotStage) -> None:
    stage.given("@alice", "@Supporter", HOUR)
    answer = _refusal(stage, "/pausetime user:@alice role:VIP")
    assert f"has no timer on {stage.mention('@VIP')}" in answer.text


@pytest.mark.parametrize(
    "command", ["addtime duration:2h", "removetime duration:2h", "pausetime", "resumetime", "cleartime"]
)
def test_a_member_with_several_timers(stage: BotStage, command: str) -> None:
    stage.given("@alice", "@VIP", HOUR)
    stage.given("@alice", "@Supporter", HOUR)
    name, _, rest = command.partition(" ")
    answer = _refusal(stage, f"/{name} user:@alice {rest}".strip())
    assert "has 2 timers" in answer.text
    assert stage.mention("@VIP") in answer.text
    assert stage.mention("@Supporter") in answer.text


def test_more_time_than_is_allowed(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    assert "10 years is the most" in _refusal(stage, "/addtime user:@alice duration:10y").text


@pytest.mark.parametrize(
    "command", ["addtime duration:2h", "removetime duration:2h", "pausetime", "resumetime", "cleartime"]
)
def test_a_timer_on_a_role_above_ones_own(stage: BotStage, command: str) -> None:
    stage.given("@alice", "@Moderator", HOUR)
    name, _, rest = command.partition(" ")
    assert "at or above your own" in _refusal(stage, f"/{name} user:@alice {rest}".strip()).text


def test_pausing_twice_and_resuming_what_runs(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    assert "only a paused one can go on" in _refusal(stage, "/resumetime user:@alice").text
    stage.type("/pausetime user:@alice")
    paused = stage.type("/pausetime user:@alice")
    assert paused.hidden
    assert "paused with 1 hour left" in paused.text


@pytest.mark.parametrize("command", ["pausetime", "removetime duration:1m"])
def test_a_timer_whose_time_is_up(stage: BotStage, command: str) -> None:
    stage.given("@alice", "@VIP", MINUTE)
    stage.clock.advance(HOUR)
    name, _, rest = command.partition(" ")
    assert "has ended, and I am taking the role" in _refusal(stage, f"/{name} user:@alice {rest}".strip()).text


def test_the_timers_of_others_are_for_moderators(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    answer = _refusal(stage, "/timeleft user:@alice", by="@bob")
    assert "Leave `user` out" in answer.text


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (Refusal(403, 50013, "Missing Permissions"), "Give me the permission **Manage Roles**"),
        (Refusal(403, 50001, "Missing Access"), "I cannot reach this server"),
        (Refusal(400, 50028, "Invalid Role"), "hands that role out by itself"),
        (Refusal(400, 50035, "Invalid Form Body"), "for a reason that I do not know"),
        (Refusal(404, 10007, "Unknown Member"), "Not a member of this server"),
        (Refusal(404, 10011, "Unknown Role"), "That role does not exist"),
    ],
)
def test_a_role_that_discord_refuses_to_give_leaves_no_timer(stage: BotStage, refusal: Refusal, text: str) -> None:
    stage.discord.fail(refusal, "PUT", "/guilds/*/members/*/roles/*")
    answer = stage.type("/settime user:@alice role:@VIP duration:2h")
    assert answer.hidden
    assert text in answer.text
    assert stage.timer("@alice", "@VIP") is None
    assert stage.discord.messages("#general") == ()


def test_a_role_that_discord_refuses_to_give_leaves_the_timer_that_was_there(stage: BotStage) -> None:
    before = stage.given("@alice", "@VIP", HOUR)
    stage.discord.fail(Refusal(403, 50013, "Missing Permissions"), "PUT", "/guilds/*/members/*/roles/*")
    assert stage.type("/settime user:@alice role:@VIP duration:2h").hidden
    after = stage.timer("@alice", "@VIP")
    assert after is not None
    assert after.state == before.state


def test_whoever_may_not_use_a_command_does_not_see_it(stage: BotStage) -> None:
    assert set(stage.discord.commands("@bob")) == FOR_ALL_MEMBERS


def test_the_rules_are_asked_of_the_guild_as_it_is_at_the_moment(stage: BotStage) -> None:
    line = "/settime user:@alice role:@VIP duration:2h"
    stage.discord.change(lambda world: world.set_permission("manage-roles", allowed=False))
    assert "I lack the permission **Manage Roles**" in _refusal(stage, line).text
    stage.discord.change(lambda world: world.set_permission("manage-roles", allowed=True))
    assert not stage.type(line).hidden
    stage.discord.change(lambda world: world.move_role("@VIP", "@Moderator", above=True))
    assert "at or above your own highest role" in stage.type(line).text


def test_a_role_above_the_bots_own_is_refused_by_the_name_of_that(stage: BotStage) -> None:
    own = stage.discord.look(lambda world: world.role("@BoostMon").id)
    answer = _refusal(stage, "/settime user:@alice role:@Staff duration:1h", by="@owner")
    assert f"drag <@&{own}> above it" in answer.text
