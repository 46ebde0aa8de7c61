"""Looking again before anybody is refused: where a role stands by Discord, and whom the guild named as managers."""

from collections.abc import Callable
from dataclasses import dataclass

from boostmon.app.ports import GuildDirectory, GuildPolicies
from boostmon.domain.eligibility import BY_POSITION, CommandNotAllowed, GuildView, RoleNotTimeable, Warrant
from boostmon.domain.managing import with_managers
from boostmon.domain.permissions import Permission
from boostmon.domain.selection import SeveralTimers


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Lets a command be judged again by what Discord or the policy says, where what is at hand would refuse it."""

    guilds: GuildDirectory
    policies: GuildPolicies

    def __call__[T](self, view: GuildView, act: Callable[[GuildView], T]) -> T:
        """What `act` makes of the view; where that is a refusal, of the view as it is with what is looked up for it.

        Managers are looked up for those alone who have no right in the guild, so that nobody else waits for it: at once
        where an override lets them use the command, which counts for single roles if they manage these. `act` must have
        done nothing when it refuses so. It blocks, and so do the looks.

        Raises:
            RoleNotTimeable: it stands there by Discord's own answer; or, `is_unconfirmed`, there was none.
            CommandNotAllowed: they are no manager either.
            BoostMonError: whatever else `act` raises.
        """
        if view.asker.warrant(Permission.MANAGE_ROLES) is Warrant.OVERRIDE:
            view = with_managers(view, self.policies.get(view.id))
        try:
            return self._by_position(view, act)
        except (CommandNotAllowed, SeveralTimers) as refusal:
            known = with_managers(view, self.policies.get(view.id)) if _may_be_a_matter_of(refusal) else view
            if known == view:
                raise
        return self._by_position(known, act)

    def _by_position[T](self, view: GuildView, act: Callable[[GuildView], T]) -> T:
        try:
            return act(view)
        except RoleNotTimeable as refusal:
            if refusal.problem not in BY_POSITION:
                raise
            roles = self.guilds.roles(view.id)
            if roles is None:
                raise RoleNotTimeable(refusal.role, refusal.problem, is_unconfirmed=True) from None
        return act(view.with_roles(roles))


def _may_be_a_matter_of(refusal: CommandNotAllowed | SeveralTimers) -> bool:
    """Whether a manager would not be refused: of several timers, those who may not see them are told none."""
    return isinstance(refusal, CommandNotAllowed) or not refusal.timers
