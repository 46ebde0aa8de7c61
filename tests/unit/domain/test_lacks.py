"""What the bot lacks for a role."""

from dataclasses import replace

import pytest

from boostmon.domain.eligibility import RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.lacks import Lack, lack_for, lack_in
from boostmon.domain.permissions import Permission
from tests.support.stage import VIEW

GUILD, OWN, VIP = GuildId(100), RoleId(5), RoleId(6)
MANAGER = Permission.MANAGE_ROLES.value
TOP = (3, -5)


@pytest.mark.parametrize(
    ("position", "permissions", "lack"),
    [
        (2, MANAGER, None),
        (2, Permission.ADMINISTRATOR.value, None),
        (2, 0, Lack(OWN, manage_roles=True, place=False)),
        (3, MANAGER, None),  # of two at one position the older role, which has the lower id, is higher
        (4, MANAGER, Lack(OWN, manage_roles=False, place=True)),
        (4, Permission.ADMINISTRATOR.value, Lack(OWN, manage_roles=False, place=True)),
        (4, 0, Lack(OWN, manage_roles=True, place=True)),
    ],
)
def test_what_is_lacking(position: int, permissions: int, lack: Lack | None) -> None:
    roles = {VIP: RoleFacts(VIP, "VIP", position)}
    assert lack_for(VIP, guild=GUILD, bot=Standing(TOP, permissions), roles=roles) == lack


def test_above_its_highest_role_itself_the_bot_has_no_place() -> None:
    roles = {OWN: RoleFacts(OWN, "BoostMon", 3)}
    lack = Lack(OWN, manage_roles=False, place=True)
    assert lack_for(OWN, guild=GUILD, bot=Standing(TOP, MANAGER), roles=roles) == lack


def test_a_bot_without_a_role_of_its_own() -> None:
    roles = {VIP: RoleFacts(VIP, "VIP", 1)}
    bot = Standing((0, -100))
    assert lack_for(VIP, guild=GUILD, bot=bot, roles=roles) == Lack(None, manage_roles=True, place=True)


def test_of_a_role_that_is_not_there_nothing_is_known() -> None:
    assert lack_for(VIP, guild=GUILD, bot=Standing(TOP), roles={}) is None


def test_in_a_guild_as_a_command_sees_it_the_same_is_lacking() -> None:
    view = replace(VIEW, bot=replace(VIEW.bot, permissions=0))
    for role in view.roles:
        lack = lack_in(view, role)
        assert lack is not None
        assert lack == lack_for(role, guild=view.id, bot=view.bot, roles=view.roles)
