"""What an interaction says: who asks, where, and what stands in its options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nextcord

from boostmon.app.changes import Target
from boostmon.app.ports import Asked, Clock
from boostmon.domain.eligibility import GuildView
from boostmon.domain.ids import RequestId, RoleId, UserId, parse_id
from boostmon.entrypoints.bot.errors import GuildUnseen
from boostmon.entrypoints.bot.guild_view import guild_view
from boostmon.entrypoints.bot.role_option import read_role

# Plain aliases: nextcord reads the annotations of commands and does not see through the `type` statement.
Interaction = nextcord.Interaction[nextcord.Client]

_GATED = (nextcord.InteractionType.application_command, nextcord.InteractionType.application_command_autocomplete)
"""The interactions that Discord sends only of those who are allowed the command."""

_SUB_COMMANDS = (1, 2)
"""The types of options that stand for a sub-command or a group of them."""

Person = nextcord.Member | nextcord.User
"""The value of a user option; a user who is not a member of the guild is a `nextcord.User`."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A command at the moment it arrived. `at` is the one reading of the clock that all of it goes by."""

    interaction: Interaction
    guild: nextcord.Guild
    by: UserId
    at: datetime
    view: GuildView

    def asked(self, reason: str | None) -> Asked:
        """Who asks for the change, when and why; blank reasons are none."""
        given = (reason or "").strip()
        return Asked(self.by, self.at, RequestId(self.interaction.id), given or None)

    def target(self, user: Person, role: str | None) -> Target:
        """Whose timer is meant, by the text of a role option where one was given.

        Raises:
            UnknownRole, AmbiguousRole: no one role has that name.
        """
        return Target(self.view.id, UserId(user.id), self.role(role))

    def role(self, written: str | None) -> RoleId | None:
        """The role of a text option; None where none was given.

        Raises:
            UnknownRole, AmbiguousRole: no one role has that name.
        """
        return None if written is None or not written.strip() else read_role(written, self.view)


def asking(interaction: Interaction, clock: Clock, *, continues: bool = False) -> Asking:
    """Reads the interaction and the clock, once.

    `continues` says of a press that it goes on with a command that Discord let the same person use: whoever had it by
    the server's leave alone may finish it. Other presses count by permissions in the server.

    Raises:
        GuildUnseen: it did not come from a guild that the bot knows.
    """
    guild, asker = interaction.guild, interaction.user
    if guild is None or not isinstance(asker, nextcord.Member):
        raise GuildUnseen
    view = guild_view(guild, asker, _let_through_by(interaction, continues=continues))
    return Asking(interaction, guild, UserId(asker.id), clock.now(), view)


def _let_through_by(interaction: Interaction, *, continues: bool) -> int | None:
    """The asker's permissions in the channel, by which Discord let a command through; at a button it asks for none."""
    if interaction.type not in _GATED and not continues:
        return None
    # None at all are those of an interaction that came without them: whoever sees a command has some.
    return interaction.permissions.value or None


def has_role(user: Person, role: RoleId | None) -> bool:
    """Whether the user is known to have the role."""
    return role is not None and isinstance(user, nextcord.Member) and user.get_role(role) is not None


def option_value(interaction: Interaction, name: str) -> str | None:
    """What Discord sent for an option, as text.

    For ids of things that nextcord does not find in its cache, and turns into None; and for autocomplete, where
    Discord sends ids alone.
    """
    for option in _options(interaction):
        if option.get("name") == name and "value" in option:
            return str(option["value"])
    return None


def option_id(interaction: Interaction, name: str) -> int | None:
    """The id that Discord sent for an option; None where it is missing or, half typed, is none yet."""
    value = option_value(interaction, name)
    return None if value is None else parse_id(value)


def _options(interaction: Interaction) -> Iterator[Mapping[str, Any]]:
    """The options that were filled in; those of a sub-command, where one was chosen."""
    received: Mapping[str, Any] = dict(interaction.data or {})
    for option in received.get("options") or ():
        if option.get("type") in _SUB_COMMANDS:
            yield from option.get("options") or ()
        else:
            yield option
