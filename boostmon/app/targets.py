"""Which of a member's timers a command means, and whether its asker may change that one."""

from collections.abc import Sequence

from boostmon.app.changes import Target
from boostmon.domain.eligibility import GuildView, ensure_asker_may_time, may_see_others
from boostmon.domain.selection import NoTimer, SeveralTimers, find
from boostmon.domain.timers import Timer


def meant(timers: Sequence[Timer], target: Target, view: GuildView) -> Timer | None:
    """The timer on the target's role; without a role the member's only one; None where there is none.

    Raises:
        SeveralTimers: no role is named and there are several. It lists them for those alone who may see them.
        CommandNotAllowed, RoleNotTimeable: the asker may not change it.
    """
    try:
        timer = find(timers, target.role, view.roles)
    except SeveralTimers:
        if may_see_others(view.asker):
            raise
        raise SeveralTimers(target.user, ()) from None
    if timer is not None:
        ensure_asker_may_time(view, timer.key.role)
    return timer


def chosen(timers: Sequence[Timer], target: Target, view: GuildView) -> Timer:
    """As `meant`, where there must be one.

    Raises:
        NoTimer: there is none.
        SeveralTimers, CommandNotAllowed, RoleNotTimeable: as `meant`.
    """
    timer = meant(timers, target, view)
    if timer is None:
        raise NoTimer(target.user, target.role)
    return timer
