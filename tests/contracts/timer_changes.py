"""What every `TimerRepository` promises about reading and committing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.errors import Conflict
from boostmon.domain.ids import ChannelId, GuildId, UserId
from boostmon.domain.timers import Ending, Obstacle, Timer, Waiting
from boostmon.domain.transitions import end, extend, pause
from tests.contracts.world import World, store
from tests.support.timers import (
    ALICE,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    POLICY,
    anchored,
    change,
    key,
    running,
    waiting,
)


class TimerChangesContract:
    """Subclass it with a `world` fixture."""

    @pytest.mark.parametrize(
        "timer",
        [
            running(HOUR, channel=CHANNEL),
            running(timedelta(seconds=3, microseconds=1)),
            running(timedelta(days=3650)),
            anchored(31),
            pause(running(timedelta(days=400, microseconds=123_457)), now=NOW + MINUTE),
            pause(running(HOUR), now=NOW, until=NOW + timedelta(days=3, microseconds=7)),
            end(running(HOUR), now=NOW + MINUTE),
            waiting(timedelta(days=3, microseconds=7), channel=CHANNEL),
            replace(running(HOUR), state=Waiting(NOW, None, NOW)),
            replace(
                waiting(HOUR).with_grant_until(NOW + DAY),
                state=Waiting(NOW, NOW + HOUR, NOW + MINUTE, 31, 3, Obstacle.GUILD_GONE, "404 (10004)"),
            ),
            replace(
                end(running(HOUR, of=key(2**63 - 1, 2**63 - 2, 2**62)), now=NOW + 2 * HOUR),
                channel=ChannelId(5),
            ),
        ],
        ids=[
            "running",
            "short",
            "ten-years",
            "anchored",
            "paused",
            "paused-for-days",
            "ending",
            "waiting",
            "for-good",
            "not-given",
            "wide-ids",
        ],
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

    def test_each_guild_has_timers_of_its_own_for_the_same_member_and_role(self, world: World) -> None:
        first, second, third = (store(world, running(guild * HOUR, of=key(guild=guild))) for guild in (1, 2, 3))

        assert [world.timers.get(key(guild=guild)) for guild in (1, 2, 3)] == [first, second, third]
        changed = world.timers.commit(change(second, extend(second, HOUR, now=NOW, policy=POLICY)))
        assert [world.timers.get(key(guild=guild)) for guild in (1, 2, 3)] == [first, changed, third]
        assert world.timers.commit(change(changed, None)) is None
        assert [world.timers.get(key(guild=guild)) for guild in (1, 2, 3)] == [first, None, third]

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

    def test_a_request_changes_each_of_many_timers_once(self, world: World) -> None:
        many = [key(1, 1), key(1, 2), key(2, 1)]
        first = [world.timers.commit(change(None, running(HOUR, of=of), request=77)) for of in many]

        again = [world.timers.commit(change(None, running(DAY, of=of), request=77)) for of in many]

        assert [timer.key for timer in first if timer is not None] == many
        assert again == first == [world.timers.get(of) for of in many]
        assert len(world.ledger()) == len(many)

    def test_a_request_is_remembered_beyond_its_timer(self, world: World) -> None:
        stored = world.timers.commit(change(None, running(HOUR), request=77))
        world.timers.commit(change(stored, None))

        assert world.timers.commit(change(None, running(HOUR), request=77)) is None

        assert world.timers.get(KEY) is None
        assert len(world.ledger()) == 2

    def test_a_refused_commit_does_not_use_up_its_request(self, world: World) -> None:
        first = store(world, running(HOUR))
        second = world.timers.commit(change(first, extend(first, HOUR, now=NOW, policy=POLICY)))
        with pytest.raises(Conflict):
            world.timers.commit(change(first, None, request=77))

        assert world.timers.commit(change(second, None, request=77)) is None

        assert world.timers.get(KEY) is None

    def test_a_request_is_known_in_its_own_guild_only(self, world: World) -> None:
        world.timers.commit(change(None, running(HOUR, of=key(1, 1, guild=1)), request=77))
        world.timers.commit(change(None, running(HOUR, of=key(1, 1, guild=2)), request=77))

        assert len(world.ledger()) == 2

    def test_changes_that_belong_together_are_written_together(self, world: World) -> None:
        giver, other = store(world, running(HOUR, of=key(2))), key(1)
        ending = end(giver, now=NOW, first_attempt=MINUTE)

        stored = world.timers.commit_together(
            [change(giver, ending, request=5), change(None, running(HOUR, of=other), request=5)]
        )

        assert list(stored) == [world.timers.get(giver.key), world.timers.get(other)]
        assert [one.state for one in stored if one] == [ending.state, running(HOUR).state]
        assert world.timers.next_due(NOW) == NOW + MINUTE

    @pytest.mark.parametrize("outdated", ["giver", "receiver"])
    def test_of_changes_that_belong_together_all_are_written_or_none(self, world: World, outdated: str) -> None:
        giver, receiver = store(world, running(HOUR, of=key(2))), store(world, running(HOUR, of=key(1)))
        late = giver if outdated == "giver" else receiver
        changed = world.timers.commit(change(late, extend(late, HOUR, now=NOW, policy=POLICY)))

        with pytest.raises(Conflict):
            world.timers.commit_together(
                [
                    change(giver, end(giver, now=NOW), request=5),
                    change(receiver, extend(receiver, HOUR, now=NOW, policy=POLICY), request=5),
                ]
            )

        kept = {giver.key: giver, receiver.key: receiver} | {late.key: changed}
        assert {of: world.timers.get(of) for of in kept} == kept

    def test_changes_that_belong_together_are_made_once_for_a_request(self, world: World) -> None:
        giver = store(world, running(HOUR, of=key(2)))
        changes = [
            change(giver, end(giver, now=NOW), request=5),
            change(None, running(HOUR, of=key(1)), request=5),
        ]

        first = world.timers.commit_together(changes)

        assert world.timers.commit_together(changes) == first
