from typing import Any

import pytest

from boostmon.sandbox import membership
from boostmon.sandbox import session as sessions
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.seed import crowd
from boostmon.sandbox.session import Session
from boostmon.sandbox.world import World

GUILDS, MEMBERS, MODERATION, MESSAGES, CONTENT = 1 << 0, 1 << 1, 1 << 2, 1 << 9, 1 << 15


def listening(world: World, intents: int) -> tuple[Session, list[dict[str, Any]]]:
    session = Session(world, "s", intents, (0, 1))
    frames: list[dict[str, Any]] = []
    session.send = frames.append
    world.backend.subscribers.append(session.deliver)
    return session, frames


def test_events_without_their_intent_are_not_sent(world: World) -> None:
    _, frames = listening(world, GUILDS)

    world.backend.add_member_role(world.guild_id, world.user("@alice").id, world.role("@VIP").id)
    world.backend.create_role(world.guild_id, "New")

    assert {f["t"] for f in frames} == {"GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"}
    assert [f["s"] for f in frames] == list(range(1, len(frames) + 1))


@pytest.mark.parametrize(("intents", "content"), [(MESSAGES, ""), (MESSAGES | CONTENT, "hello")])
def test_content_of_others_is_for_the_privileged(world: World, intents: int, content: str) -> None:
    _, frames = listening(world, intents)

    world.backend.create_message(world.channel("#general").id, world.user("@alice").id, "hello")

    assert [f["d"]["content"] for f in frames] == [content]


def test_a_session_without_socket_keeps_what_it_misses(world: World) -> None:
    session, frames = listening(world, GUILDS | MEMBERS)
    session.send = None

    world.backend.add_member_role(world.guild_id, world.user("@alice").id, world.role("@VIP").id)

    assert frames == []
    missed = session.missed_since(0)
    assert missed is not None
    assert [f["t"] for f in missed] == ["GUILD_MEMBER_UPDATE"]
    assert session.missed_since(1) == []
    assert session.missed_since(2) is None


def test_a_session_that_missed_too_much_cannot_be_resumed(world: World) -> None:
    session = Session(world, "s", GUILDS, (0, 1))
    for _ in range(sessions.KEPT_EVENTS + 1):
        session.dispatch("TYPING_START", {})

    assert session.missed_since(0) is None
    assert len(session.missed_since(1) or []) == sessions.KEPT_EVENTS


def test_an_event_is_a_copy_that_later_changes_do_not_reach(world: World) -> None:
    _, frames = listening(world, GUILDS | MEMBERS)
    user = world.user("@alice").id
    world.backend.add_member_role(world.guild_id, user, world.role("@VIP").id)

    world.backend.remove_member_role(world.guild_id, user, world.role("@VIP").id)

    assert [len(f["d"]["roles"]) for f in frames] == [1, 0]


def test_chunks_answer_for_known_guilds_only(world: World) -> None:
    assert sessions.member_chunk(world, {"guild_id": 1}) is None
    chunk = sessions.member_chunk(world, {"guild_id": world.guild_id, "presences": True})
    assert chunk is not None
    assert len(chunk["members"]) == len(world.guild.members)
    assert chunk["presences"] == []


def test_a_bot_hears_nothing_of_a_server_that_it_is_not_in(world: World) -> None:
    session, frames = listening(world, GUILDS | MEMBERS)
    membership.expel(world)
    world.backend.create_role(world.guild_id, "Unseen")

    assert session.guild_ids() == []
    assert sessions.member_chunk(world, {"guild_id": world.guild_id}) is None

    membership.invite(world)

    assert [f["t"] for f in frames] == ["GUILD_DELETE", "GUILD_CREATE"]
    assert session.guild_ids() == [world.guild_id]


def test_a_bot_hears_of_its_own_member_without_the_members_intent(world: World) -> None:
    _, frames = listening(world, GUILDS)

    world.backend.add_member_role(world.guild_id, world.user("@alice").id, world.role("@VIP").id)
    world.backend.add_member_role(world.guild_id, world.bot_id, world.role("@VIP").id)

    assert [(f["t"], f["d"]["user"]["id"]) for f in frames] == [("GUILD_MEMBER_UPDATE", str(world.bot_id))]


@pytest.mark.parametrize(
    ("intents", "heard"),
    [
        (GUILDS, []),
        (GUILDS | MODERATION, ["GUILD_AUDIT_LOG_ENTRY_CREATE"] * 2),
        (GUILDS | MEMBERS, ["GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_ADD"]),
    ],
)
def test_each_intent_brings_its_part_of_what_members_do(
    world: World, changes: Changes, intents: int, heard: list[str]
) -> None:
    _, frames = listening(world, intents)

    changes.give("@alice", "@VIP", by="@mod")
    changes.kick("@alice", by="@mod")
    changes.join("@alice")

    assert [f["t"] for f in frames] == heard


def test_the_audit_log_is_heard_only_where_the_bot_may_see_it(world: World, changes: Changes) -> None:
    place = crowd(world, guilds=1, members=0)[0]
    _, frames = listening(world, GUILDS | MODERATION)
    changes.give("@alice", "@VIP", by="@mod")
    changes.set_permission("view-audit-log", allowed=False)

    changes.take("@alice", "@VIP", by="@mod")
    changes.kick("@alice", by="@mod")
    world.backend.record_audit_log(place.guild, 25, target_id=world.user("@bob").id)
    changes.set_permission("view-audit-log", allowed=True)
    changes.give("@bob", "@VIP", by="@mod")

    sent = [f["d"] for f in frames if f["t"] == "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    assert [(int(entry["guild_id"]), entry.get("changes", [{"key": None}])[0]["key"]) for entry in sent] == [
        (world.guild_id, "$add"),
        (place.guild, None),
        (world.guild_id, "$add"),
    ]


def test_an_administrator_hears_the_audit_log(world: World, changes: Changes) -> None:
    _, frames = listening(world, MODERATION)
    changes.set_permission("view-audit-log", allowed=False)
    changes.set_permission("administrator", allowed=True)

    changes.give("@alice", "@VIP", by="@mod")

    assert [f["t"] for f in frames] == ["GUILD_AUDIT_LOG_ENTRY_CREATE"]
