"""Who may do what: every kind of asker by every kind of role."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from boostmon.domain.eligibility import (
    BotMayNotManageRoles,
    CommandNotAllowed,
    GuildView,
    ObstructedRole,
    RoleFacts,
    RoleGone,
    RoleNotTimeable,
    Standing,
    Warrant,
    ensure_allowed,
    ensure_asker_may_time,
    ensure_grantable,
    standing_of,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.managing import may_see, may_see_others, with_managers
from boostmon.domain.permissions import Permission
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule

GUILD = GuildId(100)
EVERYDAY = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
KICK = 1 << 1

ROLES = {
    role.id: role
    for role in (
        RoleFacts(RoleId(100), "@everyone", 0, permissions=EVERYDAY),
        RoleFacts(RoleId(1), "Colour", 1),
        RoleFacts(RoleId(2), "Chat", 2, permissions=Permission.SEND_MESSAGES),
        RoleFacts(RoleId(3), "Kicker", 3, permissions=KICK | Permission.SEND_MESSAGES),
        RoleFacts(RoleId(4), "Role giver", 4, permissions=Permission.MANAGE_ROLES),
        RoleFacts(RoleId(5), "Admin-like", 5, permissions=Permission.ADMINISTRATOR),
        RoleFacts(RoleId(6), "Decorative", 6),
        RoleFacts(RoleId(7), "Moderator", 7, permissions=Permission.MANAGE_ROLES),
        RoleFacts(RoleId(8), "High", 8),
        RoleFacts(RoleId(9), "Bot", 9, permissions=Permission.MANAGE_ROLES),
        RoleFacts(RoleId(10), "Top", 10),
    )
}
BY_NAME = {role.name: role.id for role in ROLES.values()}


def standing(*roles: str, in_channel: int | None = EVERYDAY) -> Standing:
    return replace(standing_of([BY_NAME[name] for name in roles], ROLES, GUILD), in_channel=in_channel)


HERE_ALONE = EVERYDAY | Permission.MANAGE_ROLES
OWNER = replace(standing(), is_owner=True)
ADMIN = standing("Admin-like", in_channel=~0)
MODERATOR = standing("Moderator", in_channel=HERE_ALONE)
OVERRIDDEN = standing("Decorative")
"""Without any permission, let through by the guild's override under Integrations."""
STRONGER = standing("Decorative", "Kicker")
OVERWRITTEN = standing("Decorative", in_channel=HERE_ALONE)
"""With Manage Roles by an overwrite of the channel."""
MANAGER = replace(standing("Decorative", in_channel=None), is_manager=True)
"""At a button, without any permission, but with a role that the guild named for it."""
ONE_ROLE = replace(standing("Decorative", in_channel=None), manages=frozenset({BY_NAME["Chat"]}))
"""Named for a single role alone."""
KICKER_ALONE = frozenset({BY_NAME["Kicker"]})
PLAIN = standing()
PRESSING = standing("Decorative", in_channel=None)
"""At a button, where Discord asks for nothing."""

BELOW_BOT = {"Colour", "Chat", "Kicker", "Role giver", "Admin-like", "Decorative", "Moderator", "High"}
BELOW_MODERATOR = BELOW_BOT - {"Moderator", "High"}
TABLE = {
    # the asker: what their command rests on, the roles that they may time
    "owner": (OWNER, Warrant.UNLIMITED, BELOW_BOT),
    "administrator": (ADMIN, Warrant.UNLIMITED, BELOW_BOT),
    "moderator": (MODERATOR, Warrant.GUILD, BELOW_MODERATOR),
    "moderator, override": (replace(MODERATOR, in_channel=EVERYDAY), Warrant.GUILD, BELOW_MODERATOR),
    "override": (OVERRIDDEN, Warrant.OVERRIDE, {"Colour", "Chat"}),
    "override, stronger": (STRONGER, Warrant.OVERRIDE, {"Colour", "Chat", "Kicker"}),
    "override, no role": (PLAIN, Warrant.OVERRIDE, set()),
    "manager at a button": (MANAGER, Warrant.MANAGER, {"Colour", "Chat"}),
    "manager, overwrite": (replace(OVERWRITTEN, is_manager=True), Warrant.MANAGER, {"Colour", "Chat"}),
    "manager, moderator": (replace(MODERATOR, is_manager=True), Warrant.GUILD, BELOW_MODERATOR),
    "manager of Chat at a button": (ONE_ROLE, Warrant.MANAGER, {"Chat"}),
    "manager of Chat, override": (replace(ONE_ROLE, in_channel=EVERYDAY), Warrant.MANAGER, {"Chat"}),
    "manager of Kicker, overwrite": (replace(OVERWRITTEN, manages=KICKER_ALONE), Warrant.MANAGER, set()),
    "overwrite": (OVERWRITTEN, Warrant.CHANNEL, set()),
    "overwrite of everything": (replace(OVERWRITTEN, in_channel=~0), Warrant.CHANNEL, set()),
    "button": (PRESSING, Warrant.NONE, set()),
    "moderator at a button": (replace(MODERATOR, in_channel=None), Warrant.GUILD, BELOW_MODERATOR),
}  # fmt: skip


def view(asker: Standing, bot: Standing | None = None) -> GuildView:
    return GuildView(GUILD, bot or standing("Bot", in_channel=None), asker, ROLES)


@pytest.mark.parametrize("role", sorted(BY_NAME))
@pytest.mark.parametrize("who", TABLE)
def test_who_may_time_which_role(who: str, role: str) -> None:
    asker, _, timeable = TABLE[who]
    refusal = refused(lambda: ensure_grantable(view(asker), BY_NAME[role]))
    assert (refusal is None) == (role in timeable), refusal
    if role != "@everyone" and refusal is not None:
        assert isinstance(refusal, RoleNotTimeable | CommandNotAllowed)


@pytest.mark.parametrize("role", sorted(BY_NAME.keys() - {"@everyone", "Bot", "Top"}))
@pytest.mark.parametrize("who", TABLE)
def test_a_timer_that_runs_is_changed_by_those_who_may_start_one(who: str, role: str) -> None:
    asker, _, timeable = TABLE[who]
    assert (refused(lambda: ensure_asker_may_time(view(asker), BY_NAME[role])) is None) == (role in timeable)


@pytest.mark.parametrize("who", TABLE)
def test_what_a_command_rests_on(who: str) -> None:
    asker, warrant, _ = TABLE[who]
    assert asker.warrant(Permission.MANAGE_ROLES) is warrant
    refusal = refused(lambda: ensure_allowed(asker))
    if warrant in {Warrant.CHANNEL, Warrant.NONE}:
        assert isinstance(refusal, CommandNotAllowed)
        assert refusal.in_channel_only is (warrant is Warrant.CHANNEL)
    else:
        assert refusal is None


def test_only_manage_roles_in_the_guild_and_being_a_manager_shows_the_timers_of_others() -> None:
    seeing = {who for who, (asker, _, _) in TABLE.items() if may_see_others(asker)}
    assert seeing == {"owner", "administrator", "moderator", "moderator, override", "moderator at a button"} | {
        "manager at a button",
        "manager, overwrite",
        "manager, moderator",
    }


def test_a_manager_holds_one_of_the_roles_named() -> None:
    managers = Policy(managers=frozenset({BY_NAME["Decorative"], BY_NAME["High"]}))
    assert with_managers(view(OVERRIDDEN), managers).asker.warrant(Permission.MANAGE_ROLES) is Warrant.MANAGER
    assert with_managers(view(OVERRIDDEN), managers).with_roles(ROLES).asker.is_manager
    assert with_managers(view(PLAIN), managers) == view(PLAIN)
    assert with_managers(view(OVERRIDDEN), Policy()) == view(OVERRIDDEN)


def test_a_manager_of_single_roles_is_named_in_their_rules() -> None:
    chat, colour, named = BY_NAME["Chat"], BY_NAME["Colour"], frozenset({BY_NAME["Decorative"]})
    rules = {chat: RoleRule(chat, managers=named), colour: RoleRule(colour, managers=frozenset({BY_NAME["High"]}))}
    policy = Policy(rules=rules)

    assert with_managers(view(OVERRIDDEN), policy).asker.manages == {chat}
    assert with_managers(view(OVERRIDDEN), policy).with_roles(ROLES).asker.manages == {chat}
    for other in (PLAIN, replace(MODERATOR, held=OVERRIDDEN.held)):
        assert with_managers(view(other), policy).asker.manages == frozenset()
    assert with_managers(view(OVERRIDDEN), replace(policy, managers=named)).asker.manages == frozenset()


def test_a_manager_of_single_roles_is_told_which_they_cannot_time_and_sees_no_others() -> None:
    refusals = [
        refused(lambda: ensure_grantable(view(ONE_ROLE), BY_NAME["Colour"])),
        refused(lambda: ensure_asker_may_time(view(ONE_ROLE), BY_NAME["Colour"])),
    ]
    for refusal in refusals:
        assert isinstance(refusal, RoleNotTimeable)
        assert refusal.problem is ObstructedRole.NOT_ASKERS
    assert isinstance(refused(lambda: ensure_asker_may_time(view(ONE_ROLE), RoleId(77))), RoleGone)
    assert may_see(ONE_ROLE, BY_NAME["Chat"])
    assert not may_see(ONE_ROLE, BY_NAME["Colour"])


def test_managers_of_timers_do_not_manage_the_server() -> None:
    with pytest.raises(CommandNotAllowed):
        ensure_allowed(MANAGER, Permission.MANAGE_SERVER)


@pytest.mark.parametrize(
    ("asker", "role", "problem"),
    [
        (MODERATOR, "Moderator", ObstructedRole.ABOVE_ASKER),
        (MODERATOR, "High", ObstructedRole.ABOVE_ASKER),
        (OVERRIDDEN, "Kicker", ObstructedRole.BEYOND_ASKER),
        (MANAGER, "Kicker", ObstructedRole.BEYOND_ASKER),
        (MANAGER, "Moderator", ObstructedRole.ABOVE_ASKER),
        (OVERRIDDEN, "Admin-like", ObstructedRole.BEYOND_ASKER),
        (STRONGER, "Role giver", ObstructedRole.BEYOND_ASKER),
        (STRONGER, "Admin-like", ObstructedRole.BEYOND_ASKER),
        (OVERRIDDEN, "Decorative", ObstructedRole.ABOVE_ASKER),
        (OWNER, "Top", ObstructedRole.ABOVE_BOT),
    ],
)
def test_why_a_role_is_refused(asker: Standing, role: str, problem: ObstructedRole) -> None:
    with pytest.raises(RoleNotTimeable) as caught:
        ensure_grantable(view(asker), BY_NAME[role])
    assert caught.value.problem is problem


def test_what_the_role_may_beyond_the_asker_is_told() -> None:
    with pytest.raises(RoleNotTimeable) as caught:
        ensure_grantable(view(OVERRIDDEN), BY_NAME["Kicker"])
    assert caught.value.beyond == KICK


@pytest.mark.parametrize("who", [who for who, (_, _, timeable) in TABLE.items() if timeable])
def test_nobody_may_what_the_bot_may_not(who: str) -> None:
    asker, _, timeable = TABLE[who]
    powerless = replace(standing("Bot", in_channel=None), permissions=EVERYDAY)
    with pytest.raises(BotMayNotManageRoles):
        ensure_grantable(view(asker, powerless), BY_NAME[min(timeable)])


def test_a_bot_that_is_administrator_is_bound_by_the_order_all_the_same() -> None:
    administrator = standing("Admin-like", in_channel=None)
    with pytest.raises(RoleNotTimeable) as caught:
        ensure_grantable(view(OWNER, administrator), BY_NAME["Admin-like"])
    assert caught.value.problem is ObstructedRole.ABOVE_BOT


@pytest.mark.parametrize(
    ("permissions", "in_channel", "warrant"),
    [
        (Permission.MANAGE_SERVER, EVERYDAY, Warrant.GUILD),
        (Permission.MANAGE_ROLES, EVERYDAY, Warrant.OVERRIDE),
        (Permission.MANAGE_ROLES, Permission.MANAGE_SERVER, Warrant.CHANNEL),
        (Permission.ADMINISTRATOR, EVERYDAY, Warrant.UNLIMITED),
    ],
)
def test_the_settings_go_by_manage_server(permissions: int, in_channel: int, warrant: Warrant) -> None:
    asker = Standing((3, -1), permissions, in_channel=in_channel)
    assert asker.warrant(Permission.MANAGE_SERVER) is warrant


def test_roles_that_the_guild_does_not_have_count_for_nothing() -> None:
    assert standing_of([RoleId(999)], ROLES, GUILD) == replace(
        standing_of([], ROLES, GUILD), held=frozenset({RoleId(999)})
    )
    assert standing_of([], {}, GUILD) == Standing(top=(0, -100))


def refused(act: Callable[[], None]) -> BoostMonError | None:
    try:
        act()
    except BoostMonError as error:
        return error
    return None
