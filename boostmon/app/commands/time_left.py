"""All timers of a member."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from boostmon.app.ports import GuildPolicies, History, TimerRepository
from boostmon.domain.eligibility import GuildView
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.lacks import lack_in
from boostmon.domain.managing import ensure_may_see, may_see, may_see_others, with_managers
from boostmon.domain.member_events import MemberSeen
from boostmon.domain.origins import Origin
from boostmon.domain.rejoining import is_owed
from boostmon.domain.selection import choose
from boostmon.domain.timers import Ending, Grace, Paused, Running, Timer, Waiting


@dataclass(frozen=True, slots=True)
class TimesLeft:
    """A member's timers, and who set them, where that is known; and the roles that were given back by the way."""

    timers: Sequence[Timer]
    origins: Mapping[RoleId, Origin] = field(default_factory=dict)
    given_back: Collection[RoleId] = ()


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Answers what remains. Everyone may ask for themselves; for others one needs Manage Roles, or to be a manager.

    Who set a timer is told to everyone who may see it; for what reason, only to those who may see the timers of others:
    moderators write reasons for each other.
    """

    timers: TimerRepository
    history: History
    policies: GuildPolicies
    welcome_back: Callable[[MemberSeen], Collection[RoleId]]
    """Gives roles to who is in the guild again, and tells which."""

    def __call__(
        self,
        guild: GuildId,
        user: UserId,
        *,
        by: UserId,
        view: GuildView,
        role: RoleId | None = None,
        seen: MemberSeen | None = None,
    ) -> TimesLeft:
        """The member's timers, or only that of `role`: the earliest end first, then those that begin
        later, then paused ones, least time first.

        `seen`: they are in the guild. Where nobody had heard of that, their timers go on first, with their roles.

        Raises:
            AskerMayNot: when asking for somebody else without Manage Roles, and not as a manager.
            NoTimer: when `role` is given and has no timer.
            StorageUnavailable: the repository did not answer.
        """
        if user != by and not may_see_others(view.asker):
            view = with_managers(view, self.policies.get(guild))
        ensure_may_see(view.asker, user, by=by)
        timers, given = self.timers.of_member(guild, user), frozenset[RoleId]()
        if seen is not None and any(is_owed(seen, one) and lack_in(view, one.key.role) is None for one in timers):
            given = frozenset(self.welcome_back(seen))
            timers = self.timers.of_member(guild, user)
        if user != by:
            timers = [timer for timer in timers if may_see(view.asker, timer.key.role)]
        shown = sorted(timers, key=_place) if role is None else [choose(timers, user, role)]
        if not shown:
            return TimesLeft([])
        origins = self.history.origins(guild, user)
        origins = {of: one if may_see(view.asker, of) else replace(one, reason=None) for of, one in origins.items()}
        return TimesLeft(shown, origins, given)


def _place(timer: Timer) -> tuple[int, float, TimerKey]:
    match timer.state:
        case Running(ends_at=ends_at) | Grace(since=ends_at) | Ending(since=ends_at):
            return (0, ends_at.timestamp(), timer.key)
        case Paused(remaining=remaining):
            return (2, remaining.total_seconds(), timer.key)
        case Waiting(starts_at=starts_at):
            return (1, starts_at.timestamp(), timer.key)
        case _ as never:
            assert_never(never)
