"""Many endings at one moment, against a Discord that enforces its limits: `tools/flood.py` in small.

What is asserted is the order and number of things, never how long they took.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.budget import Budget
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.discord.session import RestSession
from boostmon.adapters.discord.turns import Turns
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.sweeping.sweep import Sweep
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import Done
from boostmon.domain.transitions import end
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.limits import Limits, Rule
from boostmon.sandbox.seed import CrowdedGuild, crowd
from boostmon.sandbox.server import LoopbackDiscord
from tests.support.patience import PATIENCE
from tests.support.timers import BY_MODERATOR, change, running
from tests.support.words import english

RATE = 25
GUILDS, MEMBERS = 6, 12
ROUTE = Rule(4, 1.0)
LIMITS = Limits(
    per_second=RATE,
    buckets={
        "DELETE /guilds/:id/members/:id/roles/:id": ROUTE,
        "PUT /guilds/:id/members/:id/roles/:id": ROUTE,
        "POST /channels/:id/messages": Rule(3, 1.0),
    },
)


@dataclass
class Flooded:
    """A process's adapters over a Discord with crowds."""

    discord: LoopbackDiscord
    session: RestSession
    crowds: Sequence[CrowdedGuild]
    store: MemoryStore

    def __post_init__(self) -> None:
        self.bridge = LoopBridge(self.session.loop)
        self.rest = DiscordRest(self.session.client)
        self.roles = DiscordRoleGateway(self.rest, self.bridge, english)
        self.timers = InMemoryTimers(self.store)
        self.clock = SystemClock()

    @property
    def keys(self) -> list[TimerKey]:
        return [
            TimerKey(GuildId(one.guild), UserId(user), RoleId(one.role)) for one in self.crowds for user in one.members
        ]

    def end_all(self, *, to_members: bool = False) -> None:
        channels = {one.guild: ChannelId(one.channel) for one in self.crowds}
        for key in self.keys:
            now, channel = self.clock.now(), None if to_members else channels[key.guild]
            timer = end(running(timedelta(hours=1), at=now, of=key, channel=channel), now=now)
            self.timers.commit(change(None, timer))

    def sweep_until_nothing_is_left(self) -> None:
        sweep = Sweep(self.timers, self.roles, self.clock, InMemoryPolicies(self.store))
        while (due := sweep().next_due) is not None:
            threading.Event().wait(max((due - self.clock.now()).total_seconds(), 0))

    def deliver_until_nothing_is_left(self) -> int:
        """Returns how many attempts failed."""
        names = NameLookup(self.session.client, self.rest)
        dms = DirectMessages(self.rest, pace=0.0)
        notifier = DiscordNotifier(self.rest, self.bridge, dms, names, self.clock)
        policies = InMemoryPolicies(self.store)
        deliver = DeliverNotices(InMemoryOutbox(self.store), notifier, self.clock, policies)
        postponed = 0
        while (done := deliver()).next_due is not None:
            postponed += done.postponed
            threading.Event().wait(max((done.next_due - self.clock.now()).total_seconds(), 0))
        return postponed + done.postponed

    def asked(self, method: str) -> list[RecordedRequest]:
        return [one for one in self.discord.requests if one.method == method and "/users/@me" not in one.path]

    def holders(self) -> int:
        def count(world: object) -> int:
            guilds = world.backend.guilds  # type: ignore[attr-defined] # simcord's objects have no types
            return sum(key.role in guilds[key.guild].members[key.user].role_ids for key in self.keys)

        return self.discord.look(count)


@pytest.fixture
def flooded(discord: LoopbackDiscord) -> Iterator[Flooded]:
    crowds = discord.look(lambda world: crowd(world, GUILDS, MEMBERS))
    session = RestSession(Turns(Budget(RATE)))
    session.start(discord.token)
    discord.enforce(LIMITS)
    yield Flooded(discord, session, crowds, MemoryStore())
    session.stop()


def test_every_role_is_taken_and_no_limit_is_hit(flooded: Flooded) -> None:
    flooded.end_all()
    flooded.sweep_until_nothing_is_left()
    assert flooded.holders() == 0
    removals = flooded.asked("DELETE")
    assert [one.status for one in removals] == [204] * len(flooded.keys)
    # Nothing failed, so the ledger tells of the beginnings and the endings only.
    actions = [entry.action for entry in flooded.store.ledger]
    assert actions.count(Action.ENDED) == len(flooded.keys)
    assert Action.REMOVAL_FAILED not in actions


def test_notices_wait_for_the_limits_without_an_attempt(flooded: Flooded) -> None:
    flooded.end_all(to_members=True)
    flooded.sweep_until_nothing_is_left()
    assert flooded.deliver_until_nothing_is_left() == 0
    assert [one.status for one in flooded.asked("POST")] == [200] * len(flooded.keys)


def test_the_news_of_a_guilds_channel_are_one_message(flooded: Flooded) -> None:
    flooded.end_all()
    flooded.sweep_until_nothing_is_left()
    assert flooded.deliver_until_nothing_is_left() == 0
    sent = flooded.asked("POST")
    assert sorted(one.path for one in sent) == sorted(f"/channels/{one.channel}/messages" for one in flooded.crowds)
    mentioned = [user for one in sent for user in one.body["allowed_mentions"]["users"]]
    assert sorted(mentioned) == sorted(str(key.user) for key in flooded.keys)


def test_commands_overtake_the_sweep(flooded: Flooded) -> None:
    flooded.end_all()
    sweeping = threading.Thread(target=flooded.sweep_until_nothing_is_left)
    sweeping.start()
    try:
        flooded.discord.wait_until(lambda: len(flooded.asked("DELETE")) >= RATE // 2, PATIENCE, "the flood")
        guild, user, role = flooded.discord.look(lambda w: (w.guild_id, w.user("alice").id, w.role("@VIP").id))
        of_commands = DiscordRoleGateway(DiscordRest(flooded.session.client, for_command=True), flooded.bridge, english)
        key = TimerKey(GuildId(guild), UserId(user), RoleId(role))
        assert of_commands.grant(key, BY_MODERATOR) == Done()
        before = len(flooded.asked("DELETE"))
    finally:
        sweeping.join()
    assert before < len(flooded.keys)
    assert all(one.status < 400 for one in flooded.asked("PUT") + flooded.asked("DELETE"))
