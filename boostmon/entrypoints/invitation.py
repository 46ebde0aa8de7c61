"""The link that invites the bot."""

from boostmon.domain.permissions import NEEDED

APPLICATION_ID = "APPLICATION_ID"
"""A placeholder in the link, for the reader to replace."""


def invitation(application: int | str = APPLICATION_ID) -> str:
    """The link for an application, with the permissions that the bot needs and no other."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={int(NEEDED)}"
    )
