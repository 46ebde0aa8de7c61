"""Ids that Discord's client would not send: of another server's channels, roles and people."""

from collections.abc import Callable
from typing import Any

import pytest

from boostmon.domain.policy import Policy
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.seed import CrowdedGuild, crowd
from tests.integration.bot.stage import BotStage
from tests.support.patience import PATIENCE

LINES = {
    "settime": ("/settime user:@alice role:@VIP duration:2h channel:#warnings", "@mod"),
    "channel": ("/timersettings channel channel:#warnings", "@owner"),
    "log": ("/timersettings log channel:#warnings", "@owner"),
}
type Alter = Callable[[dict[str, Any]], None]


@pytest.fixture(name="other")
def another_server(stage: BotStage) -> CrowdedGuild:
    """One that the bot is in, too, and may write in."""
    [made] = stage.discord.look(lambda world: crowd(world, 1, 1))
    stage.discord.wait_until(
        lambda: stage.running.bot.get_channel(made.channel) is not None, PATIENCE, "the other server"
    )
    return made


def forged(stage: BotStage, line: str, by: str, alter: Alter) -> Answer:
    """The answer to a command whose interaction was altered on its way; nothing may come of it."""

    def meddle(event: str, payload: Any) -> None:
        if event == "INTERACTION_CREATE":
            alter(payload["data"])

    timers, ledger = dict(stage.store.timers), list(stage.store.ledger)
    stage.discord.look(lambda world: world.backend.subscribers.insert(0, meddle))
    try:
        answer = stage.type(line, by)
    finally:
        stage.discord.look(lambda world: world.backend.subscribers.remove(meddle))
    assert answer.hidden, answer.text
    assert (stage.store.timers, stage.store.ledger) == (timers, ledger)
    assert stage.policy == Policy()
    return answer


def options(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the sub-command, where there is one."""
    [*first] = data["options"]
    return list(first[0]["options"]) if first[0]["type"] == 1 else first


def set_option(data: dict[str, Any], name: str, value: object) -> None:
    for option in options(data):
        if option["name"] == name:
            option["value"] = str(value)


@pytest.mark.parametrize("resolves", ["nothing", "as its own", "as another's"])
@pytest.mark.parametrize("command", LINES)
def test_a_channel_of_another_server_is_unknown(
    stage: BotStage, other: CrowdedGuild, command: str, resolves: str
) -> None:
    def alter(data: dict[str, Any]) -> None:
        set_option(data, "channel", other.channel)
        [told] = data["resolved"].pop("channels").values()
        told["id"] = str(other.channel)
        told["guild_id"] = str(other.guild) if resolves == "as another's" else data.get("guild_id", told["guild_id"])
        if resolves != "nothing":
            data["resolved"]["channels"] = {str(other.channel): told}

    answer = forged(stage, *LINES[command], alter)

    assert f"no channel with the id {other.channel}" in answer.text


@pytest.mark.parametrize("command", LINES)
def test_a_channel_of_a_server_that_the_bot_does_not_know_is_unknown(stage: BotStage, command: str) -> None:
    answer = forged(stage, *LINES[command], lambda data: set_option(data, "channel", 123_456_789_012_345_678))
    assert "no channel with the id 123456789012345678" in answer.text


@pytest.mark.parametrize("command", LINES)
def test_nobody_directs_the_bot_to_where_they_cannot_write(stage: BotStage, command: str) -> None:
    stage.discord.change(lambda changes: changes.set_command("timersettings", "@mod", allowed=True))
    stage.discord.change(lambda changes: changes.set_overwrite("send-messages", "@mod", "#warnings", allowed=False))

    answer = forged(stage, LINES[command][0], "@mod", lambda _data: None)

    assert "You cannot write in that channel" in answer.text
    assert "you lack **Send Messages**" in answer.text


@pytest.mark.parametrize("command", LINES)
def test_nobody_directs_the_bot_to_what_they_cannot_see(stage: BotStage, command: str) -> None:
    """Their client does not offer such a channel."""

    def alter(data: dict[str, Any]) -> None:
        [told] = data["resolved"]["channels"].values()
        told["permissions"] = str(1 << 11)

    assert "you lack **View Channel**" in forged(stage, *LINES[command], alter).text


def test_in_a_thread_another_permission_counts(stage: BotStage) -> None:
    def alter(data: dict[str, Any]) -> None:
        [told] = data["resolved"]["channels"].values()
        told.update(type=12, permissions=str(1 << 10 | 1 << 11))

    assert "you lack **Send Messages in Threads**" in forged(stage, *LINES["settime"], alter).text


@pytest.mark.parametrize("permissions", [None, "", "many", "-1", "1" * 5000])
def test_permissions_that_are_none_allow_nothing(stage: BotStage, permissions: str | None) -> None:
    def alter(data: dict[str, Any]) -> None:
        [told] = data["resolved"]["channels"].values()
        told["permissions"] = permissions

    assert "You cannot write" in forged(stage, *LINES["settime"], alter).text


def test_who_may_write_in_a_channel_may_name_it(stage: BotStage) -> None:
    assert not stage.type(*LINES["settime"]).hidden
    stage.type(*LINES["log"])
    assert stage.policy.log_channel == stage.discord.id_of("#warnings")


def test_a_role_of_another_server_does_not_exist(stage: BotStage, other: CrowdedGuild) -> None:
    answer = forged(
        stage, "/settime user:@alice role:@VIP duration:2h", "@mod", lambda data: set_option(data, "role", other.role)
    )
    assert f"no role with the id {other.role}" in answer.text
    answer = forged(stage, f"/addtime user:@alice role:{other.role} duration:2h", "@mod", lambda _data: None)
    assert f"no role with the id {other.role}" in answer.text


@pytest.mark.parametrize(
    "line", ["/settime user:@alice role:@VIP duration:2h", "/addtime user:@alice role:VIP duration:2h"]
)
def test_a_member_of_another_server_is_none_here(stage: BotStage, other: CrowdedGuild, line: str) -> None:
    [stranger] = other.members

    def alter(data: dict[str, Any]) -> None:
        set_option(data, "user", stranger)

    assert "Not a member of this server" in forged(stage, line, "@mod", alter).text


@pytest.mark.parametrize(
    "line", ["/settime user:@BoostMon role:@VIP duration:2h", "/addtime user:@BoostMon role:VIP duration:2h"]
)
def test_the_bot_itself_is_given_no_timer(stage: BotStage, line: str) -> None:
    answer = forged(stage, line, "@owner", lambda _data: None)
    assert "I cannot have a timer" in answer.text
