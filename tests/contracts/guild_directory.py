"""What every `GuildDirectory` does, whatever stands behind it."""

from typing import Protocol

from boostmon.app.ports import GuildDirectory
from boostmon.domain.ids import GuildId, RoleId


class GuildWorld(Protocol):
    """A directory and a guild behind it, with the roles @VIP, and above it @Moderator, who may manage roles."""

    @property
    def directory(self) -> GuildDirectory: ...

    @property
    def guild(self) -> GuildId: ...

    def role(self, name: str) -> RoleId: ...
    def put_above_moderator(self) -> None:
        """Moves @VIP."""
        ...

    def time_passes(self) -> None:
        """So much that an earlier answer serves nobody any more."""
        ...


class GuildDirectoryContract:
    """To be run on each directory, with a fixture `world`."""

    def test_the_roles_are_told_with_what_the_rules_ask(self, world: GuildWorld) -> None:
        roles = world.directory.roles(world.guild)
        assert roles is not None
        vip, moderator = roles[world.role("VIP")], roles[world.role("Moderator")]
        assert (vip.name, vip.permissions, vip.managed) == ("VIP", 0, False)
        assert moderator.permissions & 1 << 28
        assert vip.rank < moderator.rank
        assert all(role == facts.id for role, facts in roles.items())

    def test_they_are_told_as_they_are_now(self, world: GuildWorld) -> None:
        assert world.directory.roles(world.guild) is not None
        world.put_above_moderator()
        world.time_passes()
        roles = world.directory.roles(world.guild)
        assert roles is not None
        assert roles[world.role("VIP")].rank > roles[world.role("Moderator")].rank

    def test_nothing_is_known_of_a_guild_that_the_bot_is_not_in(self, world: GuildWorld) -> None:
        assert world.directory.roles(GuildId(5)) is None
