"""A timer as it was before a change."""

from dataclasses import replace

import pytest

from boostmon.domain.ledger import Action
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Running
from boostmon.domain.transitions import end, pause
from boostmon.domain.undoing import restored, standing
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


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        ("", None),
        ("add", "add1"),
        ("add pause", "pause2"),
        ("add undo", None),
        ("add undo pause", "pause3"),
        ("add pause undo", "add1"),
        ("add pause undo undo", None),
        ("undo", "undo1"),
        ("undo add", "undo1"),
        ("add undo undo add", "undo3"),
        ("undo put_back", None),
        ("add undo put_back", "add1"),
        ("set put_back", None),
        ("set put_back add", "add3"),
        ("take_again", None),
        ("add take_again undo", None),
    ],
)
def test_what_stands_of_later_changes(later: str, stands: str | None) -> None:
    steps = [(Action(word), f"{word}{place}") for place, word in enumerate(later.split(), 1)]

    assert standing(steps) == stands
