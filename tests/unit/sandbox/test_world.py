from typing import Any

import pytest

from boostmon.sandbox import listing, posts
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.feed import Feed, Happening
from boostmon.sandbox.seed import crowd
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import Events, StoppedClock, names

DISCORD_EPOCH_MS = 1_420_070_400_000


def test_the_seed_has_the_ranks_that_the_tests_stand_on(world: World) -> None:
    ordered = [r.name for r in sorted(world.guild.roles.values(), key=lambda r: -r.position)]

    assert ordered == ["Staff", "BoostMon", "Moderator", "Booster", "Supporter", "VIP", "@everyone"]
    assert world.role("@Booster").managed
    assert names(world, "@mod") == {"@Moderator"}
    assert world.allowed(world.user("@mod").id, "manage_roles")
    assert not world.allowed(world.user("@alice").id, "manage_roles")
    assert world.allowed(world.bot_id, "send_messages", world.channel("#general").id)
    assert not world.allowed(world.bot_id, "send_messages", world.channel("#secret").id)
    assert world.guild.owner_id == world.user("@owner").id


def test_ids_carry_the_clocks_milliseconds(world: World, clock: StoppedClock) -> None:
    clock.move(0.25)

    made = world.backend.snowflake()

    assert (made >> 22) + DISCORD_EPOCH_MS == int(clock.value.timestamp() * 1000)


@pytest.mark.parametrize("form", ["@alice", "alice", "ALICE", "{}", "<@{}>", "<@!{}>"])
def test_users_are_found_however_they_are_written(world: World, form: str) -> None:
    wanted = world.user("@alice").id

    assert world.user(form.format(wanted)).id == wanted


def test_roles_and_channels_are_found_too(world: World) -> None:
    vip, general = world.role("VIP").id, world.channel("general").id

    assert world.role(f"<@&{vip}>").id == world.role(str(vip)).id == world.find("@VIP") == vip
    assert world.channel(f"<#{general}>").id == world.find("#general") == general
    assert world.role("@everyone").id == world.role("everyone").id == world.guild_id


def test_unknown_names_are_answered_with_the_known_ones(world: World) -> None:
    with pytest.raises(CannotDo, match=r"no user '@nobody'.*@alice"):
        world.user("@nobody")
    with pytest.raises(CannotDo, match=r"no role '@nothing'.*@VIP"):
        world.role("@nothing")
    with pytest.raises(CannotDo, match=r"no channel '#nowhere'.*#general"):
        world.channel("#nowhere")


def test_giving_by_hand_is_announced_and_logged_with_who_did_it(world: World, changes: Changes, events: Events) -> None:
    changes.give("@alice", "@VIP", by="@mod")

    assert names(world, "@alice") == {"@VIP"}
    assert [event for event, _ in events] == ["GUILD_MEMBER_UPDATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    assert events[1][1]["user_id"] == str(world.user("@mod").id)

    changes.take("@alice", "@VIP", by="@mod")
    assert names(world, "@alice") == set()


@pytest.mark.parametrize("name", ["@alice", "@mod", "@BoostMon", "@"])
def test_only_other_bots_are_added_as_such(changes: Changes, name: str) -> None:
    with pytest.raises(CannotDo):
        changes.add_bot(name, by="@mod")


def test_another_bot_comes_goes_and_comes_back(world: World, changes: Changes) -> None:
    assert changes.add_bot("@Patron", by="@owner") == "@Patron is a bot here"
    assert any(line.split() == ["@Patron", "(another", "bot)"] for line in listing.members(world))
    with pytest.raises(CannotDo, match="already here"):
        changes.add_bot("@Patron", by="@owner")

    changes.kick("@Patron", by="@mod")
    changes.add_bot("@Patron", by="@owner")

    assert names(world, "@Patron") == set()


def test_leaving_and_coming_back_loses_the_roles(world: World, changes: Changes, events: Events) -> None:
    changes.give("@bob", "@VIP", by="@mod")
    changes.kick("@bob", by="@mod")
    with pytest.raises(CannotDo, match="not a member"):
        world.member("@bob")

    changes.join("@bob")

    assert names(world, "@bob") == set()
    assert {"GUILD_MEMBER_REMOVE", "GUILD_MEMBER_ADD"} <= {event for event, _ in events}
    with pytest.raises(CannotDo, match="already here"):
        changes.join("@bob")


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (True, ["Staff", "VIP", "BoostMon", "Moderator", "Booster", "Supporter", "@everyone"]),
        (False, ["Staff", "BoostMon", "VIP", "Moderator", "Booster", "Supporter", "@everyone"]),
    ],
)
def test_roles_move_to_where_they_are_put(world: World, changes: Changes, above: bool, expected: list[str]) -> None:
    changes.move_role("@VIP", "@BoostMon", above=above)

    assert [r.name for r in sorted(world.guild.roles.values(), key=lambda r: -r.position)] == expected


def test_a_deleted_role_is_gone_from_everybody(world: World, changes: Changes) -> None:
    vip = world.role("@VIP").id
    changes.give("@alice", "@VIP", by="@mod")

    changes.delete_role("@VIP")

    assert world.member("@alice").role_ids == []
    assert world.role_name(vip) == "@deleted-role"


def test_the_bots_rights_are_taken_and_given_back(world: World, changes: Changes) -> None:
    changes.set_permission("manage-roles", allowed=False)
    assert not world.allowed(world.bot_id, "manage_roles")

    changes.set_permission("Manage-Roles", allowed=True)
    assert world.allowed(world.bot_id, "manage_roles")
    with pytest.raises(CannotDo, match="no permission called"):
        changes.set_permission("dance", allowed=True)


@pytest.mark.parametrize(
    "deed",
    [
        lambda c: c.give("@alice", "@everyone", by="@mod"),
        lambda c: c.delete_role("@everyone"),
        lambda c: c.move_role("@VIP", "@everyone", above=False),
        lambda c: c.kick("@nobody", by="@mod"),
    ],
)
def test_what_cannot_be_is_refused(changes: Changes, deed: Any) -> None:
    with pytest.raises(CannotDo):
        deed(changes)


def test_a_server_goes_on_without_the_bot(world: World, changes: Changes, events: Events) -> None:
    changes.kick("@BoostMon", by="@owner")

    assert [event for event, _ in events] == ["GUILD_DELETE", "GUILD_ROLE_DELETE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    assert not world.has_bot()
    assert names(world, "@alice") == set()
    assert world.role("@VIP").name == "VIP"
    assert not world.allowed(world.bot_id, "manage_roles")
    assert [line.strip() for line in listing.channels(world)] == ["#general", "#warnings", "#secret"]
    for deed in (world.role, world.member):
        with pytest.raises(CannotDo):
            deed("@BoostMon")
    with pytest.raises(CannotDo, match="`join @BoostMon` invites it again"):
        changes.set_permission("manage-roles", allowed=False)


def test_an_invited_bot_comes_with_a_role_at_the_bottom(world: World, changes: Changes, events: Events) -> None:
    changes.kick("@BoostMon", by="@owner")
    before = world.role("@VIP").position

    changes.join("@BoostMon")

    assert world.has_bot()
    assert names(world, "@BoostMon") == {"@BoostMon"}
    assert (world.bot_role.position, world.role("@VIP").position) == (1, before + 1)
    assert world.role_tags[world.bot_role.id] == {"bot_id": str(world.bot_id)}
    event, payload = events[-1]
    assert event == "GUILD_CREATE"
    assert str(world.bot_role.id) in {role["id"] for role in payload["roles"]}
    with pytest.raises(CannotDo, match="already here"):
        changes.join("@BoostMon")


def test_the_feed_tells_what_changed_and_who_did_it(world: World, changes: Changes) -> None:
    told: list[Happening] = []
    acting = False
    feed = Feed(world, told.append, lambda: acting)

    changes.give("@alice", "@VIP", by="@mod")
    acting = True
    changes.take("@alice", "@VIP", by="@mod")
    world.backend.create_message(world.channel("#warnings").id, world.bot_id, "soon")
    acting = False
    changes.create_role("@New")
    changes.delete_role("@New")
    changes.kick("@bob", by="@mod")
    changes.join("@bob")
    feed.say("the end")

    assert [h.text for h in told] == [
        "@alice was given @VIP",
        "@alice lost @VIP by @BoostMon",
        "@BoostMon wrote in #warnings",
        "the role @New was created",
        "the role @New was deleted",
        "@bob left the server",
        "@bob joined the server",
        "the end",
    ]
    assert told[2].message is not None
    assert told[2].message.content == "soon"


def test_lists_show_who_and_what_is_there(world: World, changes: Changes) -> None:
    changes.give("@alice", "@VIP", by="@mod")

    assert any(line.split() == ["@alice", "@VIP"] for line in listing.members(world))
    assert any("@dave" in line and "takes no direct messages" in line for line in listing.members(world))
    assert "@Staff" in listing.roles(world)[0]
    assert any("#secret" in line and "may not write" in line for line in listing.channels(world))


def test_messages_are_read_as_values(world: World, changes: Changes) -> None:
    changes.say("@alice", "#general", "hello")

    (message,) = posts.in_channel(world, "#general")
    assert (message.author, message.content, message.channel, message.hidden) == (
        "@alice",
        "hello",
        "#general",
        False,
    )
    assert posts.in_dms(world, "@alice") == ()


def test_a_crowd_stands_beside_the_first_guild(world: World) -> None:
    first, second = crowd(world, guilds=2, members=3)

    assert len({world.guild_id, first.guild, second.guild}) == 3
    assert len({*first.members, *second.members}) == 6
    for place in (first, second):
        guild = world.backend.guilds[place.guild]
        assert all(guild.members[user].role_ids == [place.role] for user in place.members)
        assert guild.roles[place.role].position < next(role.position for role in guild.roles.values() if role.managed)
        assert place.channel in guild.channel_ids
    world.backend.remove_member_role(first.guild, first.members[0], first.role)
    assert world.role_name(first.role) == "@VIP"
    assert world.guild.name == "Boost Town"


def test_nobody_joins_without_a_name(world: World, changes: Changes) -> None:
    before = set(world.guild.members)

    with pytest.raises(CannotDo, match="join @zoe"):
        changes.join("")

    assert set(world.guild.members) == before


def test_a_server_without_channels_is_listed_as_such(world: World, changes: Changes) -> None:
    for name in ("#general", "#warnings", "#secret"):
        changes.delete_channel(name)

    assert listing.channels(world) == ["  (no channel)"]
