"""Giving the role after its timer was committed, and taking the timer back when Discord refuses."""

from datetime import timedelta
from typing import assert_never

from boostmon.app.changes import Committer, Note, Plan
from boostmon.app.ports import Asked, RoleGateway
from boostmon.domain.eligibility import MemberGone, RoleGone
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Retry
from boostmon.domain.timers import Obstacle


class GrantRefused(BoostMonError):
    """Discord refused to give the role because of `obstacle`; the timer was put back as it was."""

    def __init__(self, key: TimerKey, obstacle: Obstacle) -> None:
        super().__init__(f"granting {key} was refused: {obstacle}")
        self.key = key
        self.obstacle = obstacle


class GrantHeld(BoostMonError):
    """A limit of Discord's is used up, until `after` has passed; the timer was put back as it was."""

    def __init__(self, key: TimerKey, after: timedelta) -> None:
        super().__init__(f"granting {key} was held back for {after}")
        self.key = key
        self.after = after


class Granter:
    """Gives roles for timers that are stored already.

    The order is deliberate: a crash in between leaves a timer without a role, which the sweep ends, and never a
    role without a timer. For the same reason a grant whose result is unknown leaves the timer in place.
    """

    def __init__(self, roles: RoleGateway, committer: Committer) -> None:
        self._roles = roles
        self._committer = committer

    def grant(self, done: Plan, *, asked: Asked, audit: str) -> tuple[Note, ...]:
        """Gives the role of a committed plan.

        Raises:
            GrantRefused, GrantHeld, MemberGone, RoleGone: nothing was given, and the timer is as it was before.
        """
        outcome = self._roles.grant(done.key, audit)
        match outcome:
            case Done():
                return ()
            case Retry():
                return (Note.GRANT_UNCONFIRMED,)
            case Held(error=error, after=after):
                self._committer.put_back(done, asked=asked, why=f"held back: {error}")
                raise GrantHeld(done.key, after)
            case Blocked(obstacle=obstacle, error=error):
                self._committer.put_back(done, asked=asked, why=error)
                raise GrantRefused(done.key, obstacle)
            case AlreadyGone(what=what, error=error):
                self._committer.put_back(done, asked=asked, why=error)
                raise RoleGone(done.key.role) if what is Gone.ROLE else MemberGone(done.key.user)
            case _ as never:
                assert_never(never)
