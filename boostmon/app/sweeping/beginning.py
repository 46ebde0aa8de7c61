"""Giving the roles of timers that were to begin later."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boostmon.app.guilds.policies import LazyPolicies
from boostmon.app.ports import LONGEST_GRANT, AuditReason, Cause, Claim, Clock, RoleGateway, Settlement, Timers
from boostmon.app.sweeping.obstacles import news_of_obstacle
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import after_granting
from boostmon.domain.details import of_outcome
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import Done, Held, Outcome, Retry
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, Timer, Waiting

_log = logging.getLogger(__name__)

BEGINNINGS_AT_ONCE = 25
"""Few, so that roles that are to be taken are not behind a long row of those that are to be given."""
_BEGINS = AuditReason(Cause.BEGINS)


@dataclass(frozen=True, slots=True)
class BeginTimers:
    """Gives the roles of timers that were to begin, and lets these run.

    Their rows are marked before, as for any grant: a process that dies in between leaves a timer that waits and is
    tried again, and whoever cancels it meanwhile has the role taken when Discord has surely served the request.
    """

    timers: Timers
    roles: RoleGateway
    clock: Clock

    def __call__(self, claims: Sequence[Claim], policies: LazyPolicies) -> Swept:
        """Begins those that are still held."""
        before = {claim.timer.key: claim.timer for claim in claims}
        mark = self.clock.after(LONGEST_GRANT)
        held = self.timers.mark(claims, mark)
        swept = Swept(lost=len(claims) - len(held))
        if not held:
            return swept
        outcomes = self.roles.grant_all([claim.timer.key for claim in held], _BEGINS)
        now = self.clock.now()
        settlements = [
            _settlement(claim, before[claim.timer.key], outcome, policies[claim.timer.key.guild], now, mark)
            for claim, outcome in zip(held, outcomes, strict=True)
        ]
        lost = set(self.timers.settle(settlements))
        for settlement, outcome in zip(settlements, outcomes, strict=True):
            key = settlement.claim.timer.key
            if key not in lost:
                swept += _counted(settlement, outcome)
                _log.info("timer to begin", extra={"timer": key, "outcome": outcome})
            elif isinstance(outcome, Done | Retry):
                self._take_again(key)
        return swept + Swept(lost=len(lost))

    def _take_again(self, key: TimerKey) -> None:
        """Takes a role that was given for nothing: its timer begins later now, or there is none.

        One that runs by now wants the role. One that is ending has the mark, so the sweep takes it.
        """
        current = self.timers.get(key)
        is_unwanted = not self.timers.was_left(key) if current is None else isinstance(current.state, Waiting)
        if is_unwanted:
            [outcome] = self.roles.remove([key], AuditReason(Cause.NOT_YET))
            _log.info("role taken again", extra={"timer": key, "outcome": outcome})


def _settlement(
    claim: Claim, before: Timer, outcome: Outcome, policy: Policy, now: datetime, mark: datetime
) -> Settlement:
    after = after_granting(before, outcome, PATIENCE, policy, now, mark=mark)
    if isinstance(outcome, Held):
        return Settlement(claim, after=after)
    has_begun = after is not None and isinstance(after.state, Running)
    action = Action.BEGAN if isinstance(outcome, Done) else Action.GIVING_FAILED
    entry = LedgerEntry(before.key, now, action, before=claim.timer, after=after, detail=of_outcome(outcome))
    if after is None or has_begun:
        return Settlement(claim, after=after, entry=entry)
    # As of a removal: the first failure is history, and each change of its cause.
    is_news = before.blocked_by != after.blocked_by or not _was_tried(before)
    return Settlement(claim, after, entry if is_news else None, news_of_obstacle(after, policy, now))


def _was_tried(timer: Timer) -> bool:
    return isinstance(timer.state, Waiting) and timer.state.attempts > 0


def _counted(settlement: Settlement, outcome: Outcome) -> Swept:
    if settlement.after is None or isinstance(settlement.after.state, Running):
        return Swept(began=isinstance(outcome, Done))
    return Swept(held=1) if isinstance(outcome, Held) else Swept(failed=1)
