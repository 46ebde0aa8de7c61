"""The options of the slash commands, as Discord shows them. Descriptions have at most 100 characters."""

import nextcord
from nextcord import ChannelType, SlashOption

MOST_REASON = 400
"""Characters. Discord's audit log takes 512, URL-encoded, in which the moderator's name stands too."""
MOST_DURATION = 100
MOST_ROLE = 100

MODERATORS = nextcord.Permissions(manage_roles=True)

TEXT_CHANNELS = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.news_thread,
    ChannelType.public_thread,
    ChannelType.private_thread,
]


def _user(description: str) -> SlashOption:
    """A member, or somebody who was one."""
    return SlashOption(description=description, required=True)


def _duration(description: str) -> SlashOption:
    """A duration or a moment, as text, with suggestions."""
    return SlashOption(description=description, required=True, min_length=1, max_length=MOST_DURATION)


def _role(description: str) -> SlashOption:
    """A role by text, with suggestions: Discord suggests nothing in options of its own role type."""
    return SlashOption(description=description, required=False, max_length=MOST_ROLE)


WHO_GETS_IT = _user("Who gets the role")
WHO_GETS_MORE = _user("Whose time grows")
WHO_GETS_LESS = _user("Whose time shrinks")
WHO_PAUSES = _user("Whose countdown stops")
WHO_GOES_ON = _user("Whose countdown goes on")
WHO_ENDS = _user("Whose timer ends")
WHO_IS_SHOWN = SlashOption(description="Whose timers; left out, your own", required=False)

HOW_LONG = _duration("How long, e.g. 2h, 1d 12h, 2 weeks; or until when, e.g. Friday 18:00, 24 Dec, 2030-12-31")
HOW_MUCH_MORE = _duration("How much more, e.g. 30m, 2h, 2 weeks; or until when, e.g. Friday 18:00, 24 Dec")
HOW_MUCH_LESS = _duration(
    "How much less, e.g. 30m, 2h; with nothing left it ends now. Or until when, e.g. Friday 18:00"
)

ROLE_TO_GIVE = SlashOption(description="The role that lasts for a time", required=True)
ROLE_TO_ADD_TO = _role("Which role; one without a timer gets one. Not needed for the only timer")
TIMED_ROLE = _role("Which of the timed roles; not needed if there is only one")

WARNING_CHANNEL = SlashOption(
    description="Where the member is warned before the end; left out, by direct message",
    required=False,
    channel_types=TEXT_CHANNELS,
)
KEEP_ROLE = SlashOption(description="Let the member keep the role, with no end to it", required=False, default=False)
REASON = SlashOption(description="Why; kept in the history", required=False, max_length=MOST_REASON)
