"""Which timer a command means when the role was left out."""

from collections.abc import Container, Sequence

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.timers import Timer


class NoTimer(BoostMonError):
    """The member has no timer in this guild, or none on `role`."""

    def __init__(self, user: UserId, role: RoleId | None) -> None:
        super().__init__(f"user {user} has no timer on {'any role' if role is None else role}")
        self.user = user
        self.role = role


class SeveralTimers(BoostMonError):
    """The member has several timers, and the command does not say which is meant.

    `timers` is empty where the asker may not see them.
    """

    def __init__(self, user: UserId, timers: Sequence[Timer]) -> None:
        super().__init__(f"user {user} has several timers")
        self.user = user
        self.timers = tuple(timers)


def find(timers: Sequence[Timer], role: RoleId | None, there: Container[RoleId] | None = None) -> Timer | None:
    """The member's timer on `role`; without a role their only one; None where there is none.

    `there` are the roles that the guild has (None: nobody knows). A timer whose role was deleted is about to end: it is
    no rival of the others, and meant only by name, or where there is no other.

    Raises:
        SeveralTimers: when no role is named and there are several.
    """
    if role is not None:
        return next((timer for timer in timers if timer.key.role == role), None)
    meant = [timer for timer in timers if there is None or timer.key.role in there] or timers
    if len(meant) > 1:
        raise SeveralTimers(meant[0].key.user, meant)
    return meant[0] if meant else None


def choose(timers: Sequence[Timer], user: UserId, role: RoleId | None, there: Container[RoleId] | None = None) -> Timer:
    """Like `find`, but there must be one.

    Raises:
        NoTimer: when there is none.
        SeveralTimers: when no role is named and there are several.
    """
    timer = find(timers, role, there)
    if timer is None:
        raise NoTimer(user, role)
    return timer
