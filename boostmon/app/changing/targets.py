"""Which of a member's timers a command means, and whether its asker may change that one."""

from collections.abc import Sequence

from boostmon.app.changing.changes import Target
from boostmon.domain.eligibility import GuildView, RoleGone, ensure_asker_may_time
from boostmon.domain.managing import may_see_others
from boostmon.domain.selection import NoTimer, SeveralTimers, find
from boostmon.domain.timers import Timer


def meant(timers: Sequence[Timer], target: Target, view: GuildView, *, also_deleted: bool = False) -> Timer | None:
    """The timer on the target's role; without a role the member's only one; None where there is none.

    Without a role, whoever manages single roles means one of these.

    That of a role that was deleted is about to end: it may be ended at once, `also_deleted`, but not be changed.

    Raises:
        RoleGone: the guild has the role of the timer no more.
        SeveralTimers: no role is named and there are several. It lists them for those alone who may see them.
        CommandNotAllowed, RoleNotTimeable: the asker may not change it.
    """
    if target.role is None and view.asker.manages:
        timers = [timer for timer in timers if timer.key.role in view.asker.manages]
    try:
        timer = find(timers, target.role, view.roles)
    except SeveralTimers:
        if may_see_others(view.asker) or view.asker.manages:
            raise
        raise SeveralTimers(target.user, ()) from None
    if timer is not None:
        if timer.key.role not in view.roles and not also_deleted:
            raise RoleGone(timer.key.role)
        ensure_asker_may_time(view, timer.key.role)
    return timer


def chosen(timers: Sequence[Timer], target: Target, view: GuildView, *, also_deleted: bool = False) -> Timer:
    """Like `meant`, but there must be one.

    Raises:
        NoTimer: there is none.
        RoleGone, SeveralTimers, CommandNotAllowed, RoleNotTimeable: as `meant`.
    """
    timer = meant(timers, target, view, also_deleted=also_deleted)
    if timer is None:
        raise NoTimer(target.user, target.role)
    return timer
