"""What is sent to Discord and made of its answers, without a socket: aiohttp's session is played here."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from multidict import CIMultiDict

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import Faulty
from boostmon.adapters.discord.http import PatientHTTPClient
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import Delivered, Message
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.languages import Language
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel
from boostmon.texts.notices import Names
from tests.support.timers import BY_MODERATOR, CHANNEL, KEY, NOW, TIME_UP, key
from tests.support.words import english


@dataclass(frozen=True)
class Answer:
    """One answer of Discord's, as far as anybody reads it."""

    status: int
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    reason: str = "Reason"
    body: str | None = None

    async def text(self, encoding: str) -> str:
        assert encoding
        if self.body is not None:
            return self.body
        if self.status == 204:
            return ""
        return json.dumps({"id": "1"} if self.status < 300 else {"code": self.code, "message": "No"})


class Session:
    """In the place of aiohttp's: gives one answer to all requests, and keeps what was sent."""

    closed = False

    def __init__(self, answer: Answer) -> None:
        self.sent: list[dict[str, Any]] = []
        self._answer = answer

    @asynccontextmanager
    async def request(self, **sent: Any) -> AsyncIterator[Any]:
        self.sent.append(sent)
        answer = self._answer
        headers = CIMultiDict({"Via": "1.1 test"} | answer.headers)
        if answer.status != 204:
            headers["Content-Type"] = "application/json"
        yield SimpleNamespace(status=answer.status, reason=answer.reason, headers=headers, text=answer.text)


class PlayedHTTPClient(PatientHTTPClient):
    """The one that is tested, on that session."""

    def __init__(self, session: Session) -> None:
        super().__init__(dispatch=lambda *_: None, default_auth="Bot token")
        self._HTTPClient__session = session

    async def recreate(self) -> None:
        """It is there already."""


@dataclass
class Adapters:
    """The adapters over one client that is logged in."""

    session: Session
    rest: DiscordRest
    for_commands: DiscordRest
    bridge: LoopBridge

    @property
    def bodies(self) -> list[Any]:
        """What was sent as JSON."""
        return [sent["json"] for sent in self.session.sent]


def play[R](answer: Answer, act: Callable[[Adapters], R]) -> tuple[Adapters, R]:
    """Lets a worker thread act while a loop runs, as in the program."""

    async def on_loop() -> tuple[Adapters, R]:
        session = Session(answer)
        client: Any = SimpleNamespace(user=object(), is_closed=lambda: False, http=PlayedHTTPClient(session))
        loop = asyncio.get_running_loop()
        bridge = LoopBridge(lambda: loop)
        adapters = Adapters(session, DiscordRest(lambda: client), DiscordRest(lambda: client, for_command=True), bridge)
        return adapters, await asyncio.to_thread(act, adapters)

    return asyncio.run(on_loop())


def removed(keys: list[TimerKey]) -> Callable[[Adapters], list[Outcome]]:
    return lambda adapters: list(DiscordRoleGateway(adapters.rest, adapters.bridge, english).remove(keys, TIME_UP))


GLOBAL = {"X-RateLimit-Scope": "global"}
SHARED = {"X-RateLimit-Scope": "shared"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(204), Done),
        (Answer(403, 50013), Blocked),
        (Answer(403, 50001), Blocked),
        (Answer(403, 0), Blocked),
        (Answer(200), Retry),
        (Answer(202), Retry),
        (Answer(302), Retry),
        (Answer(401, 0), Retry),
        (Answer(400, 50028), Blocked),
        (Answer(404, 10007), AlreadyGone),
        (Answer(404, 10011), AlreadyGone),
        (Answer(404, 0), Blocked),
        (Answer(404, 10004), Blocked),
        (Answer(429, 0, {"Retry-After": "7"} | SHARED), Held),
        (Answer(429), Retry),
        (Answer(500), Retry),
        (Answer(503), Retry),
    ],
    ids=lambda value: f"{value.status}-{value.code}" if isinstance(value, Answer) else None,
)
def test_only_what_discord_did_counts_as_done(answer: Answer, outcome: type[Outcome]) -> None:
    adapters, [found] = play(answer, removed([KEY]))

    assert isinstance(found, outcome)
    [sent] = adapters.session.sent
    assert sent["method"] == "DELETE"
    assert sent["url"].endswith(f"/guilds/{KEY.guild}/members/{KEY.user}/roles/{KEY.role}")
    assert sent["headers"]["X-Audit-Log-Reason"] == "Time was up"


def test_a_refused_role_says_what_is_in_the_way() -> None:
    def granted(adapters: Adapters) -> Outcome:
        return DiscordRoleGateway(adapters.rest, adapters.bridge, english).grant(KEY, BY_MODERATOR)

    _, refused = play(Answer(403, 50013), granted)
    assert isinstance(refused, Blocked)
    assert refused.obstacle is Obstacle.MISSING_PERMISSIONS
    _, gone = play(Answer(404, 10007), granted)
    assert isinstance(gone, AlreadyGone)
    assert gone.what is Gone.MEMBER


class NoNames:
    """Knows the language alone: a channel is told without names."""

    async def names(self, key: TimerKey) -> Names:
        raise AssertionError(str(key))

    async def language(self, _guild: GuildId) -> Language:
        return Language.EN


def test_a_message_is_sent_once_however_often_it_is_tried() -> None:
    message = Message(UUID(int=7), ToChannel(CHANNEL), (EndedNotice(KEY, CHANNEL, ended_at=NOW),))

    def twice(adapters: Adapters) -> list[object]:
        dms = DirectMessages(adapters.rest)
        notifier = DiscordNotifier(adapters.rest, adapters.bridge, dms, NoNames(), ManualClock(NOW))
        return [reply for _ in range(2) for reply in notifier.deliver([message])]

    adapters, replies = play(Answer(200), twice)

    assert all(isinstance(reply, Delivered) for reply in replies)
    first, second = adapters.bodies
    assert first["enforce_nonce"] is True
    assert first["nonce"] == second["nonce"]
    assert 0 < len(first["nonce"]) <= 25
    assert first["embeds"]
    assert [sent["method"] for sent in adapters.session.sent] == ["POST", "POST"]


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}, 1),
        ({"X-RateLimit-Scope": "global"}, 1),
        ({"X-RateLimit-Global": "true"}, 1),
        (SHARED, 2),
        ({}, 2),
    ],
)
def test_a_global_limit_closes_everything_and_another_one_route_of_one_guild(
    headers: dict[str, str], sent: int
) -> None:
    def one_guild_then_another(adapters: Adapters) -> list[Outcome]:
        return [*removed([key(guild=1)])(adapters), *removed([key(guild=2)])(adapters)]

    adapters, outcomes = play(Answer(429, headers={"Retry-After": "600"} | headers), one_guild_then_another)

    assert len(adapters.session.sent) == sent
    assert all(isinstance(outcome, Held) for outcome in outcomes)


def test_a_global_limit_closes_commands_too() -> None:
    def swept_then_commanded(adapters: Adapters) -> None:
        removed([KEY])(adapters)
        with pytest.raises(Faulty) as raised:
            adapters.bridge.call(lambda: adapters.for_commands.give_role(key(guild=2), "why"), 10)
        assert isinstance(raised.value.fault, Held)

    adapters, _ = play(Answer(429, headers={"Retry-After": "600"} | GLOBAL), swept_then_commanded)

    assert len(adapters.session.sent) == 1


def gone(adapters: Adapters) -> Collection[RoleId]:
    return DiscordRoleGateway(adapters.rest, adapters.bridge, english).gone(KEY.guild, [KEY.role])


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, body="[]"),
        Answer(200, body="{}"),
        Answer(200, body="null"),
        Answer(200, body='{"roles": []}'),
        Answer(200, body='{"roles": [{"id": "12"}]}'),
        Answer(200, body='{"roles": [{"name": "VIP"}]}'),
        Answer(200, body='{"roles": null}'),
        Answer(500),
        Answer(503),
        Answer(429, headers={"Retry-After": "600"}),
    ],
)
def test_no_role_is_gone_by_an_answer_that_cannot_be_trusted(answer: Answer) -> None:
    with pytest.raises(DiscordUnreachable):
        play(answer, gone)


@pytest.mark.parametrize("code", [10004, 50001])
def test_a_guild_that_the_bot_cannot_see_says_nothing_of_its_roles(code: int) -> None:
    assert set(play(Answer(403, code), gone)[1]) == set()


def test_a_role_is_gone_that_discord_does_not_list() -> None:
    everyone, another = {"id": str(KEY.guild)}, {"id": "77"}
    listed = Answer(200, body=json.dumps({"roles": [everyone, another, {"id": str(KEY.role)}]}))
    unlisted = Answer(200, body=json.dumps({"roles": [everyone, another]}))

    assert set(play(listed, gone)[1]) == set()
    assert set(play(unlisted, gone)[1]) == {KEY.role}
