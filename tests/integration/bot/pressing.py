"""Presses of buttons by the stage's members, and what comes of them."""

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simcord.enums import InteractionType

from boostmon.sandbox.answer import Answer
from boostmon.sandbox.buttons import BUTTON
from boostmon.sandbox.exchanges import Sending
from tests.integration.bot.stage import BotStage
from tests.support.patience import PATIENCE

if TYPE_CHECKING:
    from simcord.backend.models import Message

SECONDS = 5.0


def embed(answer: Answer, message: int = -1) -> dict[str, Any]:
    """The embed of a message, by default the newest."""
    [shown] = answer.messages[message].embeds
    return dict(shown)


def fields(answer: Answer, message: int = -1) -> dict[str, str]:
    """What stands in its fields."""
    return {field["name"]: field["value"] for field in embed(answer, message).get("fields", [])}


def buttons(answer: Answer, message: int = -1) -> dict[str, str]:
    """What its buttons are called, and their ids."""
    rows = answer.messages[message].components
    return {button["label"]: button["custom_id"] for row in rows for button in row["components"]}


def told(stage: BotStage, answer: Answer) -> Answer:
    """What came of a press, once it is told to everybody."""

    def public() -> Answer | None:
        now = stage.discord.answer_now(answer)
        return now if any(not message.hidden and not message.edited for message in now.messages) else None

    found = stage.discord.wait_until(public, PATIENCE, "an answer for everybody")
    assert found is not None
    return found


def replaced(stage: BotStage, answer: Answer) -> Answer:
    """What came of a press, once it stands in the place of the question."""

    def over() -> Answer | None:
        now = stage.discord.answer_now(answer)
        return None if embed(now)["title"] == "Confirmed" else now

    found = stage.discord.wait_until(over, PATIENCE, "something in the place of the question")
    assert found is not None
    return found


def as_it_is(stage: BotStage, answer: Answer) -> "Message":
    """The newest message of an answer as Discord keeps it at this moment."""
    number = answer.messages[-1].id
    return stage.discord.look(
        lambda world: copy.deepcopy(next(there[number] for there in world.backend.messages.values() if number in there))
    )


def showing(message: "Message", custom_id: str) -> "Message":
    """The message with a button of that id, as an earlier version of the bot may have sent it."""
    button = {"type": BUTTON, "style": 2, "label": "Old", "custom_id": custom_id}
    return replace(message, components=[{"type": 1, "components": [button]}])


def press_id(stage: BotStage, actor: str, custom_id: str, message: "Message", *, seconds: float = SECONDS) -> Answer:
    """A press of a message, as Discord kept it, by a client that sends whatever it likes."""
    discord = stage.discord

    async def press() -> Answer:
        world = discord._world
        who = world.backend.users[world.member(actor).user_id]
        where = world.backend.channels[message.channel_id]
        data = {"component_type": BUTTON, "custom_id": custom_id}
        sending = Sending(InteractionType.MESSAGE_COMPONENT, who, where, data, message)
        return await discord._presses._exchanges.answered(sending, seconds)

    return discord._thread.run(press())
