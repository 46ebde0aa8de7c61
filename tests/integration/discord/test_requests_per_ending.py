"""How many requests to Discord an ending costs. The loopback Discord counts; a smaller number is an improvement."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.discord.session import RestSession
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.sweeping.sweep import Sweep
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.transitions import end
from boostmon.sandbox.limits import template
from boostmon.sandbox.seed import CrowdedGuild, crowd
from boostmon.sandbox.server import LoopbackDiscord
from tests.support.timers import HOUR, NOW, asked, change, running

ENDINGS = 12
REMOVAL = "DELETE /guilds/:id/members/:id/roles/:id"
MESSAGE = "POST /channels/:id/messages"
NAMES = "GET /guilds/:id"
OPENING = "POST /users/@me/channels"


@dataclass
class Endings:
    """One guild's timers, and all that ends them, over a Discord that counts."""

    discord: LoopbackDiscord
    place: CrowdedGuild
    policies: InMemoryPolicies
    sweep: Sweep
    deliver: DeliverNotices
    clock: ManualClock
    timers: InMemoryTimers

    def requests(self, channel: int | None) -> Counter[str]:
        """What Discord is asked for when all timers end at one moment."""
        before = len(self.discord.requests)
        now = self.clock.now()
        for user in self.place.members:
            key = TimerKey(GuildId(self.place.guild), UserId(user), RoleId(self.place.role))
            timer = running(HOUR, at=now, of=key, channel=None if channel is None else ChannelId(channel))
            self.timers.commit(change(None, end(timer, now=now), at=now))
        assert self.sweep().ended == ENDINGS
        while self.deliver().next_due is not None:
            self.clock.advance(timedelta(seconds=1))
        return Counter(template(one.method, one.path) for one in self.discord.requests[before:])


@pytest.fixture
def endings(discord: LoopbackDiscord) -> Iterator[Endings]:
    [place] = discord.look(lambda world: crowd(world, 1, ENDINGS))
    session = RestSession()
    session.start(discord.token)
    rest, bridge, clock, store = DiscordRest(session.client), LoopBridge(session.loop), ManualClock(NOW), MemoryStore()
    timers, policies = InMemoryTimers(store), InMemoryPolicies(store)
    names = NameLookup(session.client, rest)
    notifier = DiscordNotifier(rest, bridge, DirectMessages(rest, pace=0.0), names, clock)
    deliver = DeliverNotices(InMemoryOutbox(store), notifier, clock, policies)
    sweep = Sweep(timers, DiscordRoleGateway(rest, bridge, names.known_language), clock, policies)
    yield Endings(discord, place, policies, sweep, deliver, clock, timers)
    session.stop()


def test_without_news_an_ending_is_one_request(endings: Endings) -> None:
    endings.policies.change(GuildId(endings.place.guild), lambda policy: replace(policy, dms=False), asked=asked())

    assert endings.requests(channel=None) == {REMOVAL: ENDINGS}


def test_news_in_a_channel_are_one_message_for_all(endings: Endings) -> None:
    # A process without a gateway connection asks for the guild's language, once.
    assert endings.requests(channel=endings.place.channel) == {REMOVAL: ENDINGS, NAMES: 1, MESSAGE: 1}
    assert endings.requests(channel=endings.place.channel) == {REMOVAL: ENDINGS, MESSAGE: 1}


def test_news_to_a_member_are_a_message_each_and_are_opened_once(endings: Endings) -> None:
    # A process without a gateway connection asks for the names of guild and role, once.
    assert endings.requests(channel=None) == {REMOVAL: ENDINGS, NAMES: 1, OPENING: ENDINGS, MESSAGE: ENDINGS}
    assert endings.requests(channel=None) == {REMOVAL: ENDINGS, MESSAGE: ENDINGS}
