"""The bounds of what a server may decide."""

from datetime import timedelta

import pytest

from boostmon.domain.ids import RoleId
from boostmon.domain.policy_values import (
    MOST_PAUSE_DAYS,
    MOST_ROLES,
    InvalidPolicy,
    LimitOutOfBounds,
    PauseDaysOutOfBounds,
    PolicyProblem,
    TooManyRoles,
    UnknownTimeZone,
    checked_longest,
    checked_pause_days,
    checked_roles,
    checked_time_zone,
)
from tests.support.timers import DAY, MINUTE, SECOND

TEN_YEARS = 3650 * DAY
MICROSECOND = timedelta(microseconds=1)


def problem_of(error: pytest.ExceptionInfo[InvalidPolicy]) -> PolicyProblem:
    return error.value.problem


@pytest.mark.parametrize("limit", [MINUTE, 30 * DAY, TEN_YEARS])
def test_timers_may_be_limited_to_anything_from_a_minute_to_ten_years(limit: timedelta) -> None:
    assert checked_longest(limit) == limit


@pytest.mark.parametrize("limit", [timedelta(), SECOND, MINUTE - MICROSECOND, TEN_YEARS + MICROSECOND])
def test_no_other_limit_is_taken(limit: timedelta) -> None:
    with pytest.raises(InvalidPolicy) as error:
        checked_longest(limit)
    assert problem_of(error) == LimitOutOfBounds(limit)


def test_a_list_has_at_most_twenty_five_roles_however_often_each_is_named() -> None:
    roles = [RoleId(number) for number in range(1, MOST_ROLES + 1)]
    assert checked_roles(roles + roles) == frozenset(roles)
    assert checked_roles([]) == frozenset()
    with pytest.raises(InvalidPolicy) as error:
        checked_roles([*roles, RoleId(99)])
    assert problem_of(error) == TooManyRoles(MOST_ROLES + 1)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_has_the_name_that_the_database_gives_it(name: str) -> None:
    assert checked_time_zone(name) == checked_time_zone(name.lower()) == name


@pytest.mark.parametrize(
    "name", ["", "Atlantis", "Europe", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\0", "+01:00"]
)
def test_what_is_no_time_zone_is_not_taken_for_one(name: str) -> None:
    with pytest.raises(InvalidPolicy) as error:
        checked_time_zone(name)
    assert problem_of(error) == UnknownTimeZone(name)


@pytest.mark.parametrize("days", [0, 1, MOST_PAUSE_DAYS])
def test_members_may_pause_for_up_to_a_whole_year(days: int) -> None:
    assert checked_pause_days(days) == days


@pytest.mark.parametrize("days", [-1, MOST_PAUSE_DAYS + 1])
def test_no_other_number_of_days_is_taken(days: int) -> None:
    with pytest.raises(InvalidPolicy) as error:
        checked_pause_days(days)
    assert problem_of(error) == PauseDaysOutOfBounds(days)
