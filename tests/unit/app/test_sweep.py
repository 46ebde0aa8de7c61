"""One pass of the sweep when nobody interferes."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, groupby, pairwise

from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.ports import AuditReason, Claim
from boostmon.app.sweeping.claiming import (
    FULL_BATCHES_BETWEEN_LOOKS,
    PASSED_OVER,
)
from boostmon.app.sweeping.sweep import (
    REMOVALS_AT_ONCE,
    Sweep,
)
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.details import (
    Confirmed,
)
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice, WarningNotice
from boostmon.domain.outcomes import Outcome
from boostmon.domain.timers import Running
from boostmon.domain.transitions import pause
from boostmon.entrypoints.settings import Settings
from tests.support.stage import GOLD_KEY, Point, Stage
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, SECOND, TIME_UP, key, running


def test_an_empty_house_needs_no_sweep(stage: Stage) -> None:
    assert stage.sweep() == Swept(next_due=None)


def test_nothing_is_done_before_it_is_due_and_the_next_time_is_told(stage: Stage) -> None:
    timer = stage.have(2 * HOUR)
    stage.put(pause(running(MINUTE, of=GOLD_KEY), now=NOW))

    assert stage.sweep() == Swept(next_due=NOW + HOUR)

    assert stage.of() == timer
    assert stage.roles.acts == ()


def test_a_pause_that_is_over_is_ended_by_the_sweep(stage: Stage) -> None:
    before = stage.put(pause(running(2 * HOUR), now=NOW, until=NOW + DAY))
    assert stage.sweep() == Swept(next_due=NOW + DAY)
    stage.clock.advance(DAY)

    assert stage.sweep() == Swept(next_due=NOW + DAY + HOUR)

    after = stage.of()
    assert after is not None
    state = Running(NOW + DAY + 2 * HOUR, (HOUR, 10 * MINUTE, MINUTE))
    assert after == replace(before, state=state, version=after.version)
    assert stage.ledger == (
        LedgerEntry(KEY, NOW + DAY, Action.WENT_ON, None, before, replace(after, version=before.version)),
    )
    assert stage.owed == []
    assert stage.roles.acts == ()


def test_a_pause_that_was_over_long_ago_costs_no_time(stage: Stage) -> None:
    stage.put(pause(running(2 * HOUR), now=NOW, until=NOW + DAY))
    stage.clock.advance(2 * DAY)

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert stage.actions == ["went_on", "ended"]
    assert stage.roles.held == frozenset()


def test_a_crossed_threshold_owes_a_warning_and_moves_the_timer_on(stage: Stage) -> None:
    before = stage.put(running(2 * HOUR, channel=CHANNEL))
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 110 * MINUTE, warned=1)

    after = stage.of()
    assert after is not None
    state = Running(NOW + 2 * HOUR, (10 * MINUTE, MINUTE))
    assert after == replace(before, state=state, version=after.version)
    assert stage.owed == [WarningNotice(KEY, CHANNEL, threshold=HOUR, ends_at=NOW + 2 * HOUR)]
    assert stage.ledger == ()
    assert stage.roles.held == {KEY}


def test_after_downtime_there_is_one_warning(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.clock.advance(2 * HOUR - SECOND)

    assert stage.sweep() == Swept(next_due=NOW + 2 * HOUR, warned=1)

    assert stage.owed == [WarningNotice(KEY, None, threshold=MINUTE, ends_at=NOW + 2 * HOUR)]


def test_a_threshold_that_nobody_wants_any_more_is_passed_in_silence(stage: Stage) -> None:
    stage.put(replace(running(2 * HOUR), state=Running(NOW + 2 * HOUR, (90 * MINUTE,))))
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 2 * HOUR)

    assert stage.owed == []


def test_at_the_end_the_role_is_taken_the_row_goes_and_the_news_is_owed(stage: Stage) -> None:
    before = stage.put(running(5 * MINUTE, channel=CHANNEL))
    now = stage.clock.advance(6 * MINUTE)

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert stage.of() is None
    assert stage.roles.held == frozenset()
    assert [(act.kind, act.key, act.reason) for act in stage.roles.acts] == [("remove", KEY, TIME_UP)]
    assert stage.owed == [EndedNotice(KEY, CHANNEL, ended_at=NOW + 5 * MINUTE)]
    entry = LedgerEntry(KEY, now, Action.ENDED, None, before, None, detail=Confirmed())
    assert stage.ledger == (entry,)


def test_more_than_a_batch_is_swept_in_one_pass(stage: Stage) -> None:
    stage.have_many(7)
    stage.clock.advance(DAY)

    swept = replace(stage.sweep, batch=3)()

    assert swept == Swept(next_due=None, ended=7)
    assert stage.roles.held == frozenset()


def chunks_of(stage: Stage, number: int, meanwhile: Callable[[], object]) -> list[int]:
    """How many removals were asked for at once, one chunk after the other; `meanwhile` happens in each."""
    stage.have_many(number)
    stage.clock.advance(DAY)
    done = [0]

    def note() -> None:
        meanwhile()
        done.append(len(stage.roles.acts))

    stage.interruptions.each_time(Point.AFTER_REMOVE, note)
    assert replace(stage.sweep, chunks_at_once=1)().ended == number
    assert len(stage.owed) == number
    return [later - earlier for earlier, later in pairwise(done)]


def test_removals_are_asked_for_in_chunks_that_take_about_a_second(stage: Stage) -> None:
    assert chunks_of(stage, 101, lambda: stage.clock.advance(2 * SECOND)) == [50, 50, 1]


def test_chunks_grow_while_discord_is_quick(stage: Stage) -> None:
    chunks = chunks_of(stage, 400, lambda: None)

    assert chunks[:2] == [50, 50]
    # Whether both had grown it when the next batch was claimed depends on which thread was quicker.
    assert all(size >= 100 for size in chunks[2:-1])
    assert sum(chunks) == 400


def test_the_removals_of_many_guilds_come_in_turns(stage: Stage) -> None:
    first, second = GuildId(1), GuildId(2)
    for user, guild in enumerate((first, first, first, second, second)):
        stage.put(running(MINUTE, of=key(user, guild=guild)))
    stage.clock.advance(MINUTE)

    assert stage.sweep().ended == 5

    assert [act.key.guild for act in stage.roles.acts] == [first, second, first, second, first]


class MeetingRoles(InMemoryRoleGateway):
    """Removes nothing before two threads have come to it."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = threading.Barrier(2, timeout=30)

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self.meeting.wait()
        return super().remove(keys, reason)


def test_one_chunk_is_asked_for_while_another_waits_for_its_answers(stage: Stage) -> None:
    stage.have_many(2 * REMOVALS_AT_ONCE)
    stage.clock.advance(DAY)
    roles = MeetingRoles()

    assert replace(stage.sweep, roles=roles)().ended == 2 * REMOVALS_AT_ONCE

    assert len(roles.acts) == 2 * REMOVALS_AT_ONCE


def test_the_next_batch_is_claimed_while_the_last_chunk_of_one_waits_for_its_answers(stage: Stage) -> None:
    stage.have_many(6)
    stage.clock.advance(DAY)
    roles = MeetingRoles()

    assert replace(stage.sweep, roles=roles, batch=3)().ended == 6

    assert len(roles.acts) == 6


def test_warnings_and_endings_of_one_batch_are_both_done(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.have(HOUR, GOLD_KEY)
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 110 * MINUTE, warned=1, ended=1)


class EagerTimers(InMemoryTimers):
    """Says at first that everything is due: as after an import or a hand in the database."""

    asked = 0

    def next_due(self, now: datetime) -> datetime | None:
        self.asked += 1
        return NOW if self.asked == 1 else super().next_due(now)

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        return super().claim(now + DAY, limit, lease, except_guilds=except_guilds)


class CountedTimers(InMemoryTimers):
    """Counts how often it is asked when something is due."""

    looks = 0

    def next_due(self, now: datetime) -> datetime | None:
        self.looks += 1
        return super().next_due(now)


def test_what_was_announced_is_claimed_without_being_asked_for_again(stage: Stage) -> None:
    stage.have(MINUTE)
    timers = CountedTimers(stage.store)
    sweep = replace(stage.sweep, timers=timers)
    announced = sweep().next_due
    assert announced == NOW + MINUTE
    assert timers.looks == 1
    stage.clock.advance(MINUTE)

    assert sweep(announced) == Swept(next_due=None, ended=1)

    assert timers.looks == 2


def test_what_was_announced_and_is_gone_is_not_waited_for(stage: Stage) -> None:
    stage.have(HOUR)
    timers = CountedTimers(stage.store)

    assert replace(stage.sweep, timers=timers)(NOW).next_due == NOW + HOUR - 10 * MINUTE

    assert timers.looks == 1


class TracedTimers(InMemoryTimers):
    """Notes what it was asked, in order: "look" or "claim"."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.store)
        self.trace: list[str] = []

    def next_due(self, now: datetime) -> datetime | None:
        self.trace.append("look")
        return super().next_due(now)

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        if not except_guilds:  # those past a crowd are made by the clock
            self.trace.append("claim")
        return super().claim(now, limit, lease, except_guilds=except_guilds)


def test_full_batches_are_claimed_without_a_look_but_for_one_now_and_then(stage: Stage) -> None:
    stage.have_many(3 * FULL_BATCHES_BETWEEN_LOOKS)
    stage.clock.advance(DAY)
    timers = TracedTimers(stage)

    assert replace(stage.sweep, timers=timers, batch=1)().ended == 3 * FULL_BATCHES_BETWEEN_LOOKS

    in_a_row = [len(list(run)) for what, run in groupby(timers.trace) if what == "claim"]
    assert max(in_a_row) == FULL_BATCHES_BETWEEN_LOOKS


class BusyTimers(InMemoryTimers):
    """Somebody else is writing the row that is due."""

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        return super().claim(now - DAY, limit, lease, except_guilds=except_guilds)


def test_what_is_passed_over_is_asked_for_again_but_not_without_end(stage: Stage) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)

    assert replace(stage.sweep, timers=BusyTimers(stage.store))() == Swept(next_due=now + PASSED_OVER)


def test_a_timer_that_is_claimed_before_its_time_goes_back_as_it_was(stage: Stage) -> None:
    before = stage.have(2 * HOUR)

    swept = replace(stage.sweep, timers=EagerTimers(stage.store))()

    after = stage.of()
    assert swept == Swept(next_due=NOW + HOUR)
    assert after is not None
    assert after.version > before.version
    assert replace(after, version=before.version) == before
    assert stage.rows.next_due(NOW) == NOW + HOUR


def test_a_stopping_sweep_claims_nothing(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.is_stopping = True

    assert stage.sweep() == Swept(next_due=None)

    assert stage.roles.acts == ()
    assert stage.rows.next_due(NOW) == NOW + MINUTE


def test_a_sweep_that_is_stopped_settles_what_it_did_and_gives_the_rest_back(stage: Stage) -> None:
    timers = stage.have_many(3 * REMOVALS_AT_ONCE)
    stage.clock.advance(MINUTE)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: setattr(stage, "is_stopping", True))

    swept = replace(stage.sweep, chunks_at_once=1)()

    assert swept == Swept(next_due=None, ended=REMOVALS_AT_ONCE)
    assert len(stage.roles.acts) == REMOVALS_AT_ONCE
    left = [timer for timer in timers if stage.of(timer.key) is not None]
    assert len(left) == 2 * REMOVALS_AT_ONCE
    assert stage.roles.held == {timer.key for timer in left}
    assert len(stage.rows.claim(stage.clock.now(), 1000, MINUTE)) == len(left)


class WaitingRoles(InMemoryRoleGateway):
    """Says when a removal has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self.begun.set()
        return super().remove(keys, reason)


def test_a_sweep_that_is_stopped_counts_what_was_still_under_way(stage: Stage) -> None:
    stage.have_many(REMOVALS_AT_ONCE)
    stage.clock.advance(MINUTE)
    roles, looks, sweeper = WaitingRoles(), count(1), threading.current_thread()

    def is_stopping() -> bool:
        if threading.current_thread() is not sweeper or next(looks) == 1:
            return False
        assert roles.begun.wait(30)
        return True

    swept = replace(stage.sweep, roles=roles, batch=REMOVALS_AT_ONCE, stopping=is_stopping)()

    assert swept == Swept(next_due=None, ended=REMOVALS_AT_ONCE)


class RenewedTimers(InMemoryTimers):
    """Says when the leases of so many timers were renewed at once."""

    def __init__(self, stage: Stage, wanted: int) -> None:
        super().__init__(stage.store)
        self.wanted = wanted
        self.renewed = threading.Event()

    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        if len(claims) == self.wanted:
            self.renewed.set()
        return super().renew(claims, lease)


class SlowRoles(MeetingRoles):
    """Answers nobody before two threads have asked and all leases were renewed."""

    def __init__(self, renewed: threading.Event) -> None:
        super().__init__()
        self.renewed = renewed

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        outcomes = super().remove(keys, reason)
        assert self.renewed.wait(30)
        return outcomes


def test_a_lone_removal_does_not_let_the_leases_of_those_under_way_run_out(stage: Stage) -> None:
    stage.have_many(REMOVALS_AT_ONCE + 1)
    stage.clock.advance(DAY)
    timers = RenewedTimers(stage, REMOVALS_AT_ONCE + 1)
    sweep = replace(stage.sweep, timers=timers, roles=SlowRoles(timers.renewed), batch=REMOVALS_AT_ONCE)

    assert replace(sweep, lease=timedelta(milliseconds=30))().ended == REMOVALS_AT_ONCE + 1


def test_a_sweep_goes_on_where_nobody_says_when_to_stop(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)

    assert Sweep(stage.timers, stage.gateway, stage.clock, stage.policies)().ended == 1


def test_what_nobody_decides_is_as_an_operator_has_it_who_sets_nothing(stage: Stage) -> None:
    sweep = Sweep(stage.timers, stage.gateway, stage.clock, stage.policies)
    deliver = DeliverNotices(stage.outbox, stage.messenger, stage.clock, stage.policies)

    settings = Settings.model_fields
    assert (sweep.batch, sweep.lease) == (settings["sweep_batch"].default, settings["lease"].default)
    assert deliver.lease == sweep.lease


def test_what_came_of_two_parts_is_counted_together_and_the_later_one_says_when_to_come_again() -> None:
    first = Swept(NOW, warned=1, ended=2, failed=3, held=4, lost=5)
    then = Swept(NOW + HOUR, warned=10, ended=20, failed=30, held=40, lost=50)

    assert first + then == Swept(NOW + HOUR, warned=11, ended=22, failed=33, held=44, lost=55)
