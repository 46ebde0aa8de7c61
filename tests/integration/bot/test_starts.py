"""Timers that begin later, through the real client: typed, suggested, given by the sweep, and called off."""

import pytest

from boostmon.domain.ids import ChannelId, GuildId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, Waiting
from boostmon.sandbox.answer import Answer
from tests.integration.bot.pressing import buttons, told
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping
from tests.support.timers import DAY, HOUR, MINUTE, NOW

SET = "/settime user:@alice role:@VIP duration:2h starts:"


def _title(answer: Answer) -> str:
    [embed] = answer.embeds
    return str(embed["title"])


def stamp(hours: float) -> int:
    return int((NOW + hours * HOUR).timestamp())


@pytest.mark.parametrize("starts", ["1d", "in 1 day", "2026-11-08 12:00", "tomorrow 12:00", "Sunday 12:00"])
def test_the_role_is_given_when_the_time_has_come(stage: BotStage, starts: str) -> None:
    answer = stage.type(f"{SET}{starts}")

    assert _title(answer) == "Timer set for later"
    assert f"gets {stage.mention('@VIP')} on **<t:{stamp(24)}:F>**, for **2 hours**." in answer.text
    assert f"<t:{stamp(26)}:F>" in answer.text
    sweeping = Sweeping(stage)
    sweeping.sweep()
    assert "@VIP" not in stage.discord.member_roles("@alice")
    stage.clock.advance(DAY)

    assert sweeping.sweep().began == 1

    assert "@VIP" in stage.discord.member_roles("@alice")
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Running)
    assert timer.ends_at == NOW + 26 * HOUR
    [given] = [request for request in stage.discord.requests if request.method == "PUT"]
    assert given.reason is not None
    assert "The time for it has come" in str(given.reason)
    stage.clock.advance(2 * HOUR)
    sweeping.sweep()
    assert "@VIP" not in stage.discord.member_roles("@alice")


@pytest.mark.parametrize(
    ("line", "title", "told"),
    [
        ("/settime user:@alice role:@VIP duration:2h starts:2026-11-06", "duration", "is in the past"),
        ("/settime user:@alice role:@VIP duration:2h starts:5 parsecs", "duration", "parsecs"),
        ("/settime user:@alice role:@VIP duration:2h starts:11y", "duration", "10 years"),
        ("/settime user:@alice role:@VIP duration:18:00 starts:1d", "Nothing would remain", "before it begins"),
        ("/settime user:@alice role:@Supporter duration:2h starts:1d", "Begun already", "/cleartime"),
        ("/pausetime user:@bob", "Not begun yet", "`starts`"),
        ("/resumetime user:@bob", "Not begun yet", "`starts`"),
        ("/removetime user:@bob duration:2h", "Nothing would remain", "/cleartime"),
    ],
)
def test_what_is_refused_says_why(stage: BotStage, line: str, title: str, told: str) -> None:
    stage.given("@alice", "@Supporter", DAY)
    stage.type("/settime user:@bob role:@VIP duration:2h starts:1d")

    answer = stage.type(line)

    assert answer.hidden
    assert title.casefold() in _title(answer).casefold()
    assert told in answer.text
    assert stage.timer("@alice", "@VIP") is None


def test_timeleft_shows_when_it_begins(stage: BotStage) -> None:
    stage.type(f"{SET}1d")

    answer = stage.type("/timeleft user:@alice")

    assert f"{stage.mention('@VIP')}: **not begun yet**, for 2 hours" in answer.text
    assert f"Begins <t:{stamp(24)}:F>" in answer.text
    assert f"Ends <t:{stamp(26)}:F>" in answer.text
    assert "do not have this role" not in answer.text


def test_it_is_called_off_without_a_question(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:30d starts:1d")

    answer = stage.type("/cleartime user:@alice")

    assert _title(answer) == "Timer cancelled"
    assert "was cancelled before it began" in answer.text
    assert stage.timer("@alice", "@VIP") is None
    assert not [request for request in stage.discord.requests if request.method in {"PUT", "DELETE"}]
    stage.clock.advance(MINUTE)
    undone = told(stage, stage.discord.press("@mod", "Undo", on=answer))
    assert f"begins on <t:{stamp(24)}:F>, as before" in undone.text
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Waiting(NOW + DAY, NOW + 31 * DAY, NOW + DAY)


def test_its_start_is_moved_and_its_length_changed(stage: BotStage) -> None:
    stage.type(f"{SET}1d")
    assert f"<t:{stamp(48)}:F>" in stage.type(f"{SET}2d").text
    stage.type("/addtime user:@alice duration:1h")
    moved = stage.type("/movetime from:@alice to:@bob")

    assert f"<t:{stamp(48)}:F>" in moved.text
    timer = stage.timer("@bob", "@VIP")
    assert timer is not None
    assert timer.state == Waiting(NOW + 2 * DAY, NOW + 2 * DAY + 3 * HOUR, NOW + 2 * DAY)
    assert not [request for request in stage.discord.requests if request.method in {"PUT", "DELETE"}]


def test_set_again_without_a_start_it_begins_now_and_offers_no_undo(stage: BotStage) -> None:
    stage.type(f"{SET}1d")

    answer = stage.type("/settime user:@alice role:@VIP duration:3h")

    assert "@VIP" in stage.discord.member_roles("@alice")
    assert "Undo" not in buttons(answer)
    assert f"<t:{stamp(3)}:F>" in answer.text


def test_what_is_in_the_way_is_told_in_the_log_channel_until_it_is_gone(stage: BotStage) -> None:
    guild = GuildId(stage.discord.look(lambda world: world.guild_id))
    stage.store.policies[guild] = Policy(log_channel=ChannelId(stage.discord.id_of("#warnings")))
    stage.type(f"{SET}1d")
    stage.discord.change(lambda world: world.set_permission("manage-roles", allowed=False))
    sweeping = Sweeping(stage)
    stage.clock.advance(DAY)
    assert sweeping.sweep().failed == 1
    sweeping.deliver()

    *_, told = stage.discord.messages("#warnings")
    assert "was to begin, but Discord did not let me give the role" in told.text
    assert "could not be given yet" in stage.type("/timeleft user:@alice").text


def test_suggestions_go_by_the_start(stage: BotStage) -> None:
    assert stage.suggestions("/settime user:@alice role:@VIP starts:1d")["1 day: begins Sun 8 Nov 12:00 UTC"] == "1d"
    offered = stage.suggestions("/settime user:@alice role:@VIP starts:1d duration:2h")
    assert offered["2 hours: ends Sun 8 Nov 14:00 UTC"] == "2h"
    offered = stage.suggestions("/settime user:@alice role:@VIP starts:1d duration:18:00")
    assert "until Sat 7 Nov 18:00 UTC: no, nothing would remain" in offered
    stage.type(f"{SET}1d")
    assert stage.suggestions("/cleartime user:@alice role:") == {
        "VIP: 2 hours, not begun yet": str(stage.discord.id_of("@VIP"))
    }
