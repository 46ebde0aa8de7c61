"""Before anybody is refused for where a role stands, Discord is asked."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore
from boostmon.app.changing.second_look import SecondLook
from boostmon.domain.eligibility import (
    BotMayNotManageRoles,
    CommandNotAllowed,
    GuildView,
    ObstructedRole,
    RoleFacts,
    RoleGone,
    RoleNotTimeable,
    Warrant,
    ensure_grantable,
    standing_of,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.managing import may_see_others
from boostmon.domain.permissions import Permission
from boostmon.domain.rules import RoleRule
from boostmon.domain.selection import SeveralTimers
from tests.support.timers import HOUR, asked, running

GUILD = GuildId(100)
VIP, MODERATOR, BOT = RoleId(1), RoleId(2), RoleId(3)


def town(**positions: int) -> Mapping[RoleId, RoleFacts]:
    roles = (
        RoleFacts(RoleId(100), "@everyone", 0),
        RoleFacts(VIP, "VIP", positions.get("vip", 1)),
        RoleFacts(MODERATOR, "Moderator", positions.get("moderator", 2), permissions=Permission.MANAGE_ROLES),
        RoleFacts(BOT, "Bot", positions.get("bot", 3), permissions=Permission.MANAGE_ROLES, managed=True),
    )
    return {role.id: role for role in roles}


def view(roles: Mapping[RoleId, RoleFacts]) -> GuildView:
    asker = replace(standing_of([MODERATOR], roles, GUILD), in_channel=7)
    return GuildView(GUILD, standing_of([BOT], roles, GUILD), asker, roles, me=UserId(9))


def look(
    guilds: InMemoryGuilds, seen: GuildView, role: RoleId = VIP, policies: InMemoryPolicies | None = None
) -> GuildView:
    """The view by which the command was carried out."""

    def act(view: GuildView) -> GuildView:
        ensure_grantable(view, role)
        return view

    return SecondLook(guilds, policies or InMemoryPolicies(MemoryStore()))(seen, act)


@pytest.fixture
def guilds() -> InMemoryGuilds:
    made = InMemoryGuilds()
    made.known[GUILD] = town()
    return made


def test_what_is_allowed_costs_no_look(guilds: InMemoryGuilds) -> None:
    assert look(guilds, view(town())) == view(town())
    assert guilds.looks == 0


@pytest.mark.parametrize("remembered", [{"vip": 2}, {"vip": 9}, {"moderator": 1}, {"bot": 1}])
def test_a_refusal_by_an_old_position_is_none(guilds: InMemoryGuilds, remembered: dict[str, int]) -> None:
    assert look(guilds, view(town(**remembered))) == view(town())
    assert guilds.looks == 1


@pytest.mark.parametrize(
    ("now", "problem"), [({"vip": 2}, ObstructedRole.ABOVE_ASKER), ({"bot": 1}, ObstructedRole.ABOVE_BOT)]
)
def test_a_refusal_that_discord_confirms_stands(
    guilds: InMemoryGuilds, now: dict[str, int], problem: ObstructedRole
) -> None:
    guilds.known[GUILD] = town(**now)
    with pytest.raises(RoleNotTimeable) as caught:
        look(guilds, view(town(vip=9)))
    assert (caught.value.problem, caught.value.is_unconfirmed) == (problem, False)


def test_without_an_answer_what_is_remembered_decides_and_that_is_said(guilds: InMemoryGuilds) -> None:
    guilds.known.clear()
    with pytest.raises(RoleNotTimeable) as caught:
        look(guilds, view(town(vip=2)))
    assert (caught.value.problem, caught.value.is_unconfirmed) == (ObstructedRole.ABOVE_ASKER, True)


def test_a_role_that_is_gone_by_now_is_told_so(guilds: InMemoryGuilds) -> None:
    guilds.known[GUILD] = {role: facts for role, facts in town().items() if role != VIP}
    with pytest.raises(RoleGone):
        look(guilds, view(town(vip=2)))


@pytest.mark.parametrize(
    ("seen", "role", "refusal"),
    [
        (view(town()), BOT, RoleNotTimeable),
        (view(town()), RoleId(100), RoleNotTimeable),
        (view(town()), RoleId(5), RoleGone),
        (replace(view(town()), bot=replace(view(town()).bot, permissions=0)), VIP, BotMayNotManageRoles),
    ],
)
def test_other_refusals_cost_no_look(
    guilds: InMemoryGuilds, seen: GuildView, role: RoleId, refusal: type[BoostMonError]
) -> None:
    with pytest.raises(refusal):
        look(guilds, seen, role)
    assert guilds.looks == 0


def test_the_owner_stays_the_owner(guilds: InMemoryGuilds) -> None:
    owner = replace(view(town(bot=1)), asker=replace(view(town()).asker, is_owner=True))
    assert look(guilds, owner).asker.is_owner


HELPER = RoleId(4)


def with_managers(*managers: RoleId) -> InMemoryPolicies:
    policies = InMemoryPolicies(MemoryStore())
    policies.change(GUILD, lambda policy: replace(policy, managers=frozenset(managers)), asked=asked())
    return policies


def helped(*, in_channel: int | None = None) -> GuildView:
    """The view of somebody without Manage Roles, at a button, or where they have other permissions in the channel."""
    roles = {**town(bot=9), HELPER: RoleFacts(HELPER, "Helper", 5)}
    asker = replace(standing_of([HELPER], roles, GUILD), in_channel=in_channel)
    return replace(view(roles), asker=asker, roles=roles)


@pytest.mark.parametrize("in_channel", [None, Permission.MANAGE_ROLES])
def test_managers_may_what_others_are_refused(guilds: InMemoryGuilds, in_channel: int | None) -> None:
    seen = helped(in_channel=in_channel)
    with pytest.raises(CommandNotAllowed):
        look(guilds, seen)
    with pytest.raises(CommandNotAllowed):
        look(guilds, seen, policies=with_managers(MODERATOR))

    judged_by = look(guilds, seen, policies=with_managers(HELPER))

    assert judged_by.asker.warrant(Permission.MANAGE_ROLES) is Warrant.MANAGER


def test_managers_are_bound_by_the_order_of_roles_as_discord_has_it_now(guilds: InMemoryGuilds) -> None:
    roles = {**town(vip=7, bot=9), HELPER: RoleFacts(HELPER, "Helper", 5)}
    seen = replace(helped(), roles=roles)
    guilds.known[GUILD] = roles
    with pytest.raises(RoleNotTimeable):
        look(guilds, seen, policies=with_managers(HELPER))

    guilds.known[GUILD] = {**roles, VIP: RoleFacts(VIP, "VIP", 1)}
    assert look(guilds, seen, policies=with_managers(HELPER)).asker.is_manager


def test_managers_who_do_not_say_which_timer_are_told_all_there_are(guilds: InMemoryGuilds) -> None:
    def act(view: GuildView) -> None:
        raise SeveralTimers(UserId(1), [running(HOUR)] if may_see_others(view.asker) else [])

    seen = helped(in_channel=7)
    for managers, listed in (([], 0), ([HELPER], 1)):
        with pytest.raises(SeveralTimers) as refused:
            SecondLook(guilds, with_managers(*managers))(seen, act)
        assert len(refused.value.timers) == listed


def test_who_manages_single_roles_may_no_more_where_the_server_shows_them_the_commands(guilds: InMemoryGuilds) -> None:
    """Under Integrations it can show somebody a command only for all roles."""
    seen, policies = helped(in_channel=7), with_managers()
    assert look(guilds, seen, policies=policies).asker.warrant(Permission.MANAGE_ROLES) is Warrant.OVERRIDE
    other = RoleRule(BOT, managers=frozenset({HELPER}))
    policies.change_rule(GUILD, BOT, lambda _: other, asked=asked(request=1))

    with pytest.raises(RoleNotTimeable) as refused:
        look(guilds, seen, policies=policies)
    assert refused.value.problem is ObstructedRole.NOT_ASKERS

    mine = RoleRule(VIP, managers=frozenset({HELPER}))
    policies.change_rule(GUILD, VIP, lambda _: mine, asked=asked(request=2))
    for in_channel in (7, None):
        judged_by = look(guilds, helped(in_channel=in_channel), policies=policies)
        assert judged_by.asker.manages == {VIP, BOT}
