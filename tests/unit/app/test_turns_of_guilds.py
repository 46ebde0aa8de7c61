"""A mass ending in one guild is no reason for the members of others to hear of theirs minutes later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from boostmon.adapters.discord.openings import Openings
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.batches.fairness import Crowds, guilds_in_turn
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.ports import Claim, Delivered, Message, Reply
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import Held
from boostmon.domain.ways import ToMember
from tests.support.stage import Stage
from tests.support.timers import NOW, SECOND, key, running

LARGE, SMALL = 1, 2
MANY = 600


class SlowPost:
    """A notifier to whom only openings matter, which it makes as the real one does; time passes while it waits."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._openings = Openings(1.0, self._seconds)
        self.told: dict[TimerKey, timedelta] = {}

    def _seconds(self) -> float:
        return (self._clock.now() - NOW).total_seconds()

    def held(self, messages: Sequence[Message]) -> Sequence[Held | None]:
        goes = self._openings.would_go([_guild(message) for message in messages])
        return [None if go else self._sent_away(message) for message, go in zip(messages, goes, strict=True)]

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        return [self._deliver(message) for message in messages]

    def _deliver(self, message: Message) -> Reply:
        wait = self._openings.take(_guild(message))
        if wait is None:
            return self._sent_away(message)
        self._clock.advance(timedelta(seconds=wait))
        self.told[message.notices[0].key] = self._clock.now() - NOW
        return Delivered(ToMember())

    def _sent_away(self, message: Message) -> Held:
        return Held("many wait", timedelta(seconds=self._openings.come_back(_guild(message))))


def _guild(message: Message) -> GuildId:
    return message.notices[0].key.guild


def test_those_who_wait_for_a_turn_do_not_stand_in_the_way_of_others() -> None:
    clock, store = ManualClock(NOW), MemoryStore()
    post = SlowPost(clock)
    deliver = DeliverNotices(InMemoryOutbox(store), post, clock, InMemoryPolicies(store))
    crowd = [key(user, guild=LARGE) for user in range(1, MANY + 1)]
    alone = key(1, guild=SMALL)
    for number, of in enumerate([*crowd, alone], 1):  # the lone one comes last of all
        store.notices[number] = StoredNotice(number, EndedNotice(of, None, ended_at=NOW), NOW)

    while alone not in post.told:
        deliver()
        clock.advance(SECOND)

    assert post.told[alone] <= timedelta(seconds=20)


def test_what_is_known_to_wait_is_planned_again_without_being_tried(stage: Stage) -> None:
    waiting, going = key(1, guild=LARGE), key(1, guild=SMALL)
    for of in (waiting, going):
        stage.put(running(SECOND, at=NOW - SECOND, of=of))
    assert stage.sweep().ended == 2
    stage.notifier.let_wait(waiting, "no turn", timedelta(seconds=7))

    first = stage.deliver()

    assert (first.delivered, first.held, first.next_due) == (1, 1, NOW + timedelta(seconds=7))
    assert [told.notice.key for told in stage.notifier.told] == [going]
    assert stage.messenger.batches == [1]
    stage.notifier.let_go(waiting)
    stage.clock.advance(timedelta(seconds=7))
    assert stage.deliver().delivered == 1


def test_guilds_in_turn_keeps_the_order_within_a_guild() -> None:
    things = [(LARGE, 1), (LARGE, 2), (SMALL, 1), (LARGE, 3), (SMALL, 2)]
    in_turn = guilds_in_turn(things, lambda thing: GuildId(thing[0]))
    assert in_turn == [(LARGE, 1), (SMALL, 1), (LARGE, 2), (SMALL, 2), (LARGE, 3)]


def test_an_ending_elsewhere_does_not_wait_for_a_mass_of_endings_in_one_guild(stage: Stage) -> None:
    """Discord limits nothing here: by their due times alone, the lone ending would come last of 400."""
    for user in range(1, 401):
        stage.put(running(SECOND, at=NOW - 2 * SECOND, of=key(user, guild=LARGE)))
    alone = key(1, guild=SMALL)
    stage.put(running(SECOND, at=NOW - SECOND, of=alone))

    assert replace(stage.sweep, batch=20)().ended == 401

    order = [act.key for act in stage.roles.acts]
    assert order.index(alone) < 50


def test_a_look_past_a_crowd_is_made_now_and_then_only() -> None:
    crowds = Crowds()
    crowd = [Claim(running(SECOND, of=key(user, guild=LARGE)), UUID(int=1)) for user in range(1, 8)]
    others = [Claim(running(SECOND, of=key(1, guild=guild)), UUID(int=1)) for guild in range(2, 20)]

    assert crowds.to_step_over(others, NOW) == frozenset()
    assert crowds.to_step_over([*crowd, *others[:3]], NOW) == {GuildId(LARGE)}
    assert crowds.to_step_over(crowd, NOW + SECOND) == frozenset()
    assert crowds.to_step_over(crowd, NOW + 2 * SECOND) == {GuildId(LARGE)}
    masses = [
        Claim(running(SECOND, of=key(user, guild=guild)), UUID(int=1)) for guild in range(1, 9) for user in (1, 2)
    ]
    assert len(Crowds().to_step_over(masses, NOW)) == 8
