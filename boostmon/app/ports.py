"""What the use cases need of the world. Adapters implement these; each has one contract suite for all twins.

All calls are synchronous, may be made from any thread but an event loop's own, and raise
`StorageUnavailable` (repositories) where the world does not answer. Instants are aware UTC datetimes
of the `Clock`; leases are counted by the repository's own clock, so that a process whose clock is off
neither loses nor keeps a claim.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice, Notice
from boostmon.domain.origins import Origin
from boostmon.domain.outcomes import Outcome
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer
from boostmon.domain.ways import Barrier, Way


class Clock(Protocol):
    """Tells the time. Read once per command or sweep; the reading is passed on."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def seconds_until(self, instant: datetime) -> float:
        """How many real seconds to sleep until `instant`; zero or less when it has come."""
        ...

    def after(self, length: timedelta) -> datetime:
        """What this clock will show when so much real time has passed."""
        ...


class Alarm(Protocol):
    """Wakes whoever sweeps in this process."""

    def ring(self) -> None:
        """Something may have become due earlier than was known. Returns at once."""
        ...


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
    notice: EndedNotice | None = None

    @property
    def outdates_news_of_end(self) -> bool:
        """Whether the timer goes on, so that to tell of an earlier end of it would mislead."""
        return self.after is not None and not self.after.is_over(self.entry.at)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change is planned from: a member's timers, in the order of their role ids, and what the guild decided.

    Both are of one moment. Re-planning a guild gives its timers new versions, so that a change by a policy that has
    been changed since loses its race.
    """

    timers: Sequence[Timer]
    policy: Policy


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


class Conflict(Exception):
    """The timer changed between being read and being written; nothing was written."""


class TimerRepository(Protocol):
    """Holds every timer, the ledger of their changes, and the outbox's new notices."""

    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        """All timers of a member in a guild, in the order of their role ids."""
        ...

    def basis(self, guild: GuildId, user: UserId) -> Basis:
        """What a change of a member's timers is planned from, in one round trip."""
        ...

    def get(self, key: TimerKey) -> Timer | None:
        """One timer, or None."""
        ...

    def commit(self, change: Change) -> Timer | None:
        """Writes the change and its ledger entry in one transaction; returns what is stored now.

        Guarded by the version of `before`: a timer that changed meanwhile raises `Conflict`. A change whose
        `entry.request` is in the guild's ledger already was applied before; it is not applied again and counts
        as written, so that a caller may repeat a commit whose result it never heard. Committing takes the
        timer out of any claim, drops its undelivered warnings, where the change outdates them, and puts its notice
        into the outbox, where it has one. Where the timer is not over afterwards, undelivered news of an earlier end
        are dropped, too, each with a ledger entry; those that somebody is just sending stay.

        Raises:
            Conflict: nothing was written.
        """
        ...

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

        A warning or the news of an end takes the timer's undelivered earlier warnings out of the outbox, each with a
        ledger entry; those that somebody is just sending stay.

        A `BlockedNotice` is written once for its guild, role and obstacle for as long as that lasts, whoever meets
        it: until no timer of the guild and role is stored as blocked by it any more, and `OBSTACLE_SETTLES` has
        passed by the repository's clock.
        """
        ...

    def release(self, claims: Sequence[Claim]) -> None:
        """Gives claims back unsettled. Claims that do not hold any more are passed over."""
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

    def end_of_role(self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, why: str | None = None) -> int:
        """A role was deleted: up to `limit` of its timers that run or are paused end `now`, as by `end`.

        Each gets an entry of `Action.ROLE_DELETED` with `why` for its reason, leaves any claim, and loses its
        undelivered warnings. Those that are ending already stay as they are. Returns how many ended; at zero, all have.
        """
        ...


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A person's change of a timer as the ledger remembers it; `before` None: no timer was there.

    `ended_at` is when a timer before that one ended; None: there was none, or its end was not written down before.
    `later` is what stands in the way of taking the change back, see `domain.undoing.standing`; None: nothing.
    """

    key: TimerKey
    at: datetime
    action: Action
    actor: UserId
    before: Timer | None
    later: "LaterChange | None" = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LaterChange:
    """Who changed a timer, how, and when."""

    at: datetime
    action: Action
    actor: UserId


ENTRIES_READ = 500
"""Entries of a member that are looked at for the origins of timers: more than most members ever get."""


class History(Protocol):
    """Reads the ledger."""

    def change_of(self, guild: GuildId, request: RequestId) -> RecordedChange | None:
        """The change that was made by the request, and what a person has done to that timer since; None: no such one.

        Of what people did since, only the first `ENTRIES_READ` entries are looked at. Of `before`, the mark of an open
        grant is not remembered.
        """
        ...

    def origins(self, guild: GuildId, user: UserId) -> Mapping[RoleId, Origin]:
        """Who set the member's timer on each role, when and why; see `domain.origins`.

        Only the newest `ENTRIES_READ` entries of the member are looked at. Roles whose timer is over may be among them.
        """
        ...


class Obstacles(Protocol):
    """Knows of which obstacles somebody was told."""

    def resolve(self, now: datetime) -> int:
        """Posts a `ResolvedNotice` for each role of which an obstacle was told and for which no ending waits any more;
        returns how many.

        It is posted once, whoever asks, and only where the guild has a log channel. An obstacle that was told less
        than `OBSTACLE_SETTLES` ago by the repository's clock is left for later, as it may come back.
        """
        ...


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A guild's policy before and after a change, and how many running timers were re-planned for it."""

    before: Policy
    after: Policy
    replanned: int = 0


class GuildSettings(Protocol):
    """Holds what each guild decided, and the history of it."""

    def get(self, guild: GuildId) -> Policy:
        """The guild's policy; the default one where it never decided anything."""
        ...

    def of(self, guilds: Collection[GuildId]) -> Mapping[GuildId, Policy]:
        """The policies of many guilds, in one round trip; each of `guilds` has one."""
        ...

    def change(self, guild: GuildId, alter: Callable[[Policy], Policy], *, asked: "Asked") -> PolicyChange:
        """Writes what the pure function `alter` makes of the guild's policy, and who asked for it.

        With other thresholds, every running timer of the guild is re-planned in the same transaction, as `replan`
        does at `asked.at`, and gets a new version; a command or a sweep that read it under the old ones loses its
        race. Two changes at once follow one another, and neither undoes the other. A request that is in the history
        already is not applied again.

        Raises:
            BoostMonError: whatever `alter` raises; nothing is written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Postmark:
    """The message that a notice goes in, and its way.

    It is stored before the message is sent, and stays until it is certain that the message was not sent: whoever
    tries again sends the same message, so that nobody is told twice.
    """

    message: UUID
    way: Way


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice in the outbox. `id` is unique for ever; the same notice has the same id at each attempt."""

    id: int
    notice: Notice
    attempts: int
    token: UUID
    postmark: Postmark | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way that did not take a notice, and why: `error` for the log and the ledger, `barrier` for people."""

    way: Way
    error: str
    barrier: Barrier = Barrier.UNKNOWN


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once to one place: one notice, or many that go to the same channel.

    `refusals` are the ways that were tried before for any of them; None where nobody remembers.
    """

    id: UUID
    way: Way
    notices: tuple[Notice, ...]
    refusals: tuple[Refusal, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Delivered:
    """The notice reached somebody; `where` says whom, as a ledger line."""

    where: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """It may be delivered later, not before `after` has passed. Unless it `is_unsent` for certain, it may have been."""

    error: str
    after: timedelta = timedelta(0)
    is_unsent: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It can reach nobody, or is too late to be worth telling."""

    reason: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """It was not sent: a limit of Discord's is used up and opens after `after`. That is no failed attempt."""

    error: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The place takes no such message, now or later: whatever was in it is to go another way."""

    error: str
    barrier: Barrier = Barrier.UNKNOWN


type Delivery = Delivered | Postponed | HeldBack | GivenUp
"""What became of a notice."""
type Reply = Delivered | Postponed | HeldBack | TurnedAway
"""What became of a message."""


@dataclass(frozen=True, slots=True)
class DeliverySettlement:
    """What became of a posted notice: planned again for `retry_at`, or out of the box with a ledger entry.

    `is_attempt` False plans it again without counting an attempt; `is_unsent` takes its postmark away.
    """

    posted: Posted
    retry_at: datetime | None = None
    error: str | None = None
    entry: LedgerEntry | None = field(default=None)
    is_attempt: bool = True
    is_unsent: bool = False


class Outbox(Protocol):
    """Holds notices until they are delivered, stale, or given up."""

    def next_due(self, now: datetime) -> datetime | None:
        """When a claim next finds something, as `TimerRepository.next_due`; None when there is no notice."""
        ...

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        """Claims up to `limit` notices whose next attempt has come, oldest first; as `TimerRepository.claim`.

        Of those whose attempt came at the same moment, the ones for one channel come together.
        Notices of one postmark are claimed together or not at all, and all of them however many `limit` allows:
        a part of a message would be taken for the whole.
        """
        ...

    def mark(self, posted: Sequence[Posted]) -> Sequence[Posted]:
        """Stores the postmarks of those that are held, and returns these. To be called just before sending.

        What is not among them was dropped, or is somebody else's by now, and must not be sent.
        """
        ...

    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        """Lets the leases of those that are held begin anew, now; returns these. As `TimerRepository.renew`."""
        ...

    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        """Takes notices out with their ledger entries, or plans them again. Claims that do not hold are passed over."""
        ...

    def release(self, posted: Sequence[Posted]) -> None:
        """Gives claimed notices back untried."""
        ...


LONGEST_GRANT = timedelta(seconds=30)
"""By then a gateway has its answer to a request for a role, or has given it up, and Discord serves it no more."""


class RoleGateway(Protocol):
    """Gives and takes roles. Both acts are idempotent: repeating one that was done is done again."""

    def grant(self, key: TimerKey, reason: str) -> Outcome:
        """Gives the member the role. `Done` only when Discord confirmed it; `Retry` when the result is unknown.

        `Held` says that nothing was done, because a limit of Discord's is used up.
        `reason` goes to the guild's audit log.
        """
        ...

    def remove(self, keys: Sequence[TimerKey], reason: str) -> Sequence[Outcome]:
        """Takes the roles, many at once; one outcome for each key, in their order. Never raises for one of them."""
        ...


class GuildDirectory(Protocol):
    """Knows guilds as they are at this moment."""

    def roles(self, guild: GuildId) -> Mapping[RoleId, RoleFacts] | None:
        """All roles of the guild, as Discord has them, or had them a few seconds ago.

        None where there is no answer within a few seconds. Never raises; asking often costs no more than now and then.
        """
        ...


class RoleCensus(Protocol):
    """Knows which roles a guild has."""

    def gone(self, guild: GuildId, roles: Collection[RoleId]) -> Collection[RoleId]:
        """Those of the roles that the guild does not have, by Discord's own answer to a question put now.

        None of them where Discord does not let the bot see the guild: that says nothing of its roles.

        Raises:
            DiscordUnreachable: there was no answer, or none that can be trusted.
        """
        ...


class Notifier(Protocol):
    """Tells members what they should know."""

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        """Sends each message by its way; one reply for each, in their order. Never raises for one of them.

        A message whose result is unknown is postponed. Repeating one under the same id within a few minutes does not
        send it twice, whatever it says by then.
        """
        ...

    def held(self, messages: Sequence[Message]) -> Sequence[HeldBack | None]:
        """Which of these `deliver` would hold back now, taken one after the other, as far as is known without asking.

        Sends nothing, and gives nobody a turn. So what has to wait is planned again without standing in the way of
        others. Never raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a change, when, why, and by which interaction.

    `at` is the one reading of the clock that the whole command goes by.
    """

    by: UserId
    at: datetime
    request: RequestId | None
    reason: str | None = None
