"""Where timers are kept: for the commands that change them, and for the sweep that acts on what is due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import EndedNotice, FoughtNotice, GivenAgainNotice, Notice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class Change:
    """A command's change of one timer, to be written whole or not at all.

    `before` is the timer as it was read (None: there was none), `after` as it is to be (None: to be deleted).
    `outdates_warnings` is False where undelivered warnings are as true afterwards as before. `notice` is owed from then
    on. The entry's `before` and `after` are the same two; a repository may write down the rows themselves.
    """

    before: Timer | None
    after: Timer | None
    entry: LedgerEntry
    outdates_warnings: bool = True
    notice: EndedNotice | FoughtNotice | GivenAgainNotice | None = None

    @property
    def outdates_news_of_end(self) -> bool:
        """Whether the timer goes on, so that to tell of an earlier end of it would mislead."""
        return self.after is not None and self.after.wants_role(self.entry.at)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change is planned from: a member's timers, in the order of their role ids, and what the guild decided.

    Both are of one moment. Re-planning a guild gives its timers new versions, so that a change by a policy that has
    been changed since loses its race.
    """

    timers: Sequence[Timer]
    policy: Policy

    def in_zone(self, name: str) -> "Basis":
        """The same, with that zone where the guild has none of its own."""
        return Basis(self.timers, self.policy.in_zone(name))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to act on `timer` for the length of a lease."""

    timer: Timer
    token: UUID


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of acting on a claimed timer: what it becomes (None: it leaves), and what is owed.

    The entry tells of the same change; see `Change`.
    """

    claim: Claim
    after: Timer | None
    entry: LedgerEntry | None = None
    notice: Notice | None = None


OBSTACLE_SETTLES = timedelta(minutes=1)
"""An obstacle that goes and comes back within it is the same one: several processes may be meeting it just now."""


class DueTimers(Protocol):
    """What is due, for those who act on it. A `TimerRepository` in the same store holds the same timers."""

    def next_due(self, now: datetime) -> datetime | None:
        """When a claim next finds something; None where nothing is ever due.

        That is the earliest `due_at` of the timers that nobody holds, or the end of a lease, as its holder may have
        died: what remains of it is counted from `now`.
        """
        ...

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        """Claims up to `limit` timers with `due_at <= now`, earliest first, save those of `except_guilds`.

        Eligible is a timer that nobody holds, or whose lease has run out by the repository's clock. What another
        process is claiming at this moment is passed over, not waited for. With exceptions, it steps over all that is
        due of these.
        """
        ...

    def still_held(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        """Those of the claims that hold: token and version unchanged. To be asked just before acting."""
        ...

    def mark(self, claims: Sequence[Claim], open_until: datetime) -> Sequence[Claim]:
        """Marks the timers of those claims that hold: their roles are about to be asked for, and Discord may serve that
        up to then. Returns these claims, which go on to hold.

        Each timer has a new version, so that whoever read it without the mark loses the race.
        """
        ...

    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        """Lets the leases of those claims that hold begin anew, now; returns these.

        A claim whose lease ran out and that nobody has taken over holds. One that is being written at this moment
        is passed over, not waited for.
        """
        ...

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[TimerKey]:
        """Writes outcomes, ledger entries and notices in one transaction, and gives the claims back.

        Guarded by token and version: a timer that a command changed meanwhile is left as the command made it, and
        neither entry nor notice is written for it. Returns the keys of those that were lost so.

        A warning, and news of a grace or of an end, takes the timer's undelivered earlier warnings and news of a grace
        out of the outbox, each with a ledger entry; those that somebody is just sending stay.

        A `BlockedNotice` is written once for its guild, role and obstacle for as long as that lasts, whoever meets
        it: until no timer of the guild and role is stored as blocked by it any more, and `OBSTACLE_SETTLES` has
        passed by the repository's clock.
        """
        ...

    def release(self, claims: Sequence[Claim]) -> None:
        """Gives claims back unsettled. Claims that do not hold any more are passed over."""
        ...


type Member = tuple[GuildId, UserId]
"""A member of a guild."""


class TimerRepository(Protocol):
    """Holds every timer, the ledger of their changes, and the outbox's new notices."""

    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        """All timers of a member in a guild, in the order of their role ids."""
        ...

    def basis(self, guild: GuildId, user: UserId) -> Basis:
        """Everything needed to plan a change of a member's timers, in one round trip."""
        ...

    def bases(self, members: Collection[Member]) -> Mapping[Member, Basis]:
        """The same for many members, each of whom has one, in one round trip."""
        ...

    def get(self, key: TimerKey) -> Timer | None:
        """One timer, or None."""
        ...

    def commit(self, change: Change) -> Timer | None:
        """Writes the change and its ledger entry in one transaction; returns what is stored now.

        Guarded by the version of `before`: a timer that changed meanwhile raises `Conflict`. A change whose
        `entry.request` is in the timer's ledger already was applied before; it is not applied again and counts
        as written, so that a caller may repeat a commit whose result it never heard. Committing takes the
        timer out of any claim, drops its undelivered warnings, where the change outdates them, and puts its notice
        into the outbox, where it has one. Where its member keeps the role afterwards, undelivered news of an earlier
        end are dropped, too, each with a ledger entry; those that somebody is just sending stay.

        Raises:
            Conflict: nothing was written.
        """
        ...

    def commit_together(self, changes: Sequence[Change]) -> Sequence[Timer | None]:
        """Writes changes of several timers of one guild in one transaction, each as `commit` does; all or none.

        Returns what is stored now, in their order.

        Raises:
            Conflict: one of the timers changed meanwhile; nothing was written.
        """
        ...

    def grant_answered(self, key: TimerKey, open_until: datetime) -> Timer | None:
        """Discord has answered the request for the role that was marked by `grant_open_until`: takes the mark away.

        A mark of another request stays. The timer keeps its version and its claim. Returns what is stored now.
        """
        ...

    def was_left(self, key: TimerKey) -> bool:
        """Whether the last change of the timer was a person's, who deleted it and left the role with the member."""
        ...

    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        """Makes the guild's blocked timers due `now`, save those of `except_roles`; returns how many were due later.

        Their attempts and obstacles stay as they are: a next refusal waits as long as it would have.
        """
        ...

    def timed_roles(self, guild: GuildId) -> Collection[RoleId]:
        """The roles of the guild on which any member has a timer."""
        ...

    def end_of_role(
        self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, named: RoleNamed | None = None
    ) -> int:
        """A role was deleted: up to `limit` of its timers that run or are paused end `now`, as by `end`.

        Each gets an entry of `Action.ROLE_DELETED` with what the role was `named`, leaves any claim, and loses its
        undelivered warnings. Those that are ending already stay as they are. Returns how many ended; at zero, all have.
        """
        ...


class Timers(TimerRepository, DueTimers, Protocol):
    """Both, of one store."""
