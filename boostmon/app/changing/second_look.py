"""Asking Discord where a role stands before anybody is refused because of that."""

from collections.abc import Callable
from dataclasses import dataclass

from boostmon.app.ports import GuildDirectory
from boostmon.domain.eligibility import BY_POSITION, GuildView, RoleNotTimeable


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Lets a command be judged again by what Discord says now, where the cache would refuse it."""

    guilds: GuildDirectory

    def __call__[T](self, view: GuildView, act: Callable[[GuildView], T]) -> T:
        """What `act` makes of the view; where that is a refusal by position, of the view as it is by Discord's answer.

        `act` must have done nothing when it refuses so. It blocks, and so does the look.

        Raises:
            RoleNotTimeable: it stands there by Discord's own answer; or, `is_unconfirmed`, there was none.
            BoostMonError: whatever else `act` raises.
        """
        try:
            return act(view)
        except RoleNotTimeable as refusal:
            if refusal.problem not in BY_POSITION:
                raise
            roles = self.guilds.roles(view.id)
            if roles is None:
                raise RoleNotTimeable(refusal.role, refusal.problem, is_unconfirmed=True) from None
        return act(view.with_roles(roles))
