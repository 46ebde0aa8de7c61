"""`/timersettings`, typed by members."""

from datetime import timedelta

import pytest

from boostmon.domain.durations import Months, Span
from boostmon.domain.ids import RoleId
from boostmon.domain.languages import Language
from boostmon.domain.policy import Policy, Stacking
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.errors import CannotDo
from tests.integration.bot.pressing import told
from tests.integration.bot.stage import BotStage
from tests.support.timers import DAY, HOUR, MINUTE


def left(stage: BotStage) -> timedelta:
    """What @alice has left with @VIP."""
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    return timer.remaining(stage.clock.now())


def test_what_is_set_is_shown_to_the_asker_alone(stage: BotStage) -> None:
    answer = stage.type("/timersettings show", by="@owner")

    assert answer.hidden
    for said in ("Timer settings", "1 hour, 10 minutes, 1 minute (default)", "Direct messages", "on", "none"):
        assert said in answer.text


def test_moderators_without_manage_server_are_not_offered_it(stage: BotStage) -> None:
    with pytest.raises(CannotDo, match="a permission is missing"):
        stage.type("/timersettings show", by="@mod")


def test_thresholds_are_changed_and_running_timers_follow(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)

    answer = stage.type("/timersettings thresholds list:30m, 2h", by="@owner")

    assert answer.hidden
    assert "2 hours, 30 minutes" in answer.text
    assert "One running timer goes by the new thresholds" in answer.text
    assert stage.policy == Policy(thresholds=(2 * HOUR, 30 * MINUTE))
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.due_at == stage.clock.now() + 22 * HOUR

    assert (
        "none; members are told of the end itself"
        in stage.type("/timersettings thresholds list:none", by="@owner").text
    )
    assert stage.policy == Policy(thresholds=())
    stage.type("/timersettings thresholds list:default", by="@owner")
    assert stage.policy == Policy()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("30s", "30 seconds before the end is too short"),
        ("31d", "before the end is too long"),
        ("1h, 60m", "1 hour is there twice"),
        ("6m,5m,4m,3m,2m,1m", "These are 6; 5 are the most"),
        ("soon", "“soon” is neither a duration nor a moment"),
        ("**x**", r"“\*\*x\*\*” is neither"),
    ],
)
def test_thresholds_that_will_not_do(stage: BotStage, typed: str, text: str) -> None:
    answer = stage.type(f"/timersettings thresholds list:{typed}", by="@owner")

    assert answer.hidden
    assert text in answer.text
    assert stage.policy == Policy()


@pytest.mark.parametrize("command", ["channel", "log"])
def test_channels_are_set_and_taken_back(stage: BotStage, command: str) -> None:
    def chosen() -> int | None:
        return stage.policy.warning_channel if command == "channel" else stage.policy.log_channel

    answer = stage.type(f"/timersettings {command} channel:#warnings", by="@owner")
    assert answer.hidden
    assert stage.mention("#warnings") in answer.text
    assert chosen() == stage.discord.id_of("#warnings")

    assert stage.mention("#warnings") not in stage.type(f"/timersettings {command} off:True", by="@owner").text
    assert chosen() is None


@pytest.mark.parametrize("options", ["", " off:False"])
@pytest.mark.parametrize("command", ["channel", "log"])
def test_a_channel_that_is_left_out_is_not_switched_off_in_silence(stage: BotStage, command: str, options: str) -> None:
    line = f"/timersettings {command}"
    told = stage.type(f"{line}{options}", by="@owner")
    assert told.hidden
    assert "No channel is set" in told.text

    stage.type(f"{line} channel:#warnings", by="@owner")
    before = stage.policy
    told = stage.type(f"{line}{options}", by="@owner")
    assert told.hidden
    assert f"in {stage.mention('#warnings')} now; nothing was changed" in told.text
    assert f"`{line} off:True` switches it off" in told.text
    assert stage.policy == before


@pytest.mark.parametrize("command", ["channel", "log"])
def test_a_channel_and_none_at_once_are_refused(stage: BotStage, command: str) -> None:
    told = stage.type(f"/timersettings {command} channel:#warnings off:True", by="@owner")
    assert told.hidden
    assert "A channel, or none?" in told.text
    assert stage.policy == Policy()

    stage.type(f"/timersettings {command} channel:#warnings off:False", by="@owner")
    assert stage.policy != Policy()


@pytest.mark.parametrize("command", ["channel", "log"])
def test_a_channel_that_the_bot_cannot_write_in_is_refused(stage: BotStage, command: str) -> None:
    answer = stage.type(f"/timersettings {command} channel:#secret", by="@owner")

    assert answer.hidden
    assert "Send Messages" in answer.text
    assert "choose another channel" in answer.text
    assert "out" not in answer.text.split()
    assert stage.policy == Policy()


def test_direct_messages_are_switched_and_what_follows_is_said(stage: BotStage) -> None:
    assert "told to nobody" in stage.type("/timersettings dms on:False", by="@owner").text
    assert not stage.policy.dms
    told = stage.type("/settime user:@alice role:@VIP duration:2h")
    assert "To nobody" in told.text

    assert "told to nobody" not in stage.type("/timersettings channel channel:#warnings", by="@owner").text
    assert f"in {stage.mention('#warnings')}" in stage.type("/addtime user:@alice duration:2h").text


def test_what_was_set_already_is_not_said_to_have_changed(stage: BotStage) -> None:
    stage.type("/timersettings dms on:False", by="@owner")

    changed = stage.type("/timersettings dms on:True", by="@owner").text
    same = stage.type("/timersettings dms on:True", by="@owner").text

    assert "Timer settings changed" in changed
    assert "nothing changed" not in changed
    assert "Timer settings" in same
    assert "Timer settings changed" not in same
    assert "nothing changed" in same


def test_what_a_second_settime_does_is_decided_and_told(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)

    def settime() -> Answer:
        return stage.type("/settime user:@alice role:@VIP duration:2h")

    extend = stage.type("/timersettings stacking rule:extend: the new time is added to what is left", by="@owner")
    assert extend.hidden
    assert "adds to the time that is left" in extend.text
    added = settime()
    assert "Time added" in added.text
    assert "runs **2 hours** longer" in added.text
    assert "1 day → **1 day 2 hours**" in added.text
    assert left(stage) == DAY + 2 * HOUR

    stage.type("/timersettings stacking rule:keep longer: the later end counts", by="@owner")
    kept = settime()
    assert "Timer kept" in kept.text
    assert "stays as it is, with **1 day 2 hours** left" in kept.text
    assert kept.buttons == ()
    assert left(stage) == DAY + 2 * HOUR

    stage.type("/timersettings stacking rule:refuse: the timer stays as it is", by="@owner")
    refused = settime()
    assert refused.hidden
    assert "There is a timer already" in refused.text
    assert stage.policy == Policy(stacking=Stacking.REFUSE)


def test_a_longest_time_is_set_suggested_and_kept_to(stage: BotStage) -> None:
    offered = stage.suggestions("/timersettings longest limit:", by="@owner")
    assert offered["30 days"] == "30d"
    assert offered["none"] == "none"

    assert "30 days" in stage.type("/timersettings longest limit:30d", by="@owner").text
    assert stage.policy == Policy(longest=30 * DAY)
    refused = stage.type("/settime user:@alice role:@VIP duration:31d", by="@owner")
    assert refused.hidden
    assert "would run for 31 days; in this server 30 days is the most" in refused.text
    assert stage.timer("@alice", "@VIP") is None

    stage.type("/timersettings longest limit:none", by="@owner")
    assert stage.policy == Policy()


def test_a_longest_time_that_will_not_do_is_refused(stage: BotStage) -> None:
    short = stage.type("/timersettings longest limit:59s", by="@owner")
    assert "cannot be limited to 59 seconds. Any limit from 1 minute to 10 years will do" in short.text
    assert "neither a duration" in stage.type("/timersettings longest limit:soon", by="@owner").text
    assert stage.policy == Policy()


def test_suggestions_tell_what_the_server_decided(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    line = "/settime user:@alice role:@VIP duration:3h"
    assert any("3 hours: ends" in name for name in stage.suggestions(line))

    stage.type("/timersettings stacking rule:refuse: the timer stays as it is", by="@owner")
    assert "3 hours: no, there is a timer already" in stage.suggestions(line)
    stage.type("/timersettings longest limit:2h", by="@owner")
    bob = stage.suggestions("/settime user:@bob role:@VIP duration:3h")
    assert "3 hours: no, 2 hours is the most" in bob


def test_a_usual_time_is_set_and_counts_where_none_is_given(stage: BotStage) -> None:
    refused = stage.type("/settime user:@alice role:@VIP")
    assert refused.hidden
    assert "How long?" in refused.text
    assert stage.timer("@alice", "@VIP") is None

    assert "3 days" in stage.type("/timersettings default duration:72h", by="@owner").text
    assert stage.policy == Policy(default_duration=3 * DAY)
    assert "for **3 days**" in stage.type("/settime user:@alice role:@VIP").text
    assert left(stage) == 3 * DAY

    stage.type("/timersettings default duration:none", by="@owner")
    assert stage.policy == Policy()


def test_a_usual_month_is_one_of_the_calendar_and_offered_first(stage: BotStage) -> None:
    assert "1 month" in stage.type("/timersettings default duration:1mo", by="@owner").text
    assert stage.policy == Policy(default_duration=Span(1))

    offered = stage.suggestions("/settime user:@alice role:@VIP duration:")

    [first, second, *_] = offered.items()
    assert first[0].startswith("1 month: ends ")
    assert first[1] == "1mo"
    assert second[0].startswith("1 hour: ends ")
    assert "1mo" not in stage.suggestions("/settime user:@alice role:@VIP duration:2").values()
    assert "has" in stage.type("/settime user:@alice role:@VIP").text
    assert left(stage) > 27 * DAY


def test_who_agrees_to_a_loss_agrees_to_the_usual_time_that_was_shown(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 300 * DAY)
    stage.type("/timersettings default duration:3d", by="@owner")
    question = stage.type("/settime user:@alice role:@VIP")
    assert question.hidden
    stage.type("/timersettings default duration:1h", by="@owner")

    told(stage, stage.discord.press("@mod", "Replace", on=question))

    assert left(stage) == 3 * DAY


def test_only_roles_of_a_list_are_timed(stage: BotStage) -> None:
    vip, supporter = (RoleId(stage.discord.id_of(name)) for name in ("@VIP", "@Supporter"))
    assert stage.mention("@VIP") in stage.type("/timersettings timeable add:@VIP", by="@owner").text
    assert stage.policy == Policy(timeable=frozenset({vip}))

    refused = stage.type("/settime user:@alice role:@Supporter duration:2h")
    assert refused.hidden
    assert f"{stage.mention('@Supporter')} is none of them: {stage.mention('@VIP')}" in refused.text
    assert not stage.type("/settime user:@alice role:@VIP duration:2h").hidden

    stage.type("/timersettings timeable add:@Supporter remove:@VIP", by="@owner")
    assert stage.policy == Policy(timeable=frozenset({supporter}))
    stage.type("/timersettings timeable remove:@Supporter", by="@owner")
    assert "the list of those that can is empty" in stage.type("/settime user:@bob role:@VIP duration:2h").text
    stage.type("/timersettings timeable all:True", by="@owner")
    assert stage.policy == Policy()


def test_a_list_of_roles_is_left_alone_by_what_says_nothing_or_too_much(stage: BotStage) -> None:
    stage.type("/timersettings timeable add:@VIP", by="@owner")
    before = stage.policy

    assert "Timer settings" in stage.type("/timersettings timeable", by="@owner").text
    assert "Some roles, or all?" in stage.type("/timersettings timeable add:@VIP all:True", by="@owner").text
    assert "nothing changed" in stage.type("/timersettings timeable add:@VIP", by="@owner").text
    assert "cannot be on the list" in stage.type("/timersettings timeable add:@everyone", by="@owner").text
    assert stage.policy == before


def test_the_language_of_a_server_is_fixed_and_left_to_discord_again(stage: BotStage) -> None:
    assert "automatic: the one set for the server in Discord" in stage.type("/timersettings show", by="@owner").text

    answer = stage.type("/timersettings language language:Português do Brasil", by="@owner")

    assert answer.hidden
    assert "Português do Brasil" in answer.text
    assert stage.policy == Policy(language=Language.PT_BR)
    assert "Português do Brasil" in stage.type("/timersettings show", by="@owner").text
    assert "automatic" in stage.type("/timersettings language language:Automatic", by="@owner").text
    assert stage.policy == Policy()


def test_a_language_that_is_not_offered_cannot_be_chosen(stage: BotStage) -> None:
    with pytest.raises(CannotDo):
        stage.type("/timersettings language language:Klingon", by="@owner")


def test_a_time_zone_is_set_and_moments_are_read_in_it(stage: BotStage) -> None:
    assert "UTC (default)" in stage.type("/timersettings show", by="@owner").text
    assert stage.suggestions("/timersettings timezone zone:berl", by="@owner") == {
        "Europe/Berlin: 13:00": "Europe/Berlin"
    }
    offered = stage.suggestions("/timersettings timezone zone:", by="@owner")
    assert next(iter(offered.items())) == ("UTC: 12:00 (default)", "default")
    assert offered["America/New_York: 07:00"] == "America/New_York"

    answer = stage.type("/timersettings timezone zone:new york", by="@owner")

    assert answer.hidden
    assert "America/New_York" in answer.text
    assert stage.policy == Policy(time_zone="America/New_York")
    stage.type("/settime user:@alice role:@VIP duration:18:00")
    assert left(stage) == 11 * HOUR
    stage.type("/timersettings timezone zone:default", by="@owner")
    assert stage.policy == Policy()
    assert left(stage) == 11 * HOUR


def test_a_time_zone_that_is_none_is_refused(stage: BotStage) -> None:
    refused = stage.type("/timersettings timezone zone:Europe/Atlantis", by="@owner")
    assert "I know no time zone “Europe/Atlantis”" in refused.text
    assert stage.policy == Policy()


def test_months_of_30_days_or_of_the_calendar(stage: BotStage) -> None:
    assert "until the same day of the next month" in stage.type("/timersettings show", by="@owner").text
    answer = stage.type("/timersettings months kind:30 days, and a year 365", by="@owner")
    assert "30 days, and a year 365" in answer.text
    assert stage.policy == Policy(months=Months.THIRTY_DAYS)
    stage.type("/settime user:@alice role:@VIP duration:1y")
    assert left(stage) == 365 * DAY
    stage.type("/timersettings months kind:calendar", by="@owner")
    assert stage.policy == Policy()
    stage.type("/settime user:@bob role:@VIP duration:3mo")
    timer = stage.timer("@bob", "@VIP")
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 92 * DAY
