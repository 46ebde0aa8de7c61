"""Managers of single roles, through nextcord's client: they time these alone, by every way there is."""

from typing import Any

import pytest

from boostmon.domain.ids import RoleId
from boostmon.domain.rules import RoleRule
from tests.integration.bot.pressing import embed, told
from tests.integration.bot.stage import BotStage
from tests.support.timers import DAY, HOUR

COMMANDS = ("settime", "addtime", "removetime", "pausetime", "resumetime", "cleartime", "movetime")
NONE_OF_THEM = "is none of them"


@pytest.fixture(name="town")
def where_bob_manages_vip(stage: BotStage) -> BotStage:
    """@bob has @Decorative, which may do nothing; the server shows its holders the commands, and they manage @VIP."""

    def build(changes: Any) -> None:
        changes.create_role("@Decorative")
        changes.move_role("@Decorative", "@Moderator", above=True)
        changes.give("@bob", "@Decorative", by="@owner")
        for command in COMMANDS:
            changes.set_command(command, "@bob", allowed=True)

    stage.discord.change(build)
    stage.type("/timerrule managers role:@VIP add:@Decorative", by="@owner")
    return stage


def test_they_are_named_in_the_rule_which_says_how_discord_shows_them_the_commands(town: BotStage) -> None:
    vip, decorative = (RoleId(town.discord.id_of(role)) for role in ("@VIP", "@Decorative"))
    assert town.policy.rules == {vip: RoleRule(vip, managers=frozenset({decorative}))}

    again = town.type("/timerrule managers role:@VIP add:@Moderator", by="@owner")
    assert again.hidden
    for said in (town.mention("@Decorative"), town.mention("@Moderator"), "Server Settings → Integrations"):
        assert said in again.text
    assert town.mention("@Moderator") in town.type("/timerrule managers role:@VIP", by="@owner").text

    town.type("/timerrule managers role:@VIP remove:@Moderator", by="@owner")
    assert "Rule removed" in town.type("/timerrule managers role:@VIP remove:@Decorative", by="@owner").text
    assert town.policy.rules == {}


def test_they_use_the_commands_on_that_role_and_on_no_other(town: BotStage) -> None:
    town.given("@alice", "@Supporter", DAY)
    for line in ("settime user:@alice role:@VIP duration:2h", "addtime user:@alice role:VIP duration:2h"):
        assert not town.type(f"/{line}", by="@bob").hidden
        refused = town.type(f"/{line.replace('VIP', 'Supporter')}", by="@bob")
        assert refused.hidden
        assert NONE_OF_THEM in refused.text
    for line in ("removetime user:@alice role:VIP duration:5m", "pausetime user:@alice role:VIP"):
        assert not town.type(f"/{line}", by="@bob").hidden
        assert NONE_OF_THEM in town.type(f"/{line.replace('VIP', 'Supporter')}", by="@bob").text
    assert NONE_OF_THEM in town.insist("/cleartime user:@alice role:Supporter", by="@bob").text
    timer = town.timer("@alice", "@Supporter")
    assert timer is not None
    assert timer.remaining(town.clock.now()) == DAY


def test_without_a_role_the_one_they_manage_is_meant(town: BotStage) -> None:
    town.given("@alice", "@Supporter", DAY)
    town.given("@alice", "@VIP", DAY)

    answer = town.type("/addtime user:@alice duration:2h", by="@bob")

    assert not answer.hidden
    timer = town.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(town.clock.now()) == DAY + 2 * HOUR


def test_they_move_the_time_of_that_role(town: BotStage) -> None:
    town.given("@alice", "@Supporter", DAY)
    assert NONE_OF_THEM in town.type("/movetime from:@alice to:@carol role:Supporter", by="@bob").text
    town.given("@alice", "@VIP", DAY)

    assert not town.type("/movetime from:@alice to:@carol role:VIP", by="@bob").hidden

    assert town.timer("@carol", "@VIP") is not None


def test_they_see_the_timers_of_that_role_and_are_suggested_no_others(town: BotStage) -> None:
    assert "Only for moderators" in town.type("/timeleft user:@alice", by="@carol").text
    town.given("@alice", "@Supporter", DAY)
    town.given("@alice", "@VIP", DAY)

    seen = town.type("/timeleft user:@alice", by="@bob")

    assert town.mention("@VIP") in seen.text
    assert town.mention("@Supporter") not in seen.text
    for line in ("/timeleft user:@alice role:", "/pausetime user:@alice role:", "/addtime user:@alice role:"):
        assert list(town.suggestions(line, by="@bob")) == ["VIP: 1 day left"], line


def test_undo_takes_back_what_was_changed_on_that_role_alone(town: BotStage) -> None:
    others = town.type("/settime user:@alice role:@Supporter duration:2h")
    theirs = town.type("/settime user:@alice role:@VIP duration:2h")

    refused = town.discord.press("@bob", "Undo", on=others)
    undone = told(town, town.discord.press("@bob", "Undo", on=theirs))

    assert NONE_OF_THEM in town.discord.answer_now(refused).text
    assert town.timer("@alice", "@Supporter") is not None
    assert embed(undone)["title"] == "Change undone"


def test_a_question_is_answered_by_them_as_the_command_was(town: BotStage) -> None:
    town.given("@alice", "@VIP", 30 * DAY)

    town.insist("/cleartime user:@alice role:VIP", by="@bob")

    assert town.timer("@alice", "@VIP") is None


def test_whoever_has_manage_roles_or_manages_all_is_not_bound_by_it(town: BotStage) -> None:
    town.type("/timerrule managers role:@VIP add:@Moderator", by="@owner")
    assert not town.type("/settime user:@alice role:@Supporter duration:2h", by="@mod").hidden

    town.type("/timersettings managers add:@Decorative", by="@owner")
    assert not town.type("/addtime user:@alice role:Supporter duration:2h", by="@bob").hidden


def test_the_list_of_rules_names_some_of_many_and_the_rule_itself_all(town: BotStage) -> None:
    for number in range(6):
        town.discord.change(lambda changes: changes.create_role(f"@Team-{number}"))  # noqa: B023 - at once
        town.type(f"/timerrule managers role:@VIP add:@Team-{number}", by="@owner")

    shown, listed = (town.type(line, by="@owner").text for line in ("/timerrule show role:VIP", "/timerrule list"))

    last = town.mention("@Team-5")
    assert (last in shown, last in listed) == (True, False)
    assert "and 2 more" in listed
