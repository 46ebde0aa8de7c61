"""The notifier on Discord's REST API keeps the contract of the port, and its own promises."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import DM_PAUSE
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.session import RestSession
from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.ports import Delivered, Message, Postponed
from boostmon.domain import ways
from boostmon.domain.details import NoticeRefused
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.languages import Language
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.own_words import OwnWords
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToLog, ToMember
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.faults import Latency, LostAnswer, Refusal, Throttle
from boostmon.sandbox.server import LoopbackDiscord
from boostmon.texts import Words
from boostmon.texts.notices import Names
from boostmon.texts.obstacles import EITHER
from tests.contracts.notifier import BEFORE_NOON, NotifierContract, message, warning
from tests.support.courier import Courier, Delivery, GivenUp

LITTLE = 2.0
"""Seconds that run out where no answer comes, and are enough for one on a busy machine."""


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


class LoopbackNoticeWorld:
    """The world of the contract."""

    def __init__(self, discord: LoopbackDiscord, session: RestSession, pace: float = 0.0) -> None:
        self.discord = discord
        self.clock = Hands()
        self.rest = DiscordRest(session.client)
        dms = DirectMessages(self.rest, pace=pace, clock=self.clock)
        names = NameLookup(session.client, self.rest, clock=self.clock)
        self.notifier = DiscordNotifier(self.rest, LoopBridge(session.loop), dms, names, ManualClock(BEFORE_NOON))
        self.courier = Courier(self.notifier, BEFORE_NOON)
        self._guild = GuildId(discord.look(lambda world: world.guild_id))
        self.channel = ChannelId(discord.id_of("#warnings"))

    def key(self, member: str) -> TimerKey:
        user, role = self.discord.look(lambda world: (world.user(member).id, world.role("@VIP").id))
        return TimerKey(self._guild, UserId(user), RoleId(role))

    def in_channel(self) -> int:
        return self.discord.look(lambda world: len(world.backend.messages.get(self.channel, {})))

    @property
    def log_channel(self) -> ChannelId:
        return ChannelId(self.discord.id_of("#general"))

    def in_log(self) -> Sequence[str]:
        return [message.text for message in self.discord.messages("#general")]

    def in_inbox(self, member: str) -> int:
        return len(self.discord.dms(f"@{member}"))

    def close_inbox(self, member: str) -> None:
        self.discord.change(lambda changes: changes.set_dms(f"@{member}", closed=True))

    def open_inbox(self, member: str) -> None:
        self.discord.change(lambda changes: changes.set_dms(f"@{member}", closed=False))

    def close_channel(self) -> None:
        self.discord.change(lambda changes: changes.set_permission("send-messages", allowed=False))
        self.discord.look(lambda world: _deny_everyone_to_send(world.guild))

    def delete_channel(self) -> None:
        self.discord.change(lambda changes: changes.delete_channel("#warnings"))

    def break_next_request(self) -> None:
        self.discord.fail(Refusal(503), method="POST")

    def throttle_next_request(self, wait: timedelta) -> None:
        self.discord.fail(Throttle(retry_after=wait.total_seconds()), method="POST")

    def lose_next_answer(self) -> None:
        self.rest.timeout = LITTLE
        self.discord.fail(LostAnswer(hold=60.0), method="POST", path="/channels/*/messages")

    def requests(self, method: str = "POST", end: str = "/messages") -> Sequence[RecordedRequest]:
        return [one for one in self.discord.requests if one.method == method and one.path.endswith(end)]

    def openings(self) -> int:
        return len(self.requests(end="/users/@me/channels"))

    def tell(self, member: str, channel: ChannelId | None = None) -> Delivery:
        (delivery,) = Courier(self.notifier, BEFORE_NOON).deliver(warning(self.key(member), channel))
        return delivery


class BrokenLookup:
    """Knows the language alone."""

    async def names(self, key: TimerKey) -> Names:
        raise ZeroDivisionError(str(key))

    async def language(self, _guild: GuildId) -> Language:
        return Language.EN


def _deny_everyone_to_send(guild: Any) -> None:
    everyone = guild.roles[guild.id]
    everyone.permissions = type(everyone.permissions)(int(everyone.permissions) & ~(1 << 11))


@pytest.fixture
def world(discord: LoopbackDiscord, session: RestSession) -> LoopbackNoticeWorld:
    return LoopbackNoticeWorld(discord, session)


class TestDiscordNotifier(NotifierContract):
    """Over real sockets, with nextcord."""


def test_channel_message_as_it_was_sent(world: LoopbackNoticeWorld) -> None:
    key = world.key("alice")
    world.courier.deliver(warning(key, world.channel))
    (request,) = world.requests()
    assert request.path == f"/channels/{world.channel}/messages"
    assert set(request.body) == {"content", "embeds", "allowed_mentions", "nonce", "enforce_nonce"}
    assert request.body["content"] == f"<@{key.user}>"
    assert request.body["allowed_mentions"] == {"parse": [], "users": [str(key.user)]}
    assert request.body["enforce_nonce"] is True
    (message,) = world.discord.messages("#warnings")
    assert f"<@&{key.role}>" in message.text


def test_direct_message_names_role_and_guild(world: LoopbackNoticeWorld) -> None:
    assert world.tell("alice") == Delivered(ToMember())
    (message,) = world.discord.dms("@alice")
    assert "**VIP** in **Boost Town**" in message.text
    (request,) = world.requests()
    assert request.body["allowed_mentions"] == {"parse": []}
    (opening,) = world.requests(end="/users/@me/channels")
    assert opening.body == {"recipient_id": str(world.key("alice").user)}


def test_end_of_a_role_that_is_deleted_is_told_without_its_name(world: LoopbackNoticeWorld) -> None:
    notice = EndedNotice(world.key("alice"), None, datetime(2026, 11, 22, 12, tzinfo=UTC))
    world.discord.change(lambda changes: changes.delete_role("@VIP"))
    world.courier.deliver(notice)
    (message,) = world.discord.dms("@alice")
    assert "Your time with one of your roles in **Boost Town** ended" in message.text


def test_names_are_asked_once(world: LoopbackNoticeWorld) -> None:
    for member in ("alice", "bob", "alice"):
        world.tell(member)
    assert len([one for one in world.discord.requests if one.method == "GET" and "/guilds/" in one.path]) == 1


def test_notice_goes_out_without_names_when_they_cannot_be_had(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Refusal(403, 50001, "Missing Access"), method="GET", times=None)
    assert world.tell("alice") == Delivered(ToMember())
    assert world.tell("alice") == Delivered(ToMember())
    assert "one of your roles in one of your servers" in world.discord.dms("@alice")[0].text
    assert world.discord.invalid_requests == 1  # not asked again and again: too many refusals ban the address


def test_names_that_discord_failed_to_tell_are_asked_for_again_after_a_minute(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Refusal(503), "GET", "/guilds/*")
    for later in (0.0, 59.0, 1.0):
        world.clock.at += later
        assert world.tell("alice") == Delivered(ToMember())
    unnamed, still_unnamed, named = (message.text for message in world.discord.dms("@alice"))
    assert "one of your roles in one of your servers" in unnamed
    assert "one of your roles in one of your servers" in still_unnamed
    assert "**VIP** in **Boost Town**" in named


def test_names_that_a_limit_holds_back_are_waited_for(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Throttle(retry_after=0.5), method="GET")
    held = world.tell("alice")
    assert isinstance(held, Held)
    assert held.after == timedelta(seconds=0.5)
    assert world.in_inbox("alice") == 0
    # Nothing was remembered in their place: the next one is told with names.
    world.discord.wait_until(lambda: world.tell("alice") == Delivered(ToMember()), 60)
    assert "**VIP** in **Boost Town**" in world.discord.dms("@alice")[0].text


def test_nonces_differ_by_message_and_by_way(world: LoopbackNoticeWorld) -> None:
    key = world.key("alice")
    world.courier.deliver(warning(key, world.channel), warning(key))
    policy = Policy(warning_channel=ChannelId(7), log_channel=world.log_channel)
    notice = warning(key, world.channel)
    world.delete_channel()
    world.close_inbox("alice")
    world.courier.wait()
    world.courier.deliver(notice, policy=policy)  # tried in both channels and with the member, then told in the log
    nonces = [request.body["nonce"] for request in world.requests()]
    assert len(nonces) == len(set(nonces)) == 6
    assert all(len(nonce) <= 25 for nonce in nonces)
    assert (world.in_inbox("alice"), len(world.in_log())) == (1, 1)


def test_closed_inbox_is_remembered_for_a_day(world: LoopbackNoticeWorld) -> None:
    world.close_inbox("alice")
    assert isinstance(world.tell("alice"), GivenUp)
    world.open_inbox("alice")
    before = len(world.requests())
    world.clock.at += 86_399
    assert isinstance(world.tell("alice"), GivenUp)
    assert len(world.requests()) == before
    world.clock.at += 1
    assert world.tell("alice") == Delivered(ToMember())


def refusals_of(delivery: Delivery) -> Sequence[ways.Refusal]:
    """Of a notice that was given up because no way took it."""
    assert isinstance(delivery, GivenUp)
    assert isinstance(delivery.why, NoticeRefused)
    return delivery.why.refusals


def test_no_mutual_server_left(world: LoopbackNoticeWorld) -> None:
    key = world.key("alice")
    world.discord.change(lambda changes: changes.kick("@alice", by="@mod"))
    (delivery,) = world.courier.deliver(warning(key))
    [refusal] = refusals_of(delivery)
    assert refusal.way == ToMember()
    assert "50278" in refusal.error


def test_reasons_of_all_ways_are_told(world: LoopbackNoticeWorld) -> None:
    world.close_inbox("alice")
    channel = world.channel
    world.delete_channel()
    by_channel, directly = refusals_of(world.tell("alice", channel))
    assert by_channel.way == ToChannel(channel)
    assert "10003" in by_channel.error
    assert directly.way == ToMember()
    assert "50007" in directly.error


def test_open_channels_are_used_again(world: LoopbackNoticeWorld) -> None:
    for _ in range(3):
        assert world.tell("alice") == Delivered(ToMember())
    assert world.openings() == 1
    assert world.in_inbox("alice") == 3


def test_channel_that_discord_forgot_is_opened_anew(world: LoopbackNoticeWorld) -> None:
    world.tell("alice")
    world.discord.fail(Refusal(404, 10003, "Unknown Channel"), method="POST", path="/channels/*/messages")
    assert world.tell("alice") == Delivered(ToMember())
    assert world.openings() == 2


def test_channel_that_was_just_opened_and_is_unknown_is_not_opened_again(world: LoopbackNoticeWorld) -> None:
    unknown = Refusal(404, 10003, "Unknown Channel")
    world.discord.fail(unknown, method="POST", path="/channels/*/messages", times=None)
    assert isinstance(world.tell("alice"), GivenUp)
    assert world.openings() == 1


def test_after_opening_too_fast_none_is_opened_for_a_while(world: LoopbackNoticeWorld) -> None:
    world.tell("carol")
    world.discord.fail(Refusal(403, 40003, "You are opening direct messages too fast."), path="/users/@me/channels")
    first = world.tell("alice")
    assert isinstance(first, Postponed)
    assert first.after == DM_PAUSE
    openings = world.openings()
    world.clock.at += 60
    second = world.tell("bob")
    assert isinstance(second, Held)
    assert second.after == DM_PAUSE - timedelta(seconds=60)
    assert world.openings() == openings
    assert world.tell("carol") == Delivered(ToMember())  # hers is open already
    assert world.tell("bob", world.channel) == Delivered(ToChannel(world.channel))
    world.clock.at += DM_PAUSE.total_seconds()
    assert world.tell("bob") == Delivered(ToMember())


def test_openings_are_paced_and_a_long_queue_is_spread(discord: LoopbackDiscord, session: RestSession) -> None:
    world = LoopbackNoticeWorld(discord, session, pace=4.0)
    assert world.tell("alice") == Delivered(ToMember())
    world.clock.at += 3.9
    assert world.tell("bob") == Delivered(ToMember())  # after a tenth of a second; the next one's turn is in 4.1
    away = [world.tell("carol") for _ in range(3)]
    # They come back one after the other, as fast as there are openings.
    assert [one.after for one in away if isinstance(one, Held)] == [timedelta(seconds=4.1 + 4 * n) for n in range(3)]
    world.clock.at += 4.1
    assert world.tell("carol") == Delivered(ToMember())
    assert world.tell("alice") == Delivered(ToMember())  # open channels do not queue


def test_refused_token_says_nothing_of_the_member(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Refusal(401, 0, "401: Unauthorized"), method="POST")
    assert isinstance(world.tell("alice"), Postponed)
    assert world.tell("alice") == Delivered(ToMember())


def test_slow_notices_do_not_cost_the_others(world: LoopbackNoticeWorld) -> None:
    world.rest.timeout = LITTLE
    slow = warning(world.key("alice"), ChannelId(world.discord.id_of("#general")))
    world.discord.fail(Latency(30.0), path=f"/channels/{slow.channel}/messages")
    late, done = world.courier.deliver(slow, warning(world.key("bob"), world.channel))
    assert isinstance(late, Postponed)
    assert done == Delivered(ToChannel(world.channel))


def test_a_bug_costs_one_notice_and_is_logged(
    discord: LoopbackDiscord, session: RestSession, caplog: pytest.LogCaptureFixture
) -> None:
    rest = DiscordRest(session.client)
    world = LoopbackNoticeWorld(discord, session)
    notifier = DiscordNotifier(
        rest, LoopBridge(session.loop), DirectMessages(rest), BrokenLookup(), ManualClock(BEFORE_NOON)
    )
    bad, good = warning(world.key("alice")), warning(world.key("bob"), world.channel)
    postponed, delivered = notifier.deliver([message(ToMember(), bad), message(ToChannel(world.channel), good)])
    assert postponed == Postponed("unexpected: ZeroDivisionError")
    assert isinstance(delivered, Delivered)
    assert any(record.exc_info and "unexpected" in record.message for record in caplog.records)


def test_without_a_connection_everything_is_postponed(world: LoopbackNoticeWorld, session: RestSession) -> None:
    notice = warning(world.key("alice"), world.channel)
    session.stop()
    assert [type(one) for one in world.notifier.deliver([message(ToMember(), notice)] * 2)] == [Postponed, Postponed]


def test_the_log_channel_reads_why_in_words(world: LoopbackNoticeWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world.close_inbox("alice")
    gone = ChannelId(world.discord.id_of("#secret"))
    world.discord.change(lambda changes: changes.delete_channel("#secret"))
    policy = Policy(warning_channel=world.channel, log_channel=world.log_channel)
    world.discord.fail(Refusal(403, 50013, "Missing Permissions"), path=f"/channels/{world.channel}/messages")

    world.courier.deliver(warning(world.key("alice"), gone), policy=policy)

    [words] = world.in_log()
    assert f"<#{gone}>: the channel does not exist any more." in words
    assert f"<#{world.channel}>: I may not write there." in words
    assert "a direct message: the member takes none from me." in words
    assert not re.search(r"\b(403|404|50007|50013|10003)\b", words)
    said = " ".join(str(record.__dict__.get("error")) for record in caplog.records if "turned away" in record.message)
    assert all(code in said for code in ("10003", "50013", "50007"))


def blocked(world: LoopbackNoticeWorld) -> str:
    """What the log channel reads of a role that cannot be taken."""
    notice = BlockedNotice(world.key("alice"), Obstacle.MISSING_PERMISSIONS, BEFORE_NOON)
    world.courier.deliver(notice, policy=Policy(log_channel=world.log_channel))
    [words] = world.in_log()
    return words


def test_by_rest_alone_a_role_above_is_told_by_the_bots_own_name_for_it(world: LoopbackNoticeWorld) -> None:
    world.discord.change(lambda changes: changes.move_role("@VIP", "@BoostMon", above=True))
    words = blocked(world)
    own = world.discord.look(lambda town: town.role("@BoostMon").id)
    assert f"drag <@&{own}> above it" in words
    assert "Manage Roles" not in words


def test_by_rest_alone_a_permission_that_is_off_is_told(world: LoopbackNoticeWorld) -> None:
    world.discord.change(lambda changes: changes.set_permission("manage-roles", allowed=False))
    words = blocked(world)
    assert "I lack the permission **Manage Roles**" in words
    assert "drag" not in words


def test_both_remedies_are_told_where_discord_does_not_say_what_is_missing(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Refusal(403, 50001, "Missing Access"), method="GET", times=None)
    assert EITHER in blocked(world)


def test_a_limit_on_the_look_holds_the_message_back(world: LoopbackNoticeWorld) -> None:
    world.discord.fail(Throttle(retry_after=20.0), method="GET")
    notice = BlockedNotice(world.key("alice"), Obstacle.MISSING_PERMISSIONS, BEFORE_NOON)
    (delivery,) = world.courier.deliver(notice, policy=Policy(log_channel=world.log_channel))
    assert isinstance(delivery, Held)
    assert world.in_log() == []


class LanguageTold:
    """Says nothing but in which language it would be said."""

    def channel_message(
        self,
        notices: Sequence[Notice],
        words: Words,
        *,
        now: datetime,
        own: OwnWords | None = None,
        guild: str | None = None,
    ) -> dict[str, Any]:
        del notices, now, own, guild
        return {"content": f"in {words.language}"}

    def direct_message(
        self, notice: Notice, names: Names, words: Words, *, now: datetime, own: OwnWords | None
    ) -> dict[str, Any]:
        del names, own
        return self.channel_message([notice], words, now=now)

    def log_message(
        self,
        notices: Sequence[Notice],
        refusals: Sequence[ways.Refusal] | None,
        words: Words,
        *,
        now: datetime,
        lacks: Mapping[RoleId, Lack],
    ) -> dict[str, Any]:
        del refusals, lacks
        return self.channel_message(notices, words, now=now)


@pytest.fixture
def polyglot(world: LoopbackNoticeWorld, session: RestSession) -> DiscordNotifier:
    """A notifier that tells its language."""
    lookup = NameLookup(session.client, world.rest, clock=world.clock)
    dms = DirectMessages(world.rest, pace=0.0)
    clock = ManualClock(BEFORE_NOON)
    return DiscordNotifier(world.rest, LoopBridge(session.loop), dms, lookup, clock, composing=LanguageTold())


def everywhere(world: LoopbackNoticeWorld, language: Language | None) -> list[Message]:
    notice = warning(world.key("alice"), world.channel)
    ways = (ToChannel(world.channel), ToMember(), ToLog(world.log_channel))
    return [replace(message(way, notice), id=uuid4(), language=language) for way in ways]


def last_told(world: LoopbackNoticeWorld) -> list[str]:
    read = (world.discord.messages("#warnings"), world.discord.dms("@alice"), world.discord.messages("#general"))
    return [place[-1].text for place in read]


def test_a_guild_is_told_in_the_language_that_discord_knows_it_by(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier
) -> None:
    world.discord.change(lambda changes: changes.set_language("server pt-BR"))
    polyglot.deliver(everywhere(world, None))
    assert last_told(world) == ["in pt_BR"] * 3
    assert len([one for one in world.discord.requests if one.path == f"/guilds/{world.key('alice').guild}"]) <= 2


def test_what_a_guild_decided_for_counts_more_and_asks_nobody(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier
) -> None:
    world.discord.change(lambda changes: changes.set_language("server pt-BR"))
    channel, _direct, log = everywhere(world, Language.FR)
    polyglot.deliver([channel, log])
    assert [world.discord.messages(place)[-1].text for place in ("#warnings", "#general")] == ["in fr"] * 2
    assert not [one for one in world.discord.requests if one.method == "GET" and "/guilds/" in one.path]


@pytest.mark.parametrize("locale", ["ja", "en-GB"])
def test_a_guild_with_another_language_is_told_in_english(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier, locale: str
) -> None:
    world.discord.change(lambda changes: changes.set_language(f"server {locale}"))
    polyglot.deliver(everywhere(world, None))
    assert last_told(world) == ["in en"] * 3


def test_where_discord_does_not_tell_the_language_it_is_english_and_not_asked_for_again(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier
) -> None:
    world.discord.fail(Refusal(404, 10004, "Unknown Guild"), "GET", "/guilds/*", times=None)
    channel, _direct, _log = everywhere(world, None)
    assert isinstance(polyglot.deliver([channel])[0], Delivered)
    assert isinstance(polyglot.deliver([replace(channel, id=uuid4())])[0], Delivered)
    assert [one.text for one in world.discord.messages("#warnings")] == ["in en"] * 2
    assert world.discord.struck["Refusal"] == 1


def test_a_language_that_discord_failed_to_tell_is_asked_for_again_after_a_minute(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier
) -> None:
    world.discord.change(lambda changes: changes.set_language("server fr"))
    world.discord.fail(Refusal(503), "GET", "/guilds/*")
    channel, _direct, _log = everywhere(world, None)
    for later in (0.0, 59.0, 1.0):
        world.clock.at += later
        polyglot.deliver([replace(channel, id=uuid4())])
    assert [one.text for one in world.discord.messages("#warnings")] == ["in en", "in en", "in fr"]


def test_a_language_that_is_known_outlasts_a_failed_look_for_the_name_of_a_role(
    world: LoopbackNoticeWorld, polyglot: DiscordNotifier
) -> None:
    world.discord.change(lambda changes: changes.set_language("server pt-BR"))
    _channel, direct, _log = everywhere(world, None)
    polyglot.deliver([direct])
    world.discord.fail(Refusal(503), "GET", "/guilds/*")
    of_another_role = warning(replace(world.key("alice"), role=RoleId(1)))
    polyglot.deliver([replace(direct, id=uuid4(), notices=(of_another_role,))])
    assert [one.text for one in world.discord.dms("@alice")] == ["in pt_BR"] * 2
    assert world.discord.struck["Refusal"] == 1
