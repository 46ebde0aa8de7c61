"""Notices: when they are due and when they are stale."""

from boostmon.domain.notices import BlockedNotice, EndedNotice, ResolvedNotice, WarningNotice
from boostmon.domain.timers import Obstacle
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW


def test_a_warning_is_due_at_its_threshold_and_stale_at_the_end() -> None:
    notice = WarningNotice(KEY, CHANNEL, threshold=10 * MINUTE, ends_at=NOW + HOUR)

    assert notice.due_at == NOW + 50 * MINUTE
    assert notice.stale_at == NOW + HOUR


def test_news_of_the_end_is_due_at_once_and_stale_after_a_day() -> None:
    notice = EndedNotice(KEY, None, ended_at=NOW)

    assert notice.due_at == NOW
    assert notice.stale_at == NOW + DAY


def test_the_news_of_an_obstacle_is_due_at_once_for_a_day_and_goes_to_no_member() -> None:
    notice = BlockedNotice(KEY, Obstacle.REFUSED, at=NOW)

    assert (notice.due_at, notice.stale_at) == (NOW, NOW + DAY)
    assert notice.channel is None


def test_that_an_obstacle_is_gone_is_news_for_a_day_and_goes_to_no_member() -> None:
    notice = ResolvedNotice(KEY, at=NOW)

    assert (notice.due_at, notice.stale_at) == (NOW, NOW + DAY)
    assert notice.channel is None
