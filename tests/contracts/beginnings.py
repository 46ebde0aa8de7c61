"""What every repository promises about timers that begin later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.errors import Conflict
from boostmon.app.ports import Claim, Settlement
from boostmon.domain.beginning import begun
from boostmon.domain.ids import NOBODY, GuildId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, ResolvedNotice
from boostmon.domain.timers import Obstacle, Timer, Waiting
from boostmon.domain.transitions import extend
from tests.contracts.obstacles import with_log_channel
from tests.contracts.world import LEASE, World, store
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, POLICY, change, key, running, waiting

UNTIL = NOW + DAY + timedelta(seconds=30, microseconds=7)


def not_given(timer: Timer) -> Timer:
    """The same, whose role was refused."""
    assert isinstance(timer.state, Waiting)
    state = replace(timer.state, attempts=1, blocked_by=Obstacle.MISSING_PERMISSIONS, next_attempt_at=NOW + 2 * DAY)
    return timer.in_state(state)


def undelivered(world: World) -> list[Notice]:
    """What the outbox holds."""
    posted = world.outbox.claim(NOW + DAY, 100, LEASE)
    world.outbox.release(posted)
    return [one.notice for one in posted]


class BeginningsContract:
    """Subclass it with a `world` fixture."""

    def test_a_timer_that_begins_later_is_due_then(self, world: World) -> None:
        store(world, waiting(HOUR))

        assert world.timers.next_due(NOW) == NOW + DAY
        assert world.timers.claim(NOW + DAY - MINUTE, 10, LEASE) == []
        [claim] = world.timers.claim(NOW + DAY, 10, LEASE)
        assert replace(claim.timer, version=0) == waiting(HOUR)

    def test_marked_timers_have_a_new_version_and_stay_claimed(self, world: World) -> None:
        before = store(world, waiting(HOUR))
        [claim] = world.timers.claim(NOW + DAY, 10, LEASE)

        [marked] = world.timers.mark([claim], UNTIL)

        assert marked == Claim(replace(before, version=marked.timer.version, grant_open_until=UNTIL), claim.token)
        assert marked.timer.version > before.version
        assert world.timers.get(KEY) == marked.timer
        assert world.timers.still_held([claim, marked]) == [marked]
        assert world.timers.claim(NOW + DAY, 10, LEASE) == []
        with pytest.raises(Conflict):
            world.timers.commit(change(before, None))

    def test_a_mark_that_lasts_longer_stays(self, world: World) -> None:
        store(world, waiting(HOUR).with_grant_until(UNTIL + HOUR))
        claims = world.timers.claim(NOW + DAY, 10, LEASE)

        [marked] = world.timers.mark(claims, UNTIL)

        assert marked.timer.grant_open_until == UNTIL + HOUR

    def test_only_what_is_held_is_marked(self, world: World) -> None:
        for user in (1, 2, 3):
            store(world, waiting(HOUR, of=key(user)))
        claims = world.timers.claim(NOW + DAY, 10, LEASE)
        world.timers.commit(change(claims[1].timer, None))
        world.timers.release(claims[:1])

        assert [claim.timer.key for claim in world.timers.mark(claims, UNTIL)] == [key(3)]
        assert world.timers.mark([], UNTIL) == []
        left = world.timers.get(key(1))
        assert left is not None
        assert left.grant_open_until is None

    def test_what_was_marked_is_settled(self, world: World) -> None:
        store(world, waiting(HOUR))
        [claim] = world.timers.mark(world.timers.claim(NOW + DAY, 10, LEASE), UNTIL)
        after = begun(waiting(HOUR), now=NOW + DAY, policy=POLICY)
        entry = LedgerEntry(KEY, NOW + DAY, Action.BEGAN, before=claim.timer, after=after)

        assert world.timers.settle([Settlement(claim, after, entry)]) == []

        stored = world.timers.get(KEY)
        assert stored is not None
        assert replace(stored, version=0) == after
        assert world.timers.next_due(NOW) == after.due_at

    def test_the_news_of_an_end_stands_while_a_new_timer_has_not_begun(self, world: World) -> None:
        store(world, running(MINUTE))
        [claim] = world.timers.claim(NOW + HOUR, 10, LEASE)
        world.timers.settle([Settlement(claim, None, notice=EndedNotice(KEY, None, NOW + MINUTE))])

        stored = store(world, waiting(HOUR))
        assert undelivered(world) == [EndedNotice(KEY, None, NOW + MINUTE)]

        world.timers.commit(change(stored, extend(running(HOUR), HOUR, now=NOW, policy=POLICY)))
        assert undelivered(world) == []

    def test_a_role_that_could_not_be_given_is_asked_for_at_once_when_the_way_is_free(self, world: World) -> None:
        stored = store(world, not_given(waiting(HOUR, of=key(1))))
        store(world, waiting(HOUR, of=key(2)))

        assert world.timers.unblock(GuildId(1), NOW) == 1

        after = world.timers.get(key(1))
        assert after is not None
        assert isinstance(stored.state, Waiting)
        assert after.state == replace(stored.state, next_attempt_at=NOW)

    def test_an_obstacle_lasts_while_a_role_cannot_be_given(self, world: World) -> None:
        with_log_channel(world)
        store(world, waiting(HOUR, of=key(1)))
        store(world, waiting(HOUR, 3 * DAY, of=key(2)))
        [claim] = world.timers.claim(NOW + DAY, 10, LEASE)
        refused = not_given(claim.timer)
        notice = BlockedNotice(key(1), Obstacle.MISSING_PERMISSIONS, at=NOW, gives=True)
        world.timers.settle([Settlement(claim, refused, notice=notice)])
        assert undelivered(world) == [notice]
        world.let_obstacles_settle()

        assert world.obstacles.resolve(NOW) == 0
        stored = world.timers.get(key(1))
        assert stored is not None
        assert isinstance(stored.state, Waiting)
        # Tried again, for another reason.
        stored = world.timers.commit(change(stored, stored.in_state(replace(stored.state, blocked_by=None))))
        assert world.obstacles.resolve(NOW) == 0
        world.timers.commit(change(stored, running(HOUR, of=key(1))))
        assert world.obstacles.resolve(NOW + HOUR) == 1

        assert ResolvedNotice(key(NOBODY), at=NOW + HOUR) in undelivered(world)
