"""The sub-commands of `/timersettings` that say what timers of a server may be, and what commands do to them."""

import nextcord
from nextcord import SlashOption

from boostmon.app.commands.errors import ListAndAll
from boostmon.domain.durations import Kind, Months, lexicon_of, parse_amount, parse_duration
from boostmon.domain.policy import Rejoin, Stacking, TakenByHand
from boostmon.domain.policy_values import MOST_PAUSE_DAYS
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.options import MOST_DURATION
from boostmon.entrypoints.bot.commands.settings_parts import changing, roles_wanted, settings_request, showing
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.texts import msgid

_STACKING = SlashOption(
    description=msgid("What becomes of the time that is left"),
    required=True,
    choices={
        msgid("replace: the new time counts from now"): str(Stacking.REPLACE),
        msgid("extend: the new time is added to what is left"): str(Stacking.EXTEND),
        msgid("keep longer: the later end counts"): str(Stacking.KEEP_LONGER),
        msgid("refuse: the timer stays as it is"): str(Stacking.REFUSE),
    },
)

_TAKEN = SlashOption(
    description=msgid("What I do then"),
    required=True,
    choices={
        msgid("end: the timer ends"): str(TakenByHand.END),
        msgid("give back: the member gets the role back, and the timer goes on"): str(TakenByHand.GIVE_BACK),
    },
)
_LEAVING = SlashOption(
    name="then",
    description=msgid("What becomes of their timers"),
    required=True,
    choices={
        msgid("count on: the timer goes on, and whoever returns gets the role back"): str(Rejoin.COUNT_ON),
        msgid("pause: the timer waits for them, and they get the role back"): str(Rejoin.PAUSE),
        msgid("end: the timer ends when they leave"): str(Rejoin.END),
    },
)
_LIMIT = SlashOption(
    description=msgid("How long at most, e.g. 30d, 12h; or none"),
    required=True,
    min_length=1,
    max_length=MOST_DURATION,
)
_DEFAULT = SlashOption(
    description=msgid("How long, e.g. 30d, 12h, 1mo; or none"),
    required=True,
    min_length=1,
    max_length=MOST_DURATION,
)
_DAYS = SlashOption(
    description=msgid("For how many days a year, counted for each timer; 0 means never"),
    required=True,
    min_value=0,
    max_value=MOST_PAUSE_DAYS,
)
_ADD = SlashOption(description=msgid("A role to put on the list"), required=False)
_REMOVE = SlashOption(description=msgid("A role to take off the list"), required=False)
_ALL = SlashOption(description=msgid("True lets all roles be timed; leave the others out then"), required=False)


def _set_stacking(services: Services, asking: Asking, rule: str = _STACKING) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(services, asking, lambda: change.stacking(request.guild, Stacking(rule), asked=request.asked))


def _set_taken_by_hand(services: Services, asking: Asking, then: str = _TAKEN) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(
        services, asking, lambda: change.taken_by_hand(request.guild, TakenByHand(then), asked=request.asked)
    )


def _set_rejoin(services: Services, asking: Asking, then: str = _LEAVING) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(services, asking, lambda: change.rejoin(request.guild, Rejoin(then), asked=request.asked))


def _set_longest(services: Services, asking: Asking, limit: str = _LIMIT) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    longest = None if _is_none(limit, asking) else parse_duration(limit, asking.words.language)
    return changing(services, asking, lambda: change.longest(request.guild, longest, asked=request.asked))


def _set_self_pause(services: Services, asking: Asking, days: int = _DAYS) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(services, asking, lambda: change.self_pause(request.guild, days, asked=request.asked))


def _set_default(services: Services, asking: Asking, duration: str = _DEFAULT) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    # Where months have 30 days, a month of the calendar counts as so many.
    amount = (
        None if _is_none(duration, asking) else parse_amount(duration, asking.words.language, months=Months.CALENDAR)
    )
    return changing(services, asking, lambda: change.default_duration(request.guild, amount, asked=request.asked))


def _is_none(written: str, asking: Asking) -> bool:
    """Whether it is the asker's word for none."""
    return lexicon_of(asking.words.language).find(Kind.NO_WARNINGS, written.strip()) is not None


def _set_timeable(
    services: Services,
    asking: Asking,
    add: nextcord.Role | None = _ADD,  # noqa: ARG001 - its id is read, since nextcord may not know the role
    remove: nextcord.Role | None = _REMOVE,  # noqa: ARG001 - as above
    all: bool | None = _ALL,  # noqa: A002, FBT001 - Discord passes options by name
) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    wanted = roles_wanted(asking)
    if all and wanted is not None:
        raise ListAndAll
    if wanted is None and not all:
        return showing(services, asking)
    return changing(services, asking, lambda: change.timeable(request.guild, wanted, asked=request.asked))


def _set_managers(
    services: Services,
    asking: Asking,
    add: nextcord.Role | None = _ADD,  # noqa: ARG001 - as above
    remove: nextcord.Role | None = _REMOVE,  # noqa: ARG001 - as above
) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    wanted = roles_wanted(asking)
    if wanted is None:
        return showing(services, asking)
    return changing(services, asking, lambda: change.managers(request.guild, wanted, asked=request.asked))


RULES = (
    Command(
        "stacking",
        msgid("Set what /settime does for a member who has a timer on that role already"),
        _set_stacking,
        is_private=True,
    ),
    Command(
        "taken-by-hand",
        msgid("Set what I do when a person or another bot takes a role that has a timer"),
        _set_taken_by_hand,
        is_private=True,
    ),
    Command(
        "rejoin", msgid("Set what becomes of the timers of members who leave the server"), _set_rejoin, is_private=True
    ),
    Command(
        "longest",
        msgid("Set how long a timer can run at most"),
        _set_longest,
        suggest={"limit": Completion.length},
        is_private=True,
    ),
    Command(
        "default",
        msgid("Set how long a timer runs if /settime does not say how long"),
        _set_default,
        suggest={"duration": Completion.length},
        is_private=True,
    ),
    Command(
        "self-pause", msgid("Set for how long members can pause their own timers"), _set_self_pause, is_private=True
    ),
    Command("timeable", msgid("Set which roles can be timed in this server"), _set_timeable, is_private=True),
    Command(
        "managers",
        msgid("Set which roles let their holders use the commands without Manage Roles"),
        _set_managers,
        is_private=True,
    ),
)
