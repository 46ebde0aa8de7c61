"""All timers of a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from boostmon.app.ports import TimerRepository
from boostmon.domain.eligibility import AskerMayNot, GuildView, may_see_others
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.selection import choose
from boostmon.domain.timers import Ending, Paused, Running, Timer


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Answers what remains. Everyone may ask for themselves; for others one needs Manage Roles."""

    timers: TimerRepository

    def __call__(
        self, guild: GuildId, user: UserId, *, by: UserId, view: GuildView, role: RoleId | None = None
    ) -> Sequence[Timer]:
        """The member's timers, or only that of `role`: the earliest end first, then paused ones, least time first.

        Raises:
            AskerMayNot: when asking for somebody else without Manage Roles.
            NoTimer: when `role` is given and has no timer.
            StorageUnavailable: the repository did not answer.
        """
        if user != by and not may_see_others(view.asker):
            raise AskerMayNot
        timers = self.timers.of_member(guild, user)
        if role is not None:
            return [choose(timers, user, role)]
        return sorted(timers, key=_place)


def _place(timer: Timer) -> tuple[bool, float, TimerKey]:
    match timer.state:
        case Running(ends_at=ends_at) | Ending(since=ends_at):
            return (False, ends_at.timestamp(), timer.key)
        case Paused(remaining=remaining):
            return (True, remaining.total_seconds(), timer.key)
        case _ as never:
            assert_never(never)
