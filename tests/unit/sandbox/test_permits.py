"""`allow` and `deny` in all their forms."""

import pytest

from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.permits import permit
from boostmon.sandbox.world import World


def overwrite(world: World, who: int, channel: str) -> tuple[int, int]:
    [found] = [one for one in world.channel(channel).overwrites if one.target_id == who]
    return found.allow, found.deny


def test_the_bots_role_by_default_and_any_other(world: World, changes: Changes) -> None:
    permit(changes, "manage-roles", allowed=False)
    assert not world.allowed(world.bot_id, "manage_roles")
    permit(changes, "manage-roles", allowed=True)
    assert world.allowed(world.bot_id, "manage_roles")

    permit(changes, "administrator @Moderator", allowed=True)
    assert world.allowed(world.user("@mod").id, "administrator")
    permit(changes, "administrator @Moderator", allowed=False)
    assert not world.allowed(world.user("@mod").id, "administrator")


def test_one_channel_for_a_member_or_a_role(world: World, changes: Changes) -> None:
    bob, general = world.user("@bob").id, world.channel("#general").id
    permit(changes, "manage-roles @bob in #general", allowed=True)
    assert world.allowed(bob, "manage_roles", general)
    assert not world.allowed(bob, "manage_roles")
    permit(changes, "send-messages @bob in #general", allowed=False)
    permit(changes, "manage-roles @bob in #general", allowed=False)
    assert overwrite(world, bob, "#general") == (0, 1 << 28 | 1 << 11)

    permit(changes, "kick-members @Supporter in #general", allowed=True)
    assert overwrite(world, world.role("@Supporter").id, "#general") == (1 << 1, 0)


def test_a_command_as_under_integrations(world: World, changes: Changes) -> None:
    command = {"id": "77", "name": "settime", "type": 1, "default_member_permissions": str(1 << 28)}
    world.backend.commands[None] = {("settime", 1): command}
    bob, general = world.user("@bob").id, world.channel("#general").id

    def shown() -> bool:
        return bool(world.backend.visible_commands(user_id=bob, channel_id=general))

    assert not shown()
    permit(changes, "/settime @bob", allowed=True)
    assert shown()
    permit(changes, "/settime @bob", allowed=False)
    assert not shown()
    permit(changes, "/settime @bob", allowed=True)
    assert shown()


@pytest.mark.parametrize(
    "text",
    ["", "make-coffee", "manage-roles @nobody", "manage-roles @bob in #nowhere", "/nothing @bob", "/settime", "a b"],
)
def test_what_cannot_be_done_is_said(changes: Changes, text: str) -> None:
    with pytest.raises(CannotDo):
        permit(changes, text, allowed=True)
