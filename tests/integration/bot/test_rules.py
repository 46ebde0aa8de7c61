"""`/timerrule`, typed by members."""

from datetime import UTC, datetime

import pytest

from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.domain.durations import Span
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.rules import RoleRule
from boostmon.sandbox.errors import CannotDo
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping
from tests.support.timers import DAY, HOUR, MINUTE, asked


def vip(stage: BotStage) -> RoleId:
    return RoleId(stage.discord.id_of("@VIP"))


def test_a_rule_is_set_field_by_field_and_running_timers_follow(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)

    answer = stage.type("/timerrule set role:@VIP thresholds:2h, 30m", by="@owner")

    assert answer.hidden
    for said in ("Rule changed", stage.mention("@VIP"), "2 hours, 30 minutes", "One running timer goes by"):
        assert said in answer.text
    assert stage.policy.rules == {vip(stage): RoleRule(vip(stage), thresholds=(2 * HOUR, 30 * MINUTE))}
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.due_at == stage.clock.now() + 22 * HOUR

    stage.type("/timerrule set role:@VIP longest:90d", by="@owner")
    assert stage.policy.rules[vip(stage)] == RoleRule(vip(stage), longest=90 * DAY, thresholds=(2 * HOUR, 30 * MINUTE))


def test_timers_of_the_role_keep_within_its_limit(stage: BotStage) -> None:
    stage.type("/timersettings longest limit:1d", by="@owner")
    stage.type("/timerrule set role:@VIP longest:7d", by="@owner")

    stage.type("/settime user:@alice role:@VIP duration:7d", by="@mod")
    refused = stage.type("/addtime user:@alice duration:1d", by="@mod")

    assert "longer than this server allows" in refused.text
    assert f"timers of {stage.mention('@VIP')} run for 7 days at most" in refused.text
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 7 * DAY


def test_a_role_that_somebody_gives_has_its_timer_by_the_rule(stage: BotStage) -> None:
    told = stage.type("/timerrule set role:@VIP starts:True duration:2h", by="@owner").text
    assert "whenever somebody gets the role" in told

    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@mod"))
    timer = stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP"), 60.0, "a timer")

    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 2 * HOUR

    stage.type("/timerrule set role:@VIP starts:False", by="@owner")
    assert stage.policy.rules[vip(stage)] == RoleRule(vip(stage), duration=2 * HOUR)


def test_without_view_audit_log_the_rule_says_that_nothing_starts(stage: BotStage) -> None:
    line = "/timerrule set role:@VIP starts:True duration:2h"
    assert "View Audit Log" not in stage.type(line, by="@owner").text

    stage.discord.change(lambda world: world.set_permission("view-audit-log", allowed=False))

    assert "View Audit Log" in stage.type("/timerrule show role:VIP", by="@owner").text


def test_a_preset_fills_fields_in_and_what_is_named_counts_instead(stage: BotStage) -> None:
    stage.type("/timerrule set role:@VIP preset:birthday longest:2d", by="@owner")
    assert stage.policy.rules[vip(stage)] == RoleRule(
        vip(stage), starts=True, duration=DAY, longest=2 * DAY, thresholds=()
    )

    stage.type("/timerrule set role:@VIP preset:subscriber longest:default thresholds:1h", by="@owner")
    assert stage.policy.rules[vip(stage)] == RoleRule(vip(stage), starts=True, duration=Span(1), thresholds=(HOUR,))


@pytest.mark.parametrize("command", ["show", "remove"])
def test_roles_with_a_rule_are_suggested(stage: BotStage, command: str) -> None:
    line = f"/timerrule {command} role:"
    assert stage.suggestions(line, by="@owner") == {}
    stage.type("/timerrule set role:@VIP longest:7d", by="@owner")
    stage.type("/timerrule set role:@Supporter longest:7d", by="@owner")

    suggested = stage.suggestions(line, by="@owner")

    assert list(suggested) == ["Supporter", "VIP"]
    assert suggested["VIP"] == str(vip(stage))
    assert list(stage.suggestions(f"{line}vi", by="@owner")) == ["VIP"]


def test_the_rule_of_a_role_that_was_deleted_unheard_can_be_removed(stage: BotStage) -> None:
    gone = RoleId(10**18)  # as nobody has heard of its end, its rule is still there
    guild = GuildId(stage.discord.look(lambda world: world.guild_id))
    rule = RoleRule(gone, longest=DAY)
    InMemoryPolicies(stage.store).change_rule(guild, gone, lambda _: rule, asked=asked())

    assert f"Deleted role ({gone})" in stage.suggestions("/timerrule remove role:", by="@owner")
    assert f"a deleted role ({gone})" in stage.type("/timerrule list", by="@owner").text
    assert "Rule removed" in stage.type(f"/timerrule remove role:{gone}", by="@owner").text
    assert stage.policy.rules == {}


def test_own_words_are_shown_without_effect(stage: BotStage) -> None:
    told = stage.type(
        "/timerrule set role:@VIP warning:*Soon*, {member} link:https://example.com/renew", by="@owner"
    ).text

    assert r"\*Soon\*, \{member\}" in told or r"\*Soon\*, {member}" in told
    assert "https://example.com/renew" in told
    assert stage.policy.rules[vip(stage)].warning == "*Soon*, {member}"


def test_a_default_that_a_rule_starts_timers_with_stays(stage: BotStage) -> None:
    stage.type("/timersettings default duration:2h", by="@owner")
    stage.type("/timerrule set role:@VIP starts:True", by="@owner")

    refused = stage.type("/timersettings default duration:none", by="@owner")

    assert "start by themselves, with this duration" in refused.text
    assert stage.policy.default_duration == 2 * HOUR


def test_an_event_ends_for_all_on_its_date_by_the_servers_clocks(stage: BotStage) -> None:
    stage.type("/timersettings timezone zone:Europe/Berlin", by="@owner")
    stage.given("@alice", "@VIP", 90 * DAY)

    told = stage.type("/timerrule set role:@VIP preset:event until:2026-12-24 18:00", by="@owner").text

    date = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert "One timer that would have ended otherwise ends on that date now." in told
    assert f"<t:{round(date.timestamp())}:F>" in told
    assert stage.policy.rules[vip(stage)] == RoleRule(vip(stage), starts=True, thresholds=(DAY, HOUR), ends_on=date)
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.ends_at == date

    refused = stage.type("/addtime user:@alice role:VIP duration:1h", by="@mod").text
    assert f"All timers of {stage.mention('@VIP')} end on <t:{round(date.timestamp())}:F>" in refused
    suggested = stage.suggestions("/addtime user:@alice role:VIP duration:1h", by="@mod")
    assert any("no, all end Thu 24 Dec" in name for name in suggested)

    stage.type("/settime user:@bob role:@VIP", by="@mod")
    settled = stage.timer("@bob", "@VIP")
    assert settled is not None
    assert settled.ends_at == date

    stage.type("/timerrule set role:@VIP until:default duration:1d", by="@owner")
    assert stage.policy.rules[vip(stage)].ends_on is None


def test_a_role_is_renewed_in_its_grace(stage: BotStage) -> None:
    stage.type("/timerrule set role:@VIP thresholds:none grace:3d link:https://example.com/renew", by="@owner")
    stage.type("/settime user:@alice role:@VIP duration:2h", by="@mod")
    up = stage.clock.now() + 2 * HOUR
    stage.clock.advance(2 * HOUR + MINUTE)

    assert "Kept until" in stage.type("/timeleft user:@alice", by="@mod").text
    assert "they keep the role until" in stage.type("/pausetime user:@alice role:VIP", by="@mod").text
    suggested = stage.suggestions("/addtime user:@alice role:VIP duration:1s", by="@mod")
    assert any("that would be over already" in name for name in suggested)

    told = stage.type("/addtime user:@alice role:VIP duration:1d", by="@mod").text
    assert "counts from when it was up" in told
    renewed = stage.timer("@alice", "@VIP")
    assert renewed is not None
    assert renewed.ends_at is not None
    assert abs(renewed.ends_at - up - DAY) < MINUTE

    stage.type("/timerrule set role:@VIP grace:none", by="@owner")
    assert stage.policy.rules[vip(stage)].grace is None


def test_a_date_is_suggested_with_how_far_it_is_away(stage: BotStage) -> None:
    suggested = stage.suggestions("/timerrule set role:@VIP until:in 3 days", by="@owner")
    assert any("3 days from now" in name for name in suggested)


def test_default_takes_a_field_off_and_a_rule_that_says_nothing_is_gone(stage: BotStage) -> None:
    stage.type("/timerrule set role:@VIP longest:7d thresholds:none", by="@owner")

    shown = stage.type("/timerrule set role:@VIP longest:default", by="@owner")
    assert "7 days" not in shown.text
    assert stage.policy.rules == {vip(stage): RoleRule(vip(stage), thresholds=())}

    assert "Rule removed" in stage.type("/timerrule set role:@VIP thresholds:default", by="@owner").text
    assert stage.policy.rules == {}


def test_rules_are_shown_listed_and_removed(stage: BotStage) -> None:
    stage.type("/timerrule set role:@VIP longest:7d", by="@owner")

    assert "7 days" in stage.type("/timerrule show role:VIP", by="@owner").text
    listed = stage.type("/timerrule list", by="@owner").text
    assert stage.mention("@VIP") in listed
    assert "Longest timer: 7 days" in listed
    assert "1 of 100" in listed

    assert "Rule removed" in stage.type("/timerrule remove role:VIP", by="@owner").text
    assert "There is no such rule" in stage.type("/timerrule remove role:VIP", by="@owner").text
    assert "No role has a rule" in stage.type("/timerrule list", by="@owner").text
    assert "has no rule of its own" in stage.type("/timerrule show role:VIP", by="@owner").text


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "Nothing was changed"),
        (" preset:event", "An event needs a date"),
        (" until:2020-01-01", "is in the past"),
        (" until:soon", "neither a duration nor a moment"),
        (" starts:True", "needs a duration"),
        (" duration:2d longest:1d", "may not run for longer than 1 day"),
        (" warning:Hey {user}", "In braces there can be `{member}`, `{role}`, `{server}` and `{end}`"),
        (" link:http://example.com", "no page that a button can lead to"),
        (" thresholds:30s", "30 seconds before the end is too short"),
        (" longest:soon", "neither a duration nor a moment"),
        (" grace:91d", "From 1 minute to 90 days are possible"),
        (" longest:30s", "Timers cannot be limited to 30 seconds"),
    ],
)
def test_what_will_not_do_changes_nothing(stage: BotStage, options: str, text: str) -> None:
    answer = stage.type(f"/timerrule set role:@VIP{options}", by="@owner")

    assert answer.hidden
    assert text in answer.text
    assert stage.policy.rules == {}


def test_moderators_without_manage_server_are_not_offered_it(stage: BotStage) -> None:
    with pytest.raises(CannotDo, match="a permission is missing"):
        stage.type("/timerrule list", by="@mod")


def test_a_member_gets_a_trial_once_and_is_named_where_somebody_gives_it_again(stage: BotStage) -> None:
    told = stage.type("/timerrule set role:@VIP preset:trial", by="@owner").text
    assert "Once for each member" in told
    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP"), 60.0, "the trial")
    stage.discord.change(lambda world: world.take("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP") is None, 60.0, "its end")

    refused = stage.type("/settime user:@alice role:@VIP duration:1d", by="@owner")
    assert refused.hidden
    assert "has had a timer on" in refused.text
    assert "/timerrule set once:False" in refused.text
    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP"), 60.0, "its removal")

    stage.type("/timerrule set role:@VIP once:False", by="@owner")
    assert "Timer started" in stage.type("/settime user:@bob role:@VIP duration:1d", by="@owner").text


def test_a_role_follows_once_time_is_up(stage: BotStage) -> None:
    supporter = stage.discord.id_of("@Supporter")
    answer = stage.type("/timerrule set role:@VIP follows:@Supporter", by="@owner")
    assert f"{stage.mention('@Supporter')}, once time is up" in answer.text
    assert stage.policy.rules[vip(stage)] == RoleRule(vip(stage), follows=RoleId(supporter))
    stage.type("/settime user:@alice role:@VIP duration:2h")
    stage.clock.advance(2 * HOUR)

    Sweeping(stage).sweep()

    assert stage.discord.member_roles("@alice") == {"@Supporter"}
    assert stage.timer("@alice", "@Supporter") is None


def test_the_role_itself_takes_the_one_that_follows_off_the_rule(stage: BotStage) -> None:
    stage.type("/timerrule set role:@VIP follows:@Supporter", by="@owner")
    assert "Rule removed" in stage.type("/timerrule set role:@VIP follows:@VIP", by="@owner").text
    assert stage.policy.rules == {}


def test_what_the_bot_may_not_give_cannot_follow(stage: BotStage) -> None:
    answer = stage.type("/timerrule set role:@VIP follows:@Staff", by="@owner")
    assert answer.hidden
    assert stage.policy.rules == {}
