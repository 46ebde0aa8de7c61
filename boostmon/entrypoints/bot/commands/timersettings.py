"""`/timersettings`: what a server decides about its timers, one plain sub-command for each thing."""

from typing import NoReturn

from nextcord import SlashOption

from boostmon.app.commands.errors import ChannelAndOff, NoChannelChosen, Place
from boostmon.domain.ids import GuildId
from boostmon.domain.languages import Language
from boostmon.domain.thresholds import MOST_TEXT, parse_thresholds
from boostmon.entrypoints.bot.commands.command import Command, Group, Services
from boostmon.entrypoints.bot.commands.options import SERVER_MANAGERS, TEXT_CHANNELS
from boostmon.entrypoints.bot.commands.settings_calendar import CALENDAR
from boostmon.entrypoints.bot.commands.settings_parts import changing, settings_request, showing
from boostmon.entrypoints.bot.commands.settings_rules import RULES
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, chosen_channel
from boostmon.entrypoints.bot.reading.guild_view import Channel
from boostmon.texts import msgid
from boostmon.texts.settings import AUTOMATIC, NAMES

_AUTOMATIC = "auto"
_THRESHOLDS = SlashOption(
    name="list",
    description=msgid("How long before the end, e.g. 1d, 60m, 10m; or none, or default"),
    required=True,
    min_length=1,
    max_length=MOST_TEXT,
)
_CHANNEL = SlashOption(description=msgid("Where to"), required=False, channel_types=TEXT_CHANNELS)
_OFF = SlashOption(description=msgid("True switches it off; leave the channel out then"), required=False)
_LANGUAGE = SlashOption(
    description=msgid("Which one; automatic goes by the language of the server in Discord"),
    required=True,
    choices={AUTOMATIC: _AUTOMATIC, **{name: str(language) for language, name in NAMES.items()}},
)
_ON = SlashOption(description=msgid("Whether I may write to members directly"), required=True)


def _show(services: Services, asking: Asking) -> Job:
    return showing(services, asking)


def _set_thresholds(services: Services, asking: Asking, wanted: str = _THRESHOLDS) -> Job:
    request, thresholds = settings_request(asking), parse_thresholds(wanted, asking.words.language)
    change = services.use_cases.change_policy
    return changing(services, asking, lambda: change.thresholds(request.guild, thresholds, asked=request.asked))


def _set_warning_channel(
    services: Services,
    asking: Asking,
    channel: Channel | None = _CHANNEL,
    off: bool | None = _OFF,  # noqa: FBT001 - Discord passes options by name
) -> Job:
    """Sets the channel of timers that have none of their own, or switches it off."""
    return _set_channel(services, asking, Place.MEMBERS, channel, off=off)


def _set_log_channel(
    services: Services,
    asking: Asking,
    channel: Channel | None = _CHANNEL,
    off: bool | None = _OFF,  # noqa: FBT001 - as above
) -> Job:
    """Sets the channel for those who run the server, or switches it off."""
    return _set_channel(services, asking, Place.LOG, channel, off=off)


def _set_channel(services: Services, asking: Asking, place: Place, channel: Channel | None, *, off: bool | None) -> Job:
    request, chosen = settings_request(asking), chosen_channel(asking, channel)
    if chosen is not None and off:
        raise ChannelAndOff(place)
    if chosen is None and not off:
        return _telling_what_is_set(services, request.guild, place)
    policy = services.use_cases.change_policy
    change = policy.warning_channel if place is Place.MEMBERS else policy.log_channel
    return changing(services, asking, lambda: change(request.guild, chosen, asked=request.asked))


def _telling_what_is_set(services: Services, guild: GuildId, place: Place) -> Job:
    """Nothing was chosen, so nothing changes: leaving something out is no way to switch it off."""

    def job() -> NoReturn:
        policy = services.use_cases.show_policy(guild)
        raise NoChannelChosen(place, policy.warning_channel if place is Place.MEMBERS else policy.log_channel)

    return job


def _set_dms(services: Services, asking: Asking, on: bool = _ON) -> Job:  # noqa: FBT001 - as above
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(services, asking, lambda: change.dms(request.guild, allowed=on, asked=request.asked))


def _set_language(services: Services, asking: Asking, language: str = _LANGUAGE) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    chosen = None if language == _AUTOMATIC else Language(language)
    return changing(services, asking, lambda: change.language(request.guild, chosen, asked=request.asked))


TIMERSETTINGS = Group(
    "timersettings",
    msgid("See and change how timers work in this server"),
    (
        Command("show", msgid("See what is set"), _show, is_private=True, reads=True),
        Command(
            "thresholds", msgid("Set how long before the end members are warned"), _set_thresholds, is_private=True
        ),
        Command(
            "channel",
            msgid("Set where members are told when their timer has no channel of its own"),
            _set_warning_channel,
            is_private=True,
        ),
        Command("log", msgid("Set where I write when something is in the way"), _set_log_channel, is_private=True),
        Command("dms", msgid("Set whether I may write to members directly"), _set_dms, is_private=True),
        Command(
            "language", msgid("Set the language in which I write to everybody here"), _set_language, is_private=True
        ),
        *RULES,
        *CALENDAR,
    ),
    SERVER_MANAGERS,
)
