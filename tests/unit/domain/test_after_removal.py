"""What becomes of an ending timer once its removal was tried."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.backoff import PATIENCE, Backoff, Patience
from boostmon.domain.decisions import SHORTEST_HOLD, Ended, after_removal
from boostmon.domain.ids import TimerKey
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Ending, Obstacle, Timer
from boostmon.domain.transitions import end, pause
from tests.support.strategies import PROPERTY, ending_timers
from tests.support.timers import CHANNEL, HOUR, MINUTE, NOW, POLICY, SECOND, key, running

# Every snowflake xor of this key is 0, so that its retries have no jitter.
STEADY = key(user=1, role=2, guild=3)
TIMER = replace(end(running(HOUR, at=NOW - 2 * HOUR, of=STEADY, channel=CHANNEL), now=NOW), updated_at=NOW - MINUTE)
"""Its time was up an hour ago."""


def tried(times: int) -> Timer:
    assert isinstance(TIMER.state, Ending)
    return replace(TIMER, state=replace(TIMER.state, attempts=times))


def story(outcome: Outcome, attempts: int = 0) -> Ending:
    """The state after the outcome of one more attempt."""
    after = after_removal(tried(attempts), outcome, PATIENCE, NOW)
    assert isinstance(after, Timer)
    assert isinstance(after.state, Ending)
    assert after == replace(TIMER, state=after.state, updated_at=NOW)
    return after.state


def test_a_confirmed_removal_ends_the_timer_and_owes_the_news() -> None:
    news = EndedNotice(STEADY, CHANNEL, ended_at=NOW - HOUR)

    assert after_removal(TIMER, Done(), PATIENCE, NOW) == Ended(news)


def test_a_removal_is_not_the_last_while_discord_may_still_give_the_role() -> None:
    asked_for = TIMER.with_grant_until(NOW + SECOND)

    after = after_removal(asked_for, Done(), PATIENCE, NOW)

    assert after == replace(
        asked_for, state=Ending(NOW - HOUR, next_attempt_at=NOW + SECOND, by_itself=True), updated_at=NOW
    )
    assert isinstance(after_removal(asked_for, Done(), PATIENCE, NOW + SECOND), Ended)
    assert isinstance(after_removal(asked_for, AlreadyGone(Gone.MEMBER, "404"), PATIENCE, NOW), Ended)


def test_a_mark_is_only_ever_put_off() -> None:
    marked = TIMER.with_grant_until(NOW + MINUTE)

    assert marked.with_grant_until(NOW) == marked
    assert marked.with_grant_until(NOW + HOUR).grant_open_until == NOW + HOUR


@pytest.mark.parametrize("what", Gone)
def test_where_nothing_is_to_be_removed_the_timer_ends_and_nobody_is_told(what: Gone) -> None:
    assert after_removal(TIMER, AlreadyGone(what, "404"), PATIENCE, NOW) == Ended(notice=None)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [(0, SECOND), (1, 2 * SECOND), (2, 4 * SECOND), (8, 256 * SECOND), (9, 5 * MINUTE), (10_000, 5 * MINUTE)],
)
def test_an_unconfirmed_removal_is_tried_again_ever_later(attempts: int, wait: timedelta) -> None:
    state = story(Retry("503"), attempts)

    assert state == Ending(
        NOW - HOUR, NOW + wait, attempts=attempts + 1, blocked_by=None, last_error="503", by_itself=True
    )


@pytest.mark.parametrize("attempts", [0, 7])
def test_what_a_limit_holds_back_is_no_attempt_and_comes_as_soon_as_the_limit_allows(attempts: int) -> None:
    before = tried(attempts).state
    assert isinstance(before, Ending)

    state = story(Held("full", 3 * SECOND), attempts)

    assert state == replace(before, next_attempt_at=NOW + 3 * SECOND)


def test_a_limit_that_opens_at_once_is_not_asked_for_without_end() -> None:
    assert story(Held("full", timedelta(0))).next_attempt_at == NOW + SHORTEST_HOLD
    assert timedelta(milliseconds=50) == SHORTEST_HOLD


def test_discord_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() -> None:
    assert story(Retry("429", after=MINUTE)).next_attempt_at == NOW + MINUTE
    assert story(Retry("429", after=timedelta(milliseconds=10))).next_attempt_at == NOW + SECOND
    assert story(Retry("429", after=HOUR), attempts=20).next_attempt_at == NOW + HOUR


@pytest.mark.parametrize(("attempts", "wait"), [(0, MINUTE), (1, 2 * MINUTE), (5, 32 * MINUTE), (6, HOUR), (99, HOUR)])
@pytest.mark.parametrize("obstacle", Obstacle)
def test_a_blocked_removal_is_tried_slowly_and_says_why(obstacle: Obstacle, attempts: int, wait: timedelta) -> None:
    state = story(Blocked(obstacle, "403"), attempts)

    assert state == Ending(
        NOW - HOUR, NOW + wait, attempts=attempts + 1, blocked_by=obstacle, last_error="403", by_itself=True
    )


def test_an_obstacle_that_went_away_is_forgotten() -> None:
    blocked = after_removal(TIMER, Blocked(Obstacle.GUILD_GONE, "403"), PATIENCE, NOW)
    assert isinstance(blocked, Timer)

    after = after_removal(blocked, Retry("503"), PATIENCE, NOW)

    assert isinstance(after, Timer)
    assert isinstance(after.state, Ending)
    assert (after.state.blocked_by, after.state.last_error, after.state.attempts) == (None, "503", 2)


@pytest.mark.parametrize("timer", [running(HOUR), pause(running(HOUR), now=NOW)])
def test_only_an_ending_timer_can_have_been_removed(timer: Timer) -> None:
    with pytest.raises(TypeError):
        after_removal(timer, Done(), PATIENCE, NOW)


@PROPERTY
@given(
    ending_timers(POLICY),
    st.one_of(
        st.builds(Retry, st.just("503"), st.timedeltas(min_value=timedelta(0), max_value=HOUR)),
        st.builds(Blocked, st.sampled_from(Obstacle), st.just("403")),
    ),
    st.builds(key, *[st.integers(min_value=1, max_value=2**63 - 1)] * 3),
)
def test_a_failed_removal_waits_at_least_its_backoff_and_at_most_a_tenth_more(
    timer: Timer, outcome: Retry | Blocked, of: TimerKey
) -> None:
    timer = replace(timer, key=of)
    assert isinstance(timer.state, Ending)
    backoff = PATIENCE.retry if isinstance(outcome, Retry) else PATIENCE.blocked
    wait = backoff.after(timer.state.attempts + 1)
    if isinstance(outcome, Retry):
        wait = max(wait, outcome.after)

    after = after_removal(timer, outcome, PATIENCE, NOW)

    assert isinstance(after, Timer)
    assert after == after_removal(timer, outcome, PATIENCE, NOW)
    assert after.due_at is not None
    assert wait <= after.due_at - NOW < wait * 1.1
    assert after.is_over(NOW)


@pytest.mark.parametrize(("user", "thousandths"), [(1 ^ 1008, 1008), (1 ^ 1009, 0), (1 ^ 500, 500)])
def test_how_much_later_follows_from_the_key_and_is_the_same_each_time(user: int, thousandths: int) -> None:
    timer = replace(TIMER, key=key(user=user, role=2, guild=3))

    after = after_removal(timer, Retry("x"), PATIENCE, NOW)

    assert isinstance(after, Timer)
    assert after.due_at == NOW + SECOND + SECOND * (thousandths / 1009 / 10)


def test_timers_that_failed_together_come_back_apart() -> None:
    patience = Patience(retry=Backoff(first=100 * SECOND, cap=HOUR))
    together = [replace(TIMER, key=key(user=user)) for user in range(1, 101)]

    again = {
        after.due_at
        for timer in together
        if isinstance(after := after_removal(timer, Retry("x"), patience, NOW), Timer)
    }

    assert len(again) == 100
