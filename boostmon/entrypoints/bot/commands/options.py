"""The options of the slash commands, as Discord shows them. Descriptions have at most 100 characters."""

import nextcord
from nextcord import ChannelType, SlashOption

from boostmon.texts import msgid

MOST_REASON = 400
"""Characters: more than anybody types, and short enough for the footer of a question."""
MOST_DURATION = 100
MOST_ROLE = 100

MODERATORS = nextcord.Permissions(manage_roles=True)
SERVER_MANAGERS = nextcord.Permissions(manage_guild=True)

TEXT_CHANNELS = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.news_thread,
    ChannelType.public_thread,
    ChannelType.private_thread,
]


def user(description: str, *, required: bool = True, name: str | None = None) -> SlashOption:
    """A member, or somebody who was one. `name` where Python does not allow it for a parameter."""
    return SlashOption(name=name, description=description, required=required)


def duration(description: str, *, required: bool = True) -> SlashOption:
    """A duration or a moment, as text, with suggestions."""
    return SlashOption(description=description, required=required, min_length=1, max_length=MOST_DURATION)


def role(description: str) -> SlashOption:
    """A role by text, with suggestions: Discord suggests nothing in options of its own role type."""
    return SlashOption(description=description, required=False, max_length=MOST_ROLE)


ROLE_TO_GIVE = SlashOption(description=msgid("The temporary role"), required=True)
TIMED_ROLE = role(msgid("Which of the timed roles; not needed if there is only one"))

WARNING_CHANNEL = SlashOption(
    description=msgid(
        "Where the member is warned before the end; left out, in the server's channel or by direct message"
    ),
    required=False,
    channel_types=TEXT_CHANNELS,
)
KEEP_ROLE = SlashOption(
    description=msgid("Let the member keep the role, with no end to it"), required=False, default=False
)
REASON = SlashOption(description=msgid("Why; kept in the history"), required=False, max_length=MOST_REASON)
