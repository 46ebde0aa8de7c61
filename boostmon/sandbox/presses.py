"""Members at work: a pressed button becomes an interaction."""

from collections.abc import Iterable, Iterator

from simcord.backend.access import channel_accessible
from simcord.backend.models import Channel, Message, User
from simcord.enums import InteractionType

from boostmon.sandbox import buttons
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.buttons import BUTTON
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.exchanges import Exchanges, Sending
from boostmon.sandbox.world import World


class Presses:
    """Finds the button that somebody means, and presses it."""

    def __init__(self, world: World, exchanges: Exchanges) -> None:
        self._world = world
        self._exchanges = exchanges

    async def press(self, actor: User, label: str, channel: Channel, first: Iterable[int], timeout: float) -> Answer:  # noqa: ASYNC109 - the result of an elapsed wait is an answer too
        """Press the button called `label` and gather the answer, for at most `timeout` real seconds.

        It is looked for on the messages `first`, then on the newest that the actor sees in the channel. Raises
        `CannotDo` when there is none, or none that a client would let this member press.
        """
        message = self._meant(actor, label, channel, first)
        button = buttons.pressable(buttons.all_of(message.components), label)
        data = {"component_type": BUTTON, "custom_id": button.custom_id}
        pressed = Sending(InteractionType.MESSAGE_COMPONENT, actor, channel, data, message)
        return await self._exchanges.answered(pressed, timeout)

    def _meant(self, actor: User, label: str, channel: Channel, first: Iterable[int]) -> Message:
        if not channel_accessible(self._world.backend, channel.id, actor.id):
            raise CannotDo(f"@{actor.name} cannot see #{channel.name}")
        if not self._world.has_bot(channel.guild_id):
            raise CannotDo(f"@{self._world.backend.bot_user.name} is not in this server, so its buttons do nothing")
        there = list(self._in_order(channel, first))
        seen = [message for message in there if message.visible_to(actor.id)]
        for message in seen:
            if buttons.matching(buttons.all_of(message.components), label):
                return message
        for message in there:
            if buttons.matching(buttons.all_of(message.components), label):
                owner = (message.interaction_metadata or {}).get("user") or {}
                raise CannotDo(f"Only @{owner.get('username', 'somebody else')} sees the answer with that button")
        offered = [button for message in seen for button in buttons.all_of(message.components)]
        known = f"; buttons are {buttons.named(offered)}" if offered else ""
        raise CannotDo(f"@{actor.name} sees no button {label!r} in #{channel.name}{known}")

    def _in_order(self, channel: Channel, first: Iterable[int]) -> Iterator[Message]:
        stored = self._world.backend.messages.get(channel.id, {})
        foremost = [i for i in first if i in stored]
        for message_id in [*reversed(foremost), *sorted(stored.keys() - set(foremost), reverse=True)]:
            yield stored[message_id]
