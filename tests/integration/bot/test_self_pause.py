"""Members who pause their own timers, through nextcord's client."""

from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Running
from tests.integration.bot.stage import BotStage
from tests.support.timers import DAY, HOUR


def paused(stage: BotStage, role: str = "@VIP") -> Paused:
    timer = stage.timer("@alice", role)
    assert timer is not None
    assert isinstance(timer.state, Paused)
    return timer.state


def test_the_server_sets_for_how_many_days_a_year(stage: BotStage) -> None:
    answer = stage.type("/timersettings self-pause days:30", by="@owner")

    assert answer.hidden
    assert "30 days a year for each timer, with `/mypause`" in answer.text
    assert stage.policy == Policy(self_pause_days=30)
    assert "never; moderators can" in stage.type("/timersettings self-pause days:0", by="@owner").text
    assert stage.policy == Policy()


def test_where_it_is_not_set_members_are_sent_to_moderators(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)

    answer = stage.type("/mypause", by="@alice")

    assert answer.hidden
    assert "This server does not let members pause their timers" in answer.text
    assert stage.store.ledger[-1].actor != stage.discord.id_of("@alice")


def test_a_member_pauses_and_goes_on_and_nobody_else_sees_it(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 10 * DAY)
    stage.type("/timersettings self-pause days:30", by="@owner")

    answer = stage.type("/mypause duration:3d", by="@alice")

    assert answer.hidden
    assert not answer.buttons
    for said in ("Timer paused", "10 days", "27 days (30 days a year in all)"):
        assert said in answer.text
    assert paused(stage).until == stage.clock.now() + 3 * DAY
    assert "is not running (paused, 10 days left)" in stage.type("/mypause", by="@alice").text

    stage.clock.advance(DAY)
    answer = stage.type("/myresume", by="@alice")

    assert answer.hidden
    for said in ("Timer resumed", "29 days (30 days a year in all)"):
        assert said in answer.text
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Running)
    assert timer.ends_at == stage.clock.now() + 10 * DAY


def test_a_member_with_two_timers_chooses_one_and_is_suggested_their_own(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    stage.given("@alice", "@Supporter", 2 * DAY)
    stage.given("@bob", "@VIP", DAY)
    stage.type("/timersettings self-pause days:3", by="@owner")

    assert "Say which one with the option `role`" in stage.type("/mypause", by="@alice").text
    assert list(stage.suggestions("/mypause role:", by="@alice")) == ["VIP: 1 day left", "Supporter: 2 days left"]
    assert stage.suggestions("/mypause role:", by="@carol") == {}
    for typed, shown in (("1d", "1 day: goes on Sun 8 Nov"), ("2w", "14 days: goes on Tue 10 Nov")):
        assert f"{shown} 12:00 UTC" in stage.suggestions(f"/mypause duration:{typed}", by="@alice")
    assert stage.type("/mypause role:Supporter", by="@alice").hidden

    assert paused(stage, "@Supporter").until == stage.clock.now() + 3 * DAY
    assert list(stage.suggestions("/myresume role:sup", by="@alice")) == ["Supporter: 2 days left, paused"]


def test_moderators_do_with_it_as_with_any_pause_and_make_it_theirs(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 10 * DAY)
    stage.type("/timersettings self-pause days:30", by="@owner")
    stage.type("/mypause duration:3d", by="@alice")

    seen = stage.type("/timeleft user:@alice")
    assert "Paused" in seen.text
    assert not stage.type("/pausetime user:@alice duration:9d").hidden

    refused = stage.type("/myresume", by="@alice")
    assert refused.hidden
    assert "is not paused by you" in refused.text
    assert paused(stage).until == stage.clock.now() + 9 * DAY
    assert not stage.type("/resumetime user:@alice").hidden


def test_a_change_before_it_cannot_be_undone_any_more_and_the_answer_says_why(stage: BotStage) -> None:
    given = stage.type("/settime user:@alice role:@VIP duration:10d")
    stage.type("/timersettings self-pause days:30", by="@owner")
    stage.type("/mypause duration:3d", by="@alice")

    refused = stage.discord.answer_now(stage.discord.press("@mod", "Undo", on=given))

    assert "/mypause" in refused.text
    assert paused(stage).remaining == 10 * DAY


def test_when_no_days_are_left_the_refusal_says_when_some_are(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 10 * DAY)
    stage.type("/timersettings self-pause days:1", by="@owner")
    stage.type("/mypause", by="@alice")
    stage.clock.advance(DAY)
    stage.type("/resumetime user:@alice")

    refused = stage.type("/mypause", by="@alice")

    assert refused.hidden
    assert "for 1 day within a year" in refused.text
    assert f"<t:{int((stage.clock.now() + 364 * DAY).timestamp())}" in refused.text


def test_a_paused_member_keeps_the_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    stage.type("/timersettings self-pause days:30", by="@owner")
    stage.type("/mypause", by="@alice")
    stage.clock.advance(2 * HOUR)

    assert "@VIP" in stage.discord.member_roles("@alice")
    assert "Paused" in stage.type("/timeleft", by="@alice").text
