"""What every `Outbox` promises. Run on memory (unit) and on PostgreSQL (integration)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from uuid import UUID

import pytest

from boostmon.app.ports import DeliverySettlement, Posted, Postmark, Settlement
from boostmon.domain.details import told
from boostmon.domain.ids import ChannelId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice, Notice, WarningNotice
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way
from tests.contracts.world import LEASE, World, store
from tests.support.timers import CHANNEL, HOUR, MINUTE, NOW, SECOND, change, key, running


def post(world: World, *users: int, channels: Sequence[int] = ()) -> list[Notice]:
    """Ends a timer of each user, which owes a notice each, due a second apart; for these channels, if any."""
    for user in users:
        store(world, running(user * SECOND, of=key(user)))
    notices: list[Notice] = [
        EndedNotice(key(user), None if channel is None else ChannelId(channel), ended_at=NOW + user * SECOND)
        for user, channel in zip_longest(users, channels)
    ]
    claims = world.timers.claim(NOW + HOUR, 100, LEASE)
    by_key = {notice.key: notice for notice in notices}
    world.timers.settle([Settlement(claim, None, notice=by_key[claim.timer.key]) for claim in claims])
    return notices


def claim(world: World, limit: int = 10) -> Sequence[Posted]:
    """Claims what is due after an hour."""
    return world.outbox.claim(NOW + HOUR, limit, LEASE)


def delivered(posted: Posted) -> DeliverySettlement:
    """Its delivery with its entry."""
    entry = LedgerEntry(key=posted.notice.key, at=NOW, action=Action.DELIVERED, detail=told(posted.notice, ToMember()))
    return DeliverySettlement(posted, entry=entry)


MESSAGE = UUID(int=77)


def marked(posted: Posted, way: Way) -> Posted:
    """In the one message."""
    return replace(posted, postmark=Postmark(MESSAGE, way))


class OutboxContract:
    """Subclass it with a `world` fixture."""

    def test_an_empty_box_is_never_due(self, world: World) -> None:
        assert world.outbox.next_due(NOW) is None
        assert claim(world) == []
        world.outbox.settle([])
        world.outbox.release([])

    def test_notices_come_as_they_were_posted_oldest_first(self, world: World) -> None:
        notices = post(world, 3, 1, 2)

        assert world.outbox.next_due(NOW) == NOW + SECOND
        first = claim(world, limit=2)
        rest = claim(world)

        assert [posted.notice for posted in (*first, *rest)] == sorted(notices, key=lambda n: n.key)
        assert len({posted.id for posted in (*first, *rest)}) == 3
        assert {posted.attempts for posted in first} == {0}

    def test_those_of_one_channel_come_together_where_all_are_due_at_once(self, world: World) -> None:
        post(world, 1, 2, 3, 4, channels=(1, 2, 1, 2))
        world.outbox.settle([DeliverySettlement(posted, retry_at=NOW + MINUTE) for posted in claim(world)])

        first = claim(world, limit=2)
        rest = claim(world)

        assert [posted.notice.key.user for posted in (*first, *rest)] == [1, 3, 2, 4]

    def test_nothing_is_claimed_before_it_is_due(self, world: World) -> None:
        post(world, 1)

        assert world.outbox.claim(NOW, 10, LEASE) == []

    def test_a_claimed_notice_is_nobody_elses_until_its_lease_runs_out(self, world: World) -> None:
        post(world, 1)
        [held] = claim(world)
        assert claim(world) == []
        due = world.outbox.next_due(NOW + HOUR)
        assert due is not None
        assert NOW + HOUR < due <= NOW + HOUR + LEASE

        world.let_leases_run_out()

        [taken] = claim(world)
        assert (taken.id, taken.notice) == (held.id, held.notice)
        world.outbox.settle([delivered(held)])
        assert [line[0] for line in world.ledger()] == ["set"]
        world.outbox.settle([delivered(taken)])
        assert [line[0] for line in world.ledger()] == ["set", "delivered"]

    def test_giving_a_lost_notice_back_does_not_free_its_successor(self, world: World) -> None:
        post(world, 1)
        lost = claim(world)
        world.let_leases_run_out()
        taken = claim(world)

        world.outbox.release(lost)
        world.outbox.settle([DeliverySettlement(lost[0], retry_at=NOW, error="late")])

        assert claim(world) == []
        world.outbox.settle([delivered(taken[0])])
        assert [line[0] for line in world.ledger()] == ["set", "delivered"]

    def test_what_a_command_dropped_while_it_was_being_sent_is_not_logged(self, world: World) -> None:
        warned = store(world, running(2 * HOUR))
        claims = world.timers.claim(NOW + HOUR, 10, LEASE)
        warning = WarningNotice(warned.key, None, threshold=HOUR, ends_at=NOW + 2 * HOUR)
        world.timers.settle([Settlement(claims[0], claims[0].timer, notice=warning)])
        posted = claim(world)

        world.timers.commit(change(world.timers.get(warned.key), None))
        world.outbox.settle([delivered(one) for one in posted])

        assert len(posted) == 1
        assert [line[0] for line in world.ledger()] == ["set", "set"]
        assert world.outbox.next_due(NOW) is None

    def test_a_delivered_notice_leaves_with_its_entry_once(self, world: World) -> None:
        post(world, 1)
        [posted] = claim(world)

        world.outbox.settle([delivered(posted)])
        world.outbox.settle([delivered(posted)])

        assert world.outbox.next_due(NOW) is None
        assert world.ledger()[1:] == [("delivered", None, None, None)]
        assert world.details()[1:] == [told(posted.notice, ToMember())]

    def test_a_postponed_notice_waits_for_its_next_attempt(self, world: World) -> None:
        post(world, 1)
        [posted] = claim(world)
        later = NOW + 2 * HOUR

        world.outbox.settle([DeliverySettlement(posted, retry_at=later, error="503")])

        assert world.outbox.next_due(NOW) == later
        assert world.outbox.claim(later - SECOND, 10, LEASE) == []
        [again] = world.outbox.claim(later, 10, LEASE)
        assert (again.id, again.attempts) == (posted.id, 1)
        assert [line[0] for line in world.ledger()] == ["set"]

    def test_a_notice_that_was_held_back_waits_without_an_attempt(self, world: World) -> None:
        post(world, 1, 2)
        held, tried = claim(world)
        later = NOW + 2 * HOUR

        world.outbox.settle(
            [
                DeliverySettlement(held, retry_at=later, error="used up", is_attempt=False),
                DeliverySettlement(tried, retry_at=later, error="503"),
            ]
        )

        assert world.outbox.claim(later - SECOND, 10, LEASE) == []
        again = world.outbox.claim(later, 10, LEASE)
        assert {posted.id: posted.attempts for posted in again} == {held.id: 0, tried.id: 1}

    def test_a_batch_settles_each_in_its_own_way(self, world: World) -> None:
        post(world, 1, 2)
        first, second = claim(world)

        world.outbox.settle([delivered(first), DeliverySettlement(second, retry_at=NOW + MINUTE, error="x")])

        assert [posted.id for posted in claim(world)] == [second.id]

    def test_a_renewed_lease_begins_anew_for_what_is_held(self, world: World) -> None:
        post(world, 1, 2, 3)
        first, second, third = claim(world)
        world.outbox.settle([delivered(first)])
        world.outbox.release([second])
        [taken] = claim(world)
        world.let_leases_run_out()

        assert world.outbox.renew([first, second, third], LEASE) == [third]
        assert world.outbox.renew([], LEASE) == []

        assert [posted.id for posted in claim(world)] == [taken.id]
        assert world.outbox.renew([third], timedelta(0)) == [third]
        assert [posted.id for posted in claim(world)] == [third.id]

    def test_a_released_notice_is_free_and_untried(self, world: World) -> None:
        post(world, 1)
        [posted] = claim(world)

        world.outbox.release([posted])

        [again] = claim(world)
        assert (again.id, again.attempts) == (posted.id, 0)

    def test_a_postmark_stays_until_it_is_certain_that_nothing_was_sent(self, world: World) -> None:
        post(world, 1, 2)
        posted = [marked(one, ToChannel(CHANNEL)) for one in claim(world)]

        assert world.outbox.mark(posted) == posted
        world.let_leases_run_out()
        again = claim(world)
        assert [one.postmark for one in again] == [one.postmark for one in posted]
        unknown, unsent = again
        world.outbox.settle(
            [
                DeliverySettlement(unknown, retry_at=NOW, error="no answer"),
                DeliverySettlement(unsent, retry_at=NOW, error="used up", is_attempt=False, is_unsent=True),
            ]
        )

        assert [one.postmark for one in claim(world)] == [posted[0].postmark, None]

    @pytest.mark.parametrize("way", [ToChannel(CHANNEL), ToMember(), ToLog(CHANNEL)])
    def test_a_postmark_names_message_and_way(self, world: World, way: Way) -> None:
        post(world, 1)
        [posted] = claim(world)

        world.outbox.mark([marked(posted, way)])
        world.outbox.release([posted])

        [again] = claim(world)
        assert again.postmark == Postmark(MESSAGE, way)

    def test_only_what_is_held_is_marked(self, world: World) -> None:
        post(world, 1, 2, 3)
        first, second, third = (marked(one, ToMember()) for one in claim(world))
        world.outbox.settle([delivered(first)])
        world.outbox.release([second])

        assert world.outbox.mark([first, second, third]) == [third]
        assert world.outbox.mark([]) == []

        assert [one.postmark for one in claim(world)] == [None]

    def test_what_belongs_to_one_message_is_claimed_whole_whatever_the_limit(self, world: World) -> None:
        post(world, 1, 2, 3, 4)
        one, two, three, four = claim(world)
        world.outbox.mark([marked(two, ToChannel(CHANNEL)), marked(four, ToChannel(CHANNEL))])
        world.outbox.release([one, two, three, four])

        assert [posted.id for posted in claim(world, limit=2)] == [one.id, two.id, four.id]
        assert [posted.id for posted in claim(world)] == [three.id]

    def test_no_part_of_a_message_is_claimed_while_another_part_is_held(self, world: World) -> None:
        post(world, 1, 2)
        both = [marked(one, ToChannel(CHANNEL)) for one in claim(world)]
        world.outbox.mark(both)
        world.let_leases_run_out()
        for held in both:
            assert world.outbox.renew([held], LEASE) == [held]
            assert claim(world) == []
            world.outbox.renew([held], timedelta(0))

        assert [posted.id for posted in claim(world)] == [posted.id for posted in both]

    def test_what_is_left_of_a_message_is_claimed_when_its_first_notice_is_gone(self, world: World) -> None:
        post(world, 1, 2, 3)
        posted = [marked(one, ToChannel(CHANNEL)) for one in claim(world)]
        world.outbox.mark(posted)
        world.outbox.settle([delivered(posted[0])])
        world.outbox.release(posted)

        assert [one.id for one in claim(world, limit=1)] == [one.id for one in posted[1:]]
