"""One pass over the outbox."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.app.delivering.delivery import MOST_WAVES, DeliveryPass
from boostmon.app.delivering.waves import SENT_AT_ONCE
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import DeliverySettlement, Message, Reply
from boostmon.domain.details import Detail, Drop, NoticeDropped, NoticeRefused, NoticeTold, told
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import (
    EndedNotice,
    NoticeKind,
    WarningNotice,
)
from boostmon.domain.transitions import (
    extend,
)
from boostmon.domain.ways import (
    Barrier,
    Refusal,
    ToChannel,
    ToMember,
)
from tests.support.stage import (
    Point,
    Stage,
)
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, key, running

FIELDS = ("timer", "where", "error", "notices")


def warn(stage: Stage, of: TimerKey = KEY, channel: ChannelId | None = CHANNEL) -> WarningNotice:
    """A timer crosses its 10-minute threshold at NOW."""
    stage.put(running(HOUR, at=NOW - 50 * MINUTE, of=of, channel=channel))
    assert stage.sweep().warned == 1
    return WarningNotice(of, channel, threshold=10 * MINUTE, ends_at=NOW + 10 * MINUTE)


def end_timers(stage: Stage, number: int) -> list[EndedNotice]:
    """As many timers end, a second apart, the last of them at NOW."""
    for user in range(1, number + 1):
        stage.put(running(SECOND, at=NOW - (number - user + 1) * SECOND, of=key(user)))
    assert stage.sweep().ended == number
    stage.store.ledger.clear()
    return [EndedNotice(key(user), None, ended_at=NOW - (number - user) * SECOND) for user in range(1, number + 1)]


def test_an_empty_box_needs_no_pass(stage: Stage) -> None:
    assert stage.deliver() == DeliveryPass(next_due=None)


def test_a_notice_is_told_and_leaves_with_an_entry(stage: Stage) -> None:
    warning = warn(stage)

    assert stage.deliver() == DeliveryPass(next_due=None, delivered=1, messages=1)

    assert stage.notifier.in_channel(CHANNEL) == [warning]
    assert stage.ledger == (LedgerEntry(KEY, NOW, Action.DELIVERED, detail=told(warning, ToChannel(CHANNEL))),)
    assert not stage.store.notices


def test_the_oldest_is_told_first_and_few_at_once(stage: Stage) -> None:
    news = end_timers(stage, 2 * SENT_AT_ONCE + 5)

    assert stage.deliver() == DeliveryPass(next_due=None, delivered=len(news), messages=len(news))

    assert [told.notice for told in stage.notifier.told] == news
    assert stage.messenger.batches == [SENT_AT_ONCE, SENT_AT_ONCE, 5]
    assert [entry.detail for entry in stage.ledger] == [NoticeTold(NoticeKind.ENDED, ToMember())] * len(news)


def test_more_than_a_batch_leaves_in_one_pass(stage: Stage) -> None:
    news = end_timers(stage, 7)

    assert replace(stage.deliver, batch=3)() == DeliveryPass(next_due=None, delivered=7, messages=7)

    assert [told.notice for told in stage.notifier.told] == news


def test_a_notice_that_could_not_be_sent_stays_and_is_tried_again(stage: Stage) -> None:
    warning = warn(stage)
    stage.notifier.fail_next("503")

    assert stage.deliver() == DeliveryPass(next_due=NOW + SECOND, postponed=1)
    assert stage.ledger == ()
    assert stage.deliver() == DeliveryPass(next_due=NOW + SECOND)
    stage.clock.advance(SECOND)
    assert stage.deliver() == DeliveryPass(next_due=None, delivered=1, messages=1)

    assert stage.notifier.in_channel(CHANNEL) == [warning]


def test_a_notice_that_a_limit_holds_back_is_no_failure(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    warning = warn(stage)
    stage.notifier.hold_next("used up", 3 * SECOND)

    assert stage.deliver() == DeliveryPass(next_due=NOW + 3 * SECOND, held=1)
    assert stage.ledger == ()
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
    stage.clock.advance(3 * SECOND)
    [posted] = stage.outbox.claim(stage.clock.now(), 1, MINUTE)
    assert posted.attempts == 0
    stage.outbox.release([posted])
    stage.deliver()
    assert stage.notifier.in_channel(CHANNEL) == [warning]


def test_attempts_come_ever_later_and_no_sooner_than_discord_wishes(stage: Stage) -> None:
    warn(stage)
    waits = []
    for after in (0 * SECOND, 0 * SECOND, 0 * SECOND, 100 * SECOND):
        stage.notifier.fail_next("429", after=after)
        due = stage.deliver().next_due
        assert due is not None
        waits.append(due - stage.clock.now())
        stage.clock.advance(waits[-1])

    assert waits == [SECOND, 2 * SECOND, 4 * SECOND, 100 * SECOND]


def test_an_answer_that_was_lost_does_not_double_the_message(stage: Stage) -> None:
    warning = warn(stage)
    stage.notifier.lose_next_answer()

    stage.deliver()
    stage.clock.advance(SECOND)
    stage.deliver()

    assert stage.notifier.in_channel(CHANNEL) == [warning]


def test_a_notice_that_reaches_nobody_is_given_up_and_the_ledger_says_why(stage: Stage) -> None:
    warn(stage)
    stage.notifier.close_channel(CHANNEL)
    stage.notifier.close_inbox(ALICE)

    assert stage.deliver() == DeliveryPass(next_due=None, given_up=1)

    [entry] = stage.ledger
    assert (entry.action, entry.detail) == (
        Action.UNDELIVERED,
        NoticeRefused(
            NoticeKind.WARNING,
            (
                Refusal(ToChannel(CHANNEL), "closed", Barrier.CHANNEL_FORBIDDEN),
                Refusal(ToMember(), "closed", Barrier.DMS_CLOSED),
            ),
            10 * MINUTE,
        ),
    )
    assert not stage.store.notices


@pytest.mark.parametrize(
    ("owe", "life", "detail"),
    [
        (warn, 10 * MINUTE, NoticeDropped(NoticeKind.WARNING, Drop.TOO_LATE, 10 * MINUTE)),
        (lambda stage: end_timers(stage, 1), DAY, NoticeDropped(NoticeKind.ENDED, Drop.TOO_LATE)),
    ],
    ids=["warning", "ended"],
)
def test_a_notice_is_told_until_its_moment_has_passed_and_then_dropped(
    stage: Stage, owe: Callable[[Stage], object], life: timedelta, detail: Detail
) -> None:
    owe(stage)
    stage.clock.advance(life)

    assert stage.deliver() == DeliveryPass(next_due=None, given_up=1)

    assert stage.notifier.told == ()
    assert stage.messenger.batches == []
    assert [(entry.action, entry.detail) for entry in stage.ledger] == [(Action.UNDELIVERED, detail)]


def test_a_notice_is_still_told_a_moment_before_it_is_stale(stage: Stage) -> None:
    warn(stage)
    stage.clock.advance(10 * MINUTE - timedelta.resolution)

    assert stage.deliver().delivered == 1


def test_each_of_a_chunk_has_its_own_fate(stage: Stage) -> None:
    warn(stage)
    del stage.store.timers[KEY]
    stage.clock.advance(10 * MINUTE)
    for user in (1, 2, 3):
        stage.put(running(SECOND, at=stage.clock.now() - (4 - user) * SECOND, of=key(user)))
    stage.sweep()
    stage.store.ledger.clear()
    stage.notifier.fail_next("503")
    stage.notifier.close_inbox(key(2).user)

    done = stage.deliver()

    assert (done.delivered, done.postponed, done.given_up) == (1, 1, 2)
    assert stage.messenger.batches == [3]
    assert [told.notice.key for told in stage.notifier.told] == [key(3)]
    assert {(entry.key, entry.action) for entry in stage.ledger} == {
        (KEY, Action.UNDELIVERED),
        (key(2), Action.UNDELIVERED),
        (key(3), Action.DELIVERED),
    }


def test_what_goes_stale_while_others_are_sent_is_not_sent(stage: Stage) -> None:
    news = end_timers(stage, SENT_AT_ONCE + 1)
    stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: stage.clock.advance(DAY))

    done = stage.deliver()

    assert (done.delivered, done.given_up) == (SENT_AT_ONCE, 1)
    assert [told.notice for told in stage.notifier.told] == news[:-1]


def test_a_stopping_pass_claims_nothing(stage: Stage) -> None:
    warn(stage)
    stage.is_stopping = True

    assert stage.deliver() == DeliveryPass(next_due=None)

    assert stage.outbox.next_due(NOW) == NOW


def test_a_pass_that_is_stopped_finishes_what_it_sends_and_gives_the_rest_back(stage: Stage) -> None:
    news = end_timers(stage, 3 * SENT_AT_ONCE)
    stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: setattr(stage, "is_stopping", True))

    assert replace(stage.deliver, batch=3 * SENT_AT_ONCE)().delivered == SENT_AT_ONCE

    again = stage.outbox.claim(NOW, 1000, MINUTE)
    assert [(posted.notice, posted.attempts) for posted in again] == [(one, 0) for one in news[SENT_AT_ONCE:]]


class FailingOutbox(InMemoryOutbox):
    """Does not write what became of a notice."""

    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        raise StorageUnavailable(f"no answer about {len(settlements)} notices")


def test_a_database_that_fails_after_sending_does_not_double_the_message(stage: Stage) -> None:
    warning = warn(stage)
    forgetful = replace(stage.deliver, outbox=FailingOutbox(stage.store))
    with pytest.raises(StorageUnavailable):
        forgetful()
    assert stage.deliver() == DeliveryPass(next_due=stage.clock.now() + stage.deliver.lease)
    stage.let_leases_run_out()

    assert stage.deliver().delivered == 1
    assert stage.notifier.in_channel(CHANNEL) == [warning]


def test_a_warning_that_is_not_true_any_more_is_not_sent(stage: Stage) -> None:
    warn(stage)
    stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY))

    assert stage.deliver() == DeliveryPass(next_due=None)

    assert stage.notifier.told == ()


def test_a_warning_that_becomes_untrue_while_others_are_sent_is_not_sent(stage: Stage) -> None:
    news = end_timers(stage, SENT_AT_ONCE)
    warned = key(SENT_AT_ONCE + 1)
    warn(stage, warned, channel=None)
    stage.interruptions.plan(
        Point.BEFORE_DELIVER, lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY), warned)
    )

    assert stage.deliver().delivered == SENT_AT_ONCE

    assert {told.notice.key for told in stage.notifier.told} == {one.key for one in news}


def test_nothing_is_claimed_before_it_is_due(stage: Stage) -> None:
    warn(stage)
    stage.notifier.fail_next("503")
    stage.deliver()
    claims: list[None] = []
    stage.interruptions.each_time(Point.NOTICES_CLAIMED, lambda: claims.append(None))

    assert stage.deliver().next_due == NOW + SECOND

    assert claims == []


def test_what_many_members_of_one_guild_are_told_does_not_keep_another_guild_waiting(stage: Stage) -> None:
    for user in range(1, SENT_AT_ONCE + 2):
        stage.put(running(SECOND, at=NOW - 2 * SECOND, of=key(user)))
    other = key(1000, guild=2)
    stage.put(running(SECOND, at=NOW - SECOND, of=other))
    stage.sweep()

    stage.deliver()

    assert other in [told.notice.key for told in stage.notifier.told][:SENT_AT_ONCE]


def test_the_ledger_says_when_discord_had_the_notice_not_when_it_was_claimed(stage: Stage) -> None:
    warn(stage)
    stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: stage.clock.advance(3 * SECOND))

    stage.deliver()

    assert [entry.at for entry in stage.ledger] == [NOW + 3 * SECOND]


def test_what_a_stopped_pass_gave_back_is_nothing_it_gave_up(stage: Stage) -> None:
    end_timers(stage, 2 * SENT_AT_ONCE)

    def stop_late() -> None:
        stage.is_stopping = True
        stage.clock.advance(DAY)  # the others are stale by now

    stage.interruptions.plan(Point.BEFORE_DELIVER, stop_late)

    done = stage.deliver()

    assert (done.delivered, done.given_up) == (SENT_AT_ONCE, 0)
    assert len(stage.store.notices) == SENT_AT_ONCE


def test_what_was_given_back_after_some_waves_is_given_up_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    end_timers(stage, MOST_WAVES * SENT_AT_ONCE + 1)
    for _ in range(MOST_WAVES - 1):
        stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: None)
    stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: stage.clock.advance(DAY))

    done = stage.deliver()

    assert (done.delivered, done.given_up) == (MOST_WAVES * SENT_AT_ONCE, 1)
    assert caplog.messages == ["notice given up"]


def test_whoever_runs_the_bot_reads_what_discord_said(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    end_timers(stage, 2)
    stage.notifier.close_inbox(key(1).user)
    stage.notifier.fail_next("503")

    with caplog.at_level(logging.INFO):
        stage.deliver()

    told = {record.message: record for record in caplog.records}
    fields = {text: {name: record.__dict__.get(name) for name in FIELDS} for text, record in told.items()}
    assert fields == {
        "a message was turned away": {"timer": key(1), "where": ToMember(), "error": "closed", "notices": None},
        "message not delivered yet": {"timer": key(2), "where": ToMember(), "error": "503", "notices": 1},
        "notice given up": {"timer": key(1), "where": None, "error": None, "notices": None},
    }
    assert {text: record.levelname for text, record in told.items()} == {
        "a message was turned away": "INFO",
        "message not delivered yet": "WARNING",
        "notice given up": "WARNING",
    }


class SilentNotifier(InMemoryNotifier):
    """Breaks its contract: it does not say what became of the last message."""

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        return super().deliver(messages)[:-1]


def test_a_notifier_that_keeps_a_reply_to_itself_is_a_fault_and_loses_nothing(stage: Stage) -> None:
    news = end_timers(stage, 2)

    with pytest.raises(ValueError, match="shorter"):
        replace(stage.deliver, notifier=SilentNotifier())()

    assert stage.owed == news


def test_what_became_of_two_parts_is_counted_together_and_the_later_one_says_when_to_come_again() -> None:
    first = DeliveryPass(NOW, delivered=1, postponed=2, given_up=3, held=4, messages=5)
    then = DeliveryPass(NOW + MINUTE, delivered=10, postponed=20, given_up=30, held=40, messages=50)

    both = DeliveryPass(NOW + MINUTE, delivered=11, postponed=22, given_up=33, held=44, messages=55)
    assert first + then == both
