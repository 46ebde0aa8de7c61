"""The date by which all timers of a role end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from boostmon.domain.common_end import EndsForAll, by_date, ensure_by_date, latest_resumption
from boostmon.domain.defaults import NoDuration, SetByDefault, default_for, set_by_default
from boostmon.domain.durations import Span
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.replanning import postponed, replan
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Running, Timer
from boostmon.domain.transitions import end, pause
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, SECOND, VIP, anchored, key, running

DATE = NOW + 2 * DAY
EVENT = RoleRule(VIP, starts=True, ends_on=DATE)
POLICY = Policy(rules={VIP: EVENT})
ELSEWHERE = key()


def with_date(**fields: object) -> Policy:
    return Policy(rules={VIP: replace(EVENT, **fields)})  # type: ignore[arg-type]


def by_default(policy: Policy, before: Timer | None = None, now: datetime = NOW) -> SetByDefault:
    return set_by_default(KEY, now=now, policy=policy, before=before)


@pytest.mark.parametrize(
    "timer",
    [
        running(2 * DAY),
        running(HOUR),
        pause(running(2 * DAY), now=NOW),
        pause(running(HOUR), now=NOW, until=DATE - HOUR),
        end(running(9 * DAY), now=NOW),
        running(9 * DAY, of=ELSEWHERE),
    ],
    ids=["then", "before", "paused", "paused until", "ending", "another role"],
)
def test_timers_that_end_by_the_date_are_let_through_and_left_alone(timer: Timer) -> None:
    ensure_by_date(timer, now=NOW, policy=POLICY)
    assert by_date(timer, now=NOW, policy=POLICY).ends_at in {timer.ends_at, DATE}


@pytest.mark.parametrize(
    "timer",
    [
        running(2 * DAY + timedelta.resolution),
        pause(running(2 * DAY + SECOND), now=NOW),
        pause(running(HOUR), now=NOW, until=DATE - HOUR + SECOND),
    ],
    ids=["running", "paused", "paused until"],
)
def test_no_timer_goes_beyond_it(timer: Timer) -> None:
    with pytest.raises(EndsForAll) as refused:
        ensure_by_date(timer, now=NOW, policy=POLICY)
    assert (refused.value.role, refused.value.date, refused.value.is_over) == (VIP, DATE, False)
    assert by_date(timer, now=NOW, policy=POLICY).ends_at == DATE


def test_once_it_has_passed_nothing_runs_and_nothing_is_moved() -> None:
    timer = running(HOUR, at=DATE)
    with pytest.raises(EndsForAll) as refused:
        ensure_by_date(timer, now=DATE, policy=POLICY)
    assert refused.value.is_over
    assert by_date(timer, now=DATE, policy=POLICY) == timer


def test_a_pause_ends_in_time_for_what_remains() -> None:
    paused = pause(running(HOUR), now=NOW)

    assert by_date(paused, now=NOW + MINUTE, policy=POLICY) == pause(paused, now=NOW + MINUTE, until=DATE - HOUR)
    assert latest_resumption(running(HOUR), now=NOW, policy=POLICY) == DATE - HOUR
    assert latest_resumption(running(HOUR), now=NOW, policy=Policy()) is None


@pytest.mark.parametrize("length", [2 * DAY, 3 * DAY])
def test_what_would_have_to_run_all_the_time_runs_and_is_not_paused(length: timedelta) -> None:
    running_on = by_date(pause(running(length), now=NOW), now=NOW, policy=POLICY)

    assert running_on.state == Running(DATE, (HOUR, 10 * MINUTE, MINUTE)) if length > 2 * DAY else True
    with pytest.raises(EndsForAll):
        latest_resumption(running(length), now=NOW, policy=POLICY)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (POLICY, DATE),
        (with_date(duration=DAY), DAY),
        (with_date(duration=Span(1)), DATE),
        (with_date(duration=2 * DAY), DATE),
        (with_date(longest=HOUR), HOUR),
        (with_date(longest=3 * DAY), DATE),
        (replace(POLICY, default_duration=HOUR), DATE),
        (replace(POLICY, longest=DAY), DAY),
        (Policy(default_duration=HOUR), HOUR),
    ],
)
def test_where_nobody_says_how_long_it_is_until_the_date_or_less(
    policy: Policy, expected: datetime | timedelta
) -> None:
    assert default_for(VIP, policy, NOW) == expected


def test_after_the_date_there_is_no_default() -> None:
    with pytest.raises(EndsForAll):
        default_for(VIP, POLICY, DATE)
    with pytest.raises(NoDuration):
        default_for(RoleId(VIP + 1), POLICY, NOW)


def test_what_nobody_typed_is_added_up_to_the_date() -> None:
    policy = replace(with_date(duration=DAY), stacking=Stacking.EXTEND)

    added, capped = (by_default(policy, running(length)) for length in (HOUR, 36 * HOUR))

    assert (added.stacked.timer.ends_at, added.stacked.by, added.when) == (NOW + 25 * HOUR, Stacking.EXTEND, DAY)
    assert (capped.stacked.timer.ends_at, capped.when) == (DATE, DATE)
    assert by_default(policy, running(2 * DAY)).stacked.by is Stacking.KEEP_LONGER


def test_a_date_that_is_put_off_takes_the_timers_along_that_had_it() -> None:
    later = with_date(ends_on=DATE + DAY)

    assert postponed(POLICY, later, VIP) == DATE
    assert replan(anchored(31, 2 * DAY), later, NOW, postponed=DATE).state == running(3 * DAY).state
    assert replan(running(2 * DAY), later, NOW, postponed=None).ends_at == DATE
    assert replan(running(HOUR), later, NOW, postponed=DATE).ends_at == NOW + HOUR


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Policy(), POLICY),
        (POLICY, Policy()),
        (POLICY, with_date(ends_on=DATE - HOUR)),
        (POLICY, POLICY),
        (POLICY, with_date(ends_on=DATE + DAY, duration=DAY)),
        (POLICY, with_date(ends_on=None)),
    ],
)
def test_what_is_not_put_off_moves_nothing_later(before: Policy, after: Policy) -> None:
    assert postponed(before, after, VIP) is None


def test_a_warning_that_a_sooner_end_skips_is_left_out_and_those_ahead_are_given() -> None:
    after = replan(running(9 * DAY), with_date(ends_on=NOW + 5 * MINUTE), NOW)

    assert after.state == Running(NOW + 5 * MINUTE, (MINUTE,))
