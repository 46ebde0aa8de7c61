"""The timers that may be suggested to somebody while they type."""

from collections.abc import Sequence
from dataclasses import dataclass

from boostmon.app.ports import TimerRepository
from boostmon.domain.eligibility import GuildView, ensure_may_see
from boostmon.domain.ids import UserId
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class KnownTimers:
    """Tells autocomplete of a member's timers; nobody learns from suggestions what `TimeLeft` would not tell them."""

    timers: TimerRepository

    def __call__(self, user: UserId, *, by: UserId, view: GuildView) -> Sequence[Timer]:
        """The member's timers, in the order of their role ids.

        Raises:
            AskerMayNot: when asking for somebody else without Manage Roles; the repository was not asked.
            StorageUnavailable: the repository did not answer.
        """
        ensure_may_see(view.asker, user, by=by)
        return self.timers.of_member(view.id, user)
