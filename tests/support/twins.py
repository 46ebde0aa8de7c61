"""PostgreSQL and memory side by side: every call is made on both, and what they answer must be the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from boostmon.app.errors import Conflict
from boostmon.app.ports import (
    Asked,
    Change,
    Claim,
    DeliverySettlement,
    Outbox,
    Posted,
    Postmark,
    Settlement,
    TimerRepository,
)
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Timer
from tests.support.memory_world import MemoryWorld
from tests.support.postgres_world import PostgresWorld

BREATH = timedelta(seconds=20)
"""By so much the clocks of two repositories may differ that count a lease."""


def same_moment(one: datetime | None, other: datetime | None, dues: set[datetime | None]) -> bool:
    """Whether both are the same due time, or ends of the same lease."""
    if one is None or other is None or one in dues or other in dues:
        return one == other
    return abs(one - other) < BREATH


LEASE = timedelta(hours=1, minutes=7)
"""Longer than any test: leases end when they are told to. No timer is due just then."""


@dataclass(frozen=True)
class Pair[T]:
    """The same thing in PostgreSQL and in memory, which differ in versions, tokens and ids only."""

    real: T
    model: T


type StoredPair = Pair[Timer | None]


def plain(timer: Timer | None) -> Timer | None:
    """The timer without its version, which each world counts in its own way."""
    return None if timer is None else replace(timer, version=0)


class Twins:
    """Both worlds."""

    def __init__(self, real: PostgresWorld, keys: Sequence[TimerKey]) -> None:
        self.real = real
        self.model = MemoryWorld()
        self._members = sorted({(key.guild, key.user) for key in keys})
        self._versions: dict[TimerKey, int] = {}

    def get(self, key: TimerKey) -> StoredPair:
        """The timer as both have it now."""
        return Pair(self.real.timers.get(key), self.model.timers.get(key))

    def commit(self, before: StoredPair, after: Timer | None, entry: LedgerEntry) -> None:
        """The same change in both: both write, or both refuse."""
        real = _committed(self.real.timers, before.real, after, entry)
        model = _committed(self.model.timers, before.model, after, entry)
        if isinstance(real, Timer) and isinstance(model, Timer):
            assert plain(real) == plain(model)
        else:
            assert real == model

    def commit_together(self, changes: Sequence[tuple[StoredPair, Timer | None, LedgerEntry]]) -> None:
        """The same changes in both: both write all of them, or none."""
        real = _committed_together(self.real.timers, [(pair.real, after, entry) for pair, after, entry in changes])
        model = _committed_together(self.model.timers, [(pair.model, after, entry) for pair, after, entry in changes])
        assert real == model

    def end_of_role(self, of: TimerKey, now: datetime, limit: int) -> None:
        """As many timers of the role end in both."""
        ended = [side.timers.end_of_role(of.guild, of.role, now, limit) for side in (self.real, self.model)]
        assert ended[0] == ended[1]

    def claim(self, now: datetime, limit: int) -> Pair[Sequence[Claim]]:
        """The same timers are claimed, in the same order."""
        claims = Pair(self.real.timers.claim(now, limit, LEASE), self.model.timers.claim(now, limit, LEASE))
        assert [plain(claim.timer) for claim in claims.real] == [plain(claim.timer) for claim in claims.model]
        return claims

    def still_held(self, claims: Pair[Sequence[Claim]]) -> None:
        """The same claims hold."""
        real = [claim.timer.key for claim in self.real.timers.still_held(claims.real)]
        assert real == [claim.timer.key for claim in self.model.timers.still_held(claims.model)]

    def settle(self, claims: Pair[Sequence[Claim]], outcome: Callable[[Claim], Settlement]) -> None:
        """The same settlements, of which the same are lost."""
        real = self.real.timers.settle([outcome(claim) for claim in claims.real])
        assert real == self.model.timers.settle([outcome(claim) for claim in claims.model])

    def release(self, claims: Pair[Sequence[Claim]]) -> None:
        """Both give the claims back."""
        self.real.timers.release(claims.real)
        self.model.timers.release(claims.model)

    def mark_for_granting(self, claims: Pair[Sequence[Claim]], open_until: datetime) -> Pair[Sequence[Claim]]:
        """The same claims hold, and are marked."""
        marked = Pair(self.real.timers.mark(claims.real, open_until), self.model.timers.mark(claims.model, open_until))
        assert [plain(claim.timer) for claim in marked.real] == [plain(claim.timer) for claim in marked.model]
        return marked

    def renew(self, claims: Pair[Sequence[Claim]]) -> None:
        """The same claims are held for longer."""
        real = [claim.timer.key for claim in self.real.timers.renew(claims.real, LEASE)]
        assert real == [claim.timer.key for claim in self.model.timers.renew(claims.model, LEASE)]

    def grant_answered(self, key: TimerKey, open_until: datetime) -> None:
        """The same is stored afterwards."""
        real = self.real.timers.grant_answered(key, open_until)
        assert plain(real) == plain(self.model.timers.grant_answered(key, open_until))

    def unblock(self, guild: GuildId, now: datetime, except_roles: Sequence[RoleId]) -> None:
        """As many become due."""
        real = self.real.timers.unblock(guild, now, except_roles=except_roles)
        assert real == self.model.timers.unblock(guild, now, except_roles=except_roles)

    def policy(self, guild: GuildId) -> Policy:
        """What the guild decided, which both know."""
        decided = self.real.policies.get(guild)
        assert decided == self.model.policies.get(guild)
        return decided

    def decide(self, guild: GuildId, alter: Callable[[Policy], Policy], asked: Asked) -> None:
        """The same policy becomes another in both, and as many timers are planned anew."""
        real = self.real.policies.change(guild, alter, asked=asked)
        assert real == self.model.policies.change(guild, alter, asked=asked)

    def rule(self, of: TimerKey, alter: Callable[[Policy], RoleRule | None], asked: Asked) -> None:
        """The same rule becomes another in both, and as many timers are planned anew."""
        real = self.real.policies.change_rule(of.guild, of.role, alter, asked=asked)
        assert real == self.model.policies.change_rule(of.guild, of.role, alter, asked=asked)

    def renew_notices(self, posted: Pair[Sequence[Posted]]) -> None:
        """The same notices are held for longer."""
        real = [_told(one) for one in self.real.outbox.renew(posted.real, LEASE)]
        assert real == [_told(one) for one in self.model.outbox.renew(posted.model, LEASE)]

    def mark(self, posted: Pair[Sequence[Posted]], postmark: Callable[[Posted], Postmark]) -> Pair[list[Posted]]:
        """The same notices are marked; returns these, as a courier goes on with them."""
        real = self.real.outbox.mark([replace(one, postmark=postmark(one)) for one in posted.real])
        model = self.model.outbox.mark([replace(one, postmark=postmark(one)) for one in posted.model])
        assert [_told(one) for one in real] == [_told(one) for one in model]
        return Pair(list(real), list(model))

    def claim_notices(self, now: datetime, limit: int) -> Pair[Sequence[Posted]]:
        """The same notices are claimed. Those of one instant may come in any order, so that none is left behind."""
        posted = Pair(_claimed(self.real.outbox, now, limit), _claimed(self.model.outbox, now, limit))
        assert [_told(one) for one in posted.real] == [_told(one) for one in posted.model]
        return posted

    def settle_notices(self, posted: Pair[Sequence[Posted]], outcome: Callable[[Posted], DeliverySettlement]) -> None:
        """The same becomes of the same notices."""
        self.real.outbox.settle([outcome(one) for one in posted.real])
        self.model.outbox.settle([outcome(one) for one in posted.model])

    def release_notices(self, posted: Pair[Sequence[Posted]]) -> None:
        """Both give the notices back."""
        self.real.outbox.release(posted.real)
        self.model.outbox.release(posted.model)

    def let_leases_run_out(self) -> None:
        """In both."""
        self.real.let_leases_run_out()
        self.model.let_leases_run_out()

    def must_agree(self, now: datetime) -> None:
        """Compares everything that can be seen of both."""
        for guild, user in self._members:
            real = self.real.timers.of_member(guild, user)
            assert [plain(one) for one in real] == [plain(one) for one in self.model.timers.of_member(guild, user)]
            for timer in real:
                assert timer.version >= self._versions.get(timer.key, 1)
                self._versions[timer.key] = timer.version
        dues = {row.timer.due_at for row in self.model.store.timers.values()}
        assert same_moment(self.real.timers.next_due(now), self.model.timers.next_due(now), dues)
        posted = {row.due_at for row in self.model.store.notices.values()}
        assert same_moment(self.real.outbox.next_due(now), self.model.outbox.next_due(now), {*posted})
        assert sorted(map(repr, self.real.ledger())) == sorted(map(repr, self.model.ledger()))
        assert self._real_notices() == self._model_notices()
        assert self._held_in_real() == self._held_in_model()
        assert self.real.policy_ledger() == self.model.policy_ledger()
        assert self.real.rule_ledger() == self.model.rule_ledger()

    def _held_in_real(self) -> list[tuple[object, ...]]:
        return self.real.rows(
            "SELECT guild_id, user_id, role_id FROM boostmon.timers WHERE claim_token IS NOT NULL ORDER BY 1, 2, 3"
        )

    def _held_in_model(self) -> list[tuple[object, ...]]:
        rows = self.model.store.timers.items()
        return sorted((key.guild, key.user, key.role) for key, row in rows if row.lease is not None)

    def _real_notices(self) -> list[tuple[object, ...]]:
        return self.real.rows(
            "SELECT guild_id, user_id, role_id, kind, due_at, attempts, last_error, claim_token IS NOT NULL, "
            "message_id FROM boostmon.notices ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9"
        )

    def _model_notices(self) -> list[tuple[object, ...]]:
        rows = [
            (
                *(row.notice.key.guild, row.notice.key.user, row.notice.key.role),
                row.notice.kind,
                *(row.due_at, row.attempts, row.last_error, row.lease is not None),
                row.postmark and row.postmark.message,
            )
            for row in self.model.store.notices.values()
        ]
        return sorted(rows, key=lambda row: [(value is None, value) for value in row])


def _committed(
    timers: TimerRepository, before: Timer | None, after: Timer | None, entry: LedgerEntry
) -> Timer | type[Conflict] | None:
    # As `/cleartime` does when Discord has confirmed.
    notice = EndedNotice(entry.key, None, entry.at) if after is None and entry.action is Action.ENDED else None
    try:
        return timers.commit(Change(before, after, replace(entry, before=before, after=after), notice=notice))
    except Conflict:
        return Conflict


def _committed_together(
    timers: TimerRepository, changes: Sequence[tuple[Timer | None, Timer | None, LedgerEntry]]
) -> list[Timer | None] | type[Conflict]:
    made = [
        Change(before, after, replace(entry, before=before, after=after), outdates_warnings=True)
        for before, after, entry in changes
    ]
    try:
        return [plain(timer) for timer in timers.commit_together(made)]
    except Conflict:
        return Conflict


def _claimed(outbox: Outbox, now: datetime, limit: int) -> list[Posted]:
    return sorted(outbox.claim(now, limit, LEASE), key=lambda one: repr(_told(one)))


def _told(posted: Posted) -> tuple[object, ...]:
    return posted.notice, posted.attempts, posted.postmark
