"""Who may do what, by each command, through nextcord's client: an attacker asks no Discord client for leave."""

from typing import Any

import pytest

from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.errors import CannotDo
from tests.integration.bot.pressing import embed, told
from tests.integration.bot.stage import COMMANDS, FOR_ALL_MEMBERS, BotStage
from tests.support.timers import HOUR

TIMED = "user:@alice role:VIP"
LINES = {
    "settime": "/settime user:@alice role:@VIP duration:2h",
    "addtime": f"/addtime {TIMED} duration:2h",
    "removetime": f"/removetime {TIMED} duration:5m",
    "pausetime": f"/pausetime {TIMED}",
    "resumetime": f"/resumetime {TIMED}",
    "cleartime": f"/cleartime {TIMED}",
}
SETTINGS = ("/timersettings show", "/timersettings dms on:False", "/timersettings thresholds list:5m")


@pytest.fixture(name="town")
def a_town_with_many_roles(stage: BotStage) -> BotStage:
    """@bob has @Decorative, high up and without any permission; below it stand @VIP, @Kicker and @Admin-like."""

    def build(changes: Any) -> None:
        for role in ("@Kicker", "@Admin-like", "@Decorative"):
            changes.create_role(role)
        changes.move_role("@Decorative", "@Moderator", above=True)
        changes.move_role("@Admin-like", "@Decorative", above=False)
        changes.move_role("@Kicker", "@Admin-like", above=False)
        changes.set_permission("administrator", allowed=True, role="@Admin-like")
        changes.set_permission("kick-members", allowed=True, role="@Kicker")
        changes.give("@bob", "@Decorative", by="@owner")

    stage.discord.change(build)
    return stage


def integrations(stage: BotStage, who: str, *commands: str) -> None:
    for command in commands:
        stage.discord.change(lambda changes: changes.set_command(command, who, allowed=True))  # noqa: B023 - at once


def overwrite(stage: BotStage, who: str, permission: str = "manage-roles") -> None:
    stage.discord.change(lambda changes: changes.set_overwrite(permission, who, "#general", allowed=True))


def unchanged(stage: BotStage, line: str, by: str) -> Answer:
    timers, ledger, roles = dict(stage.store.timers), list(stage.store.ledger), stage.discord.member_roles("@bob")
    answer = stage.type(line, by)
    assert answer.hidden, answer.text
    assert (stage.store.timers, stage.store.ledger) == (timers, ledger)
    assert stage.discord.member_roles("@bob") == roles
    return answer


def prepared(stage: BotStage, command: str, member: str = "@alice", role: str = "@VIP") -> str:
    """A command about a timer that is there, and in the state that it is for."""
    stage.given(member, role, HOUR)
    if command == "resumetime":
        stage.type(f"/pausetime user:{member} role:{role.removeprefix('@')}", by="@owner")
    return LINES[command].replace("@alice", member).replace("VIP", role.removeprefix("@"))


def test_a_channels_overwrite_gives_nobody_a_role_with_administrator(town: BotStage) -> None:
    """The attack: Discord offers the command by the permission in the channel, and the role stands below his."""
    overwrite(town, "@bob")

    answer = unchanged(town, "/settime user:@bob role:@Admin-like duration:2h", by="@bob")

    assert "only for this channel" in answer.text
    assert "Server Settings → Integrations" in answer.text


@pytest.mark.parametrize("command", LINES)
def test_an_overwrite_of_the_channel_counts_for_no_command(town: BotStage, command: str) -> None:
    line = prepared(town, command)
    overwrite(town, "@bob")
    assert "**Manage Roles** in this channel alone" in unchanged(town, line, by="@bob").text


@pytest.mark.parametrize("command", LINES)
def test_an_override_is_trusted_for_a_role_that_may_no_more_than_the_asker(town: BotStage, command: str) -> None:
    line = prepared(town, command)
    integrations(town, "@bob", command)
    answer = town.insist(line, by="@bob")
    assert not answer.hidden, answer.text


@pytest.mark.parametrize("role", ["@Kicker", "@Admin-like"])
@pytest.mark.parametrize("command", LINES)
def test_an_override_gives_nobody_power_that_they_lack(town: BotStage, command: str, role: str) -> None:
    line = prepared(town, command, role=role)
    integrations(town, "@bob", command)
    assert "has permissions that you do not have: " in unchanged(town, line, by="@bob").text


def test_an_override_reaches_what_the_asker_may_by_their_other_roles(town: BotStage) -> None:
    integrations(town, "@bob", "settime")
    town.discord.change(lambda changes: changes.give("@bob", "@Kicker", by="@owner"))
    assert not town.type("/settime user:@alice role:@Kicker duration:2h", by="@bob").hidden
    assert (
        "has permissions that you do not have: **Administrator**"
        in unchanged(town, "/settime user:@alice role:@Admin-like duration:2h", by="@bob").text
    )


def name_managers(stage: BotStage, *roles: str) -> None:
    for role in roles:
        stage.type(f"/timersettings managers add:{role}", by="@owner")


def test_managers_are_named_and_told_how_discord_shows_them_the_commands(town: BotStage) -> None:
    answer = town.type("/timersettings managers add:@Decorative", by="@owner")

    assert answer.hidden
    assert town.mention("@Decorative") in answer.text
    assert "Server Settings → Integrations" in answer.text
    assert town.policy == Policy(managers=frozenset({RoleId(town.discord.id_of("@Decorative"))}))
    assert "Server Settings" not in town.type("/timersettings managers remove:@Decorative", by="@owner").text
    assert town.policy == Policy()


@pytest.mark.parametrize("command", LINES)
def test_a_manager_needs_no_permission_whatever_the_channel_says(town: BotStage, command: str) -> None:
    line = prepared(town, command)
    name_managers(town, "@Decorative")
    overwrite(town, "@bob")

    answer = town.insist(line, by="@bob")

    assert not answer.hidden, answer.text


@pytest.mark.parametrize("role", ["@Kicker", "@Admin-like"])
@pytest.mark.parametrize("command", LINES)
def test_being_a_manager_gives_nobody_power_that_they_lack(town: BotStage, command: str, role: str) -> None:
    line = prepared(town, command, role=role)
    name_managers(town, "@Decorative")
    overwrite(town, "@bob")
    assert "has permissions that you do not have: " in unchanged(town, line, by="@bob").text


def test_who_manages_the_server_but_no_roles_makes_themselves_no_more_powerful(town: BotStage) -> None:
    """The attack: name your own decorative role, and time a role with Administrator below it."""
    town.discord.change(lambda changes: changes.create_role("@Manager"))
    town.discord.change(lambda changes: changes.set_permission("manage-guild", allowed=True, role="@Manager"))
    town.discord.change(lambda changes: changes.give("@bob", "@Manager", by="@owner"))
    integrations(town, "@bob", "settime")
    town.type("/timersettings managers add:@Decorative", by="@bob")
    assert town.policy.managers

    answer = unchanged(town, "/settime user:@bob role:@Admin-like duration:2h", by="@bob")

    assert "has permissions that you do not have: **Administrator**" in answer.text


def test_a_manager_undoes_and_sees_the_timers_of_others(town: BotStage) -> None:
    set_by_mod = town.type("/settime user:@alice role:@VIP duration:2h")
    assert "Only for moderators" in town.type("/timeleft user:@alice", by="@bob").text
    name_managers(town, "@Decorative")

    seen = town.type("/timeleft user:@alice", by="@bob")
    undone = told(town, town.discord.press("@bob", "Undo", on=set_by_mod))

    assert seen.hidden
    assert town.mention("@VIP") in seen.text
    assert embed(undone)["title"] == "Change undone"
    assert "Only for moderators" in town.type("/timeleft user:@alice", by="@carol").text


@pytest.mark.parametrize("command", LINES)
@pytest.mark.parametrize(
    ("by", "role", "text"), [("@mod", "@Decorative", "at or above your own"), ("@mod", "@VIP", "")]
)
def test_manage_roles_in_the_guild_goes_by_discords_order(
    town: BotStage, command: str, by: str, role: str, text: str
) -> None:
    line = prepared(town, command, role=role)
    if text:
        assert text in unchanged(town, line, by=by).text
    else:
        assert not town.insist(line, by=by).hidden


@pytest.mark.parametrize("who", ["@owner", "@carol"])
def test_owner_and_administrators_may_all_that_the_bot_may(town: BotStage, who: str) -> None:
    town.discord.change(lambda changes: changes.give("@carol", "@Admin-like", by="@owner"))
    assert not town.type("/settime user:@alice role:@Decorative duration:2h", by=who).hidden
    assert "my own highest role" in town.type(f"/settime user:@alice role:{staff(town)} duration:2h", by=who).text


def staff(stage: BotStage) -> int:
    """The role's id, for a member is called so, too."""
    return stage.discord.look(lambda world: world.role("@Staff").id)


@pytest.mark.parametrize("line", SETTINGS)
def test_the_settings_are_for_manage_server_in_the_guild_or_by_override(town: BotStage, line: str) -> None:
    overwrite(town, "@bob", "manage-guild")
    assert "**Manage Server** in this channel alone" in unchanged(town, line, by="@bob").text
    assert town.policy == Policy()

    integrations(town, "@alice", "timersettings")
    assert "Timer settings" in town.type(line, by="@alice").text


def test_the_timers_of_others_are_not_shown_by_an_override(town: BotStage) -> None:
    town.given("@alice", "@VIP", HOUR)
    integrations(town, "@bob", "timeleft")
    assert "Only for moderators" in unchanged(town, "/timeleft user:@alice", by="@bob").text
    overwrite(town, "@bob")
    assert "Only for moderators" in unchanged(town, "/timeleft user:@alice", by="@bob").text
    assert "No timed roles" in town.type("/timeleft", by="@bob").text


def test_several_timers_are_listed_for_those_alone_who_may_see_them(town: BotStage) -> None:
    town.given("@alice", "@VIP", HOUR)
    town.given("@alice", "@Kicker", HOUR)
    integrations(town, "@bob", "pausetime")
    assert town.mention("@VIP") in unchanged(town, "/pausetime user:@alice", by="@mod").text
    told = unchanged(town, "/pausetime user:@alice", by="@bob").text
    assert "more than one timer" in told
    assert town.mention("@VIP") not in told


@pytest.mark.parametrize("command", ["addtime", "removetime", "pausetime", "resumetime", "cleartime"])
def test_suggestions_tell_nobody_what_timeleft_would_not(town: BotStage, command: str) -> None:
    town.given("@alice", "@VIP", HOUR)
    town.given("@bob", "@VIP", HOUR)
    integrations(town, "@bob", command)

    # What could be timed, whether it is or not.
    assert list(town.suggestions(f"/{command} user:@alice role:", by="@bob")) == ["Supporter", "VIP"]
    assert next(iter(town.suggestions(f"/{command} user:@bob role:", by="@bob"))) == "VIP: 1 hour left"
    assert next(iter(town.suggestions(f"/{command} user:@alice role:", by="@mod"))) == "VIP: 1 hour left"

    overwrite(town, "@bob")
    assert town.suggestions(f"/{command} user:@alice role:", by="@bob") == {}


@pytest.mark.parametrize("command", ["addtime", "removetime"])
def test_no_end_of_another_is_suggested_to_those_who_may_not_see_it(town: BotStage, command: str) -> None:
    town.given("@alice", "@VIP", HOUR)
    integrations(town, "@bob", command)
    line = f"/{command} user:@alice role:VIP duration:5m"
    assert "5 minutes" in town.suggestions(line, by="@bob")
    assert "5 minutes" not in town.suggestions(line, by="@mod")


def test_members_who_are_allowed_nothing_are_offered_nothing(stage: BotStage) -> None:
    for command in COMMANDS - FOR_ALL_MEMBERS:
        with pytest.raises(CannotDo):
            stage.type(f"/{command} user:@alice", by="@bob")


def test_a_command_that_comes_without_the_askers_permissions_is_refused(town: BotStage) -> None:
    """Discord sends them with each; without, nobody could say what let it through."""
    stripped: list[Any] = []
    integrations(town, "@bob", "pausetime")
    town.given("@alice", "@VIP", HOUR)

    def strip(event: str, payload: Any) -> None:
        if event == "INTERACTION_CREATE":
            stripped.append(payload["member"].pop("permissions"))

    town.discord.look(lambda world: world.backend.subscribers.insert(0, strip))
    assert "You may not use that command" in unchanged(town, "/pausetime user:@alice role:VIP", by="@bob").text
    assert stripped
