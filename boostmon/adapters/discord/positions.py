"""Keeps the positions of roles as Discord reports them.

When a role is made or deleted, nextcord 3.2 moves the cached positions of others by one, as it expects Discord to have
done. Discord tells of each role whose position did change by an event of its own; what nextcord moved beside that stays
wrong until a new session, and with it who stands above whom.
"""

from collections.abc import Callable
from typing import Any

import nextcord

_MOVING = ("GUILD_ROLE_CREATE", "GUILD_ROLE_DELETE")


def keep_positions(client: nextcord.Client) -> None:
    """From now on only what Discord says of a role's position changes it."""
    parsers = client._connection.parsers  # noqa: SLF001 - the gateway looks its parsers up here, and nowhere else
    for event in _MOVING:
        parsers[event] = _keeping(client, parsers[event])


def _keeping(client: nextcord.Client, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_and_put_back(payload: Any) -> None:
        guild = client.get_guild(int(payload["guild_id"]))
        before = [] if guild is None else [(role, role.position) for role in guild.roles]
        parse(payload)
        for role, position in before:
            role.position = position

    return parse_and_put_back
