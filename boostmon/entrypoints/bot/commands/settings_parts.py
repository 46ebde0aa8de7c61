"""What the sub-commands of `/timersettings` have in common: who may use them, and the answer to a change."""

from collections.abc import Callable
from dataclasses import dataclass

from boostmon.app.guilds.policies import RolesWanted
from boostmon.app.ports import Asked, PolicyChange
from boostmon.domain.eligibility import RoleGone, ensure_allowed
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.permissions import Permission
from boostmon.domain.policy import Policy
from boostmon.domain.policy_values import EveryoneListed, InvalidPolicy
from boostmon.entrypoints.bot.commands.command import Services
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, option_id
from boostmon.texts.cards import Card
from boostmon.texts.settings import settings_card


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """Whose policy is to be changed, and who asks for it."""

    guild: GuildId
    asked: Asked


def settings_request(asking: Asking) -> SettingsRequest:
    """Who asks, if they may.

    Raises:
        CommandNotAllowed: they may not manage the server.
    """
    ensure_allowed(asking.view.asker, Permission.MANAGE_SERVER)
    return SettingsRequest(asking.view.id, asking.asked(None))


def showing(services: Services, asking: Asking) -> Job:
    """Shows what is set."""
    guild, cases = settings_request(asking).guild, services.use_cases
    return lambda: _card(services, asking, cases.show_policy(guild))


def _card(services: Services, asking: Asking, policy: Policy, change: PolicyChange | None = None) -> Card:
    return settings_card(
        policy,
        asking.words,
        change,
        time_zone=services.use_cases.time_zone,
        hears=asking.hears_of_roles,
        sees=asking.sees_members,
        is_lost=asking.is_lost,
    )


def roles_wanted(asking: Asking) -> RolesWanted | None:
    """What the options `add` and `remove` say of a list of roles; None where neither was given.

    Raises:
        RoleGone: a role that is to be added was deleted at this moment.
        InvalidPolicy: it is @everyone.
    """
    add, remove = option_id(asking.interaction, "add"), option_id(asking.interaction, "remove")
    if add is None and remove is None:
        return None
    if add == int(asking.view.id):
        raise InvalidPolicy(EveryoneListed())
    if add is not None and RoleId(add) not in asking.view.roles:
        raise RoleGone(RoleId(add))
    return RolesWanted(
        asking.view.roles, None if add is None else RoleId(add), None if remove is None else RoleId(remove)
    )


def changing(services: Services, asking: Asking, change: Callable[[], PolicyChange]) -> Job:
    """Makes the change, and shows what is set then."""

    def job() -> Card:
        changed = change()
        return _card(services, asking, changed.after, changed)

    return job
