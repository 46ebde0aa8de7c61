"""What may be suggested to somebody while they type."""

from dataclasses import dataclass, replace

from boostmon.app.ports import Basis, GuildPolicies, TimerRepository
from boostmon.domain.eligibility import GuildView
from boostmon.domain.ids import GuildId, UserId
from boostmon.domain.managing import ensure_may_see, may_see, may_see_others, with_managers
from boostmon.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class KnownTimers:
    """Tells autocomplete of a member's timers; nobody learns from suggestions what `TimeLeft` would not tell them.

    `time_zone` is that of guilds that have none of their own.
    """

    timers: TimerRepository
    policies: GuildPolicies
    time_zone: str

    def __call__(self, user: UserId, *, by: UserId, view: GuildView) -> Basis:
        """The member's timers, in the order of their role ids, and what the guild decided.

        Raises:
            AskerMayNot: when asking for somebody else without Manage Roles, and not as a manager.
            StorageUnavailable: the repository did not answer.
        """
        if user != by and not may_see_others(view.asker):
            view = with_managers(view, self.policies.get(view.id))
        ensure_may_see(view.asker, user, by=by)
        basis = self.timers.basis(view.id, user).in_zone(self.time_zone)
        if user == by:
            return basis
        return replace(basis, timers=[timer for timer in basis.timers if may_see(view.asker, timer.key.role)])

    def policy_of(self, guild: GuildId) -> Policy:
        """What the guild decided, where no member is chosen.

        Raises:
            StorageUnavailable: the repository did not answer.
        """
        return self.policies.get(guild).in_zone(self.time_zone)

    @property
    def usual_policy(self) -> Policy:
        """That of a guild that decided nothing: for when nobody can tell what it did decide."""
        return Policy().in_zone(self.time_zone)
