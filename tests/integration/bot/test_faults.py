"""What goes wrong around a command: the database, Discord, BoostMon itself. The asker hears of it, the log says why."""

import logging
import re
import threading

import pytest

from boostmon.app.errors import StorageOutcomeUnknown, StorageUnavailable
from boostmon.sandbox.answer import DID_NOT_RESPOND, Answer
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.faults import Refusal
from tests.integration.bot.stage import BotStage
from tests.support.patience import PATIENCE
from tests.support.timers import HOUR

CALLBACK = "/interactions/*/callback"
ORIGINAL = "/webhooks/*/messages/@original"
SET = "/settime user:@alice role:@VIP duration:2h"


@pytest.mark.parametrize("line", [SET, "/pausetime user:@alice", "/timeleft user:@alice"])
def test_a_database_that_is_down(stage: BotStage, line: str) -> None:
    stage.timers.read_failure = StorageUnavailable("connection refused")
    answer = stage.type(line)
    assert answer.hidden
    assert "My database does not answer" in answer.text
    assert stage.discord.messages("#general") == ()
    stage.timers.read_failure = None
    assert "database" not in stage.type(SET).text


def test_a_database_that_goes_down_in_the_middle_of_a_command(stage: BotStage) -> None:
    stage.timers.write_failure = StorageUnavailable("server closed the connection")
    answer = stage.type(SET)
    assert answer.hidden
    assert "My database does not answer" in answer.text
    assert stage.store.timers == {}
    assert "@VIP" not in stage.discord.member_roles("@alice")


def test_a_change_of_which_nobody_knows_whether_it_was_made(stage: BotStage) -> None:
    stage.timers.write_failure = StorageOutcomeUnknown("server closed the connection")
    assert "may have been made, or not" in stage.type(SET).text


@pytest.mark.parametrize("line", [SET, "/timeleft"])
def test_a_fault_of_our_own_is_apologised_for_with_a_reference_that_the_log_has(
    stage: BotStage, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage.timers.read_failure = ZeroDivisionError("a fault")
    with caplog.at_level(logging.ERROR):
        answer = stage.type(line)
    assert answer.hidden
    assert "Something went wrong" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert stage.discord.messages("#general") == ()
    [reference] = re.findall(r"reference: `([0-9a-f]{8})`", answer.text)
    [record] = [record for record in caplog.records if record.getMessage() == "a command failed"]
    assert record.__dict__["reference"] == reference
    assert record.__dict__["command"] in {"settime", "timeleft"}
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def test_a_command_that_cannot_be_acknowledged_is_dropped_and_logged(
    stage: BotStage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.discord.fail(Refusal(404, 10062, "Unknown interaction"), "POST", CALLBACK)
    with caplog.at_level(logging.WARNING):
        answer = stage.discord.command("@mod", SET, timeout=0.3)
        stage.discord.wait_until(lambda: caplog.records, PATIENCE, "the log")
    assert answer.failure == DID_NOT_RESPOND
    assert stage.store.timers == {}
    [record] = [record for record in caplog.records if "could not be acknowledged" in record.getMessage()]
    assert "10062" in record.__dict__["error"]
    assert stage.type(SET).failure is None


def test_a_refusal_that_cannot_be_told_is_logged(stage: BotStage, caplog: pytest.LogCaptureFixture) -> None:
    stage.discord.fail(Refusal(404, 10062, "Unknown interaction"), "POST", CALLBACK)
    with caplog.at_level(logging.WARNING):
        answer = stage.discord.command("@mod", "/settime user:@alice role:@VIP duration:soon", timeout=0.3)
        stage.discord.wait_until(lambda: caplog.records, PATIENCE, "the log")
    assert answer.failure == DID_NOT_RESPOND
    assert "10062" in caplog.records[-1].__dict__["error"]


def test_an_answer_whose_place_was_deleted_is_whispered(stage: BotStage) -> None:
    stage.discord.fail(Refusal(404, 10008, "Unknown Message"), "PATCH", ORIGINAL)
    answer = stage.type(SET)
    assert "Timer started" in answer.text
    assert stage.timer("@alice", "@VIP") is not None


def test_an_answer_that_discord_does_not_take_is_logged(stage: BotStage, caplog: pytest.LogCaptureFixture) -> None:
    stage.discord.fail(Refusal(403, 50001, "Missing Access"), "PATCH", ORIGINAL)
    with caplog.at_level(logging.WARNING):
        stage.discord.command("@mod", SET, timeout=0.3)
        stage.discord.wait_until(lambda: caplog.records, PATIENCE, "the log")
    assert "an answer could not be given" in {record.getMessage() for record in caplog.records}
    assert stage.timer("@alice", "@VIP") is not None


def test_a_refusal_is_told_even_where_the_public_thinking_cannot_be_taken_back(stage: BotStage) -> None:
    stage.discord.fail(Refusal(404, 10008, "Unknown Message"), "DELETE", ORIGINAL)
    assert "has no timer" in stage.type("/pausetime user:@alice").text


def test_commands_at_work_are_waited_for_and_new_ones_turned_away(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", HOUR)
    stage.timers.waiting.clear()
    stage.timers.let_go.clear()
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(stage.type("/pausetime user:@alice")))
    asking.start()
    assert stage.timers.waiting.wait(60.0)
    bot = stage.running.bot
    assert stage.running.run(bot.drain(0.05)) is False
    turned_away = stage.type("/pausetime user:@alice")
    assert turned_away.hidden
    assert "I am being restarted" in turned_away.text
    assert stage.suggestions("/pausetime user:@alice role:V") == {}
    stage.timers.let_go.set()
    assert stage.running.run(bot.drain(60.0)) is True
    asking.join(60.0)
    assert "Timer paused" in answers[0].text


def test_a_guild_that_the_bot_does_not_see_is_told_so(stage: BotStage) -> None:
    async def forget() -> None:
        # As after an outage of Discord's, before the guild has come back.
        stage.running.bot._connection._guilds.clear()

    stage.running.run(forget())
    answer = stage.type(SET)
    assert answer.hidden
    assert "I cannot see this server" in answer.text
    assert stage.suggestions("/pausetime user:@alice role:V") == {}


def test_a_role_that_is_not_in_the_cache_is_one_that_is_gone(stage: BotStage) -> None:
    role = stage.discord.id_of("@VIP")

    async def forget() -> None:
        # As in the moment between a role's deletion and the command that names it.
        stage.running.bot.guilds[0]._roles.pop(role)

    stage.running.run(forget())
    answer = stage.type(f"/settime user:@alice role:{role} duration:2h")
    assert answer.hidden
    assert f"no role with the id {role}" in answer.text


def test_a_channel_that_is_not_in_the_cache_is_one_that_the_bot_cannot_see(stage: BotStage) -> None:
    channel = stage.discord.id_of("#warnings")

    async def forget() -> None:
        # As with a private thread that the bot is not in.
        stage.running.bot.guilds[0]._channels.pop(channel)

    stage.running.run(forget())
    answer = stage.type(f"{SET} channel:#warnings")
    assert answer.hidden
    assert "I lack **View Channel**" in answer.text


def test_the_client_itself_refuses_what_discord_would(stage: BotStage) -> None:
    with pytest.raises(CannotDo):
        stage.type(f"{SET} reason:{'x' * 401}")
