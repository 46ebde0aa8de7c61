"""Positions of roles stay what Discord says; nextcord alone moves them by itself."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import nextcord
import pytest

from boostmon.adapters.discord.positions import keep_positions

GUILD, VIP, MIDDLE, TOP, NEW = 100, 1, 2, 3, 4


def role(id_: int, position: int) -> dict[str, Any]:
    return {
        "id": str(id_), "name": f"role {id_}", "position": position, "permissions": "0", "color": 0,
        "hoist": False, "managed": False, "mentionable": False,
    }  # fmt: skip


def positions_after(event: str, payload: dict[str, Any], prepare: Callable[[nextcord.Client], None]) -> dict[int, int]:
    async def run() -> dict[int, int]:
        client = nextcord.Client(intents=nextcord.Intents(guilds=True))
        prepare(client)
        roles = [role(GUILD, 0), role(VIP, 1), role(MIDDLE, 2), role(TOP, 3)]
        guild = {"id": str(GUILD), "name": "Boost Town", "owner_id": "5", "roles": roles, "members": [], "channels": []}
        made = client._connection._add_guild_from_data(cast("Any", guild))
        client._connection.parsers[event]({"guild_id": str(GUILD), **payload})
        return {one.id: one.position for one in made.roles if one.id != GUILD}

    return asyncio.run(run())


CASES = [
    ("GUILD_ROLE_DELETE", {"role_id": str(VIP)}, {MIDDLE: 2, TOP: 3}),
    ("GUILD_ROLE_DELETE", {"role_id": "77"}, {VIP: 1, MIDDLE: 2, TOP: 3}),
    ("GUILD_ROLE_CREATE", {"role": role(NEW, 1)}, {VIP: 1, MIDDLE: 2, TOP: 3, NEW: 1}),
    ("GUILD_ROLE_UPDATE", {"role": role(VIP, 9)}, {VIP: 9, MIDDLE: 2, TOP: 3}),
]


@pytest.mark.parametrize(("event", "payload", "positions"), CASES)
def test_only_what_discord_says_moves_a_role(event: str, payload: dict[str, Any], positions: dict[int, int]) -> None:
    assert positions_after(event, payload, keep_positions) == positions


@pytest.mark.parametrize(("event", "payload", "positions"), [CASES[0], CASES[2]])
def test_nextcord_moves_others_by_itself(event: str, payload: dict[str, Any], positions: dict[int, int]) -> None:
    """When this fails, the way round can go."""
    assert positions_after(event, payload, lambda _client: None) != positions


def test_an_event_of_a_guild_that_is_not_known_is_passed_on() -> None:
    assert positions_after("GUILD_ROLE_DELETE", {"guild_id": "7", "role_id": str(VIP)}, keep_positions) == {
        VIP: 1,
        MIDDLE: 2,
        TOP: 3,
    }
