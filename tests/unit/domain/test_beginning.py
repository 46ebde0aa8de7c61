"""Timers that begin later: planned, changed before they begin, and begun."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from boostmon.domain.backoff import PATIENCE
from boostmon.domain.beginning import begun, start_later
from boostmon.domain.decisions import SHORTEST_HOLD, Give, Remove, Wait, after_granting, decide
from boostmon.domain.durations import InvalidDuration, Span, When
from boostmon.domain.following import Follows, follow
from boostmon.domain.ids import RequestId
from boostmon.domain.ledger import Action
from boostmon.domain.losses import asks_first
from boostmon.domain.member_events import MemberJoined, MemberLeft, MemberSeen
from boostmon.domain.moving import received
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.policy import Policy, Rejoin, Stacking
from boostmon.domain.rejoining import Consequence, consequence_of, is_owed
from boostmon.domain.role_events import RoleGiven, RoleTaken
from boostmon.domain.rules import RoleRule
from boostmon.domain.stacking import set_again
from boostmon.domain.timers import (
    BegunAlready,
    EndsLater,
    EndsSooner,
    NotBegun,
    NothingWouldRemain,
    Obstacle,
    Running,
    Timer,
    TimerError,
    TimerThere,
    TooMuchTime,
    Waiting,
)
from boostmon.domain.transitions import end, extend, pause, reduce, resume
from tests.support.timers import (
    ALICE,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    POLICY,
    SECOND,
    TEN_YEARS,
    VIP,
    key,
    running,
    waiting,
)

START = NOW + DAY
MARK = START + 30 * SECOND


def later(length: timedelta) -> Timer:
    """One that begins at START, as it was planned."""
    return waiting(length)


def state_of(timer: Timer | None) -> Waiting:
    assert timer is not None
    assert isinstance(timer.state, Waiting)
    return timer.state


@pytest.mark.parametrize(
    ("duration", "ends_at"),
    [(2 * HOUR, START + 2 * HOUR), (START + HOUR, START + HOUR), (Span(1), datetime(2026, 12, 8, 12, tzinfo=UTC))],
    ids=["length", "moment", "month"],
)
def test_an_amount_counts_from_the_start_and_a_moment_is_a_moment(duration: When, ends_at: datetime) -> None:
    timer = start_later(KEY, duration, START, now=NOW, policy=POLICY, channel=CHANNEL)

    state = state_of(timer)
    assert (state.starts_at, state.next_attempt_at, state.ends_at) == (START, START, ends_at)
    assert (timer.due_at, timer.ends_at, timer.channel) == (START, ends_at, CHANNEL)
    assert timer.remaining(NOW) == ends_at - START
    assert not timer.is_over(START + 10 * DAY)
    assert not timer.wants_role(START + 10 * DAY)
    assert not timer.misses_role((), NOW)


def test_months_are_counted_from_the_day_of_the_start() -> None:
    start = datetime(2027, 1, 31, 18, tzinfo=UTC)

    timer = start_later(KEY, Span(1), start, now=NOW, policy=POLICY)
    longer = extend(timer, Span(1), now=NOW, policy=POLICY)

    assert state_of(timer).ends_at == datetime(2027, 2, 28, 18, tzinfo=UTC)
    assert state_of(longer).ends_at == datetime(2027, 3, 31, 18, tzinfo=UTC)
    assert begun(timer, now=start + SECOND, policy=POLICY).state == Running(
        datetime(2027, 2, 28, 18, tzinfo=UTC), POLICY.thresholds, 31
    )


@pytest.mark.parametrize(
    ("duration", "starts_at", "error"),
    [
        (START, START, NothingWouldRemain),
        (NOW + HOUR, START, NothingWouldRemain),
        (NOW - HOUR, START, InvalidDuration),
        (HOUR, NOW + TEN_YEARS + DAY, TooMuchTime),
        (TEN_YEARS + 2 * DAY, START, TooMuchTime),
    ],
)
def test_a_timer_cannot_begin_or_end_whenever(duration: When, starts_at: datetime, error: type[Exception]) -> None:
    with pytest.raises(error):
        start_later(KEY, duration, starts_at, now=NOW, policy=POLICY)


@pytest.mark.parametrize(
    ("length", "late", "ends_at"),
    [
        (2 * HOUR, timedelta(), START + 2 * HOUR),
        (2 * HOUR, MINUTE, START + 2 * HOUR),
        (2 * HOUR, MINUTE + SECOND, START + 2 * HOUR + MINUTE + SECOND),
        (MINUTE, SECOND, START + MINUTE),
        (MINUTE, 2 * SECOND, START + MINUTE + 2 * SECOND),
        (2 * HOUR, 3 * DAY, START + 3 * DAY + 2 * HOUR),
        (2 * HOUR, -HOUR, START + HOUR),
    ],
)
def test_who_gets_the_role_late_loses_no_time(length: timedelta, late: timedelta, ends_at: datetime) -> None:
    timer = begun(later(length), now=START + late, policy=POLICY)

    assert isinstance(timer.state, Running)
    assert timer.state.ends_at == ends_at
    assert timer.state.armed == tuple(one for one in POLICY.thresholds if one < ends_at - START - late)
    assert timer.updated_at == START + late


def test_only_what_waits_begins() -> None:
    timer = running(HOUR)
    assert begun(timer, now=START, policy=POLICY) == timer


def test_it_is_to_be_given_when_it_is_due() -> None:
    timer = later(HOUR)
    assert decide(timer, POLICY, START - SECOND) == Wait(until=START)
    assert decide(timer, POLICY, START) == Give(timer)


@pytest.mark.parametrize(
    ("outcome", "again", "attempts", "obstacle"),
    [
        (Held("limit", 3 * SECOND), 3 * SECOND, 0, None),
        (Held("limit", timedelta()), SHORTEST_HOLD, 0, None),
        (Retry("503"), SECOND, 1, None),
        (Retry("503", 5 * SECOND), 5 * SECOND, 1, None),
        (Blocked(Obstacle.REFUSED, "403"), MINUTE, 1, Obstacle.REFUSED),
    ],
)
def test_a_role_that_was_not_given_is_asked_for_again(
    outcome: Outcome, again: timedelta, attempts: int, obstacle: Obstacle | None
) -> None:
    timer = later(HOUR)

    after = after_granting(timer, outcome, PATIENCE, POLICY, START, mark=MARK)

    state = state_of(after)
    assert again <= state.next_attempt_at - START <= again * 1.1
    assert (state.attempts, state.blocked_by) == (attempts, obstacle)
    assert (state.starts_at, state.ends_at) == (START, START + HOUR)
    assert after is not None
    assert after.ends_at == (None if attempts else START + HOUR)
    assert after.is_untouched == (not isinstance(outcome, Retry))
    assert after.grant_open_until == (MARK if isinstance(outcome, Retry) else None)


@pytest.mark.parametrize("what", Gone)
def test_it_never_begins_for_a_member_or_with_a_role_that_is_gone(what: Gone) -> None:
    assert after_granting(later(HOUR), AlreadyGone(what, "404"), PATIENCE, POLICY, START, mark=MARK) is None


def test_it_runs_once_discord_has_confirmed() -> None:
    after = after_granting(later(2 * HOUR), Done(), PATIENCE, POLICY, START + SECOND, mark=MARK)
    assert after == begun(later(2 * HOUR), now=START + SECOND, policy=POLICY)
    assert after.grant_open_until is None


@pytest.mark.parametrize(("mark", "kept"), [(START, None), (MARK, MARK)])
def test_an_earlier_request_may_still_be_served(mark: datetime, kept: datetime | None) -> None:
    after = after_granting(later(HOUR).with_grant_until(mark), Done(), PATIENCE, POLICY, START, mark=MARK + DAY)
    assert after is not None
    assert after.grant_open_until == kept


def test_a_running_timer_is_not_given_a_role() -> None:
    with pytest.raises(TypeError):
        after_granting(running(HOUR), Done(), PATIENCE, POLICY, START, mark=MARK)


@pytest.mark.parametrize(
    ("change", "ends_at"),
    [
        (lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY), START + 3 * HOUR),
        (lambda timer: extend(timer, START + 4 * HOUR, now=NOW, policy=POLICY), START + 4 * HOUR),
        (lambda timer: reduce(timer, HOUR, now=NOW, policy=POLICY), START + HOUR),
        (lambda timer: reduce(timer, START + MINUTE, now=NOW, policy=POLICY), START + MINUTE),
    ],
    ids=["longer", "until later", "shorter", "until sooner"],
)
def test_its_length_can_be_changed_before_it_begins(change: Callable[[Timer], Timer], ends_at: datetime) -> None:
    state = state_of(change(later(2 * HOUR)))
    assert (state.starts_at, state.ends_at, state.next_attempt_at) == (START, ends_at, START)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda timer: pause(timer, now=NOW), NotBegun),
        (lambda timer: resume(timer, now=NOW, policy=POLICY), NotBegun),
        (lambda timer: reduce(timer, 2 * HOUR, now=NOW, policy=POLICY), NothingWouldRemain),
        (lambda timer: reduce(timer, START, now=NOW, policy=POLICY), NothingWouldRemain),
        (lambda timer: reduce(timer, START + 2 * HOUR, now=NOW, policy=POLICY), EndsSooner),
        (lambda timer: extend(timer, START + 2 * HOUR, now=NOW, policy=POLICY), EndsLater),
        (lambda timer: extend(timer, TEN_YEARS, now=NOW, policy=POLICY), TooMuchTime),
        (lambda timer: extend(timer, START + TEN_YEARS + DAY, now=NOW, policy=POLICY), TooMuchTime),
    ],
)
def test_what_cannot_be_done_before_it_begins(change: Callable[[Timer], Timer], error: type[TimerError]) -> None:
    with pytest.raises(error):
        change(later(2 * HOUR))


def test_changing_it_takes_nothing_away_from_anybody() -> None:
    assert not asks_first(later(30 * DAY), running(MINUTE), NOW)
    assert asks_first(running(30 * DAY), running(MINUTE), NOW)


BEGUN = {
    "running": running(DAY),
    "paused": pause(running(DAY), now=NOW),
    "ending": end(running(DAY), now=NOW),
    "over": running(SECOND, at=NOW - DAY),
}


@pytest.mark.parametrize("before", BEGUN.values(), ids=BEGUN.keys())
@pytest.mark.parametrize("stacking", Stacking)
def test_what_has_begun_cannot_begin_later(before: Timer, stacking: Stacking) -> None:
    with pytest.raises(BegunAlready):
        set_again(KEY, HOUR, now=NOW, policy=Policy(stacking=stacking), before=before, starts_at=START)


@pytest.mark.parametrize(
    ("stacking", "length", "starts_at", "expected"),
    [
        (Stacking.REPLACE, HOUR, START + DAY, Waiting(START + DAY, START + DAY + HOUR, START + DAY)),
        (Stacking.EXTEND, HOUR, START + DAY, Waiting(START + DAY, START + DAY + 3 * HOUR, START + DAY)),
        (Stacking.KEEP_LONGER, HOUR, START + DAY, Waiting(START, START + 2 * HOUR, START)),
        (Stacking.KEEP_LONGER, 3 * HOUR, START + DAY, Waiting(START + DAY, START + DAY + 3 * HOUR, START + DAY)),
        (Stacking.REPLACE, HOUR, None, Running(NOW + HOUR, (10 * MINUTE, MINUTE))),
        (Stacking.EXTEND, HOUR, None, Running(NOW + 3 * HOUR, POLICY.thresholds)),
        (Stacking.EXTEND, NOW + 3 * HOUR, None, Running(NOW + 3 * HOUR, POLICY.thresholds)),
        (Stacking.EXTEND, NOW + HOUR, None, Waiting(START, START + 2 * HOUR, START)),
        (Stacking.KEEP_LONGER, 2 * HOUR, None, Waiting(START, START + 2 * HOUR, START)),
    ],
)
def test_what_a_second_settime_makes_of_it(
    stacking: Stacking, length: When, starts_at: datetime | None, expected: Running | Waiting
) -> None:
    before = replace(waiting(2 * HOUR, channel=CHANNEL), version=7, created_at=NOW - DAY)

    after, _ = set_again(KEY, length, now=NOW, policy=Policy(stacking=stacking), before=before, starts_at=starts_at)

    assert after.state == expected
    assert (after.version, after.created_at) == (7, NOW - DAY)


def test_no_second_settime_where_the_guild_takes_none() -> None:
    refusing = Policy(stacking=Stacking.REFUSE)
    assert set_again(KEY, HOUR, now=NOW, policy=refusing, before=None, starts_at=START).by is None
    for starts_at in (None, START):
        with pytest.raises(TimerThere):
            set_again(KEY, HOUR, now=NOW, policy=refusing, before=later(HOUR), starts_at=starts_at)


def test_it_is_moved_as_it_is() -> None:
    timer = replace(waiting(2 * HOUR, channel=CHANNEL), state=replace(state_of(later(2 * HOUR)), attempts=2))

    moved = received(timer, key(2), None, now=NOW, policy=POLICY)

    assert (moved.state, moved.channel) == (Waiting(START, START + 2 * HOUR, START), CHANNEL)
    other = waiting(HOUR, 2 * DAY, of=key(2))
    assert state_of(received(timer, key(2), other, now=NOW, policy=POLICY)).length == 3 * HOUR
    assert received(timer, key(2), running(HOUR, of=key(2)), now=NOW, policy=POLICY).remaining(NOW) == 3 * HOUR
    with pytest.raises(BegunAlready):
        received(timer, key(2), end(running(HOUR, of=key(2)), now=NOW), now=NOW, policy=POLICY)


@pytest.mark.parametrize("starts", [True, False])
def test_given_by_hand_it_begins_then_where_the_rule_starts_timers(starts: bool) -> None:
    ruled = Policy(rules={VIP: RoleRule(VIP, starts=starts, duration=7 * DAY)})
    event = RoleGiven(KEY, MODERATOR, RequestId(1), NOW + HOUR)

    found = follow(event, later(2 * HOUR), ruled, NOW + HOUR)

    expected = Follows(Action.STARTED, begun(later(2 * HOUR), now=NOW + HOUR, policy=ruled))
    assert found == (expected if starts else None)


@pytest.mark.parametrize(
    ("date", "ends_at"),
    [(None, START + 2 * HOUR), (START + HOUR, START + HOUR), (START + DAY, START + 2 * HOUR)],
)
def test_it_ends_by_the_date_of_its_role(date: datetime | None, ends_at: datetime) -> None:
    ruled = Policy(rules={VIP: RoleRule(VIP, ends_on=date)})
    assert decide(later(2 * HOUR), ruled, START) == Give(later(2 * HOUR))
    after = after_granting(later(2 * HOUR), Done(), PATIENCE, ruled, START, mark=MARK)
    assert after is not None
    assert after.ends_at == ends_at


def test_once_the_date_of_its_role_has_passed_it_is_over_instead_of_beginning() -> None:
    ruled = Policy(rules={VIP: RoleRule(VIP, starts=True, ends_on=NOW + HOUR)})
    assert decide(later(HOUR), ruled, START) == Remove(end(later(HOUR), now=START))
    event = RoleGiven(KEY, MODERATOR, RequestId(1), NOW + HOUR)
    assert follow(event, later(HOUR), ruled, NOW + HOUR) is None


@pytest.mark.parametrize("rejoin", Rejoin)
def test_it_waits_for_its_start_wherever_its_member_is(rejoin: Rejoin) -> None:
    policy, timer = Policy(rejoin=rejoin), later(HOUR)
    left = MemberLeft(GUILD, ALICE, NOW + HOUR)
    ends = Consequence(Action.LEFT, end(timer, now=NOW + HOUR))
    assert consequence_of(left, timer, policy, NOW + HOUR) == (ends if rejoin is Rejoin.END else None)
    if rejoin is not Rejoin.END:
        joined = MemberJoined(GUILD, ALICE, NOW + HOUR, frozenset(), RequestId(7))
        assert consequence_of(joined, timer, policy, NOW + HOUR) is None
    seen = MemberSeen(GUILD, ALICE, NOW + HOUR, held=frozenset(), joined=NOW + HOUR)
    assert consequence_of(seen, timer, policy, NOW + HOUR) is None
    assert not is_owed(seen, timer)


def test_taken_by_hand_it_still_begins() -> None:
    event = RoleTaken(KEY, MODERATOR, RequestId(1), NOW + HOUR)
    assert follow(event, later(HOUR), POLICY, NOW + HOUR) is None


def test_ended_while_its_role_may_be_given_it_is_ended_as_any_other() -> None:
    asked = later(HOUR).with_grant_until(MARK)
    assert not asked.is_untouched
    ending = end(asked, now=START)
    assert ending.grant_open_until == MARK
    assert ending.is_over(START)
