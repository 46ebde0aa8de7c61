"""A timer as it was before a change."""

from dataclasses import replace

from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Running, end, pause
from boostmon.domain.undoing import restored
from tests.support.timers import CHANNEL, DAY, HOUR, MINUTE, NOW, POLICY, running

BEFORE = replace(running(2 * HOUR, channel=CHANNEL), version=7)


def test_it_has_the_end_and_the_channel_that_it_had() -> None:
    again = restored(BEFORE, None, now=NOW + MINUTE, policy=POLICY)

    assert again == replace(BEFORE, version=0, updated_at=NOW + MINUTE)


def test_only_thresholds_that_are_still_ahead_are_armed() -> None:
    again = restored(BEFORE, None, now=NOW + 90 * MINUTE, policy=POLICY)

    assert again.state == Running(NOW + 2 * HOUR, (10 * MINUTE, MINUTE))


def test_thresholds_are_those_that_the_guild_wants_now() -> None:
    again = restored(BEFORE, None, now=NOW, policy=Policy(thresholds=(30 * MINUTE, DAY)))

    assert again.state == Running(NOW + 2 * HOUR, (30 * MINUTE,))


def test_a_pause_is_taken_up_where_it_stood() -> None:
    paused = pause(BEFORE, now=NOW + MINUTE)

    again = restored(paused, None, now=NOW + 60 * DAY, policy=POLICY)

    assert again.state == Paused(2 * HOUR - MINUTE, since=NOW + MINUTE)


def test_it_takes_the_place_of_what_is_stored_and_leaves_its_open_grant_open() -> None:
    current = replace(end(running(MINUTE), now=NOW), version=9, grant_open_until=NOW + MINUTE)

    again = restored(BEFORE, current, now=NOW, policy=POLICY)

    assert (again.version, again.grant_open_until) == (9, NOW + MINUTE)
    assert again.state == BEFORE.state
