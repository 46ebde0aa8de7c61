"""Timers that each member gets once, as for a trial: who has had theirs is asked of the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from boostmon.app.ports import History
from boostmon.domain.ids import TimerKey
from boostmon.domain.limits import HadBefore, is_once
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class OnceEach:
    """The ledger is asked about roles with such a rule alone; all others cost nothing.

    It is to be asked after the timers were read. Then whatever it cannot know yet makes the commit lose its race.
    """

    history: History

    def ensure_first(self, key: TimerKey, before: Timer | None, policy: Policy, *, now: datetime) -> None:
        """Checks that a timer may start; one that they still have is theirs, and may be changed.

        Raises:
            HadBefore: the member had one.
        """
        if not is_once(key.role, policy) or (before is not None and before.goes_on(now)):
            return
        began = self.history.begun([key]).get(key)
        if began is not None:
            raise HadBefore(key, began)

    def begun(self, asked: Collection[tuple[TimerKey, Policy]]) -> Mapping[TimerKey, datetime]:
        """When those of the timers last began that members get once."""
        keys = [key for key, policy in asked if is_once(key.role, policy)]
        return self.history.begun(keys) if keys else {}
