"""What an interaction says: who asks, where, and with which options."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import nextcord
from nextcord import ApplicationCommandOptionType

from boostmon.app.changing.changes import Target
from boostmon.app.commands.errors import GuildUnseen
from boostmon.app.ports import Asked
from boostmon.domain.channels import ChannelFacts, ChannelUnknown
from boostmon.domain.eligibility import GuildView, MemberGone, RoleGone
from boostmon.domain.ids import ChannelId, RequestId, RoleId, UserId, parse_id
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.bot.reading.guild_view import (
    Channel,
    channel_facts,
    guild_view,
    is_unknown,
    lacking_to_write,
    role_ids,
    unseen_channel,
)
from boostmon.entrypoints.bot.reading.role_option import read_role
from boostmon.texts import Language, Words, words_of

# Plain aliases: nextcord reads the annotations of commands and does not see through the `type` statement.
Interaction = nextcord.Interaction[nextcord.Client]

_GATED = (nextcord.InteractionType.application_command, nextcord.InteractionType.application_command_autocomplete)
"""The interactions that Discord sends only of those who are allowed the command."""

_THREADS = frozenset({10, 11, 12})
"""The types of channels that are threads."""
_BITS = re.compile("[0-9]{1,30}")

_SUB_COMMANDS = (1, 2)
"""The types of options that stand for a sub-command or a group of them."""

Person = nextcord.Member | nextcord.User
"""The value of a user option; a user who is not a member of the guild is a `nextcord.User`."""


FEW_ROLES = 50
FEW_LETTERS = 500
"""In an option: more than those have that people may fill in."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A command at the moment it arrived. `at` is the one reading of the clock that all of it goes by."""

    interaction: Interaction
    guild: nextcord.Guild
    by: UserId
    at: datetime
    view: GuildView

    @property
    def words(self) -> Words:
        """Those of the asker, for what only they see."""
        return asker_words(self.interaction)

    @property
    def hears_of_roles(self) -> bool:
        """Whether Discord tells the bot of roles that others give and take there."""
        return self.view.bot.may(Permission.VIEW_AUDIT_LOG)

    @property
    def sees_members(self) -> bool:
        """Whether Discord tells the bot of members who leave and return."""
        return self.interaction.client.intents.members

    def is_lost(self, channel: ChannelId) -> bool:
        """Whether the guild does not have the channel, as far as the bot knows."""
        return is_unknown(self.guild, channel)

    def public(self, decided: Language | None) -> Words:
        """Those of the guild, for what everybody there sees: of the language that it decided for, else of Discord's."""
        return guild_words(self.interaction) if decided is None else words_of(decided)

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

    def roles_of(self, user: Person | None) -> Collection[RoleId] | None:
        """The roles that the user has, or the asker where none is named; None for one who is not a member.

        Discord sends them with the interaction, as they are at that moment.
        """
        person = self.interaction.user if user is None else user
        return role_ids(person) if isinstance(person, nextcord.Member) else None

    def joined(self, user: Person | None) -> datetime | None:
        """When the user, or the asker where none is named, became a member; None where that is not told."""
        person = self.interaction.user if user is None else user
        return person.joined_at if isinstance(person, nextcord.Member) else None

    def role(self, written: str | None) -> RoleId | None:
        """The role of a text option; None where none was given.

        Raises:
            UnknownRole, AmbiguousRole: no one role has that name.
        """
        return None if written is None or not written.strip() else read_role(written, self.view)


def asker_words(interaction: Interaction) -> Words:
    """The words of whoever asks, by the language of their Discord client: for what only they see."""
    return _words_in(getattr(interaction, "locale", None))


def guild_words(interaction: Interaction) -> Words:
    """The words of the guild, by the language that Discord knows it by: for what everybody there sees."""
    return _words_in(getattr(interaction, "guild_locale", None))


def _words_in(locale: object) -> Words:
    return words_of(Language.of_discord(locale if isinstance(locale, str) else None))


def asking(interaction: Interaction, at: datetime, *, continues: bool = False) -> Asking:
    """What the interaction says, which arrived `at` that time. Reads the whole guild: for a thread, unless `is_small`.

    Safe there: the roles are copied in one step, and what the client changes meanwhile counts or does not.

    `continues` says of a press that it goes on with a command that Discord let the same person use: whoever had it by
    the server's leave alone may finish it. Other presses count by permissions in the server.

    Raises:
        GuildUnseen: it did not come from a guild that the bot knows.
    """
    guild, asker = interaction.guild, interaction.user
    if guild is None or not isinstance(asker, nextcord.Member):
        raise GuildUnseen
    view = guild_view(guild, asker, _let_through_by(interaction, continues=continues))
    return Asking(interaction, guild, UserId(asker.id), at, view)


def _let_through_by(interaction: Interaction, *, continues: bool) -> int | None:
    """The asker's permissions in the channel, by which Discord let a command through; at a button it asks for none."""
    if interaction.type not in _GATED and not continues:
        return None
    # None at all are those of an interaction that came without them: whoever sees a command has some.
    return interaction.permissions.value or None


def chosen_channel(asking: Asking, channel: Channel | None) -> ChannelFacts | None:
    """The channel of the option `channel`, also one that the bot cannot see; None where none was given.

    nextcord looks for the id in all guilds of the bot. What Discord says of the channel in the interaction decides:
    that it is one of the guild, and what the asker may do there.

    Raises:
        ChannelUnknown: the guild has no such channel.
    """
    named = option_id(asking.interaction, "channel")
    if named is None:
        return None
    told = _resolved(asking.interaction, "channels", named)
    guild = None if channel is None else getattr(channel, "guild", None)
    if told is None or str(told.get("guild_id", asking.guild.id)) != str(asking.guild.id):
        raise ChannelUnknown(ChannelId(named))
    if channel is not None and (guild is None or guild.id != asking.guild.id):
        raise ChannelUnknown(ChannelId(named))
    facts = unseen_channel(ChannelId(named)) if channel is None else channel_facts(asking.guild, channel)
    rights = str(told.get("permissions", ""))
    permissions = int(rights) if _BITS.fullmatch(rights) else 0
    return replace(facts, asker_lacks=lacking_to_write(permissions, in_thread=told.get("type") in _THREADS))


def _resolved(interaction: Interaction, kind: str, id_: int) -> Mapping[str, Any] | None:
    """What Discord tells of a thing that an option names."""
    received: Mapping[str, Any] = dict(interaction.data or {})
    found = ((received.get("resolved") or {}).get(kind) or {}).get(str(id_))
    return found if isinstance(found, Mapping) else None


def is_small(interaction: Interaction) -> bool:
    """Whether it takes so little to read, whoever chose the names and texts, that the event loop may do it itself.

    A thread would cost more than the reading, and many commands at once would be acknowledged later.
    """
    guild = interaction.guild
    if guild is None or len(guild._roles) > FEW_ROLES:  # noqa: SLF001 - `guild.roles` sorts them all to be counted
        return False
    return all(_is_small(option) for option in _options(interaction))


def _is_small(option: Mapping[str, Any]) -> bool:
    if option.get("type") == ApplicationCommandOptionType.channel.value:  # with a list of permissions of any length
        return False
    value = option.get("value")
    return isinstance(value, bool) or (isinstance(value, str) and len(value) <= FEW_LETTERS)


def has_role(user: Person, role: RoleId | None) -> bool:
    """Whether the user is known to have the role."""
    return role is not None and isinstance(user, nextcord.Member) and user.get_role(role) is not None


def member(user: Person) -> UserId:
    """The user, who has to be a member: one cannot give a role to anybody else.

    Raises:
        MemberGone: Discord told of no membership.
    """
    if not isinstance(user, nextcord.Member):
        raise MemberGone(UserId(user.id))
    return UserId(user.id)


def option_value(interaction: Interaction, name: str) -> str | None:
    """What Discord sent for an option, as text.

    For ids of things that nextcord does not find in its cache, and turns into None; and for autocomplete, where
    Discord sends ids alone.
    """
    for option in _options(interaction):
        if option.get("name") == name and "value" in option:
            return str(option["value"])
    return None


def chosen_role(asking: Asking, role: nextcord.Role | None) -> RoleId:
    """The role of the option `role`, which is None where nextcord's cache does not have it.

    Raises:
        RoleGone: Discord named a role that the guild does not have (any more).
    """
    if role is None:
        raise RoleGone(RoleId(option_id(asking.interaction, "role") or 0))
    return RoleId(role.id)


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
