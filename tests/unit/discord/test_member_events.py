"""Members who come and go, as the gateway tells of them."""

import logging
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from boostmon.adapters.discord.member_events import MemberEar
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.member_events import MemberEvent, MemberJoined, MemberLeft
from boostmon.domain.role_events import moment_of
from tests.support.timers import HOUR, NOW

ME = 99


class Client:
    """The few things of a client that the ear uses; `passed` is what nextcord got to read."""

    def __init__(self) -> None:
        self.user = SimpleNamespace(id=ME)
        self.passed: list[Any] = []
        events = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_UPDATE")
        self._connection = SimpleNamespace(parsers=dict.fromkeys(events, self.passed.append))

    def gets(self, event: str, payload: Any) -> None:
        self._connection.parsers[event](payload)


def listening() -> tuple[Client, list[MemberEvent]]:
    client: Any = Client()
    heard: list[MemberEvent] = []
    MemberEar(client, heard.append, lambda: NOW)
    return client, heard


def user(number: int = 5) -> dict[str, str]:
    return {"id": str(number), "username": "alice"}


def test_who_joins_is_heard_with_their_roles_and_the_moment_by_discord() -> None:
    client, heard = listening()
    payload = {"guild_id": "1", "user": user(), "roles": ["7"], "joined_at": "2026-11-07T11:59:58.250000+00:00"}

    client.gets("GUILD_MEMBER_ADD", payload)

    [event] = heard
    assert isinstance(event, MemberJoined)
    at = datetime(2026, 11, 7, 11, 59, 58, 250_000, tzinfo=UTC)
    assert event == MemberJoined(GuildId(1), UserId(5), at, frozenset({RoleId(7)}), event.joining)
    assert moment_of(event.joining) == at
    assert client.passed == [payload]


def test_an_update_tells_when_somebody_joined_and_which_roles_they_have_now() -> None:
    client, heard = listening()
    payload = {"guild_id": "1", "user": user(), "roles": ["7"], "joined_at": "2026-11-07T11:00:00+00:00", "nick": "A"}

    client.gets("GUILD_MEMBER_UPDATE", payload)
    client.gets("GUILD_MEMBER_UPDATE", payload | {"joined_at": None})
    client.gets("GUILD_MEMBER_UPDATE", payload | {"user": user(ME)})

    [event] = heard
    assert isinstance(event, MemberJoined)
    assert (event.at, event.held, event.is_late) == (NOW - HOUR, frozenset({RoleId(7)}), True)
    assert len(client.passed) == 3


def test_who_leaves_is_heard() -> None:
    client, heard = listening()
    client.gets("GUILD_MEMBER_REMOVE", {"guild_id": "1", "user": user()})
    assert heard == [MemberLeft(GuildId(1), UserId(5), NOW)]


def test_who_joins_at_a_moment_that_is_not_told_joins_now() -> None:
    client, heard = listening()
    client.gets("GUILD_MEMBER_ADD", {"guild_id": "1", "user": user(), "roles": [], "joined_at": None})
    [event] = heard
    assert event.at == NOW


def test_the_bot_itself_is_no_news() -> None:
    client, heard = listening()
    client.gets("GUILD_MEMBER_REMOVE", {"guild_id": "1", "user": user(ME)})
    assert heard == []
    assert len(client.passed) == 1


@pytest.mark.parametrize(
    "payload", [{}, {"guild_id": "1", "user": None, "roles": []}, {"guild_id": "x", "user": user()}, None]
)
@pytest.mark.parametrize("event", ["GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE"])
def test_what_cannot_be_read_is_logged_and_left_to_nextcord(
    event: str, payload: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client, heard = listening()
    with caplog.at_level(logging.WARNING):
        client.gets(event, payload)
    assert heard == []
    assert client.passed == [payload]
    assert "an event of a member could not be read" in caplog.text
