"""The link by which a bot is invited: the one place that says what it asks for."""

from boostmon.domain.permissions import NEEDED

APPLICATION_ID = "APPLICATION_ID"
"""Stands in a link for whoever reads it to replace."""


def invitation(application: int | str = APPLICATION_ID) -> str:
    """The link for an application, with the permissions that the bot needs and no other."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={int(NEEDED)}"
    )
