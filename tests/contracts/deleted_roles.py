"""What every `TimerRepository` promises about timers whose role was deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.ports import Settlement
from boostmon.domain.decisions import Advance, decide
from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.timers import Ending, Grace, Obstacle, Timer, Waiting
from boostmon.domain.transitions import end, pause
from tests.contracts.world import LEASE, World, store
from tests.support.timers import CHANNEL, DAY, HOUR, MINUTE, NOW, POLICY, anchored, key, running, waiting

HERE, GONE = GuildId(1), RoleId(7)
LATER = NOW + timedelta(minutes=30, microseconds=5)
GOING_ON = {
    "running": running(DAY, of=key(1, 7), channel=CHANNEL),
    "anchored": anchored(31, DAY, key(1, 7)),
    "time is up": running(MINUTE, of=key(1, 7)),
    "just over, with a grace": anchored(31, MINUTE, key(1, 7), grace=DAY),
    "over with its grace": anchored(31, MINUTE, key(1, 7), grace=MINUTE),
    "to be over before it has begun": replace(
        running(MINUTE, of=key(1, 7)), state=Waiting(NOW + MINUTE, NOW + 2 * MINUTE, next_attempt_at=NOW + DAY)
    ),
    "in grace": replace(running(MINUTE, of=key(1, 7)), state=Grace(NOW + MINUTE, NOW + DAY, 31)),
    "after grace": replace(running(MINUTE, of=key(1, 7)), state=Grace(NOW + MINUTE, NOW + 2 * MINUTE)),
    "paused": pause(running(DAY, of=key(1, 7)), now=NOW + MINUTE),
    "paused for a while": pause(running(DAY, of=key(1, 7)), now=NOW + MINUTE, until=NOW + DAY),
    "begins later": waiting(DAY, of=key(1, 7)),
    "was not given": replace(
        running(DAY, of=key(1, 7)), state=Waiting(NOW, NOW + DAY, NOW + HOUR, 31, 3, Obstacle.REFUSED, "403")
    ),
    "with an open grant": running(DAY, of=key(1, 7)).with_grant_until(LATER + MINUTE),
}


def end_all(world: World, limit: int = 100) -> int:
    return world.timers.end_of_role(HERE, GONE, LATER, limit, named=RoleNamed("VIP"))


class DeletedRolesContract:
    """Subclass it with a `world` fixture."""

    def test_the_roles_that_are_timed_in_a_guild_are_known(self, world: World) -> None:
        assert set(world.timers.timed_roles(HERE)) == set()
        for of in (key(1, 7), key(2, 7), key(1, 8), key(1, 9, guild=2)):
            store(world, running(HOUR, of=of))
        store(world, end(running(HOUR, of=key(1, 10)), now=NOW))

        assert set(world.timers.timed_roles(HERE)) == {7, 8, 10}

    @pytest.mark.parametrize("timer", GOING_ON.values(), ids=GOING_ON)
    def test_what_goes_on_ends_now(self, world: World, timer: Timer) -> None:
        before = store(world, timer)

        assert end_all(world) == 1

        after = world.timers.get(timer.key)
        assert after is not None
        assert after.version > before.version
        assert replace(after, version=before.version) == end(before, now=LATER)
        assert world.timers.next_due(LATER) == LATER
        assert world.ledger()[-1] == ("role_deleted", None, None, None)
        assert world.details()[-1] == RoleNamed("VIP")
        assert end_all(world) == 0
        assert len(world.ledger()) == 2

    def test_nothing_else_is_touched(self, world: World) -> None:
        others = [
            store(world, running(DAY, of=key(1, 8))),
            store(world, running(DAY, of=key(1, 7, guild=2))),
            store(world, end(running(DAY, of=key(2, 7)), now=NOW, first_attempt=HOUR)),
            store(world, replace(running(DAY, of=key(3, 7)), state=Ending(NOW, NOW + DAY, 3, Obstacle.REFUSED, "403"))),
        ]
        entries = world.ledger()

        assert end_all(world) == 0

        assert [world.timers.get(timer.key) for timer in others] == others
        assert world.ledger() == entries

    def test_many_end_batch_by_batch(self, world: World) -> None:
        for user in range(1, 6):
            store(world, running(DAY, of=key(user, 7)))

        assert [end_all(world, limit=2) for _ in range(4)] == [2, 2, 1, 0]

        assert len(world.timers.claim(LATER, 10, LEASE)) == 5

    def test_undelivered_warnings_of_theirs_are_dropped_and_no_others(self, world: World) -> None:
        for of in (key(1, 7), key(1, 8)):
            store(world, running(HOUR + MINUTE, of=of))
        for claim in world.timers.claim(NOW + MINUTE, 10, LEASE):
            advanced = decide(claim.timer, POLICY, NOW + MINUTE)
            assert isinstance(advanced, Advance)
            world.timers.settle([Settlement(claim, advanced.timer, notice=advanced.warning)])

        end_all(world)

        assert [posted.notice.key for posted in world.outbox.claim(LATER, 10, LEASE)] == [key(1, 8)]

    def test_whoever_had_claimed_one_has_lost_it(self, world: World) -> None:
        store(world, running(MINUTE, of=key(1, 7)))
        [claim] = world.timers.claim(NOW + MINUTE, 10, LEASE)

        end_all(world)

        assert world.timers.still_held([claim]) == []
        assert world.timers.settle([Settlement(claim, None)]) == [key(1, 7)]
        [again] = world.timers.claim(LATER, 10, LEASE)
        assert isinstance(again.timer.state, Ending)
