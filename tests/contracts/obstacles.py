"""What every `TimerRepository` promises about endings that Discord refuses."""

from dataclasses import replace
from datetime import timedelta

from boostmon.app.ports import Settlement
from boostmon.domain.ids import NOBODY, ChannelId, GuildId, RoleId, TimerKey
from boostmon.domain.notices import BlockedNotice, Notice, ResolvedNotice
from boostmon.domain.timers import Ending, Obstacle, Timer
from boostmon.domain.transitions import end, extend, pause
from tests.contracts.world import LEASE, World, store
from tests.support.timers import HOUR, MINUTE, NOW, POLICY, asked, change, key, running


def blocked(of: TimerKey, obstacle: Obstacle = Obstacle.MISSING_PERMISSIONS, *, again: timedelta = HOUR) -> Timer:
    """A timer whose removal was refused."""
    return replace(running(HOUR, of=of), state=Ending(NOW, NOW + again, 1, obstacle, "403"))


def meet_obstacle(world: World, *keys: TimerKey, obstacle: Obstacle = Obstacle.MISSING_PERMISSIONS) -> int:
    """The removals of due timers are refused, in one batch; returns how many notices that added to the outbox."""
    before = world.outbox.claim(NOW + 10 * HOUR, 1000, LEASE)
    world.outbox.release(before)
    due = world.timers.claim(NOW + 2 * HOUR, 1000, LEASE)
    claims = [claim for claim in due if claim.timer.key in keys]
    world.timers.release([claim for claim in due if claim.timer.key not in keys])
    assert len(claims) == len(keys)
    world.timers.settle(
        [
            Settlement(
                claim,
                replace(blocked(claim.timer.key, obstacle), version=claim.timer.version),
                notice=BlockedNotice(claim.timer.key, obstacle, at=NOW),
            )
            for claim in claims
        ]
    )
    after = world.outbox.claim(NOW + 10 * HOUR, 1000, LEASE)
    world.outbox.release(after)
    return len(after) - len(before)


class ObstaclesContract:
    """Subclass it with a `world` fixture."""

    def test_blocked_timers_are_made_due_and_nothing_else_of_them_changes(self, world: World) -> None:
        stored = store(world, blocked(key(1)))

        assert world.timers.unblock(GuildId(1), NOW) == 1

        after = world.timers.get(key(1))
        assert after is not None
        assert after.version > stored.version
        assert isinstance(stored.state, Ending)
        assert after.state == replace(stored.state, next_attempt_at=NOW)
        assert world.timers.next_due(NOW) == NOW
        assert world.timers.unblock(GuildId(1), NOW) == 0

    def test_only_what_is_blocked_in_the_guild_and_due_later_is_unblocked(self, world: World) -> None:
        others = [
            store(world, blocked(key(1, guild=2))),
            store(world, blocked(key(2, 7))),
            store(world, blocked(key(3), again=-MINUTE)),
            store(world, running(HOUR, of=key(4))),
            store(world, pause(running(HOUR, of=key(5)), now=NOW)),
            store(world, replace(running(HOUR, of=key(6)), state=Ending(NOW, NOW + HOUR, 3, None, "503"))),
        ]

        assert world.timers.unblock(GuildId(1), NOW, except_roles={RoleId(7)}) == 0

        assert [world.timers.get(timer.key) for timer in others] == others

    def test_an_obstacle_is_told_once_for_a_role_however_many_meet_it(self, world: World) -> None:
        keys = [key(user) for user in range(1, 8)]
        for one in keys:
            store(world, end(running(HOUR, of=one), now=NOW))

        assert [meet_obstacle(world, *keys), meet_obstacle(world, *keys)] == [1, 0]

        world.let_obstacles_settle()
        assert meet_obstacle(world, *keys) == 0
        [posted] = world.outbox.claim(NOW, 10, LEASE)
        assert isinstance(posted.notice, BlockedNotice)
        assert posted.notice == BlockedNotice(posted.notice.key, Obstacle.MISSING_PERMISSIONS, at=NOW)
        assert posted.notice.key in keys

    def test_each_guild_role_and_obstacle_is_told_of(self, world: World) -> None:
        keys = [key(1, 1), key(1, 2), key(1, 1, guild=2)]
        for one in keys:
            store(world, end(running(HOUR, of=one), now=NOW))

        assert meet_obstacle(world, *keys) == 3
        assert meet_obstacle(world, *keys, obstacle=Obstacle.REFUSED) == 3
        assert meet_obstacle(world, *keys, obstacle=Obstacle.REFUSED) == 0

    def test_an_obstacle_that_comes_back_is_told_again(self, world: World) -> None:
        store(world, end(running(HOUR, of=key(1)), now=NOW))
        assert meet_obstacle(world, key(1)) == 1
        cleared = world.timers.get(key(1))
        world.timers.commit(change(cleared, None))
        store(world, end(running(HOUR, of=key(2)), now=NOW))
        store(world, end(running(HOUR, of=key(3)), now=NOW))

        # Within a minute it counts as the same.
        assert meet_obstacle(world, key(2)) == 0
        world.let_obstacles_settle()
        # Somebody is still blocked by it.
        assert meet_obstacle(world, key(2), key(3)) == 0
        for one in (key(2), key(3)):
            world.timers.commit(change(world.timers.get(one), None))
        store(world, end(running(HOUR, of=key(4)), now=NOW))
        assert meet_obstacle(world, key(4)) == 1

    def test_the_news_of_a_timer_that_was_lost_is_not_told(self, world: World) -> None:
        stored = store(world, end(running(HOUR, of=key(1)), now=NOW))
        [claim] = world.timers.claim(NOW + HOUR, 10, LEASE)
        world.timers.commit(change(stored, extend(stored, HOUR, now=NOW, policy=POLICY)))

        notice = BlockedNotice(key(1), Obstacle.REFUSED, at=NOW)
        assert world.timers.settle([Settlement(claim, blocked(key(1)), notice=notice)]) == [key(1)]

        assert world.outbox.next_due(NOW) is None
        store(world, end(running(HOUR, of=key(2)), now=NOW))
        assert meet_obstacle(world, key(2), obstacle=Obstacle.REFUSED) == 1

    def test_when_no_ending_waits_any_more_that_is_told_once(self, world: World) -> None:
        with_log_channel(world)
        for user in (1, 2):
            store(world, end(running(HOUR, of=key(user)), now=NOW))
        meet_obstacle(world, key(1), key(2))
        world.let_obstacles_settle()

        assert world.obstacles.resolve(NOW) == 0
        world.timers.commit(change(world.timers.get(key(1)), None))
        assert world.obstacles.resolve(NOW) == 0
        world.timers.commit(change(world.timers.get(key(2)), None))
        assert [world.obstacles.resolve(NOW + HOUR), world.obstacles.resolve(NOW + HOUR)] == [1, 0]

        assert ResolvedNotice(key(NOBODY), at=NOW + HOUR) in waiting(world)

    def test_an_ending_that_is_tried_again_for_another_reason_still_waits(self, world: World) -> None:
        with_log_channel(world)
        store(world, end(running(HOUR, of=key(1)), now=NOW))
        meet_obstacle(world, key(1))
        world.let_obstacles_settle()
        stored = world.timers.get(key(1))
        assert stored is not None
        world.timers.commit(change(stored, replace(stored, state=Ending(NOW, NOW + HOUR, 2, None, "503"))))

        assert world.obstacles.resolve(NOW) == 0

    def test_an_obstacle_that_was_told_just_now_may_come_back(self, world: World) -> None:
        with_log_channel(world)
        store(world, end(running(HOUR, of=key(1)), now=NOW))
        meet_obstacle(world, key(1))
        world.timers.commit(change(world.timers.get(key(1)), None))

        assert world.obstacles.resolve(NOW) == 0
        world.let_obstacles_settle()
        assert world.obstacles.resolve(NOW) == 1

    def test_only_what_was_told_is_told_to_be_gone_by_guild_and_role(self, world: World) -> None:
        for guild in (1, 2):
            with_log_channel(world, guild)
        keys = [key(1, 1), key(1, 2), key(1, 1, guild=2)]
        for one in keys:
            store(world, end(running(HOUR, of=one), now=NOW))
        meet_obstacle(world, *keys)
        meet_obstacle(world, *keys, obstacle=Obstacle.REFUSED)
        world.let_obstacles_settle()
        for one in (keys[0], keys[2]):
            world.timers.commit(change(world.timers.get(one), None))
        store(world, running(HOUR, of=key(9, 1)))

        # Both obstacles of a role are gone at once: that is one piece of news.
        assert world.obstacles.resolve(NOW) == 2

        told = {notice for notice in waiting(world) if isinstance(notice, ResolvedNotice)}
        assert told == {ResolvedNotice(key(NOBODY, 1, guild=guild), at=NOW) for guild in (1, 2)}

    def test_without_a_log_channel_nobody_is_told_that_it_is_gone(self, world: World) -> None:
        store(world, end(running(HOUR, of=key(1)), now=NOW))
        meet_obstacle(world, key(1))
        world.let_obstacles_settle()
        world.timers.commit(change(world.timers.get(key(1)), None))

        assert world.obstacles.resolve(NOW) == 0
        with_log_channel(world)
        assert world.obstacles.resolve(NOW) == 0

    def test_an_obstacle_that_comes_back_after_it_was_told_to_be_gone_is_told_again(self, world: World) -> None:
        with_log_channel(world)
        store(world, end(running(HOUR, of=key(1)), now=NOW))
        meet_obstacle(world, key(1))
        world.let_obstacles_settle()
        world.timers.commit(change(world.timers.get(key(1)), None))
        assert world.obstacles.resolve(NOW) == 1

        store(world, end(running(HOUR, of=key(2)), now=NOW))
        assert meet_obstacle(world, key(2)) == 1


def with_log_channel(world: World, guild: int = 1) -> None:
    """The guild reads of what is in the way."""
    world.policies.change(GuildId(guild), lambda policy: replace(policy, log_channel=ChannelId(8)), asked=asked())


def waiting(world: World) -> list[Notice]:
    """What the outbox holds."""
    return [posted.notice for posted in world.outbox.claim(NOW + 10 * HOUR, 1000, LEASE)]
