"""What every `RoleHolders` does, whatever stands behind it."""

from typing import Protocol

from boostmon.app.ports import RoleHolders
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId


class HoldersWorld(Protocol):
    """A guild with members, roles, and nobody who has any of these roles."""

    @property
    def holders(self) -> RoleHolders: ...

    @property
    def keys(self) -> tuple[TimerKey, TimerKey, TimerKey]:
        """Of one role of two members, and another role of the first."""
        ...

    def give(self, key: TimerKey) -> None: ...

    def take(self, key: TimerKey) -> None: ...

    def leave(self, key: TimerKey) -> None:
        """The member leaves the guild."""
        ...


class RoleHoldersContract:
    """To be run on each, with a fixture `world`."""

    def test_members_are_counted_by_role(self, world: HoldersWorld) -> None:
        one, another, further = world.keys
        for key in world.keys:
            world.give(key)

        assert counts(world) == {one.role: 2, further.role: 1}
        world.take(another)
        world.leave(further)

        assert counts(world) == {one.role: 0, further.role: 0}

    def test_a_member_is_seen_with_their_roles_until_they_leave(self, world: HoldersWorld) -> None:
        one, another, further = world.keys
        world.give(one)
        world.give(further)

        assert held(world, one) == {one.role, further.role}
        assert held(world, another) == set()
        world.take(one)
        assert held(world, one) == {further.role}
        world.leave(one)
        assert held(world, one) is None
        assert world.holders.membership(one.guild, UserId(1)) is None


def counts(world: HoldersWorld) -> dict[RoleId, int]:
    one, _, further = world.keys
    found = world.holders.counts(GuildId(one.guild))
    return {role: found.get(role, 0) for role in (one.role, further.role)}


def held(world: HoldersWorld, key: TimerKey) -> set[RoleId] | None:
    """Of the two roles in question."""
    found = world.holders.membership(key.guild, key.user)
    return None if found is None else set(found.held) & {one.role for one in world.keys}
