"""Discord's rules of who may time which role, and where notices can go."""

from dataclasses import replace

import pytest

from boostmon.domain.channels import ChannelClosedToAsker, ChannelFacts, ChannelUnknown, ChannelUnusable, ensure_usable
from boostmon.domain.eligibility import (
    BotMayNotManageRoles,
    CommandNotAllowed,
    GuildView,
    MemberGone,
    ObstructedRole,
    RoleFacts,
    RoleGone,
    RoleNotTimeable,
    Standing,
    TimerOnBot,
    ensure_asker_may_time,
    ensure_grantable,
    ensure_not_the_bot,
)
from boostmon.domain.ids import ChannelId, GuildId, RoleId, UserId
from boostmon.domain.lacks import ungovernable_roles
from boostmon.domain.permissions import Permission

GUILD = GuildId(100)
EVERYONE = RoleFacts(RoleId(100), "@everyone", 0)
VIP = RoleFacts(RoleId(50), "VIP", 5)
BOT = Standing(top=(8, -200), permissions=Permission.MANAGE_ROLES)
MODERATOR = Standing(top=(7, -300), permissions=Permission.MANAGE_ROLES)


def view(role: RoleFacts = VIP, bot: Standing = BOT, asker: Standing = MODERATOR) -> GuildView:
    return GuildView(GUILD, bot, asker, {EVERYONE.id: EVERYONE, role.id: role})


def problem_with(seen: GuildView, role: RoleId = VIP.id) -> ObstructedRole:
    with pytest.raises(RoleNotTimeable) as caught:
        ensure_grantable(seen, role)
    assert caught.value.role == seen.roles[role]
    return caught.value.problem


def test_a_plain_role_below_bot_and_asker_is_grantable() -> None:
    ensure_grantable(view(), VIP.id)


def test_a_role_that_does_not_exist() -> None:
    with pytest.raises(RoleGone) as caught:
        ensure_grantable(view(), RoleId(51))

    assert caught.value.role == RoleId(51)


def test_everyone_is_not_grantable() -> None:
    assert problem_with(view(), EVERYONE.id) is ObstructedRole.EVERYONE


def test_the_booster_role_is_told_from_other_managed_ones() -> None:
    assert problem_with(view(replace(VIP, managed=True, premium=True))) is ObstructedRole.PREMIUM
    assert problem_with(view(replace(VIP, managed=True))) is ObstructedRole.MANAGED


def test_a_role_of_higher_rank_is_higher_and_of_one_position_the_older_is() -> None:
    older, newer = replace(VIP, id=RoleId(1)), replace(VIP, id=RoleId(2))

    assert replace(VIP, position=6).rank > older.rank > newer.rank


@pytest.mark.parametrize("top", [VIP.rank, (4, -1), (5, -51)])
def test_a_role_at_or_above_the_askers_own(top: tuple[int, int]) -> None:
    asker = replace(MODERATOR, top=top)

    assert problem_with(view(asker=asker)) is ObstructedRole.ABOVE_ASKER
    with pytest.raises(RoleNotTimeable):
        ensure_asker_may_time(view(asker=asker), VIP.id)


@pytest.mark.parametrize("top", [VIP.rank, (4, -1), (5, -51)])
def test_a_role_at_or_above_the_bots_own(top: tuple[int, int]) -> None:
    assert problem_with(view(bot=replace(BOT, top=top))) is ObstructedRole.ABOVE_BOT


@pytest.mark.parametrize("top", [(6, -999), (5, -49)])
def test_a_role_just_below_bot_and_asker(top: tuple[int, int]) -> None:
    seen = view(bot=replace(BOT, top=top), asker=replace(MODERATOR, top=top))

    ensure_grantable(seen, VIP.id)
    ensure_asker_may_time(seen, VIP.id)


def test_role_order_binds_no_owner_and_no_administrator() -> None:
    owner = Standing(top=(0, -100), is_owner=True)

    ensure_grantable(view(asker=owner), VIP.id)
    ensure_asker_may_time(view(asker=owner), VIP.id)


def test_role_order_binds_a_bot_that_is_administrator() -> None:
    administrator = Standing(top=(4, -200), permissions=Permission.ADMINISTRATOR)

    assert problem_with(view(bot=administrator)) is ObstructedRole.ABOVE_BOT


def test_a_bot_without_manage_roles() -> None:
    with pytest.raises(BotMayNotManageRoles):
        ensure_grantable(view(bot=replace(BOT, permissions=0)), VIP.id)


def test_the_most_telling_problem_comes_first() -> None:
    powerless = Standing(top=(0, -100))
    low = replace(MODERATOR, top=(0, -100))

    with pytest.raises(CommandNotAllowed):
        ensure_grantable(view(replace(VIP, managed=True), powerless, powerless), VIP.id)
    assert problem_with(view(bot=powerless, asker=low)) is ObstructedRole.ABOVE_ASKER
    assert problem_with(view(replace(VIP, managed=True), powerless, low)) is ObstructedRole.MANAGED
    with pytest.raises(BotMayNotManageRoles):
        ensure_grantable(view(bot=powerless), VIP.id)


def test_a_role_that_is_gone_stands_below_everyone() -> None:
    ensure_asker_may_time(view(asker=replace(MODERATOR, top=(0, -100))), RoleId(51))


def test_a_channel_is_usable_where_nothing_is_missing() -> None:
    ensure_usable(None)
    ensure_usable(ChannelFacts(ChannelId(1)))


def test_a_channel_where_permissions_are_missing() -> None:
    channel = ChannelFacts(ChannelId(1), missing=Permission.SEND_MESSAGES | Permission.EMBED_LINKS)

    with pytest.raises(ChannelUnusable, match=r"SEND_MESSAGES.*EMBED_LINKS|EMBED_LINKS.*SEND_MESSAGES") as caught:
        ensure_usable(channel)

    assert caught.value.channel == channel


def test_what_the_asker_may_not_comes_before_what_the_bot_may_not() -> None:
    channel = ChannelFacts(ChannelId(1), missing=Permission.EMBED_LINKS, asker_lacks=Permission.VIEW_CHANNEL)

    with pytest.raises(ChannelClosedToAsker, match="VIEW_CHANNEL") as caught:
        ensure_usable(channel)

    assert caught.value.channel == channel


def test_the_bot_is_no_member_to_be_timed() -> None:
    me = replace(view(), me=UserId(9))

    ensure_not_the_bot(me, UserId(8))
    ensure_not_the_bot(view(), UserId(9))
    with pytest.raises(TimerOnBot):
        ensure_not_the_bot(me, UserId(9))


@pytest.mark.parametrize(
    ("bot", "out_of_reach"),
    [
        (Standing(top=(3, -3), permissions=Permission.MANAGE_ROLES), {GUILD, 3, 4, 5}),
        (Standing(top=(9, -1), permissions=Permission.MANAGE_ROLES), {GUILD, 4, 5}),
    ],
)
def test_roles_that_the_bot_could_not_take(bot: Standing, out_of_reach: set[int]) -> None:
    facts = [
        RoleFacts(RoleId(GUILD), "everyone", 0),
        RoleFacts(RoleId(2), "low", 2),
        RoleFacts(RoleId(3), "as high as the bot", 3),
        RoleFacts(RoleId(4), "managed", 1, managed=True),
        RoleFacts(RoleId(5), "booster", 1, premium=True),
    ]

    assert ungovernable_roles(GUILD, bot, {role.id: role for role in facts}) == out_of_reach


def test_a_refusal_can_name_what_and_whom_it_is_about() -> None:
    assert CommandNotAllowed(Permission.MANAGE_ROLES, in_channel_only=True).needed == Permission.MANAGE_ROLES
    assert MemberGone(UserId(7)).user == UserId(7)
    assert ChannelUnknown(ChannelId(9)).channel == ChannelId(9)
