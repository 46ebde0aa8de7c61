"""Where notices can go: the bot must be able to write there, and so must whoever named the channel."""

from dataclasses import dataclass

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId
from boostmon.domain.permissions import NONE, Permission


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What the bot may do in a channel; `missing` are the permissions that it lacks there.

    `asker_lacks` are those that whoever named the channel would need to write there themselves.
    """

    id: ChannelId
    missing: Permission = NONE
    asker_lacks: Permission = NONE


class ChannelUnknown(BoostMonError):
    """The guild has no channel with that id: it was deleted, or belongs to another guild."""

    def __init__(self, channel: ChannelId) -> None:
        super().__init__(f"channel {channel} is not one of the guild")
        self.channel = channel


class ChannelClosedToAsker(BoostMonError):
    """The asker cannot write in the channel, so the bot does not on their behalf."""

    def __init__(self, channel: ChannelFacts) -> None:
        super().__init__(f"channel {channel.id}: the asker lacks {channel.asker_lacks!r}")
        self.channel = channel


class ChannelUnusable(BoostMonError):
    """The bot cannot send notices to the channel."""

    def __init__(self, channel: ChannelFacts) -> None:
        super().__init__(f"channel {channel.id}: the bot lacks {channel.missing!r}")
        self.channel = channel


def ensure_usable(channel: ChannelFacts | None) -> None:
    """Checks that the asker and the bot can write in the channel, if one was named.

    Raises:
        ChannelClosedToAsker, ChannelUnusable: naming the permissions that are missing.
    """
    if channel is None:
        return
    if channel.asker_lacks:
        raise ChannelClosedToAsker(channel)
    if channel.missing:
        raise ChannelUnusable(channel)
