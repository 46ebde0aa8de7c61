"""What the log says of commands and of servers: who, what, for whom, and what came of it."""

import logging
from typing import Any

import pytest

from boostmon.app.errors import StorageUnavailable
from tests.integration.bot.pressing import told
from tests.integration.bot.stage import BotStage

SET = "/settime user:@alice role:@VIP duration:2h"
MISTAKEN = "/settime user:@alice role:@VIP duration:soon"


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="boostmon")
    return caplog


def fields(stage: BotStage, caplog: pytest.LogCaptureFixture, message: str, count: int = 1) -> list[dict[str, Any]]:
    """What was passed with the records of that message, once there are so many."""

    def found() -> list[logging.LogRecord]:
        # The bot may be ready before the test begins, or after.
        records = [*caplog.get_records("setup"), *caplog.records]
        return [record for record in records if record.getMessage() == message]

    stage.discord.wait_until(lambda: len(found()) >= count, 60, f"{count} lines {message!r}")
    return [vars(record) for record in found()]


def test_a_command_has_one_line(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    stage.type(SET)

    [line] = fields(stage, heard, "command")

    assert (line["command"], line["outcome"], line["duration"]) == ("settime", "done", "2h")
    assert line["guild"] == stage.discord.look(lambda world: world.guild_id)
    assert line["by"] == stage.discord.id_of("@mod")
    assert (line["user"], line["role"]) == (stage.discord.id_of("@alice"), stage.discord.id_of("@VIP"))
    assert isinstance(line["ms"], int)
    assert line["levelname"] == "INFO"


def test_the_role_that_was_found_is_named(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    stage.type(SET)
    stage.type("/addtime user:@alice duration:1h")

    [_, line] = fields(stage, heard, "command", 2)

    assert (line["command"], line["outcome"], line["role"]) == ("addtime", "done", stage.discord.id_of("@VIP"))


def test_a_refusal_says_why(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    stage.type(MISTAKEN)
    stage.type("/pausetime user:@alice")
    stage.timers.read_failure = StorageUnavailable("connection refused")
    stage.type(SET)

    lines = fields(stage, heard, "command", 3)

    assert [line["outcome"] for line in lines] == ["refused"] * 3
    assert [line["why"] for line in lines] == ["InvalidDuration", "NoTimer", "StorageUnavailable"]


def test_a_question_and_its_press(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    stage.type("/settime user:@alice role:@VIP duration:30d")
    stage.insist("/cleartime user:@alice")

    lines = fields(stage, heard, "command", 3)

    assert [(line["command"], line["outcome"]) for line in lines] == [
        ("settime", "done"),
        ("cleartime", "asked to confirm"),
        ("clear button", "done"),
    ]
    assert {line["user"] for line in lines} == {stage.discord.id_of("@alice")}


def test_a_change_that_is_taken_back_names_its_timer(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    told(stage, stage.discord.press("@mod", "Undo", on=stage.type(SET)))

    [_, line] = fields(stage, heard, "command", 2)

    assert (line["command"], line["outcome"]) == ("undo button", "done")
    assert (line["user"], line["role"]) == (stage.discord.id_of("@alice"), stage.discord.id_of("@VIP"))


def test_a_command_about_the_server_has_no_member(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    stage.type("/timersettings show", by="@owner")

    [line] = fields(stage, heard, "command")

    assert (line["command"], line["outcome"]) == ("timersettings show", "done")
    assert "user" not in line


def test_servers_that_come_and_go(stage: BotStage, heard: pytest.LogCaptureFixture) -> None:
    [ready] = fields(stage, heard, "ready")
    assert (ready["servers"], ready["bot_id"]) == (1, stage.discord.id_of("@BoostMon"))

    stage.discord.change(lambda changes: changes.kick("@BoostMon", by="@owner"))
    [left] = fields(stage, heard, "left a server")
    stage.discord.change(lambda changes: changes.join("@BoostMon"))
    [joined] = fields(stage, heard, "joined a server")

    guild = stage.discord.look(lambda world: world.guild_id)
    assert (left["guild"], left["guild_name"], left["servers"]) == (guild, "Boost Town", 0)
    assert (joined["guild"], joined["guild_name"], joined["servers"]) == (guild, "Boost Town", 1)
    assert joined["members"] > 1
