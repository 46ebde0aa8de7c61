"""A change that takes a lot away is made only for somebody who has been shown what it takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.domain.durations import When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.domain.losses import asks_first, loss
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class Loss:
    """A timer as it is, and as a change that takes much of it away would leave it, as of `at`.

    `amount` is what was to be set or taken away.
    """

    before: Timer
    after: Timer
    at: datetime
    amount: When | None = None

    @property
    def length(self) -> timedelta:
        """How much time is lost."""
        return loss(self.before, self.after, self.at)


class NotConfirmed(BoostMonError):
    """The change takes so much away that it asks first; nothing was written.

    `changed_since` says that somebody did confirm it, but was shown a timer that has changed in the meantime.
    """

    def __init__(self, loss: Loss, *, changed_since: bool) -> None:
        super().__init__(f"the change of {loss.before.key} was not confirmed")
        self.loss = loss
        self.changed_since = changed_since


class OtherThanShown(BoostMonError):
    """A change was confirmed, but its timer is not the one that was shown. Nothing was written.

    `timer` is what is there now; None: nothing.
    """

    def __init__(self, key: TimerKey, timer: Timer | None) -> None:
        super().__init__(f"{key} has changed since its change was confirmed")
        self.key = key
        self.timer = timer


def ensure_confirmed(
    before: Timer | None, after: Timer, amount: When | None, *, now: datetime, confirmed: int | None
) -> None:
    """Lets a change through that takes little away, or of which somebody was shown what it takes.

    Args:
        before: the timer as it is stored; None where there is none.
        after: as the change would leave it.
        amount: what is to be set or taken away.
        now: the command's reading of the clock.
        confirmed: the version of the timer that whoever confirmed the change was shown; None: nobody was asked.

    Raises:
        NotConfirmed: it asks first.
        OtherThanShown: it was confirmed for a timer that has changed since, and would not ask now.
    """
    if before is not None and before.version == confirmed:
        return
    if before is not None and asks_first(before, after, now):
        raise NotConfirmed(Loss(before, after, now, amount), changed_since=confirmed is not None)
    if confirmed is not None:
        raise OtherThanShown(after.key, before)
