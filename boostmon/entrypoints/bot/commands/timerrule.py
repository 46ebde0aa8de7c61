"""`/timerrule`: what a server decides for the timers of single roles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import nextcord
from nextcord import SlashOption

from boostmon.app.commands.errors import NothingNamed
from boostmon.app.ports import RuleChange
from boostmon.domain.durations import Calendar, Wanted
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ids import RoleId
from boostmon.domain.languages import Language
from boostmon.domain.own_words import MOST_LETTERS, MOST_LINK
from boostmon.domain.permissions import Permission
from boostmon.domain.rule_presets import PRESETS, Preset
from boostmon.domain.rule_values import (
    date_meant,
    read_date,
    read_duration,
    read_grace,
    read_link,
    read_longest,
    read_text,
    read_thresholds,
)
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import ensure_dated
from boostmon.domain.thresholds import MOST_TEXT
from boostmon.entrypoints.bot.commands.command import Command, Group, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.options import MOST_DURATION, MOST_ROLE, SERVER_MANAGERS
from boostmon.entrypoints.bot.commands.settings_parts import roles_wanted
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, chosen_role, option_id
from boostmon.texts import msgid
from boostmon.texts.cards import Card
from boostmon.texts.rules import rule_card, rules_card

_ROLE = SlashOption(description=msgid("For the timers of which role"), required=True)
_RULED = SlashOption(description=msgid("Which role"), required=True, min_length=1, max_length=MOST_ROLE)
_PRESET = SlashOption(
    description=msgid("Fills in several fields at once; what you fill in yourself counts instead"),
    required=False,
    choices={
        msgid("trial: starts by itself, once a member, 7 days at most, warned a day and an hour before"): str(
            Preset.TRIAL
        ),
        msgid("subscriber: starts by itself, a month, warned 3 days and a day before"): str(Preset.SUBSCRIBER),
        msgid("birthday: starts by itself, 24 hours, not warned"): str(Preset.BIRTHDAY),
        msgid("event: starts by itself, all end at until, warned a day and an hour before"): str(Preset.EVENT),
    },
)
_STARTS = SlashOption(
    description=msgid("Whether a timer starts by itself whenever somebody gets the role, whoever gives it"),
    required=False,
)
_ONCE = SlashOption(
    description=msgid("Whether each member gets a timer on the role once and never again, as for a trial"),
    required=False,
)
_DURATION = SlashOption(
    description=msgid("How long a timer runs if nobody says so, e.g. 30d; or default: as in the whole server"),
    required=False,
    min_length=1,
    max_length=MOST_DURATION,
)
_LONGEST = SlashOption(
    description=msgid("How long a timer can run at most, e.g. 90d; or default: as in the whole server"),
    required=False,
    min_length=1,
    max_length=MOST_DURATION,
)
_UNTIL = SlashOption(
    description=msgid("The date when all timers of the role end, e.g. 24 Dec 18:00; or default: none"),
    required=False,
    min_length=1,
    max_length=MOST_DURATION,
)
_GRACE = SlashOption(
    description=msgid("How long members keep the role once time is up, to renew it, e.g. 3d; or none"),
    required=False,
    min_length=1,
    max_length=MOST_DURATION,
)
_THRESHOLDS = SlashOption(
    name="thresholds",
    description=msgid("When members are warned, e.g. 1d, 1h; none; or default: as in the whole server"),
    required=False,
    min_length=1,
    max_length=MOST_TEXT,
)
_WARNING = SlashOption(
    description=msgid("Your words before the end; in braces: member, role, server or end; or default"),
    required=False,
    min_length=1,
    max_length=MOST_LETTERS,
)
_ENDING = SlashOption(
    description=msgid("Your words after the end; in braces: member, role, server or end; or default"),
    required=False,
    min_length=1,
    max_length=MOST_LETTERS,
)
_LINK = SlashOption(
    description=msgid("A page to renew the role on, for a button below both: https://…; or default: no button"),
    required=False,
    min_length=1,
    max_length=MOST_LINK,
)

_FOLLOWS = SlashOption(
    description=msgid("The role that members get once time is up; the same role: none"), required=False
)
_ADD = SlashOption(description=msgid("A role to put on the list"), required=False)
_REMOVE = SlashOption(description=msgid("A role to take off the list"), required=False)

type _Reader = Callable[[str, Language], Any]


def _set(
    services: Services,
    asking: Asking,
    role: nextcord.Role | None = _ROLE,
    preset: str | None = _PRESET,
    starts: bool | None = _STARTS,  # noqa: FBT001 - Discord passes options by name
    duration: str | None = _DURATION,
    longest: str | None = _LONGEST,
    thresholds: str | None = _THRESHOLDS,
    warning: str | None = _WARNING,
    ending: str | None = _ENDING,
    link: str | None = _LINK,
    once: bool | None = _ONCE,  # noqa: FBT001 - as above
    until: str | None = _UNTIL,
    grace: str | None = _GRACE,
    follows: nextcord.Role | None = _FOLLOWS,  # noqa: ARG001 - read by its id, as the cache may not have it
) -> Job:
    ruled = chosen_role(asking, role)
    written: dict[str, tuple[str | None, _Reader]] = {
        "duration": (duration, read_duration),
        "longest": (longest, read_longest),
        "grace": (grace, read_grace),
        "thresholds": (thresholds, read_thresholds),
        "warning": (warning, read_text),
        "ending": (ending, read_text),
        "link": (link, read_link),
    }
    named = {name: read(text, asking.words.language) for name, (text, read) in written.items() if text is not None}
    named |= _chosen(starts=starts, once=once) | _follower(asking, ruled)
    if preset is not None:  # what is named beside it counts instead
        named = {**PRESETS[Preset(preset)], **named}
    if not named and until is None:
        raise NothingNamed
    date = None if until is None else read_date(until, asking.at, asking.words.language)

    def alter(rule: RoleRule, calendar: Calendar) -> RoleRule:
        ends_on = rule.ends_on if until is None else _date(date, asking.at, calendar)
        return _dated(replace(rule, **named, ends_on=ends_on), preset, asking.at)

    return _setting(services, asking, ruled, alter)


def _chosen(**options: bool | None) -> dict[str, bool]:
    return {name: value for name, value in options.items() if value is not None}


def _dated(rule: RoleRule, preset: str | None, at: datetime) -> RoleRule:
    return ensure_dated(rule, at=at) if preset == Preset.EVENT else rule


def _follower(asking: Asking, ruled: RoleId) -> dict[str, RoleId | None]:
    """The role that follows, where one is named; no role follows itself, so that one stands for none."""
    follower = option_id(asking.interaction, "follows")
    return {} if follower is None else {"follows": None if follower == ruled else RoleId(follower)}


def _setting(services: Services, asking: Asking, role: RoleId, alter: Callable[[RoleRule, Calendar], RoleRule]) -> Job:
    def change(view: GuildView) -> RuleChange:
        return services.use_cases.change_rules.set(view, role, alter, asked=asking.asked(None))

    return _changing(services, asking, role, change)


def _date(wanted: Wanted | None, at: datetime, calendar: Calendar) -> datetime | None:
    return None if wanted is None else date_meant(wanted, at, calendar)


def _set_managers(
    services: Services,
    asking: Asking,
    role: nextcord.Role | None = _ROLE,
    add: nextcord.Role | None = _ADD,  # noqa: ARG001 - its id is read, since nextcord may not know the role
    remove: nextcord.Role | None = _REMOVE,  # noqa: ARG001 - as above
) -> Job:
    ruled, wanted = chosen_role(_allowed(asking), role), roles_wanted(asking)
    if wanted is None:
        return _showing(services, asking, ruled)

    def alter(rule: RoleRule, _calendar: Calendar) -> RoleRule:
        return replace(rule, managers=wanted.of(rule.managers))

    return _setting(services, asking, ruled, alter)


def _remove(services: Services, asking: Asking, role: str = _RULED) -> Job:
    ruled = _allowed(asking).role(role) or RoleId(0)

    def change(view: GuildView) -> RuleChange:
        return services.use_cases.change_rules.remove(view, ruled, asked=asking.asked(None))

    return _changing(services, asking, ruled, change)


def _show(services: Services, asking: Asking, role: str = _RULED) -> Job:
    return _showing(services, asking, _allowed(asking).role(role) or RoleId(0))


def _showing(services: Services, asking: Asking, role: RoleId) -> Job:
    return lambda: rule_card(
        role, services.use_cases.show_policy(asking.view.id), asking.words, at=asking.at, hears=asking.hears_of_roles
    )


def _list(services: Services, asking: Asking) -> Job:
    view = _allowed(asking).view
    return lambda: rules_card(services.use_cases.show_policy(view.id), view, asking.words, at=asking.at)


def _changing(services: Services, asking: Asking, role: RoleId, change: Callable[[GuildView], RuleChange]) -> Job:
    def job() -> Card:
        changed = services.use_cases.second_look(asking.view, change)
        return rule_card(role, changed.policy, asking.words, changed, at=asking.at, hears=asking.hears_of_roles)

    return job


def _allowed(asking: Asking) -> Asking:
    ensure_allowed(asking.view.asker, Permission.MANAGE_SERVER)
    return asking


TIMERRULE = Group(
    "timerrule",
    msgid("See and change what goes for the timers of single roles"),
    (
        Command(
            "set",
            msgid("Set what goes for the timers of a role; what is left out stays"),
            _set,
            suggest={
                "duration": Completion.length,
                "longest": Completion.length,
                "until": Completion.date,
                "grace": Completion.length,
            },
            is_private=True,
        ),
        Command(
            "managers",
            msgid("Set which roles let their holders time a role without Manage Roles"),
            _set_managers,
            is_private=True,
        ),
        Command(
            "show",
            msgid("See what goes for the timers of a role"),
            _show,
            suggest={"role": Completion.ruled_role},
            is_private=True,
            reads=True,
        ),
        Command("list", msgid("See the rules of all roles"), _list, is_private=True, reads=True),
        Command(
            "remove",
            msgid("Remove the rule of a role, so that what is set for the server goes"),
            _remove,
            suggest={"role": Completion.ruled_role},
            is_private=True,
        ),
    ),
    SERVER_MANAGERS,
)
