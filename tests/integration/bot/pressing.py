"""Presses of buttons by the stage's members, and what comes of them."""

from typing import Any

from simcord.enums import InteractionType

from boostmon.sandbox.answer import Answer
from boostmon.sandbox.buttons import BUTTON
from boostmon.sandbox.exchanges import Sending
from tests.integration.bot.stage import Stage

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


def told(stage: Stage, answer: Answer) -> Answer:
    """What came of a press, once it is told to everybody."""

    def public() -> Answer | None:
        now = stage.discord.answer_now(answer)
        return now if any(not message.hidden and not message.edited for message in now.messages) else None

    found = stage.discord.wait_until(public, SECONDS, "an answer for everybody")
    assert found is not None
    return found


def replaced(stage: Stage, answer: Answer) -> Answer:
    """What came of a press, once it stands in the place of the question."""

    def over() -> Answer | None:
        now = stage.discord.answer_now(answer)
        return None if embed(now)["title"] == "Confirmed" else now

    found = stage.discord.wait_until(over, SECONDS, "something in the place of the question")
    assert found is not None
    return found


def press_id(stage: Stage, actor: str, custom_id: str, message: int, *, seconds: float = SECONDS) -> Answer:
    """A press as a client sends it that shows buttons of long ago, or makes them up."""
    discord = stage.discord

    async def press() -> Answer:
        world = discord._world
        found = next(there[message] for there in world.backend.messages.values() if message in there)
        who = world.backend.users[world.member(actor).user_id]
        where = world.backend.channels[found.channel_id]
        data = {"component_type": BUTTON, "custom_id": custom_id}
        sending = Sending(InteractionType.MESSAGE_COMPONENT, who, where, data, found)
        return await discord._presses._exchanges.answered(sending, seconds)

    return discord._thread.run(press())
