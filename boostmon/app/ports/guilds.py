"""The policies of guilds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from boostmon.app.ports.asked import Asked
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A guild's policy before and after a change, and how many running timers were re-planned for it."""

    before: Policy
    after: Policy
    replanned: int = 0


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A role's rule before and after a change (None: there was or is none); `policy` is the guild's, as it is now.

    `replanned` as of a `PolicyChange`. `moved` is how many timers end otherwise than they would have.
    """

    before: RoleRule | None
    after: RoleRule | None
    policy: Policy
    replanned: int = 0
    moved: int = 0


class GuildPolicies(Protocol):
    """Holds what each guild decided, for all its roles and for single ones, and the history of it."""

    def get(self, guild: GuildId) -> Policy:
        """The guild's policy; the default one if it never changed anything."""
        ...

    def of(self, guilds: Collection[GuildId]) -> Mapping[GuildId, Policy]:
        """The policies of many guilds, in one round trip; each of `guilds` has one."""
        ...

    def change(self, guild: GuildId, alter: Callable[[Policy], Policy], *, asked: Asked) -> PolicyChange:
        """Writes what the pure function `alter` makes of the guild's policy, and who asked for it.

        With other thresholds, every running timer of the guild whose role has none of its own is re-planned in the same
        transaction, as `replan` does at `asked.at`, and gets a new version; a command or a sweep that read it under the
        old ones loses its race. Two changes at once follow one another, and neither undoes the other. A request that
        is in the history already is not applied again. The rules of roles stay as they are.

        Raises:
            BoostMonError: whatever `alter` raises; nothing is written.
        """
        ...

    def change_rule(
        self, guild: GuildId, role: RoleId, alter: Callable[[Policy], RoleRule | None], *, asked: Asked
    ) -> RuleChange:
        """Writes the rule that the pure function `alter` makes for the role of the guild's policy; None: no rule.

        Everything else is as of `change`: where the role's thresholds, or the date by which its timers end, are others
        afterwards, its timers are re-planned. Each that ends otherwise gets an entry of `Action.RULED` and loses its
        undelivered warnings.

        Raises:
            BoostMonError: whatever `alter` raises; nothing is written.
        """
        ...
