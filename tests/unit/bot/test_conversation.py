"""The parts of a conversation that Discord itself cannot be made to play."""

import asyncio
import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, cast

import nextcord
import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.domain.errors import BoostMonError
from boostmon.entrypoints.bot.conversing.conversation import MOST_TURNED_AWAY, Conversations, problem_of
from boostmon.entrypoints.bot.conversing.lanes import MOST_OF_GUILD, Lanes
from boostmon.entrypoints.bot.reading.asking import Interaction
from boostmon.texts.refusals import Problem
from tests.unit.bot.idle import at_once, idle_conversations


@dataclass
class Response:
    """Records what it is told, or fails."""

    failure: Exception | None = None
    waits_for: asyncio.Event | None = None
    told: list[tuple[str | None, bool]] = field(default_factory=list)

    def is_done(self) -> bool:
        return False

    async def send_message(self, *, embed: nextcord.Embed, ephemeral: bool, **_: object) -> None:
        if self.failure is not None:
            raise self.failure
        if self.waits_for is not None:
            await self.waits_for.wait()
        self.told.append((embed.title, ephemeral))


@dataclass
class Stranger:
    """An interaction from outside of any guild that the bot knows."""

    response: Response = field(default_factory=Response)
    id: int = 1
    guild: None = None
    guild_id: int = 7
    user: None = None
    application_command: None = None
    data: None = None


def _as_interaction(stranger: Stranger) -> Interaction:
    return cast("Interaction", stranger)


def _never(_: object) -> Any:
    raise AssertionError("nothing is to be prepared")


def test_a_command_from_nowhere_is_refused_before_anything_is_done() -> None:
    stranger = Stranger()
    asyncio.run(idle_conversations().converse(_as_interaction(stranger), _never))
    assert stranger.response.told == [("I cannot see this server", True)]


@pytest.mark.parametrize("failure", [RuntimeError("Session is closed"), nextcord.InteractionResponded(cast("Any", 0))])
def test_a_refusal_that_cannot_be_told_never_raises(failure: Exception, caplog: pytest.LogCaptureFixture) -> None:
    stranger = Stranger(Response(failure))
    with caplog.at_level(logging.WARNING):
        asyncio.run(idle_conversations().refuse(_as_interaction(stranger), Problem("No", "Never.")))
    [record] = caplog.records
    assert record.getMessage() == "a message for the asker alone could not be sent"
    assert type(failure).__name__ in record.__dict__["error"]


def test_more_commands_than_can_be_served_are_told_so_but_not_all_of_them() -> None:
    async def test() -> None:
        lanes, let_go = Lanes(), asyncio.Event()
        conversations = Conversations(ManualClock(), lanes, at_once)
        asked = [Stranger(Response(waits_for=let_go)) for _ in range(MOST_TURNED_AWAY + 10)]
        with ExitStack() as service:
            for _ in range(MOST_OF_GUILD):
                service.enter_context(lanes.service(Stranger.guild_id))
            turned_away = [asyncio.create_task(conversations.converse(_as_interaction(one), _never)) for one in asked]
            for _ in range(5):
                await asyncio.sleep(0)
            let_go.set()
            await asyncio.gather(*turned_away)
            assert [len(one.response.told) for one in asked] == [1] * MOST_TURNED_AWAY + [0] * 10
            assert asked[0].response.told == [("Too many commands at once", True)]
        after = Stranger()
        await conversations.converse(_as_interaction(after), _never)
        assert after.response.told == [("I cannot see this server", True)]

    asyncio.run(test())


class Unworded(BoostMonError):
    """An error that somebody forgot to word."""


def test_an_error_without_a_text_is_apologised_for_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        problem = problem_of(Unworded("forgotten"), _as_interaction(Stranger()))
    assert problem.title == "Something went wrong"
    assert [record.getMessage() for record in caplog.records] == ["an error has no text", "a command failed"]
    assert caplog.records[1].__dict__["reference"] in problem.text
    assert "Unworded: forgotten" in caplog.records[1].__dict__["error"]
