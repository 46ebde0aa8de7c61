"""What holds for a guild that never decided anything."""

from boostmon.domain.durations import Months
from boostmon.domain.policy import DEFAULT_POLICY
from tests.support.timers import MINUTE


def test_warnings_are_due_at_sixty_ten_and_one_minute() -> None:
    assert DEFAULT_POLICY.thresholds == (60 * MINUTE, 10 * MINUTE, MINUTE)


def test_members_are_told_directly_and_in_the_language_of_the_guild() -> None:
    assert (DEFAULT_POLICY.dms, DEFAULT_POLICY.language) == (True, None)


def test_nothing_is_limited_and_nobody_may_more_than_discord_says() -> None:
    assert (DEFAULT_POLICY.longest, DEFAULT_POLICY.timeable) == (None, None)
    assert (DEFAULT_POLICY.managers, DEFAULT_POLICY.self_pause_days) == (frozenset(), 0)


def test_a_month_is_one_of_the_calendar() -> None:
    assert (DEFAULT_POLICY.months, DEFAULT_POLICY.time_zone) == (Months.CALENDAR, None)
