"""The settings of nextcord that every connection to Discord shares, and the login."""

import re

import nextcord
from nextcord.http import Route

from boostmon.adapters.discord.faults import Refused, fault_of
from boostmon.app.errors import DiscordUnreachable, TokenRefused

_API = re.compile(r"https?://[^/?#\s@]+(/[^?#\s]*)?/api/v\d+")
_AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that it does not accept."""


def use_api(base_url: str) -> None:
    """Sends every later request of this process to `base_url`, as `https://discord.com/api/v10`.

    It is a class attribute of nextcord's, so it holds for the whole process, for webhooks and interactions too; the
    gateway's address then comes from that API. To be called before a client is made.

    Raises:
        ValueError: it isn't an http or https address that ends in /api/v and a number, or carries a password.
    """
    base = base_url.strip().rstrip("/")
    if _API.fullmatch(base) is None:
        raise ValueError("the API's address must look like https://discord.com/api/v10")
    Route.BASE = base


async def log_in(client: nextcord.Client, token: str) -> None:
    """Logs a client in, for REST only.

    Raises:
        TokenRefused: the token is wrong, or cannot be one.
        DiscordUnreachable: no answer, or one that says nothing about the token.
    """
    try:
        await client.login(token)
    except nextcord.LoginFailure:
        raise TokenRefused("Discord does not accept the token") from None
    except ValueError:  # aiohttp's, for a line break in a header; its text shows the token
        raise TokenRefused("the token has characters that no token has") from None
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        if isinstance(fault, Refused) and fault.status == 404:
            raise DiscordUnreachable(f"there is no Discord API at {Route.BASE}") from error
        raise DiscordUnreachable(fault.error) from error


async def stay_connected(client: nextcord.Client) -> None:
    """Holds the gateway connection of a client that is logged in; nextcord reconnects by itself. Returns never.

    Raises:
        TokenRefused: the gateway does not accept the token.
        DiscordUnreachable: the connection ended for good.
    """
    try:
        await client.connect()
    except nextcord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise TokenRefused("Discord does not accept the token any more") from error
        raise DiscordUnreachable(f"the gateway ended the connection for good: {error}") from error
    except nextcord.DiscordException as error:
        raise DiscordUnreachable(f"the connection to the gateway failed: {error}") from error
    raise DiscordUnreachable("the connection to the gateway was closed")
