"""The role that follows: its timer is stored in the transaction in which the one before leaves."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boostmon.app.errors import Conflict
from boostmon.app.guilds.policies import LazyPolicies
from boostmon.app.ports import Change, Settlement, Timers
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from boostmon.domain.succeeding import successor
from boostmon.domain.timers import Timer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LetRolesFollow:
    """Settles the endings that a role follows. They are few, so each has a transaction of its own."""

    timers: Timers

    def __call__(
        self, settlements: Sequence[Settlement], endings: Sequence[Timer], policies: LazyPolicies, now: datetime
    ) -> Sequence[Settlement]:
        """Returns the settlements that are left, which are to be settled as usual.

        `endings` are their timers as they were when their roles were taken. A member who has a timer on the role that
        follows has the role: theirs is left as it is.

        Raises:
            StorageUnavailable: the repository did not answer; what was not settled comes back by its lease.
        """
        left: list[Settlement] = []
        for settlement, ending in zip(settlements, endings, strict=True):
            notice = settlement.notice
            follows = None
            if settlement.after is None and isinstance(notice, EndedNotice):
                follows = successor(ending, policies[ending.key.guild], now)
            if follows is None or not self._settle(settlement, notice, follows, now):
                left.append(settlement)
        return left

    def _settle(self, settlement: Settlement, notice: object, follows: Timer, now: datetime) -> bool:
        """Whether it was written; where not, somebody was faster, or there is a timer on that role."""
        entry = settlement.entry
        if entry is None or not isinstance(notice, EndedNotice) or self.timers.get(follows.key) is not None:
            return False
        begins = LedgerEntry(follows.key, now, Action.FOLLOWED, after=follows)
        try:
            self.timers.commit_together(
                [
                    Change(settlement.claim.timer, None, entry, outdates_warnings=True, notice=notice),
                    Change(None, follows, begins),
                ]
            )
        except Conflict:
            return False
        _log.info("a role follows", extra={"timer": settlement.claim.timer.key, "follows": follows.key})
        return True
