"""On nextcord's own objects, made from payloads as Discord sends them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import nextcord
import pytest

from boostmon.domain.channels import ChannelFacts
from boostmon.domain.eligibility import RoleFacts, Standing
from boostmon.domain.ids import ChannelId, RoleId
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.bot.reading.guild_view import channel_facts, guild_view, role_facts, unseen_channel

GUILD, OWNER, BOT, ASKER = 100, 201, 202, 203
VIP, BOOSTER, APP, BOT_ROLE, MOD, ADMIN, TWIN = 301, 302, 303, 304, 305, 306, 307
CHANNEL, THREAD = 401, 402

VIEW, SEND, EMBED, SEND_IN_THREADS = 1 << 10, 1 << 11, 1 << 14, 1 << 38
MANAGE_ROLES, ADMINISTRATOR = 1 << 28, 1 << 3
EVERYONE = VIEW | SEND | EMBED


def _role(id_: int, name: str, position: int, permissions: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": str(id_), "name": name, "position": position, "permissions": str(permissions), "color": 0,
        "hoist": False, "managed": False, "mentionable": False, **more,
    }  # fmt: skip


def _member(id_: int, *roles: int) -> dict[str, Any]:
    user = {"id": str(id_), "username": f"user{id_}", "discriminator": "0", "avatar": None}
    return {"user": user, "roles": [str(role) for role in roles], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}


class State:
    """As much of nextcord's connection state as a guild asks for."""

    self_id = BOT
    member_cache_flags = SimpleNamespace(joined=False)
    shard_count = None
    user = SimpleNamespace(id=BOT)

    def store_user(self, payload: dict[str, Any]) -> nextcord.User:
        return nextcord.User(state=cast("Any", self), data=cast("Any", payload))


def _guild(
    *bot_roles: int,
    bot_permissions: int = MANAGE_ROLES,
    everyone: int = EVERYONE,
    denied: int = 0,
) -> nextcord.Guild:
    payload = {
        "id": str(GUILD),
        "name": "Boost Town",
        "owner_id": str(OWNER),
        "roles": [
            _role(GUILD, "@everyone", 0, everyone),
            _role(VIP, "VIP", 1),
            _role(TWIN, "Twin", 1),
            _role(BOOSTER, "Booster", 2, managed=True, tags={"premium_subscriber": None}),
            _role(APP, "App", 3, managed=True, tags={"integration_id": "9"}),
            _role(BOT_ROLE, "BoostMon", 4, bot_permissions, managed=True, tags={"bot_id": str(BOT)}),
            _role(MOD, "Mod", 5, MANAGE_ROLES),
            _role(ADMIN, "Admin", 6, ADMINISTRATOR),
        ],
        "members": [_member(BOT, *bot_roles)] if bot_roles else [],
        "channels": [
            {
                "id": str(CHANNEL), "type": 0, "name": "general", "position": 0,
                "permission_overwrites": [{"id": str(GUILD), "type": 0, "allow": "0", "deny": str(denied)}],
            }
        ],
    }  # fmt: skip
    return nextcord.Guild(data=cast("Any", payload), state=cast("Any", State()))


def _asker(guild: nextcord.Guild, *roles: int, id_: int = ASKER) -> nextcord.Member:
    return nextcord.Member(data=cast("Any", _member(id_, *roles)), guild=guild, state=cast("Any", State()))


def test_the_roles_are_seen_with_all_that_the_rules_ask() -> None:
    guild = _guild(BOT_ROLE)
    roles = guild_view(guild, _asker(guild)).roles
    assert len(roles) == 8
    assert roles[RoleId(VIP)] == RoleFacts(RoleId(VIP), "VIP", position=1)
    assert roles[RoleId(BOOSTER)] == RoleFacts(RoleId(BOOSTER), "Booster", position=2, managed=True, premium=True)
    assert roles[RoleId(MOD)].permissions == MANAGE_ROLES
    assert roles[RoleId(APP)] == RoleFacts(RoleId(APP), "App", position=3, managed=True)


@pytest.mark.parametrize(
    ("roles", "standing"),
    [
        ((), Standing((0, -GUILD), EVERYONE)),
        ((VIP,), Standing((1, -VIP), EVERYONE)),
        ((VIP, MOD), Standing((5, -MOD), EVERYONE | MANAGE_ROLES)),
        ((ADMIN,), Standing((6, -ADMIN), EVERYONE | ADMINISTRATOR)),
        ((VIP, 999), Standing((1, -VIP), EVERYONE)),
    ],
)
def test_the_askers_standing_follows_from_their_roles(roles: tuple[int, ...], standing: Standing) -> None:
    guild = _guild(BOT_ROLE)
    asker = guild_view(guild, _asker(guild, *roles), in_channel=VIEW).asker
    assert asker == replace(standing, held=frozenset(map(RoleId, roles)), in_channel=VIEW)


def test_the_owner_is_bound_by_nothing() -> None:
    guild = _guild(BOT_ROLE)
    asker = guild_view(guild, _asker(guild, id_=OWNER)).asker
    assert asker == Standing((0, -GUILD), EVERYONE, is_owner=True)
    assert asker.is_unlimited
    assert asker.manages_roles


def test_of_two_roles_at_one_position_the_older_is_higher_as_nextcord_has_it() -> None:
    guild = _guild(BOT_ROLE)
    older, newer = guild.get_role(VIP), guild.get_role(TWIN)
    assert older is not None
    assert newer is not None
    assert (older > newer) == (role_facts(older).rank > role_facts(newer).rank)
    assert guild_view(guild, _asker(guild, VIP, TWIN)).asker.top == role_facts(older).rank


@pytest.mark.parametrize(("permissions", "manages"), [(MANAGE_ROLES, True), (ADMINISTRATOR, True), (0, False)])
def test_the_bots_standing_follows_from_its_own_roles(permissions: int, manages: bool) -> None:
    guild = _guild(BOT_ROLE, bot_permissions=permissions)
    bot = guild_view(guild, _asker(guild)).bot
    assert (bot.top, bot.manages_roles) == ((4, -BOT_ROLE), manages)


def test_a_guild_that_came_without_the_bots_own_member_lets_it_do_nothing() -> None:
    guild = _guild()
    assert guild_view(guild, _asker(guild)).bot == Standing(top=(0, -GUILD))


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (0, Permission(0)),
        (SEND, Permission.SEND_MESSAGES),
        (EMBED, Permission.EMBED_LINKS),
        (VIEW, Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES),
    ],
)
def test_missing_permissions_in_a_channel_are_named_in_discords_words(denied: int, missing: Permission) -> None:
    guild = _guild(BOT_ROLE, denied=denied)
    channel = guild.get_channel(CHANNEL)
    assert channel is not None
    assert channel_facts(guild, channel) == ChannelFacts(ChannelId(CHANNEL), missing)


def test_an_administrator_may_write_everywhere() -> None:
    guild = _guild(BOT_ROLE, bot_permissions=ADMINISTRATOR, denied=VIEW | SEND | EMBED)
    channel = guild.get_channel(CHANNEL)
    assert channel is not None
    assert channel_facts(guild, channel) == ChannelFacts(ChannelId(CHANNEL))


@pytest.mark.parametrize(
    ("everyone", "missing"),
    [
        (VIEW | EMBED | SEND_IN_THREADS, Permission(0)),
        (VIEW | EMBED | SEND, Permission.SEND_MESSAGES_IN_THREADS),
        (VIEW | SEND | SEND_IN_THREADS, Permission.EMBED_LINKS),
        (0, Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES_IN_THREADS),
    ],
)
def test_threads_ask_for_a_permission_of_their_own(everyone: int, missing: Permission) -> None:
    guild = _guild(BOT_ROLE, everyone=everyone)
    payload = {
        "id": str(THREAD), "type": 11, "name": "talk", "parent_id": str(CHANNEL), "owner_id": str(OWNER),
        "message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "last_message_id": None,
        "thread_metadata": {"archived": False, "auto_archive_duration": 60,
                            "archive_timestamp": "2026-01-01T00:00:00+00:00", "locked": False},
    }  # fmt: skip
    thread = nextcord.Thread(guild=guild, state=cast("Any", State()), data=cast("Any", payload))
    assert channel_facts(guild, thread) == ChannelFacts(ChannelId(THREAD), missing)


def test_a_channel_that_the_bot_does_not_know_is_one_that_it_cannot_see() -> None:
    assert unseen_channel(ChannelId(5)) == ChannelFacts(ChannelId(5), Permission.VIEW_CHANNEL)
