"""The sub-commands of `/timersettings` that say by which clocks and which months a server counts."""

from nextcord import SlashOption

from boostmon.domain.durations import Kind, Months, lexicon_of
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.settings_parts import changing, settings_request
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.texts import msgid

MOST_ZONE = 60
"""Characters. The longest name of a zone has some 30."""

_ZONE = SlashOption(
    description=msgid("Which one, e.g. Europe/Berlin; or default"), required=True, min_length=1, max_length=MOST_ZONE
)
_MONTHS = SlashOption(
    description=msgid("How long 1mo is"),
    required=True,
    choices={
        msgid("calendar: until the same day of the next month"): str(Months.CALENDAR),
        msgid("30 days, and a year 365"): str(Months.THIRTY_DAYS),
    },
)


def _set_time_zone(services: Services, asking: Asking, zone: str = _ZONE) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    is_default = lexicon_of(asking.words.language).find(Kind.DEFAULT, zone.strip()) is not None
    chosen = None if is_default else zone
    return changing(services, asking, lambda: change.time_zone(request.guild, chosen, asked=request.asked))


def _set_months(services: Services, asking: Asking, kind: str = _MONTHS) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(services, asking, lambda: change.months(request.guild, Months(kind), asked=request.asked))


CALENDAR = (
    Command(
        "timezone",
        msgid("Set the time zone in which I read days and times here"),
        _set_time_zone,
        suggest={"zone": Completion.time_zone},
        is_private=True,
    ),
    Command("months", msgid("Set how long a month is here"), _set_months, is_private=True),
)
