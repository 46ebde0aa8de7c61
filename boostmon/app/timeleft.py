"""All timers of a member."""

from collections.abc import Sequence
from dataclasses import dataclass

from boostmon.app.ports import TimerRepository
from boostmon.domain.eligibility import AskerMayNot, GuildView
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.selection import choose
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Answers what remains. Everyone may ask for themselves; for others one needs Manage Roles."""

    timers: TimerRepository

    def __call__(
        self, guild: GuildId, user: UserId, *, by: UserId, view: GuildView, role: RoleId | None = None
    ) -> Sequence[Timer]:
        """The member's timers, the earliest end first and paused ones last; only that of `role`, if it is given.

        Raises:
            AskerMayNot: when asking for somebody else without Manage Roles.
            NoTimer: when `role` is given and has no timer.
            StorageUnavailable: the repository did not answer.
        """
        if user != by and not (view.asker.manages_roles or view.asker.is_unlimited):
            raise AskerMayNot
        timers = self.timers.of_member(guild, user)
        if role is not None:
            return [choose(timers, user, role)]
        return sorted(timers, key=lambda timer: (timer.due_at is None, timer.remaining(timer.updated_at), timer.key))
