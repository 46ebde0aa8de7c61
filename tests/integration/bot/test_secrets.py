"""No token of an interaction is ever logged, whatever the level: whoever has it may answer in the bot's name."""

import logging

import pytest

from boostmon.entrypoints.logs import configure_logs
from boostmon.sandbox.faults import Refusal
from tests.integration.bot.stage import BotStage
from tests.support.timers import HOUR


@pytest.mark.parametrize("json_lines", [True, False], ids=["json", "console"])
def test_everything_is_logged_but_tokens(
    stage: BotStage, untouched_logging: None, json_lines: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    del untouched_logging  # put back before the bot is stopped, which would log to a stream that is closed by then
    stage.given("@alice", "@VIP", HOUR)
    configure_logs(json=json_lines, level="DEBUG")

    stage.type("/timeleft user:@alice")
    stage.type("/pausetime user:@bob")
    stage.suggestions("/pausetime user:@alice role:")
    stage.timers.read_failure = ZeroDivisionError("a fault")
    stage.type("/timeleft user:@alice")
    stage.discord.fail(Refusal(403, 50001, "Missing Access"), "PATCH", "/webhooks/*/messages/@original")
    stage.timers.read_failure = None
    stage.discord.command("@mod", "/timeleft user:@alice", timeout=0.3)
    logging.getLogger("nextcord").debug("over")

    written = capsys.readouterr().err
    tokens = stage.discord.look(lambda world: [one.token for one in world.backend.interactions.values()])
    assert len(tokens) >= 5
    assert [token for token in tokens if token in written] == []
    assert stage.discord.token not in written
    assert "INTERACTION_CREATE" in written
    assert "/callback" in written
