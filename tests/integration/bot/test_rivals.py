"""Two processes with one token: each command is carried out once, by whoever acknowledges it first."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from boostmon.sandbox.faults import Refusal
from tests.integration.bot.stage import BotStage, running_bot
from tests.support.patience import PATIENCE

CALLBACK = "/interactions/*/callback"
ALREADY = Refusal(400, 40060, "Interaction has already been acknowledged.")
STANDS_BY = "another process answers commands with this token, and was first; this one stands by"


@pytest.fixture(name="second")
def second_bot(stage: BotStage) -> Iterator[ExitStack]:
    """A second bot on the same Discord and tables; to be closed by who has seen enough of it."""
    with ExitStack() as stack:
        stack.enter_context(running_bot(stage.discord, stage.store, stage.timers, stage.clock))
        stage.discord.wait_until(lambda: stage.discord.logins == 2, PATIENCE, "the second bot")
        yield stack


def callbacks(stage: BotStage) -> list[int]:
    """What was answered to each acknowledgement so far."""
    return [one.status for one in stage.discord.requests if one.path.endswith("/callback")]


def outcomes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says came of each command."""
    return [vars(record)["outcome"] for record in caplog.records if record.getMessage() == "command"]


@pytest.mark.usefixtures("second")
def test_each_command_is_carried_out_once_and_nobody_warns(stage: BotStage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for number in range(6):
            answer = stage.type(f"/settime user:@alice role:@VIP duration:{number + 1}h")
            assert answer.failure is None
            assert len(answer.messages) == 1
        assert stage.type("/pausetime user:@bob").failure is None
        assert stage.type("/settime user:@bob role:@VIP duration:soon").failure is None
        assert stage.suggestions("/pausetime user:@alice role:")
        stage.discord.wait_until(lambda: len(outcomes(caplog)) >= 8, PATIENCE, "a line for each command")
    assert len(stage.store.ledger) == 6
    stage.discord.wait_until(lambda: callbacks(stage).count(400) >= 9, PATIENCE, "the second acknowledgements")
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []
    assert 1 <= [record.getMessage() for record in caplog.records].count(STANDS_BY) <= 2
    assert outcomes(caplog) == ["done"] * 6 + ["refused"] * 2, "each command has its line in one of the two logs"


def test_when_one_is_gone_the_other_serves_the_very_next_command(stage: BotStage, second: ExitStack) -> None:
    for _ in range(3):
        assert stage.type("/settime user:@alice role:@VIP duration:2h").failure is None
    second.close()
    for _ in range(3):
        answer = stage.type("/settime user:@alice role:@VIP duration:2h")
        assert answer.failure is None
        assert len(answer.messages) == 1


def test_who_comes_second_holds_back_until_it_is_first_again(stage: BotStage, caplog: pytest.LogCaptureFixture) -> None:
    rivals = stage.running.bot.conversations.rivals
    with caplog.at_level(logging.DEBUG, logger="boostmon"):
        for _ in range(2):
            stage.discord.fail(ALREADY, "POST", CALLBACK)
            stage.discord.command("@mod", "/settime user:@alice role:@VIP duration:2h", timeout=0.5)
            stage.discord.wait_until(lambda: rivals.comes_second, PATIENCE, "the refusal")
    assert stage.store.timers == {}
    told = [
        (record.levelno, record.getMessage()) for record in caplog.records if "another process" in record.getMessage()
    ]
    assert told == [(logging.INFO, STANDS_BY), (logging.DEBUG, "another process was first to answer a command")]
    assert stage.type("/settime user:@alice role:@VIP duration:2h").failure is None
    assert not rivals.comes_second
    assert len(stage.store.ledger) == 1


@pytest.mark.parametrize("line", ["/settime user:@alice role:@VIP duration:soon", "/timeleft role:nothing"])
def test_a_refusal_that_comes_second_is_silent(stage: BotStage, line: str, caplog: pytest.LogCaptureFixture) -> None:
    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name.startswith("boostmon")]

    stage.discord.fail(ALREADY, "POST", CALLBACK)
    with caplog.at_level(logging.INFO):
        stage.discord.command("@mod", line, timeout=0.5)
        stage.discord.wait_until(lambda: STANDS_BY in told(), PATIENCE, "the log")
    # The client may tell of its registration, and that it is ready, this late.
    assert set(told()) <= {STANDS_BY, "commands registered", "ready"}
    assert max(record.levelno for record in caplog.records) == logging.INFO
