"""Channels as people name them, also those that are not there any more."""

from collections.abc import Callable

from boostmon.domain.ids import ChannelId
from boostmon.texts import stamps
from boostmon.texts.words import Words

type IsLost = Callable[[ChannelId], bool]
"""Whether a channel is not to be found in its server: it was deleted, or it is a thread that was archived."""


def all_there(_channel: ChannelId) -> bool:
    """None is lost."""
    return False


def channel(id_: ChannelId, words: Words, is_lost: IsLost) -> str:
    """A link to the channel; and what holds of one that is lost."""
    link = stamps.channel(id_)
    if not is_lost(id_):
        return link
    return words("{channel}, which was archived or deleted; a deleted channel counts as none", channel=link)
