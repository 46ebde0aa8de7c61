"""Messages of the world as plain values."""

from datetime import datetime

from simcord.backend.models import Message

from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.world import World

LOADING_FLAG = 1 << 7


def posted(world: World, message: Message) -> PostedMessage:
    """A message of the backend as it stands now."""
    return PostedMessage(
        id=message.id,
        channel=world.channel_name(message.channel_id),
        author=world.user_name(message.author_id),
        content=message.content,
        embeds=tuple(message.embeds),
        components=tuple(message.components),
        hidden=message.is_ephemeral,
        at=datetime.fromisoformat(message.timestamp),
        # A deferred answer is completed by an edit; clients do not call that "edited".
        edited=message.edited_timestamp is not None and message.interaction_metadata is None,
    )


def in_channel(world: World, text: str) -> tuple[PostedMessage, ...]:
    """What stands in `#channel` for everybody, oldest first. Raises `CannotDo`."""
    return _public(world, world.channel(text).id)


def in_dms(world: World, text: str) -> tuple[PostedMessage, ...]:
    """What the bot wrote to a user directly, oldest first. Raises `CannotDo`."""
    channel_id = world.backend.dm_channels.get(world.user(text).id)
    return () if channel_id is None else _public(world, channel_id)


def _public(world: World, channel_id: int) -> tuple[PostedMessage, ...]:
    stored = world.backend.messages.get(channel_id, {}).values()
    return tuple(posted(world, m) for m in stored if not m.is_ephemeral and not m.flags & LOADING_FLAG)
