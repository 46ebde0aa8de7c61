"""What is heard of an audit log, whatever it says."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import nextcord
import pytest

from boostmon.adapters.discord.audit_log import AuditEar, OddEntry, entry_from
from boostmon.domain.ids import NOBODY, GuildId, RequestId, UserId
from boostmon.domain.member_events import MemberLeft
from boostmon.domain.role_events import AuditEntry, RoleGiven, RoleTaken, moment_of
from tests.support.timers import NOW, key

ME = 99
ENTRY = {
    "id": "1175928847299117064",
    "action_type": 25,
    "user_id": "5",
    "target_id": "1",
    "changes": [
        {"key": "$add", "new_value": [{"id": "7", "name": "VIP"}, {"id": "8", "name": "Gold"}]},
        {"key": "$remove", "new_value": [{"id": "9", "name": "New"}]},
    ],
}
NUMBER = RequestId(1175928847299117064)
EVENT = "GUILD_AUDIT_LOG_ENTRY_CREATE"


def read(at: datetime | None = NOW, **changes: Any) -> AuditEntry:
    return entry_from(ENTRY | changes, GuildId(1), me=ME, at=at)


def test_an_entry_names_members_roles_and_who_did_it() -> None:
    by = UserId(5)
    assert read() == AuditEntry(
        GuildId(1),
        NUMBER,
        (
            RoleGiven(key(1, 7), by, NUMBER, NOW),
            RoleGiven(key(1, 8), by, NUMBER, NOW),
            RoleTaken(key(1, 9), by, NUMBER, NOW),
        ),
    )


@pytest.mark.parametrize("kind", [20, 22], ids=["a kick", "a ban"])
@pytest.mark.parametrize("by", [5, ME], ids=["by a person", "by the bot itself"])
def test_who_is_made_to_leave_is_told_with_who_did_it(kind: int, by: int) -> None:
    entry = read(action_type=kind, user_id=str(by), changes=None)
    assert entry == AuditEntry(GuildId(1), NUMBER, left=MemberLeft(GuildId(1), UserId(1), NOW, UserId(by), NUMBER))


def test_an_old_entry_is_dated_by_its_id() -> None:
    """The example of Discord's reference, "Snowflakes"."""
    assert moment_of(175928847299117063) == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert {event.at for event in read(at=None).events} == {moment_of(NUMBER)}


def test_somebody_whom_discord_does_not_name_is_nobody() -> None:
    assert {event.by for event in read(user_id=None).events} == {NOBODY}


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": str(ME)},
        {"target_id": str(ME)},
        {"action_type": 21, "target_id": None},
        {"changes": []},
        {"changes": None},
        {"changes": [{"key": "nick", "new_value": "Bob"}]},
    ],
    ids=["by the bot itself", "to the bot itself", "a prune", "no changes", "null", "another change"],
)
def test_what_is_no_event_is_still_an_entry(changes: dict[str, Any]) -> None:
    assert read(**changes) == AuditEntry(GuildId(1), NUMBER)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        {},
        ENTRY | {"id": "many"},
        ENTRY | {"id": None},
        ENTRY | {"action_type": None},
        ENTRY | {"target_id": None},
        ENTRY | {"user_id": "somebody"},
        ENTRY | {"changes": 7},
        ENTRY | {"changes": [7]},
        ENTRY | {"changes": [{"key": "$add"}]},
        ENTRY | {"changes": [{"key": "$add", "new_value": None}]},
        ENTRY | {"changes": [{"key": "$remove", "new_value": [{"name": "VIP"}]}]},
        ENTRY | {"id": str(10**40)},
    ],
)
def test_an_odd_entry_is_told_from_others(payload: Any) -> None:
    with pytest.raises(OddEntry):
        entry_from(payload, GuildId(1), me=ME)


class Client:
    """As much of a client as is needed, with a parser that keeps what it is given."""

    def __init__(self) -> None:
        self.user = SimpleNamespace(id=ME)
        self.read: list[Any] = []
        self._connection = SimpleNamespace(parsers={EVENT: self.read.append})

    def receive(self, payload: Any) -> None:
        self._connection.parsers[EVENT](payload)


def listening(hear: Callable[[AuditEntry], None]) -> tuple[Client, AuditEar]:
    client: Any = Client()
    return client, AuditEar(client, hear, lambda: NOW)


def test_entries_are_heard_and_odd_ones_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[AuditEntry] = []
    client, ear = listening(heard.append)
    odd, good = {"guild_id": "1"}, ENTRY | {"guild_id": "1"}

    with caplog.at_level(logging.WARNING):
        for payload in (odd, None, good):
            client.receive(payload)

    assert client.read == []  # by nextcord, which would raise on some
    assert heard == [read()]
    assert ear.odd == 2
    assert caplog.messages == ["an entry of an audit log could not be read"] * 2


def test_a_listener_that_fails_does_not_end_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_entry: AuditEntry) -> None:
        raise RuntimeError

    client, _ = listening(fail)

    client.receive(ENTRY | {"guild_id": "1"})

    assert "was not dealt with" in caplog.text


def test_nextcord_alone_tells_neither_actor_nor_member() -> None:
    """Without a cache of members; and it raises where an entry has no options. The day it does not, the ear may go."""

    async def on_loop() -> None:
        client = nextcord.Client(intents=nextcord.Intents(guilds=True, moderation=True))
        told: list[Any] = []
        state: Any = client._connection
        state.dispatch = lambda _event, entry: told.append(entry)
        state._guilds[1] = nextcord.Guild(data={"id": "1", "name": "Guild"}, state=state)  # type: ignore[typeddict-item]

        state.parsers[EVENT](ENTRY | {"guild_id": "1", "options": {}})

        [entry] = told
        assert (entry.user, entry.target) == (None, None)
        with pytest.raises((AttributeError, TypeError)):
            state.parsers[EVENT](ENTRY | {"guild_id": "1", "options": None, "action_type": 72})

    asyncio.run(on_loop())
