"""What every `TimerRepository` promises. Run on memory (unit) and on PostgreSQL (integration)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from boostmon.app.ports import Claim, Conflict, Outbox, Settlement, TimerRepository
from boostmon.domain.decisions import Advance, decide
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import BlockedNotice, EndedNotice, WarningNotice
from boostmon.domain.timers import Ending, Obstacle, Timer, end, extend, pause, resume
from tests.support.timers import ALICE, CHANNEL, GUILD, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, change, key, running

LEASE = timedelta(seconds=30)


class World(Protocol):
    """A repository with its outbox, and what a test must be able to see and do behind their backs."""

    @property
    def timers(self) -> TimerRepository:
        """The repository under test."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The outbox that its settlements post to."""
        ...

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        """(action, actor, reason, request) of all entries, oldest first."""
        ...

    def let_leases_run_out(self) -> None:
        """As if the time of every lease had passed."""
        ...

    def let_obstacles_settle(self) -> None:
        """As if `OBSTACLE_SETTLES` had passed since anybody was told of an obstacle."""
        ...


def store(world: World, timer: Timer) -> Timer:
    """Commits a new timer."""
    stored = world.timers.commit(change(None, timer))
    assert stored is not None
    return stored


def claim_one(world: World, at_minute: float = 10_000) -> Claim:
    """Claims the only due timer."""
    [claim] = world.timers.claim(NOW + at_minute * MINUTE, 10, LEASE)
    return claim


def entry(claim: Claim, action: Action = Action.ENDED) -> LedgerEntry:
    """BoostMon's own entry for a claimed timer."""
    return LedgerEntry(key=claim.timer.key, at=NOW, action=action, before=claim.timer, reason="seen")


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


class TimerRepositoryContract:
    """Subclass it with a `world` fixture."""

    @pytest.mark.parametrize(
        "timer",
        [
            running(HOUR, channel=CHANNEL),
            running(timedelta(seconds=3, microseconds=1)),
            running(timedelta(days=3650)),
            pause(running(timedelta(days=400, microseconds=123_457)), now=NOW + MINUTE),
            end(running(HOUR), now=NOW + MINUTE),
            replace(
                end(running(HOUR, of=key(2**63 - 1, 2**63 - 2, 2**62)), now=NOW + 2 * HOUR),
                channel=ChannelId(5),
            ),
        ],
        ids=["running", "short", "ten-years", "paused", "ending", "wide-ids"],
    )
    def test_a_timer_comes_back_as_it_was_written(self, world: World, timer: Timer) -> None:
        stored = store(world, timer)

        assert world.timers.get(timer.key) == stored
        assert world.timers.of_member(timer.key.guild, timer.key.user) == [stored]
        assert replace(stored, version=0) == timer
        assert stored.version > 0

    def test_a_failed_removal_comes_back_with_its_story(self, world: World) -> None:
        story = Ending(NOW, NOW + HOUR, attempts=3, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="403 (50013)")
        stored = store(world, replace(running(HOUR), state=story))

        again = world.timers.get(KEY)

        assert again == stored

    def test_nothing_is_found_where_nothing_was_written(self, world: World) -> None:
        store(world, running(HOUR))

        assert world.timers.get(key(7, 7, 7)) is None
        assert world.timers.of_member(GUILD, UserId(7)) == []
        assert world.timers.of_member(GuildId(7), ALICE) == []

    def test_timers_of_a_member_come_in_the_order_of_roles(self, world: World) -> None:
        for role in (3, 1, 2):
            store(world, running(HOUR, of=key(1, role)))
        store(world, running(HOUR, of=key(2, 1)))

        assert [timer.key.role for timer in world.timers.of_member(GuildId(1), UserId(1))] == [1, 2, 3]

    def test_each_stored_change_gets_a_higher_version(self, world: World) -> None:
        first = store(world, running(HOUR))
        second = world.timers.commit(change(first, extend(first, HOUR, now=NOW, policy=POLICY)))
        assert second is not None
        assert world.timers.commit(change(second, None)) is None
        third = store(world, running(HOUR))

        assert first.version < second.version < third.version

    def test_a_commit_on_an_outdated_timer_writes_nothing(self, world: World) -> None:
        first = store(world, running(HOUR))
        second = world.timers.commit(change(first, extend(first, HOUR, now=NOW, policy=POLICY)))
        entries = world.ledger()

        with pytest.raises(Conflict):
            world.timers.commit(change(first, extend(first, MINUTE, now=NOW, policy=POLICY)))
        with pytest.raises(Conflict):
            world.timers.commit(change(first, None))
        with pytest.raises(Conflict):
            world.timers.commit(change(None, running(MINUTE)))

        assert world.timers.get(KEY) == second
        assert world.ledger() == entries

    def test_a_commit_on_a_timer_that_went_and_came_back_writes_nothing(self, world: World) -> None:
        first = store(world, running(HOUR))
        world.timers.commit(change(first, None))
        with pytest.raises(Conflict):
            world.timers.commit(change(first, None))
        again = store(world, running(HOUR))

        with pytest.raises(Conflict):
            world.timers.commit(change(first, None))

        assert world.timers.get(KEY) == again

    def test_a_change_and_its_entry_are_written_together(self, world: World) -> None:
        world.timers.commit(change(None, running(HOUR), request=77))

        [(action, actor, reason, request)] = world.ledger()

        assert (action, reason, request) == ("set", "because", 77)
        assert actor is not None

    def test_a_request_is_applied_once(self, world: World) -> None:
        stored = world.timers.commit(change(None, running(HOUR), request=77))
        assert stored is not None

        again = world.timers.commit(change(stored, extend(stored, HOUR, now=NOW, policy=POLICY), request=77))
        removed = world.timers.commit(change(stored, None, request=77))

        assert again == removed == stored == world.timers.get(KEY)
        assert len(world.ledger()) == 1

    def test_a_request_is_known_in_its_own_guild_only(self, world: World) -> None:
        world.timers.commit(change(None, running(HOUR, of=key(1, 1, guild=1)), request=77))
        world.timers.commit(change(None, running(HOUR, of=key(1, 1, guild=2)), request=77))

        assert len(world.ledger()) == 2

    def test_the_next_due_is_the_earliest(self, world: World) -> None:
        assert world.timers.next_due() is None
        store(world, pause(running(SECOND, of=key(1)), now=NOW))
        assert world.timers.next_due() is None
        store(world, running(3 * HOUR, of=key(2)))
        assert world.timers.next_due() == NOW + 2 * HOUR
        store(world, running(MINUTE, of=key(3)))
        assert world.timers.next_due() == NOW + MINUTE

    def test_a_claim_takes_what_is_due_earliest_first(self, world: World) -> None:
        for user, minutes in ((1, 0.5), (2, 0.1), (3, 0.3), (4, 5)):
            store(world, running(minutes * MINUTE, of=key(user)))

        claims = world.timers.claim(NOW + MINUTE, 2, LEASE)

        assert [claim.timer.key.user for claim in claims] == [2, 3]
        assert [claim.timer for claim in claims] == [world.timers.get(claim.timer.key) for claim in claims]

    def test_a_timer_due_exactly_now_is_claimed(self, world: World) -> None:
        store(world, running(MINUTE))

        assert world.timers.claim(NOW + MINUTE - timedelta(microseconds=1), 10, LEASE) == []
        assert len(world.timers.claim(NOW + MINUTE, 10, LEASE)) == 1

    def test_a_claimed_timer_is_nobody_elses(self, world: World) -> None:
        store(world, running(SECOND, of=key(1)))
        store(world, running(HOUR * 10, of=key(2)))
        claim = claim_one(world, at_minute=1)

        assert world.timers.claim(NOW + MINUTE, 10, LEASE) == []
        assert world.timers.next_due() == NOW + 9 * HOUR
        assert world.timers.still_held([claim]) == [claim]

    def test_a_claim_whose_lease_ran_out_may_be_taken_over(self, world: World) -> None:
        store(world, running(SECOND))
        lost = claim_one(world)
        world.let_leases_run_out()

        taken = claim_one(world)

        assert taken.token != lost.token
        assert world.timers.still_held([lost, taken]) == [taken]
        assert world.timers.settle([Settlement(lost, after=None)]) == [KEY]
        assert world.timers.get(KEY) is not None

    def test_a_released_claim_is_free_at_once(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)

        world.timers.release([claim])

        assert world.timers.still_held([claim]) == []
        assert claim_one(world).timer == claim.timer

    def test_a_command_takes_the_timer_out_of_a_claim(self, world: World) -> None:
        stored = store(world, running(SECOND))
        claim = claim_one(world)
        extended = world.timers.commit(change(stored, extend(stored, HOUR, now=NOW, policy=POLICY)))
        entries = world.ledger()

        assert world.timers.still_held([claim]) == []
        notice = EndedNotice(KEY, None, ended_at=NOW)
        assert world.timers.settle([Settlement(claim, None, entry(claim), notice)]) == [KEY]
        world.timers.release([claim])

        assert world.timers.get(KEY) == extended
        assert world.ledger() == entries
        assert world.outbox.next_due() is None

    def test_settling_writes_the_outcome_the_entry_and_the_notice(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)
        notice = EndedNotice(KEY, CHANNEL, ended_at=NOW + SECOND)

        assert world.timers.settle([Settlement(claim, None, entry(claim), notice)]) == []

        assert world.timers.get(KEY) is None
        assert world.ledger()[-1] == ("ended", None, "seen", None)
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        assert posted.notice == notice

    def test_settling_moves_a_timer_on_and_frees_it(self, world: World) -> None:
        store(world, running(2 * HOUR, channel=CHANNEL))
        claim = claim_one(world, at_minute=60)
        decision = decide(claim.timer, POLICY, NOW + HOUR)
        assert isinstance(decision, Advance)

        assert world.timers.settle([Settlement(claim, decision.timer, notice=decision.warning)]) == []

        moved = world.timers.get(KEY)
        assert moved is not None
        assert moved.state == decision.timer.state
        assert moved.version > claim.timer.version
        assert world.timers.next_due() == NOW + 110 * MINUTE
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        assert posted.notice == WarningNotice(KEY, CHANNEL, threshold=HOUR, ends_at=NOW + 2 * HOUR)

    def test_a_batch_settles_what_holds_and_names_what_was_lost(self, world: World) -> None:
        for user in range(1, 6):
            store(world, running(user * SECOND, of=key(user)))
        claims = world.timers.claim(NOW + MINUTE, 10, LEASE)
        changed = world.timers.commit(change(claims[2].timer, pause(running(HOUR, of=key(3)), now=NOW)))
        outcomes = [
            Settlement(claims[0], None, entry(claims[0]), EndedNotice(claims[0].timer.key, None, NOW)),
            Settlement(claims[1], end(claims[1].timer, now=NOW + MINUTE)),
            Settlement(claims[2], None, entry(claims[2]), EndedNotice(claims[2].timer.key, None, NOW)),
            Settlement(claims[3], None, entry(claims[3])),
            Settlement(claims[4], claims[4].timer),
        ]

        assert world.timers.settle(outcomes) == [key(3)]

        assert world.timers.get(key(1)) is None
        assert world.timers.get(key(3)) == changed
        assert world.timers.get(key(4)) is None
        left = [world.timers.get(key(user)) for user in (2, 5)]
        assert [timer and timer.due_at for timer in left] == [NOW + MINUTE, NOW + 5 * SECOND]
        assert [line[0] for line in world.ledger()].count("ended") == 2
        assert len(world.outbox.claim(NOW + HOUR, 10, LEASE)) == 1

    def test_settling_or_holding_nothing_does_nothing(self, world: World) -> None:
        assert world.timers.settle([]) == []
        assert world.timers.still_held([]) == []
        world.timers.release([])
        assert world.timers.claim(NOW, 10, LEASE) == []

    def test_a_command_drops_undelivered_warnings_of_its_timer_only(self, world: World) -> None:
        for user in (1, 2):
            store(world, running(2 * HOUR, of=key(user)))
        claims = world.timers.claim(NOW + HOUR, 10, LEASE)
        decisions = [decide(claim.timer, POLICY, NOW + HOUR) for claim in claims]
        world.timers.settle(
            [
                Settlement(claim, decision.timer, notice=decision.warning)
                for claim, decision in zip(claims, decisions, strict=True)
                if isinstance(decision, Advance)
            ]
        )
        stored = world.timers.get(key(1))
        assert stored is not None

        paused = world.timers.commit(change(stored, pause(stored, now=NOW + HOUR)))
        assert paused is not None
        world.timers.commit(change(paused, resume(paused, now=NOW + HOUR, policy=POLICY)))

        assert [posted.notice.key for posted in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [key(2)]

    def test_blocked_timers_are_made_due_and_nothing_else_of_them_changes(self, world: World) -> None:
        stored = store(world, blocked(key(1)))

        assert world.timers.unblock(GuildId(1), NOW) == 1

        after = world.timers.get(key(1))
        assert after is not None
        assert after.version > stored.version
        assert isinstance(stored.state, Ending)
        assert after.state == replace(stored.state, next_attempt_at=NOW)
        assert world.timers.next_due() == NOW
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

        assert world.outbox.next_due() is None
        store(world, end(running(HOUR, of=key(2)), now=NOW))
        assert meet_obstacle(world, key(2), obstacle=Obstacle.REFUSED) == 1
