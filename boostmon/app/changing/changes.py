"""How timers are changed: read, apply a pure transition, write; and start over when somebody was faster."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Self

from boostmon.app.errors import Conflict
from boostmon.app.ports import Alarm, Asked, Basis, Change, TimerRepository
from boostmon.domain.details import of_outcome
from boostmon.domain.durations import When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.languages import Language
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import Outcome
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer
from boostmon.domain.ways import ToChannel, ToMember, member_ways
from boostmon.domain.zones import UTC_NAME

MOST_CONFLICTS = 8
"""A timer that changes this often between being read and written is being fought over, not raced for."""


class Note(Enum):
    """Something that the moderator should know about a change."""

    HAD_ROLE = auto()
    """The member had the role before the timer; the timer will take it all the same."""
    GRANT_UNCONFIRMED = auto()
    """Discord did not confirm that it gave the role; the timer runs."""
    GIVEN_BACK = auto()
    """The member did not have the role any more, and was given it again."""
    ENDED_MEANWHILE = auto()
    """The timer was over before Discord had given the role, which was taken again."""
    REMOVAL_PENDING = auto()
    """The timer has ended, but Discord has not taken the role yet; the sweep goes on trying."""
    ENDS_NOW = auto()
    """Nothing remains; the sweep is taking the role."""
    REVIVED = auto()
    """Time was up and the role not taken yet; the timer goes on."""
    RENEWED = auto()
    """Time was up, and the member had the role by grace; what was added counts from then."""
    ROLE_GONE = auto()
    """The role does not exist any more."""
    MEMBER_GONE = auto()
    """The user is not a member any more."""
    ROLE_KEPT = auto()
    """The role was left with the member, for good."""
    ADDED_UP = auto()
    """The time was added to what was left, since the guild has it so."""
    CANCELLED = auto()
    """The timer had not begun, so that there was no role to take."""
    LASTS_LONGER = auto()
    """The timer there was lasts longer, and was left as it is, since the guild has it so."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose timer is meant; `role` None means the member's only one in the guild."""

    guild: GuildId
    user: UserId
    role: RoleId | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The transition that a command decided on, from what it read; `policy` is the guild's at that time.

    `notes` say what the moderator should know of the decision. `amount` is what is set, added or taken: the meaning of
    what was typed.
    """

    key: TimerKey
    before: Timer | None
    after: Timer | None
    policy: Policy
    notes: tuple[Note, ...] = ()
    amount: When | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a command did: the timer before and after (None: there was or is none), as of `at`.

    `amount` is what was set, added or taken; a moment where the timer was made to end then.
    `ways` are how the member is going to be told of the end, the best first. `language` is the one that the guild
    decided for, if it did.
    """

    action: Action
    key: TimerKey
    before: Timer | None
    after: Timer | None
    at: datetime
    amount: When | None = None
    reason: str | None = None
    notes: tuple[Note, ...] = ()
    ways: tuple[ToChannel | ToMember, ...] = (ToMember(),)
    language: Language | None = None

    @classmethod
    def by(cls, action: Action, done: Plan, asked: Asked, *, notes: tuple[Note, ...] = ()) -> Self:
        """What a command reports of a plan once it is carried out; `notes` are of what came of it."""
        # Whether Discord has answered yet is between the timer and the sweep.
        after = None if done.after is None else replace(done.after, grant_open_until=None)
        policy = done.policy
        ways = () if after is None else member_ways(after.channel, policy)
        told = (*done.notes, *notes)
        return cls(
            action, done.key, done.before, after, asked.at, done.amount, asked.reason, told, ways, done.policy.language
        )


class TooManyConflicts(BoostMonError):
    """The timer was changed by others again and again while this command tried to; nothing was written."""

    def __init__(self, user: UserId) -> None:
        super().__init__(f"the timer of user {user} kept changing")
        self.user = user


class Committer:
    """Through it goes every change of a timer that a command or a lost race makes, and each wakes the sweep.

    What the sweep itself does to due timers is settled by the batch instead, guarded by its claims. `announce` hears of
    each timer that is about to be stored; `time_zone` is that of guilds that have none of their own.
    """

    def __init__(
        self,
        timers: TimerRepository,
        alarm: Alarm,
        announce: Callable[[GuildId, RoleId], object] | None = None,
        *,
        time_zone: str = UTC_NAME,
    ) -> None:
        self._timers = timers
        self._alarm = alarm
        self._announce = announce
        self._time_zone = time_zone

    def change(self, target: Target, action: Action, plan: Callable[[Basis], Plan], *, asked: Asked) -> Plan:
        """Commits what `plan` makes of what is stored, and returns it with the timer as it is stored then.

        Raises:
            BoostMonError: whatever `plan` raises; nothing is written.
            TooManyConflicts: others kept changing the timer.
            StorageUnavailable: the repository did not answer.
        """
        [done] = self.change_together(
            target.guild, [target.user], action, lambda bases: [plan(bases[target.user])], asked=asked
        )
        return done

    def change_together(
        self,
        guild: GuildId,
        users: Sequence[UserId],
        action: Action,
        plan: Callable[[Mapping[UserId, Basis]], Sequence[Plan]],
        *,
        asked: Asked,
    ) -> Sequence[Plan]:
        """As `change`, for timers of these members, all of which are changed at once or none is.

        Raises:
            BoostMonError, TooManyConflicts, StorageUnavailable: as `change`.
        """
        for _ in range(MOST_CONFLICTS):
            planned = plan(self._bases(guild, users))
            changes = [Change(one.before, one.after, _entry(one, action, asked)) for one in planned]
            with suppress(Conflict):
                return [replace(one, after=after) for one, after in zip(planned, self._write_all(changes), strict=True)]
        raise TooManyConflicts(users[0])

    def _bases(self, guild: GuildId, users: Sequence[UserId]) -> Mapping[UserId, Basis]:
        if len(users) == 1:
            bases = {users[0]: self._timers.basis(guild, users[0])}
        else:
            found = self._timers.bases([(guild, user) for user in users])
            bases = {user: basis for (_, user), basis in found.items()}
        return {user: self.in_zone(basis) for user, basis in bases.items()}

    def in_zone(self, basis: Basis) -> Basis:
        """What a change is planned from, with the usual zone where the guild has none of its own."""
        return basis.in_zone(self._time_zone)

    def write(self, change: Change) -> Timer | None:
        """Commits a change that was decided already; returns what is stored now.

        Raises:
            Conflict: the timer is not as the change takes it to be; nothing was written.
            StorageUnavailable: the repository did not answer.
        """
        [stored] = self._write_all([change])
        return stored

    def _write_all(self, changes: Sequence[Change]) -> Sequence[Timer | None]:
        for change in changes:
            if change.after is not None and self._announce is not None:
                self._announce(change.entry.key.guild, change.entry.key.role)
        if len(changes) == 1:
            stored: Sequence[Timer | None] = [self._timers.commit(changes[0])]
        else:
            stored = self._timers.commit_together(changes)
        self._alarm.ring()
        return stored

    def put_back(self, *done: Plan, asked: Asked, why: Outcome) -> bool:
        """Takes committed plans back together because Discord refused their effect: `why` is its answer.

        Returns False where somebody changed one of the timers meanwhile: then they are theirs, and stay.
        """
        changes = []
        for one in done:
            entry = LedgerEntry(
                key=one.key,
                at=asked.at,
                action=Action.PUT_BACK,
                actor=asked.by,
                before=one.after,
                after=one.before,
                detail=of_outcome(why),
            )
            changes.append(Change(one.after, one.before, entry))
        try:
            self._write_all(changes)
        except Conflict:
            return False
        return True

    def grant_answered(self, done: Plan, asked_at: datetime) -> Timer | None:
        """Says that Discord has given the role of a committed plan; returns the timer as it is stored now.

        The mark stays where another request for the role was under way already: that one may still be.

        Raises:
            StorageUnavailable: the repository did not answer.
        """
        mark = None if done.after is None else done.after.grant_open_until
        was_open = done.before is not None and done.before.is_grant_open(asked_at)
        if mark is None or was_open:
            return self._timers.get(done.key)
        return self._timers.grant_answered(done.key, mark)


def _entry(planned: Plan, action: Action, asked: Asked) -> LedgerEntry:
    return LedgerEntry(
        key=planned.key,
        at=asked.at,
        action=action,
        actor=asked.by,
        before=planned.before,
        after=planned.after,
        reason=asked.reason,
        request=asked.request,
    )
