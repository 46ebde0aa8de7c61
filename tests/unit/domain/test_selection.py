"""Which timer a command means."""

import pytest

from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.selection import NoTimer, SeveralTimers, choose, find
from tests.support.timers import HOUR, key, running

USER = UserId(1)
FIRST, SECOND = running(HOUR, of=key(role=1)), running(HOUR, of=key(role=2))


@pytest.mark.parametrize("select", [find, lambda timers, role: choose(timers, USER, role)])
class TestFindAndChoose:
    def test_a_named_role_is_taken(self, select: type) -> None:
        assert select([FIRST, SECOND], RoleId(2)) == SECOND
        assert select([SECOND], RoleId(2)) == SECOND

    def test_without_a_role_the_only_timer_is_meant(self, select: type) -> None:
        assert select([SECOND], None) == SECOND

    def test_without_a_role_several_timers_are_not_guessed_between(self, select: type) -> None:
        with pytest.raises(SeveralTimers) as caught:
            select([FIRST, SECOND], None)

        assert (caught.value.user, caught.value.timers) == (USER, (FIRST, SECOND))


def test_find_finds_nothing_where_nothing_is() -> None:
    assert find([], None) is None
    assert find([], RoleId(1)) is None
    assert find([FIRST, SECOND], RoleId(3)) is None


@pytest.mark.parametrize("role", [None, RoleId(3)])
def test_choose_refuses_where_nothing_is(role: RoleId | None) -> None:
    with pytest.raises(NoTimer) as caught:
        choose([] if role is None else [FIRST], USER, role)

    assert (caught.value.user, caught.value.role) == (USER, role)


class TestDeletedRoles:
    """They are no rivals of the others."""

    def test_a_timer_whose_role_is_gone_is_not_meant_beside_another(self) -> None:
        assert find([FIRST, SECOND], None, {RoleId(2)}) == SECOND
        assert choose([FIRST, SECOND], USER, None, {RoleId(2)}) == SECOND

    def test_it_is_meant_by_name_and_where_there_is_no_other(self) -> None:
        assert find([FIRST, SECOND], RoleId(1), {RoleId(2)}) == FIRST
        assert find([FIRST], None, {RoleId(2)}) == FIRST

    def test_only_those_that_are_there_are_named_as_rivals(self) -> None:
        third = running(HOUR, of=key(role=3))
        with pytest.raises(SeveralTimers) as caught:
            find([FIRST, SECOND, third], None, {RoleId(2), RoleId(3)})

        assert caught.value.timers == (SECOND, third)
