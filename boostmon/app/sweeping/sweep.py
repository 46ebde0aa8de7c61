"""One pass of the sweep: claim what is due, decide, act, settle."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import assert_never

from boostmon.app.batches.crew import Crew, Job
from boostmon.app.batches.fairness import guilds_in_turn
from boostmon.app.batches.leases import BatchSize, Keeper
from boostmon.app.batches.settled_log import tell_ended
from boostmon.app.changing.changes import Committer
from boostmon.app.changing.giving_back import GiveBack
from boostmon.app.guilds.policies import LazyPolicies
from boostmon.app.ports import AuditReason, Cause, Claim, Clock, GuildPolicies, RoleGateway, Settlement, Timers
from boostmon.app.sweeping.beginning import BEGINNINGS_AT_ONCE, BeginTimers
from boostmon.app.sweeping.claiming import Batch, Intake
from boostmon.app.sweeping.obstacles import news_of_obstacle
from boostmon.app.sweeping.succeeding import LetRolesFollow
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import Advance, Ended, Give, GoOn, Lapse, Remove, Wait, after_removal, decide
from boostmon.domain.details import of_outcome
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import GraceNotice
from boostmon.domain.outcomes import Done, Held, Outcome, Retry
from boostmon.domain.policy import DEFAULT_POLICY, Policy
from boostmon.domain.timers import Ending, Timer

_log = logging.getLogger(__name__)

REMOVALS_AT_ONCE = 50
"""About what Discord allows in a second, so that not much more than that passes between the last check of a timer and
the request that takes its role. More go at once for as long as they take less than a second."""
CHUNKS_AT_ONCE = 2
"""While the answers to one chunk are awaited and written down, the requests of another use the budget."""
_TIME_UP = AuditReason(Cause.TIME_UP)
"""In no guild's own language: a role is taken before it is known what its guild decided."""


@dataclass(frozen=True, slots=True)
class _Removal:
    """A claimed timer whose time is up, and the same as `Ending`."""

    claim: Claim
    ending: Timer


@dataclass(frozen=True, slots=True)
class Sweep:
    """Claims and acts on what is due. Any number of processes may sweep one database.

    Removals happen outside any transaction, and before anything else that Discord is asked for. `stopping` is looked at
    before each chunk of them: once it is true, what was claimed and not acted on is given back.
    """

    timers: Timers
    roles: RoleGateway
    clock: Clock
    policies: GuildPolicies
    batch: int = 500
    lease: timedelta = timedelta(seconds=30)
    chunks_at_once: int = CHUNKS_AT_ONCE
    stopping: Callable[[], bool] = field(default=lambda: False)

    def __call__(self, expected: datetime | None = None) -> Swept:
        """One pass: until nothing more is due, or stopping.

        `expected` is what the pass before said of the next one: once it has come, it is not asked for again.

        Raises:
            StorageUnavailable: what was claimed comes back by itself when its lease has run out.
        """
        swept, chunk_size = Swept(), BatchSize(self.batch, least=REMOVALS_AT_ONCE)
        intake = Intake(self.timers, self.clock, BatchSize(self.batch), self.lease, expected)
        with (
            Keeper(self.timers.renew, self.lease) as keeper,
            Crew[Claim, Swept](self.chunks_at_once, keeper, self.stopping) as crew,
        ):
            while not self.stopping():
                batch = intake.claim()
                if batch.claims:
                    jobs = intake.measured(batch, self._jobs(batch, chunk_size))
                    is_alone = len(jobs) == 1 and not batch.is_full and not crew.is_at_work
                    swept = sum([crew.do(jobs[0])] if is_alone else crew.take_on(jobs), swept)
                elif crew.is_at_work:
                    swept = sum(crew.collect(), swept)  # and what was put off by then may be due before all others
                elif batch.was_looked:
                    return swept + Swept(batch.next_due)
            swept = sum(crew.finish(), swept)
            if crew.given_up:
                self.timers.release(crew.given_up)
        return swept

    def _jobs(self, batch: Batch, chunk_size: BatchSize) -> list[Job[Claim, Swept]]:
        """The jobs for these claims; removals come in chunks, before the rest."""
        settlements: list[Settlement] = []
        removals: list[_Removal] = []
        beginnings: list[Claim] = []
        policies = LazyPolicies(self.policies, {claim.timer.key.guild for claim in batch.claims})
        for claim in batch.claims:
            # Where time is up, a role is taken whatever the guild decided; its policy is read meanwhile, not before.
            policy = DEFAULT_POLICY if claim.timer.is_over(batch.at) else policies[claim.timer.key.guild]
            match decide(claim.timer, policy, batch.at):
                case Wait():
                    settlements.append(Settlement(claim, after=claim.timer))
                case Advance(timer=timer, warning=warning):
                    settlements.append(Settlement(claim, after=timer, notice=warning))
                case GoOn(timer=timer):
                    settlements.append(_resumption(claim, timer, batch.at))
                case Lapse(timer=timer, notice=notice):
                    settlements.append(_lapse(claim, timer, notice, batch.at))
                case Remove(timer=ending):
                    removals.append(_Removal(claim, ending))
                case Give():
                    beginnings.append(claim)
                case _ as never:
                    assert_never(never)
        # Discord limits role changes by guild: a chunk of many guilds waits less for it than a chunk of one.
        chunks = batched(guilds_in_turn(removals, _guild), chunk_size.now)
        jobs = [Job(_claims(chunk), partial(self._remove, chunk, chunk_size, policies)) for chunk in chunks]
        if settlements:
            jobs.append(Job([one.claim for one in settlements], partial(self._move_on, settlements)))
        begin = BeginTimers(self.timers, self.roles, self.clock)
        jobs += [Job(chunk, partial(begin, chunk, policies)) for chunk in batched(beginnings, BEGINNINGS_AT_ONCE)]
        return jobs

    def _move_on(self, settlements: Sequence[Settlement]) -> Swept:
        lost = set(self.timers.settle(settlements))
        warned = sum(one.notice is not None and one.claim.timer.key not in lost for one in settlements)
        return Swept(warned=warned, lost=len(lost))

    def _remove(self, chunk: Sequence[_Removal], chunk_size: BatchSize, policies: LazyPolicies) -> Swept:
        """Takes the roles of those that are still held."""
        began = self.clock.now()
        # By key: one token may name a whole batch of claims.
        keys = {claim.timer.key for claim in self.timers.still_held(_claims(chunk))}
        held = [removal for removal in chunk if removal.claim.timer.key in keys]
        swept = Swept(lost=len(chunk) - len(held))
        if held:
            swept += self._take(held, policies)
            chunk_size.took(self.clock.now() - began)
        return swept

    def _take(self, removals: Sequence[_Removal], policies: LazyPolicies) -> Swept:
        """Asks Discord for them, and settles what it said."""
        outcomes = self.roles.remove([removal.claim.timer.key for removal in removals], _TIME_UP)
        now = self.clock.now()
        settlements = [
            _settlement(removal, outcome, policies[removal.ending.key.guild], now)
            for removal, outcome in zip(removals, outcomes, strict=True)
        ]
        left = LetRolesFollow(self.timers)(settlements, [removal.ending for removal in removals], policies, now)
        lost = set(self.timers.settle(left)) if left else set()
        settled = [(one.claim.timer.key, one, outcome) for one, outcome in zip(settlements, outcomes, strict=True)]
        tell_ended([(key, outcome) for key, one, outcome in settled if one.after is None and key not in lost])
        swept = Swept(lost=len(lost))
        for key, settlement, outcome in settled:
            if key not in lost:
                swept += _counted(settlement, outcome)
            elif isinstance(outcome, Done | Retry):
                # Without an answer the role may be gone as well; giving one that is there changes nothing.
                self._give_back(key)
        return swept

    def _give_back(self, key: TimerKey) -> None:
        GiveBack(self.timers, Committer(self.timers, _Awake()), self.roles, self.clock)(key)


class _Awake:
    """An alarm for those who are sweeping already: a pass ends only when nothing more is due."""

    def ring(self) -> None:
        """Does nothing."""


def _claims(removals: Sequence[_Removal]) -> list[Claim]:
    return [removal.claim for removal in removals]


def _guild(removal: _Removal) -> GuildId:
    return removal.claim.timer.key.guild


def _resumption(claim: Claim, timer: Timer, now: datetime) -> Settlement:
    entry = LedgerEntry(key=timer.key, at=now, action=Action.WENT_ON, before=claim.timer, after=timer)
    return Settlement(claim, after=timer, entry=entry)


def _lapse(claim: Claim, timer: Timer, notice: GraceNotice, now: datetime) -> Settlement:
    entry = LedgerEntry(key=timer.key, at=now, action=Action.LAPSED, before=claim.timer, after=timer)
    return Settlement(claim, after=timer, entry=entry, notice=notice)


def _counted(settlement: Settlement, outcome: Outcome) -> Swept:
    if settlement.after is None:
        return Swept(ended=1)
    return Swept(held=1) if isinstance(outcome, Held | Done) else Swept(failed=1)


def _settlement(removal: _Removal, outcome: Outcome, policy: Policy, now: datetime) -> Settlement:
    before = removal.claim.timer
    result = after_removal(removal.ending, outcome, PATIENCE, now)
    if isinstance(result, Ended):
        entry = _entry(before, None, Action.ENDED, outcome, now)
        return Settlement(removal.claim, after=None, entry=entry, notice=result.notice)
    if isinstance(outcome, Held | Done):  # put off, nothing failed
        return Settlement(removal.claim, after=result)
    _log.warning("removal not confirmed", extra={"timer": before.key, "outcome": outcome})
    # Every attempt would flood the ledger: the first failure is history, and each change of its cause.
    is_news = before.blocked_by != result.blocked_by or not _was_tried(before)
    failure = _entry(before, result, Action.REMOVAL_FAILED, outcome, now) if is_news else None
    return Settlement(removal.claim, after=result, entry=failure, notice=news_of_obstacle(result, policy, now))


def _was_tried(timer: Timer) -> bool:
    return isinstance(timer.state, Ending) and timer.state.attempts > 0


def _entry(before: Timer, after: Timer | None, action: Action, outcome: Outcome, now: datetime) -> LedgerEntry:
    return LedgerEntry(key=before.key, at=now, action=action, before=before, after=after, detail=of_outcome(outcome))
