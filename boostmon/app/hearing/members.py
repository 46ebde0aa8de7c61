"""Acting on members who leave and return: batch by batch, and each event once."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched

from boostmon.app.changing.changes import MOST_CONFLICTS, Committer, TooManyConflicts
from boostmon.app.errors import Conflict, StorageUnavailable
from boostmon.app.ports import (
    LONGEST_GRANT,
    AuditReason,
    Basis,
    Cause,
    Change,
    Clock,
    Member,
    RoleGateway,
    TimerRepository,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.member_events import MemberEvent, MemberJoined, MemberLeft, MemberSeen
from boostmon.domain.outcomes import AlreadyGone, Done, Gone, Held, Outcome, Retry
from boostmon.domain.policy import Policy
from boostmon.domain.rejoining import Consequence, consequence_of
from boostmon.domain.timers import Timer

_log = logging.getLogger(__name__)

AT_ONCE = 200
"""Members whose timers are read in one round trip: most who come and go have none."""


@dataclass(frozen=True, slots=True)
class FollowMembers:
    """Lets the timers of members who leave go on, wait or end, as their guild decided, and gives roles back.

    A row is marked before its role is given, as for any grant. What was done is seen in the timers themselves, or by
    the request in the ledger: the same event may come any number of times, and to any number of processes.
    """

    timers: TimerRepository
    committer: Committer
    clock: Clock
    roles: RoleGateway

    def __call__(self, events: Sequence[MemberEvent]) -> Sequence[MemberEvent]:
        """Acts on events, in their order; returns those that have to be repeated later, as Discord did not do its part.

        Raises:
            StorageUnavailable: some may have been dealt with; all are to be repeated.
        """
        left: list[MemberEvent] = []
        for part in batched(_told_once(events), AT_ONCE):
            bases = self.timers.bases({_member(event) for event in part})
            seen = set[Member]()
            for event in part:
                basis = bases[_member(event)]
                if not basis.timers:
                    continue
                if _member(event) in seen:  # as the event before has left them
                    basis = self.timers.basis(event.guild, event.user)
                seen.add(_member(event))
                if not self._is_done(event, basis):
                    left.append(event)
        return left

    def welcome(self, event: MemberSeen) -> Collection[RoleId]:
        """Acts on an event for which somebody waits; returns the roles that the member was given.

        Raises:
            BoostMonError: the timers kept changing, or the repository did not answer.
        """
        return {role for role, answer in self.answers(event).items() if isinstance(answer, Done)}

    def answers(self, event: MemberEvent) -> Mapping[RoleId, Outcome | None]:
        """Acts on an event; returns what Discord answered for each role that it was asked for. Raises as `welcome`."""
        return self._follow(event, self.timers.basis(event.guild, event.user))

    def _is_done(self, event: MemberEvent, basis: Basis) -> bool:
        """Whether it needs not be repeated."""
        try:
            answers = self._follow(event, basis)
        except StorageUnavailable:
            raise
        except BoostMonError as error:
            _log.warning("nothing follows from a member", extra=_about(event) | {"error": str(error)})
            return True
        return not any(isinstance(answer, Held | Retry) for answer in answers.values())

    def _follow(self, event: MemberEvent, basis: Basis) -> Mapping[RoleId, Outcome | None]:
        """What Discord answered for each role; None: nothing was asked of it.

        What was done before somebody else was faster is seen in what is read then.
        """
        answers: dict[RoleId, Outcome | None] = {}
        for _ in range(MOST_CONFLICTS):
            basis = self.committer.in_zone(basis)
            try:
                for timer in basis.timers:
                    answers[timer.key.role] = self._act(event, timer, basis.policy) or answers.get(timer.key.role)
            except Conflict:
                basis = self.timers.basis(event.guild, event.user)
            else:
                return answers
        raise TooManyConflicts(event.user)

    def _act(self, event: MemberEvent, before: Timer, policy: Policy) -> Outcome | None:
        now = self.clock.now()
        found = consequence_of(event, before, policy, now)
        if found is None:
            return None
        until = self.clock.after(LONGEST_GRANT)
        after = found.after.with_grant_until(until) if found.gives else found.after
        stored = self._write(event, found, before, after)
        if stored is None or not found.gives:
            return None
        if _is_told_again(event) and stored == before and before.grant_open_until is None:
            return None  # it was heard before, and they got the role then
        answer = self.roles.grant(before.key, AuditReason(Cause.RETURNED, language=policy.language))
        if isinstance(answer, Done) and not before.is_grant_open(now) and stored.grant_open_until is not None:
            self.timers.grant_answered(before.key, stored.grant_open_until)
        _log.info("role given back to a member who returned", extra={"timer": before.key, "outcome": answer})
        if _is_gone(answer):
            self._leaves_again(event, policy, before)
        return answer

    def _write(self, event: MemberEvent, found: Consequence, before: Timer, after: Timer) -> Timer | None:
        by = event.by if isinstance(event, MemberLeft) else None
        entry = LedgerEntry(before.key, event.at, found.action, by, before=before, after=after, request=found.request)
        # A timer that did not change goes on towards the same end.
        stored = self.committer.write(Change(before, after, entry, outdates_warnings=found.after != before))
        if found.action is Action.LEFT:
            _log.info("a member left", extra={"timer": before.key, "by": by})
        return stored

    def _leaves_again(self, event: MemberEvent, policy: Policy, before: Timer) -> None:
        """They are not there after all: what follows from that follows."""
        timer = self.timers.get(before.key)
        if timer is not None:
            self._act(MemberLeft(event.guild, event.user, self.clock.now()), timer, policy)


def _is_told_again(event: MemberEvent) -> bool:
    return isinstance(event, MemberSeen) or (isinstance(event, MemberJoined) and event.is_late)


def _is_gone(answer: Outcome) -> bool:
    return isinstance(answer, AlreadyGone) and answer.what is Gone.MEMBER


def _told_once(events: Sequence[MemberEvent]) -> Sequence[MemberEvent]:
    """All of them in their order, save that of the same leaving the one is enough that says who made them go."""
    told: list[MemberEvent] = []
    newest: dict[Member, int] = {}
    for event in events:
        place = newest.get(_member(event))
        if place is not None and isinstance(event, MemberLeft) and isinstance(before := told[place], MemberLeft):
            told[place] = before if event.by is None else event
        else:
            newest[_member(event)] = len(told)
            told.append(event)
    return told


def _member(event: MemberEvent) -> Member:
    return event.guild, event.user


def _about(event: MemberEvent) -> dict[str, object]:
    return {"guild": event.guild, "user": event.user}
