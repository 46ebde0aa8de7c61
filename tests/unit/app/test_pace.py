"""How soon a channel gets its next message."""

from datetime import timedelta

import pytest

from boostmon.app.batches import pace
from boostmon.app.batches.pace import LONGEST_GAP, SHORTEST_GAP, ChannelPace
from boostmon.domain.ids import ChannelId
from tests.support.timers import MINUTE, NOW, SECOND

ONE, OTHER = ChannelId(1), ChannelId(2)


def test_a_channel_that_had_no_message_does_not_wait() -> None:
    channels = ChannelPace()
    channels.sent(OTHER, NOW)
    assert channels.wait(ONE, NOW) == 0 * SECOND


def test_a_channel_waits_out_what_is_left_of_its_gap() -> None:
    channels = ChannelPace()
    channels.sent(ONE, NOW)
    assert channels.wait(ONE, NOW + SECOND) == SHORTEST_GAP - SECOND
    assert channels.wait(ONE, NOW + SHORTEST_GAP) == 0 * SECOND
    assert channels.wait(ONE, NOW + MINUTE) == 0 * SECOND


def test_gaps_grow_while_messages_follow_one_another_and_no_further() -> None:
    channels, now, gaps = ChannelPace(), NOW, []
    for _ in range(5):
        channels.sent(ONE, now)
        gaps.append(channels.wait(ONE, now))
        now += gaps[-1]
    assert gaps == [SHORTEST_GAP, 2 * SHORTEST_GAP, 4 * SHORTEST_GAP, LONGEST_GAP, LONGEST_GAP]


@pytest.mark.parametrize(
    ("quiet", "gap"), [(2 * SHORTEST_GAP - SECOND, 2 * SHORTEST_GAP), (2 * SHORTEST_GAP, SHORTEST_GAP)]
)
def test_a_channel_is_quiet_once_its_gap_has_passed_a_second_time(quiet: timedelta, gap: timedelta) -> None:
    channels = ChannelPace()
    channels.sent(ONE, NOW)
    channels.sent(ONE, NOW + quiet)
    assert channels.wait(ONE, NOW + quiet) == gap


def test_a_quiet_gap_makes_the_next_one_short_again() -> None:
    channels = ChannelPace()
    channels.sent(ONE, NOW)
    channels.sent(ONE, NOW + SHORTEST_GAP)
    channels.sent(ONE, NOW + MINUTE)
    assert channels.wait(ONE, NOW + MINUTE) == SHORTEST_GAP


def test_of_very_many_channels_the_one_that_was_quiet_longest_is_forgotten() -> None:
    channels = ChannelPace()
    for number in range(pace.MOST_REMEMBERED):
        channels.sent(ChannelId(number), NOW)
    channels.sent(ChannelId(0), NOW)
    channels.sent(ChannelId(-1), NOW)
    assert channels.wait(ChannelId(0), NOW) == 2 * SHORTEST_GAP
    assert channels.wait(ChannelId(1), NOW) == 0 * SECOND
    assert channels.wait(ChannelId(2), NOW) == SHORTEST_GAP
