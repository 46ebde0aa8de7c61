"""`/timersettings`: what a server decides about its timers, one plain sub-command for each thing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import nextcord
from nextcord import IntegrationType, InteractionContextType, SlashOption

from boostmon.app.commands.errors import ChannelAndOff, NoChannelChosen, Place
from boostmon.app.ports import Asked, PolicyChange
from boostmon.domain.eligibility import ensure_allowed
from boostmon.domain.ids import GuildId
from boostmon.domain.permissions import Permission
from boostmon.domain.thresholds import MOST_TEXT, parse_thresholds
from boostmon.entrypoints.bot.commands.options import TEXT_CHANNELS
from boostmon.entrypoints.bot.conversing.conversation import Conversations, Job, Preparation
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction, chosen_channel
from boostmon.entrypoints.bot.reading.guild_view import Channel
from boostmon.entrypoints.bot.use_cases import UseCases
from boostmon.texts.cards import Card
from boostmon.texts.settings import settings_card

MANAGERS = nextcord.Permissions(manage_guild=True)

_THRESHOLDS = SlashOption(
    name="list",
    description="How long before the end, e.g. 1d, 60m, 10m; or none, or default",
    required=True,
    min_length=1,
    max_length=MOST_TEXT,
)
_CHANNEL = SlashOption(
    name="channel",
    description="Where to",
    required=False,
    channel_types=TEXT_CHANNELS,
)
_OFF = SlashOption(name="off", description="True switches it off; leave the channel out then", required=False)
_ON = SlashOption(name="on", description="Whether I may write to members directly", required=True)


@dataclass(frozen=True, slots=True)
class _Request:
    """Whose settings are to be changed, and who asks for it."""

    guild: GuildId
    asked: Asked


class SettingsCommands(nextcord.ClientCog):
    """The sub-commands of `/timersettings` of one bot. Only their asker sees the answers."""

    def __init__(self, use_cases: UseCases, conversations: Conversations) -> None:
        super().__init__()
        self._show, self._change = use_cases.show_settings, use_cases.change_settings
        self._conversations = conversations
        self._command = nextcord.SlashApplicationCommand(
            name="timersettings",
            description="See and change how timers work in this server",
            callback=self.timersettings,
            default_member_permissions=MANAGERS,
            contexts=[InteractionContextType.guild],
            integration_types=[IntegrationType.guild_install],
        )
        for callback, description in (
            (self.show, "See what is set"),
            (self.thresholds, "Set how long before the end members are warned"),
            (self.channel, "Set where members are told when their timer has no channel of its own"),
            (self.log, "Set where I write when something is in the way"),
            (self.dms, "Set whether I may write to members directly"),
        ):
            self._command.subcommand(description=description)(callback)
        self._command.from_callback(self.timersettings, call_children=True)

    @property
    def application_commands(self) -> list[nextcord.BaseApplicationCommand]:
        """The command, made for this object alone; see `TimerCommands`."""
        return [self._command]

    async def timersettings(self, interaction: Interaction) -> None:
        """Discord offers the sub-commands alone."""

    async def show(self, interaction: Interaction) -> None:
        """Shows what is set."""

        def prepare(asking: Asking) -> Job:
            guild = asking.view.id
            return lambda: settings_card(self._show(guild))

        await self._converse(interaction, prepare, reads=True)

    async def thresholds(self, interaction: Interaction, wanted: str = _THRESHOLDS) -> None:
        """Sets how long before the end members are warned."""

        def prepare(asking: Asking) -> Job:
            thresholds = parse_thresholds(wanted)
            return _changing(
                asking, lambda request: self._change.thresholds(request.guild, thresholds, asked=request.asked)
            )

        await self._converse(interaction, prepare)

    async def channel(
        self,
        interaction: Interaction,
        channel: Channel | None = _CHANNEL,
        off: bool | None = _OFF,  # noqa: FBT001 - Discord passes options by name
    ) -> None:
        """Sets the channel of timers that have none of their own, or switches it off."""
        await self._set_channel(interaction, Place.MEMBERS, channel, off=off)

    async def log(
        self,
        interaction: Interaction,
        channel: Channel | None = _CHANNEL,
        off: bool | None = _OFF,  # noqa: FBT001 - as above
    ) -> None:
        """Sets the channel for those who run the server, or switches it off."""
        await self._set_channel(interaction, Place.LOG, channel, off=off)

    async def _set_channel(
        self, interaction: Interaction, place: Place, channel: Channel | None, *, off: bool | None
    ) -> None:
        change = self._change.warning_channel if place is Place.MEMBERS else self._change.log_channel

        def prepare(asking: Asking) -> Job:
            chosen = chosen_channel(asking, channel)
            if chosen is not None and off:
                raise ChannelAndOff(place)
            if chosen is None and not off:
                return self._telling_what_is_set(asking.view.id, place)
            return _changing(asking, lambda request: change(request.guild, chosen, asked=request.asked))

        await self._converse(interaction, prepare)

    def _telling_what_is_set(self, guild: GuildId, place: Place) -> Job:
        """Nothing was chosen, so nothing changes: leaving something out is no way to switch it off."""

        def job() -> NoReturn:
            policy = self._show(guild)
            raise NoChannelChosen(place, policy.warning_channel if place is Place.MEMBERS else policy.log_channel)

        return job

    async def dms(self, interaction: Interaction, on: bool = _ON) -> None:  # noqa: FBT001 - Discord passes options by name
        """Sets whether members may be written to directly."""

        def prepare(asking: Asking) -> Job:
            return _changing(asking, lambda request: self._change.dms(request.guild, allowed=on, asked=request.asked))

        await self._converse(interaction, prepare)

    async def _converse(self, interaction: Interaction, prepare: Preparation, *, reads: bool = False) -> None:
        def allowed(asking: Asking) -> Job:
            ensure_allowed(asking.view.asker, Permission.MANAGE_SERVER)
            return prepare(asking)

        await self._conversations.converse(interaction, allowed, hidden=True, reads=reads)


def _changing(asking: Asking, change: Callable[[_Request], PolicyChange]) -> Job:
    request = _Request(asking.view.id, asking.asked(None))

    def job() -> Card:
        changed = change(request)
        return settings_card(changed.after, changed)

    return job
