"""What is known of whoever asks: Discord lets commands through by a permission, and presses without a look."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import nextcord
import pytest

from boostmon.domain.eligibility import Warrant
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.bot.asking import asking
from tests.support.timers import NOW

GUILD, BOT, ASKER = 100, 202, 203
COMMAND, PRESS, SUGGESTIONS, FORM = 2, 3, 4, 5
IN_CHANNEL = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES


def warrant(kind: int, permissions: int | None, *, continues: bool = False, everyone: int = 0) -> Warrant:
    async def run() -> Warrant:
        client = nextcord.Client(intents=nextcord.Intents(guilds=True))
        client._connection.user = cast("Any", SimpleNamespace(id=BOT))
        everyone_role = {
            "id": str(GUILD), "name": "@everyone", "position": 0, "permissions": str(everyone), "color": 0,
            "hoist": False, "managed": False, "mentionable": False,
        }  # fmt: skip
        guild = {"id": str(GUILD), "name": "Boost Town", "owner_id": "5", "roles": [everyone_role]}
        client._connection._add_guild_from_data(cast("Any", {**guild, "members": [], "channels": []}))
        member: dict[str, Any] = {
            "user": {"id": str(ASKER), "username": "asker", "discriminator": "0", "avatar": None},
            "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0,
        }  # fmt: skip
        if permissions is not None:
            member["permissions"] = str(permissions)
        payload = {
            "id": "7", "application_id": "8", "type": kind, "token": "t", "version": 1, "guild_id": str(GUILD),
            "channel_id": "9", "member": member, "data": {"id": "1", "name": "settime", "type": 1, "custom_id": "x"},
        }  # fmt: skip
        interaction: Any = nextcord.Interaction(data=cast("Any", payload), state=client._connection)
        return asking(interaction, NOW, continues=continues).view.asker.warrant(Permission.MANAGE_ROLES)

    return asyncio.run(run())


@pytest.mark.parametrize("kind", [COMMAND, SUGGESTIONS])
def test_a_command_that_came_without_any_permission_was_allowed_by_the_server(kind: int) -> None:
    assert warrant(kind, IN_CHANNEL) is Warrant.OVERRIDE
    assert warrant(kind, IN_CHANNEL | Permission.MANAGE_ROLES) is Warrant.CHANNEL
    assert warrant(kind, IN_CHANNEL, everyone=Permission.MANAGE_ROLES) is Warrant.GUILD


@pytest.mark.parametrize("kind", [PRESS, FORM])
def test_a_press_proves_nothing_of_itself(kind: int) -> None:
    assert warrant(kind, IN_CHANNEL) is Warrant.NONE
    assert warrant(kind, IN_CHANNEL, everyone=Permission.MANAGE_ROLES) is Warrant.GUILD


@pytest.mark.parametrize("kind", [PRESS, FORM])
def test_a_press_that_goes_on_with_a_command_has_what_the_command_had(kind: int) -> None:
    assert warrant(kind, IN_CHANNEL, continues=True) is Warrant.OVERRIDE
    assert warrant(kind, IN_CHANNEL | Permission.MANAGE_ROLES, continues=True) is Warrant.CHANNEL


@pytest.mark.parametrize("kind", [COMMAND, PRESS])
@pytest.mark.parametrize("permissions", [None, 0])
def test_without_the_askers_permissions_nothing_was_let_through(kind: int, permissions: int | None) -> None:
    assert warrant(kind, permissions, continues=True) is Warrant.NONE
