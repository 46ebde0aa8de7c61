"""The settings of nextcord that every connection to Discord shares, and the login."""

import asyncio
import re
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import nextcord
from nextcord.http import Route

from boostmon.adapters.discord.faults import Faulty, Later, Refused, fault_of
from boostmon.adapters.discord.outage import Outage
from boostmon.app.errors import DiscordUnreachable, TokenRefused

_API = re.compile(r"https?://[^/?#\s@]+(/[^?#\s]*)?/api/v\d+")


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


def is_open_to_listeners(base_url: str) -> bool:
    """Whether requests to this base, and the token in each, cross a network unencrypted: http beyond this machine."""
    parts = urlsplit(base_url)
    if parts.scheme != "http":
        return False
    host = parts.hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


class NoApiThere(DiscordUnreachable):
    """The address of the API leads to something else: waiting will not help."""


async def log_in(
    client: nextcord.Client, token: str, outage: Outage | None = None, *, attempt_timeout: float = 30.0
) -> None:
    """Logs a client in, for REST only; tries again for as long as `outage` allows, by default once.

    Raises:
        TokenRefused: the token is wrong, or cannot be one.
        DiscordUnreachable: no answer, or none that says anything about the token.
    """
    outage = outage or Outage(give_up=0)
    outage.begin()
    while True:
        try:
            async with asyncio.timeout(attempt_timeout):
                return await _log_in_once(client, token)
        except TimeoutError:
            fault = Later(f"no answer to the login within {attempt_timeout:g} s")
        except Faulty as error:
            fault = Later(error.fault.error, error.fault.after if isinstance(error.fault, Later) else timedelta(0))
        await outage.wait(fault, what="no login to Discord")


async def _log_in_once(client: nextcord.Client, token: str) -> None:
    if not token.isascii() or not token.strip().isprintable():
        # aiohttp would refuse the header by an error whose text shows the token
        raise TokenRefused("the token has characters that no token has")
    try:
        await client.login(token)
    except nextcord.LoginFailure:
        raise TokenRefused("Discord does not accept the token") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # as nextcord reads what it takes for a user
        raise Faulty(Later(f"the answer to the login describes no user ({type(error).__name__})")) from error
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        if isinstance(fault, Refused) and fault.status == 404:
            raise NoApiThere(f"there is no Discord API at {Route.BASE}") from error
        raise Faulty(fault) from error
