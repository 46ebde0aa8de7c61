"""PostgreSQL held against memory: random commands, policies, sweeps, deliveries and lost leases on few timers."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pytest_postgresql.executors import NoopExecutor

from boostmon.app.ports import Claim, DeliverySettlement, Posted, Postmark, Settlement
from boostmon.app.sweeping.obstacles import news_of_obstacle
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.beginning import start_later
from boostmon.domain.decisions import (
    Advance,
    Ended,
    Give,
    GoOn,
    Lapse,
    Remove,
    Wait,
    after_granting,
    after_removal,
    decide,
)
from boostmon.domain.durations import Amount, Span
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RequestId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Outcome, Retry
from boostmon.domain.policy import DEFAULT_THRESHOLDS, Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Obstacle, Timer, Waiting
from boostmon.domain.transitions import end, extend, pause, reduce, resume, start
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.timers import CHANNEL, DAY, HOUR, MINUTE, MODERATOR, NOW, SECOND, asked, key
from tests.support.twins import Pair, StoredPair, Twins

# No two of them have the same jitter, so that retries of one sweep are due apart.
GRANT = 30 * SECOND
KEYS = [key(1, 1), key(1, 2), key(1, 5, guild=2)]
BOUNDED = settings(
    derandomize=True,
    deadline=None,
    max_examples=80,
    stateful_step_count=40,
    # A failure is shown as it was found: made small first, each attempt on a real database, it took many minutes.
    phases=[phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)],
    suppress_health_check=[HealthCheck.too_slow],  # it measures the machine, not the test
)

type Nothing = MultipleResults[object]
type Transition = Callable[[Timer], Timer | None]

keys = st.sampled_from(KEYS)
lengths = st.one_of(
    st.sampled_from([SECOND, MINUTE, 10 * MINUTE, HOUR]),
    st.timedeltas(min_value=SECOND, max_value=2 * HOUR),
    st.timedeltas(min_value=SECOND, max_value=3 * DAY),
)
amounts = st.one_of(lengths, lengths, st.builds(Span, st.integers(1, 3), st.sampled_from([timedelta(), DAY])))
requests = st.one_of(st.none(), st.integers(min_value=1, max_value=5).map(RequestId))
limits = st.integers(min_value=1, max_value=3)
fates = st.sampled_from(["told", "postponed", "held back", "released"])
ways = st.sampled_from([ToChannel(CHANNEL), ToMember(), ToLog(CHANNEL)])
thresholds_of_a_guild = st.sampled_from([(), (10 * MINUTE,), (DAY, HOUR, MINUTE), DEFAULT_THRESHOLDS])
decisions = st.builds(
    lambda thresholds, dms: partial(replace, thresholds=thresholds, dms=dms), thresholds_of_a_guild, st.booleans()
)
own_thresholds = st.one_of(st.none(), st.sampled_from([(), (20 * MINUTE,), (2 * HOUR, MINUTE)]), thresholds_of_a_guild)
outcomes = st.sampled_from(
    [None, Done(), AlreadyGone(Gone.ROLE, "404"), Retry("503"), Blocked(Obstacle.MISSING_PERMISSIONS, "403 (50013)")]
)
"""None: the claims are given back."""


class PostgresAgainstMemory(RuleBasedStateMachine):
    """After every step both have the same timers, due times, notices and ledger."""

    seen = Bundle("seen")  # timers as they were read at some time, perhaps long ago
    claims = Bundle("claims")
    posted = Bundle("posted")

    def __init__(self, real: PostgresWorld) -> None:
        super().__init__()
        real.empty()
        self.twins = Twins(real, KEYS)
        self.now = NOW
        self.numbers = count(1)

    @initialize()
    def begin(self) -> None:
        for of in KEYS:
            timer = self.started(of, 2 * HOUR).with_grant_until(self.now + GRANT)
            self.twins.commit(Pair(None, None), timer, self.entry(of, Action.SET, None))

    def started(self, of: TimerKey, amount: Amount, replaces: Timer | None = None) -> Timer:
        # No two are due at one instant: which of them a limited claim takes first is nobody's promise.
        odd = timedelta(microseconds=next(self.numbers))
        policy = self.twins.policy(of.guild)
        amount = Span(amount.months, amount.length + odd) if isinstance(amount, Span) else amount + odd
        return start(of, amount, now=self.now, policy=policy, channel=CHANNEL, replaces=replaces)

    def entry(self, of: TimerKey, action: Action, request: RequestId | None) -> LedgerEntry:
        self.now += timedelta.resolution
        return LedgerEntry(of, self.now, action, MODERATOR, reason=f"no. {next(self.numbers)}", request=request)

    @rule(by=lengths)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    def wait_for(self, due: datetime | None) -> None:
        self.now = max(self.now, due or self.now)

    @rule(target=seen, of=keys)
    def read(self, of: TimerKey) -> StoredPair:
        return self.twins.get(of)

    @rule(of=keys, amount=amounts, request=requests, kind=st.sampled_from(Action), asks_for_role=st.booleans())
    def command(
        self, of: TimerKey, amount: Amount, request: RequestId | None, kind: Action, asks_for_role: bool
    ) -> None:
        before = self.twins.get(of)
        entry = self.entry(of, kind, request)
        if before.real is None:
            begun = self.started(of, amount)
            self.twins.commit(before, begun.with_grant_until(self.now + GRANT) if asks_for_role else begun, entry)
            return
        policy = self.twins.policy(of.guild)
        transitions: dict[Action, Transition] = {
            Action.ADD: lambda timer: extend(timer, amount, now=self.now, policy=policy),
            Action.REMOVE: lambda timer: reduce(timer, amount, now=self.now, policy=policy),
            Action.PAUSE: lambda timer: pause(timer, now=self.now),
            # No two pauses end at one instant, either.
            Action.WENT_ON: lambda timer: pause(timer, now=self.now, until=self.started(of, amount).ends_at),
            Action.RESUME: lambda timer: resume(timer, now=self.now, policy=policy),
            Action.CLEAR: lambda timer: end(timer, now=self.now, first_attempt=30 * SECOND),
            Action.ENDED: lambda _: None,
        }
        with suppress(BoostMonError):
            transition = transitions.get(kind)
            after = transition(before.real) if transition else self.started(of, amount, before.real)
            self.twins.commit(before, after, entry)

    @rule(of=keys, amount=lengths, starts_in=lengths)
    def a_timer_begins_later(self, of: TimerKey, amount: timedelta, starts_in: timedelta) -> None:
        before = self.twins.get(of)
        if before.real is not None and not isinstance(before.real.state, Waiting):
            return
        entry, policy = self.entry(of, Action.SET, None), self.twins.policy(of.guild)
        starts_at = self.started(of, starts_in).ends_at
        assert starts_at is not None
        timer = start_later(of, amount, starts_at, now=self.now, policy=policy, replaces=before.real)
        self.twins.commit(before, timer, entry)

    @rule(before=seen, request=requests)
    def two_are_changed_together(self, before: StoredPair, request: RequestId | None) -> None:
        """One of them as it was once read: where that is out of date, neither is changed."""
        if before.real is None or before.real.key.guild != 1:
            return
        [other] = [of for of in KEYS if of.guild == 1 and of != before.real.key]
        there = self.twins.get(other)
        first, second = self.entry(before.real.key, Action.MOVE, request), self.entry(other, Action.MOVE, request)
        ending = end(before.real, now=self.now, first_attempt=30 * SECOND)
        self.twins.commit_together([(before, ending, first), (there, self.started(other, HOUR, there.real), second)])

    @rule(of=keys, is_the_last=st.booleans())
    def discord_answers(self, of: TimerKey, is_the_last: bool) -> None:
        """A request for the role: the one that was asked for last, or an earlier one."""
        timer = self.twins.get(of).real
        mark = timer.grant_open_until if timer and timer.grant_open_until and is_the_last else self.now
        self.twins.grant_answered(of, mark)

    @rule(of=keys)
    def an_obstacle_goes(self, of: TimerKey) -> None:
        """For one role at a time, so that no two timers become due at one instant."""
        self.now += timedelta.resolution
        others = [other.role for other in KEYS if other.guild == of.guild and other != of]
        self.twins.unblock(of.guild, self.now, others)

    @rule(of=keys, decision=decisions, request=requests, is_late=st.booleans())
    def guild_decides(
        self, of: TimerKey, decision: Callable[[Policy], Policy], request: RequestId | None, is_late: bool
    ) -> None:
        """Plans its running timers anew, also one that is due; what was read or claimed of them is out of date."""
        if is_late:
            self.wait_for(self.twins.real.timers.next_due(self.now))
        self.now += timedelta.resolution
        self.twins.decide(of.guild, decision, asked(self.now, request))

    @rule(
        of=keys,
        thresholds=own_thresholds,
        duration=st.sampled_from([DAY, None]),
        date=st.one_of(st.none(), lengths),
        grace=st.sampled_from([None, HOUR, 2 * DAY]),
        is_removed=st.booleans(),
        request=requests,
    )
    def guild_decides_for_a_role(
        self,
        of: TimerKey,
        thresholds: tuple[timedelta, ...] | None,
        duration: timedelta | None,
        date: timedelta | None,
        grace: timedelta | None,
        is_removed: bool,
        request: RequestId | None,
    ) -> None:
        """Plans that role's timers anew: by its thresholds, its grace, and the date when all end."""
        self.now += timedelta.resolution
        ends_on = None if date is None else self.now + date + timedelta(microseconds=next(self.numbers))
        decided = RoleRule(of.role, duration=duration, thresholds=thresholds, ends_on=ends_on, grace=grace)
        rule = None if is_removed else decided
        self.twins.rule(of, lambda _: rule, asked(self.now, request))

    @rule(before=seen, of=keys, request=requests, is_deleted=st.booleans())
    def commit_what_was_read_once(
        self, before: StoredPair, of: TimerKey, request: RequestId | None, is_deleted: bool
    ) -> None:
        subject = of if before.real is None else before.real.key
        after = None if is_deleted and before.real is not None else self.started(subject, HOUR, before.real)
        self.twins.commit(before, after, self.entry(subject, Action.SET, request))

    @rule(of=keys, limit=limits)
    def role_was_deleted(self, of: TimerKey, limit: int) -> None:
        # A moment of its own: of timers that are due at the same one, any may be claimed first.
        self.now += timedelta(microseconds=17)
        self.twins.end_of_role(of, self.now, limit)
        self.now += timedelta(microseconds=17)

    @rule(target=claims, limit=limits, is_late=st.booleans(), is_takeover=st.booleans())
    def claim(self, limit: int, is_late: bool, is_takeover: bool) -> Pair[list[Claim]] | Nothing:
        """What is due next, or, late, everything that will ever be; also what others hold whose leases ran out."""
        timers = [self.twins.get(of).real for of in KEYS]
        due = [timer.due_at for timer in timers if timer and timer.due_at]
        self.wait_for(max(due, default=None) if is_late else min(due, default=None))
        if is_takeover:
            self.twins.let_leases_run_out()
        pair = self.twins.claim(self.now, limit)
        return Pair(list(pair.real), list(pair.model)) if pair.real else multiple()

    @rule(outcome=outcomes)
    def sweep_what_is_due(self, outcome: Outcome | None) -> None:
        self.wait_for(self.twins.real.timers.next_due(self.now))
        self.settle(self.twins.claim(self.now, 100), outcome)

    @rule(pair=claims, outcome=outcomes)
    def settle(self, pair: Pair[Sequence[Claim]], outcome: Outcome | None) -> None:
        self.twins.still_held(pair)
        if outcome is None:
            self.twins.release(pair)
            return
        number = next(self.numbers)
        self.twins.settle(pair, lambda claim: self.settlement(claim, outcome, number))

    @rule(pair=claims, outcome=outcomes.filter(bool))
    def ask_for_roles(self, pair: Pair[Sequence[Claim]], outcome: Outcome) -> None:
        """The roles are about to be asked for, and then were."""
        marked, number = self.twins.mark_for_granting(pair, self.now + GRANT), next(self.numbers)
        self.twins.settle(marked, lambda claim: self.settlement(claim, outcome, number))

    @rule(pair=claims)
    def renew(self, pair: Pair[Sequence[Claim]]) -> None:
        self.twins.renew(pair)

    def settlement(self, claim: Claim, outcome: Outcome, number: int) -> Settlement:
        policy = self.twins.policy(claim.timer.key.guild)
        match decide(claim.timer, policy, self.now):
            case Wait():
                return Settlement(claim, claim.timer)
            case Advance(timer=timer, warning=warning):
                return Settlement(claim, timer, notice=warning)
            case GoOn(timer=timer) | Lapse(timer=timer) as decision:
                action, news = Action.WENT_ON, None
                if isinstance(decision, Lapse):
                    action, news = Action.LAPSED, decision.notice
                return Settlement(claim, timer, LedgerEntry(timer.key, self.now, action, reason=f"no. {number}"), news)
            case Give(timer=timer):
                after = after_granting(timer, outcome, PATIENCE, policy, self.now, mark=self.now + GRANT)
                entry = LedgerEntry(timer.key, self.now, Action.BEGAN, reason=f"no. {number}")
                notice = None if after is None else news_of_obstacle(after, policy, self.now)
                return Settlement(claim, after, entry, notice)
            case Remove(timer=ending):
                result = after_removal(ending, outcome, PATIENCE, self.now)
                action = Action.ENDED if isinstance(result, Ended) else Action.REMOVAL_FAILED
                entry = LedgerEntry(claim.timer.key, self.now, action, reason=f"no. {number}")
                if isinstance(result, Ended):
                    return Settlement(claim, None, entry, result.notice)
                return Settlement(claim, result, entry)

    @rule(target=posted, is_takeover=st.booleans())
    def claim_notices(self, is_takeover: bool) -> Pair[list[Posted]] | Nothing:
        self.wait_for(self.twins.real.outbox.next_due(self.now))
        if is_takeover:
            self.twins.let_leases_run_out()
        pair = self.twins.claim_notices(self.now, 100)
        return Pair(list(pair.real), list(pair.model)) if pair.real else multiple()

    @rule(pair=posted)
    def renew_notices(self, pair: Pair[Sequence[Posted]]) -> None:
        self.twins.renew_notices(pair)

    @rule(target=posted, pair=posted, way=ways)
    def mark(self, pair: Pair[Sequence[Posted]], way: Way) -> Pair[list[Posted]]:
        """Those of one guild go in one message."""
        number = next(self.numbers)
        return self.twins.mark(pair, lambda one: Postmark(UUID(int=number * 10 + one.notice.key.guild), way))

    @rule(pair=posted, fate=fates)
    def deliver(self, pair: Pair[Sequence[Posted]], fate: str) -> None:
        if fate == "released":
            self.twins.release_notices(pair)
            return
        number = next(self.numbers)

        def outcome(posted: Posted) -> DeliverySettlement:
            if fate == "postponed":
                return DeliverySettlement(posted, retry_at=self.now + MINUTE, error=f"503 no. {number}")
            if fate == "held back":
                return DeliverySettlement(posted, self.now + MINUTE, f"no. {number}", is_attempt=False, is_unsent=True)
            entry = LedgerEntry(posted.notice.key, self.now, Action.DELIVERED, reason=f"no. {number}")
            return DeliverySettlement(posted, entry=entry)

        self.twins.settle_notices(pair, outcome)

    @rule(fate=fates, way=st.one_of(st.none(), ways))
    def deliver_what_is_due(self, fate: str, way: Way | None) -> None:
        self.wait_for(self.twins.real.outbox.next_due(self.now))
        pair = self.twins.claim_notices(self.now, 100)
        self.deliver(pair if way is None else self.mark(pair, way), fate)

    @invariant()
    def both_agree(self) -> None:
        self.twins.must_agree(self.now)


def test_postgres_does_as_memory_does(migrated_template: NoopExecutor) -> None:
    with postgres_world(migrated_template, "model") as real:

        class Machine(PostgresAgainstMemory):
            def __init__(self) -> None:
                super().__init__(real)

        run_state_machine_as_test(Machine, settings=BOUNDED)
