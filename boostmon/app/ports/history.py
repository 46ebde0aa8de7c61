"""What the ledger remembers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from boostmon.domain.ids import EntryId, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, RecordedEntry
from boostmon.domain.origins import Origin
from boostmon.domain.timers import Timer


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


class LedgerReader(Protocol):
    """Reads the ledger for people, page by page: the newest entries first, then those `before` the last one shown.

    Of the timers in an entry, the mark of an open grant is not remembered, and the version tells nothing.
    """

    def of_member(
        self, guild: GuildId, user: UserId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        """What happened to a member's timers, and what they were told."""
        ...

    def of_role(
        self, guild: GuildId, role: RoleId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        """What happened to everybody's timers on the role."""
        ...

    def of_guild(self, guild: GuildId, *, before: EntryId | None = None, limit: int) -> Sequence[RecordedEntry]:
        """What happened in the guild."""
        ...


@dataclass(frozen=True, slots=True)
class Struggle:
    """How often somebody's taking of a role was followed by giving it back; `is_over`: it was given up then."""

    rounds: int = 0
    is_over: bool = False


class History(Protocol):
    """Answers questions by what the ledger remembers."""

    def struggle(self, key: TimerKey, by: UserId, since: datetime, *, before: RequestId) -> Struggle:
        """What came of the times that `by` took the role since then, save the one of the audit log's entry `before`.

        Of the member, only the newest `ENTRIES_READ` entries are looked at.
        """
        ...

    def changes_of(self, guild: GuildId, request: RequestId) -> Sequence[RecordedChange]:
        """The changes that were made by the request, each of another timer, and what people have done to these since.

        They are in the order in which they were written; none where there is no such request.
        Of what people did since, only the first `ENTRIES_READ` entries are looked at. Of `before`, the mark of an open
        grant is not remembered.
        """
        ...

    def begun(self, keys: Collection[TimerKey]) -> Mapping[TimerKey, datetime]:
        """When the last timer began that a person started on each of these keys, be it over or not; only those are told
        that ever had one. What was taken back, because Discord refused the role or by an undo, never began.

        Of each key, only the newest `ENTRIES_READ` changes by people are looked at.
        """
        ...

    def origins(self, guild: GuildId, user: UserId) -> Mapping[RoleId, Origin]:
        """Who set the member's timer on each role, when and why; see `domain.origins`.

        Only the newest `ENTRIES_READ` entries of the member are looked at. Roles whose timer is over may be among them.
        """
        ...


class Obstacles(Protocol):
    """Knows which obstacles were reported to log channels."""

    def resolve(self, now: datetime) -> int:
        """Posts a `ResolvedNotice` for each role of which an obstacle was told and for which no ending waits any more;
        returns how many.

        It is posted once, whoever asks, and only where the guild has a log channel. An obstacle that was told less
        than `OBSTACLE_SETTLES` ago by the repository's clock is left for later, as it may come back.
        """
        ...
