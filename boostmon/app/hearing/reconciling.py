"""Noticing by numbers that roles changed hands unheard, and mending what can be mended."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from boostmon.app.errors import AuditLogHidden, DiscordUnreachable
from boostmon.app.hearing.catching_up import CatchUp
from boostmon.app.hearing.members import FollowMembers
from boostmon.app.ports import Alarm, Clock, Membership, RoleHolders, RoleTallies
from boostmon.domain.drift import Baseline, Drift, Tally, counted, drift
from boostmon.domain.ids import NOBODY, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.member_events import MemberJoined, MemberLeft
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.role_events import RoleTaken, entry_at
from boostmon.domain.timers import Timer

_log = logging.getLogger(__name__)

LOOKS = 200
"""Members that are looked at, each by a request, before other guilds have their turn."""
MARGIN = timedelta(minutes=1)
"""By so much, Discord's clock and ours may differ."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many timers and members there were at about the same time."""

    tallies: Mapping[RoleId, Tally]
    members: Mapping[RoleId, int]

    def of(self, drifts: Drift) -> list[RoleId]:
        return [role for role, tally in self.tallies.items() if drift(tally, self.members.get(role, 0)) is drifts]


@dataclass(frozen=True, slots=True)
class _Memory:
    """When a guild was in order for the last time, and whose rules started timers then."""

    at: datetime
    starting: frozenset[RoleId]


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Compares how many members have a role with how many timers it has. A guild in order costs one request.

    Where the numbers have changed by themselves, the audit log is read once more, as it may have been silent; what
    it does not explain, and all of it where it is hidden, is looked for among the members with timers.
    """

    tallies: RoleTallies
    holders: RoleHolders
    catch_up: CatchUp
    follow_members: FollowMembers
    delivery_alarm: Alarm
    clock: Clock
    looks: int = LOOKS
    _in_order: dict[GuildId, _Memory] = field(default_factory=dict)
    _looked_at: dict[tuple[GuildId, RoleId], tuple[UserId, int]] = field(default_factory=dict)
    """Up to which member, and how many of them lacked the role, where there are too many for one turn."""

    def __call__(self, guild: GuildId) -> None:
        """Does so for one guild.

        Raises:
            StorageUnavailable, DiscordUnreachable: no answer; the numbers are compared again in their turn.
        """
        began = self.clock.now()
        found = self._count(guild)
        if found is None:
            return
        if found.of(Drift.FEWER) or found.of(Drift.MORE):
            _log.info("more or fewer members than timers", extra={"guild": guild})
            if not self._is_mended(guild, found):
                return
        else:
            self._keep(guild, found, found.tallies)
        starting = frozenset(role for role, tally in found.tallies.items() if tally.starts)
        self._in_order[guild] = _Memory(began, starting)

    def _count(self, guild: GuildId) -> _Counted | None:
        """None: there is nothing to compare."""
        tallies = self.tallies.tallies(guild, self.clock.now())
        if not any(tally.starts or tally.due_role or tally.unsure for tally in tallies.values()):
            return None
        return _Counted(tallies, self.holders.counts(guild))

    def _is_mended(self, guild: GuildId, first: _Counted) -> bool:
        """Whether all is known that can be known, and no turn after this one is needed."""
        until = self._read_log(guild)
        found = self._count(guild)
        if found is None:
            return True
        absent = {role: self._look(guild, role) for role in {*found.of(Drift.FEWER), *_returned(found)}}
        if absent:
            found = self._count(guild) or found
        # What happens just now is in one number and not in the other: nothing is said of it.
        is_quiet = until is None or self._read_log(guild, until) == until
        unsure = set(found.of(Drift.MORE)) - set(first.of(Drift.MORE) if is_quiet else ())
        sure = [role for role in found.tallies if role not in unsure and absent.get(role, 0) is not None]
        self._keep(guild, found, sure, {role: number for role, number in absent.items() if number is not None})
        return len(sure) == len(found.tallies)

    def _keep(
        self, guild: GuildId, found: _Counted, roles: Iterable[RoleId], absent: Mapping[RoleId, int] | None = None
    ) -> None:
        looked = absent or {}
        baselines: dict[RoleId, Baseline] = {}
        for role in roles:
            tally = found.tallies[role]
            baseline = counted(tally, found.members.get(role, 0), absent=looked.get(role))
            if baseline != tally.baseline:
                baselines[role] = baseline
        if baselines and self.tallies.keep(guild, baselines, self.clock.now()):
            _log.warning("members got roles unheard", extra={"guild": guild})
            self.delivery_alarm.ring()

    def _read_log(self, guild: GuildId, since: RequestId | None = None) -> RequestId | None:
        """Reads the audit log once more, from where nobody knows what was in it, and says up to which entry. None: it
        is hidden.
        """
        memory = self._in_order.get(guild)
        try:
            if memory is None:
                return self.catch_up(guild).until
            since = since or entry_at(memory.at - MARGIN)
            return self.catch_up.again(guild, since, memory.starting).until
        except AuditLogHidden:
            return None

    def _look(self, guild: GuildId, role: RoleId) -> int | None:
        """Looks at members who ought to have the role; how many are not there at all. None: some are yet to be seen.

        Whoever does not have it lost it by somebody whom nobody knows.
        """
        after, absent = self._looked_at.pop((guild, role), (NOBODY, 0))
        timers = self.tallies.due_role(guild, role, self.clock.now(), after, self.looks)
        for timer in timers:
            at = self.clock.now()
            member = self.holders.membership(guild, timer.key.user)
            if member is None:
                absent += self._left(timer, at)
            elif role not in member.held and timer.wants_role(self.clock.now()):
                self._lost(timer, member, at)
        if len(timers) < self.looks:
            return absent
        self._looked_at[guild, role] = timers[-1].key.user, absent
        return None

    def _left(self, timer: Timer, at: datetime) -> bool:
        """What follows from a member's leaving follows; whether their timer goes on all the same."""
        guild, user, role = timer.key.guild, timer.key.user, timer.key.role
        self.follow_members([MemberLeft(guild, user, at)])
        going_on = self.tallies.due_role(guild, role, self.clock.now(), UserId(user - 1), 1)
        return any(one.key == timer.key for one in going_on)

    def _lost(self, timer: Timer, member: Membership, at: datetime) -> None:
        """The member lacks the role: since they left and are back, or else somebody took it."""
        guild, user, role = timer.key.guild, timer.key.user, timer.key.role
        answer = None
        if member.since is not None and member.since > timer.created_at:
            joined = MemberJoined(guild, user, member.since, member.held, entry_at(member.since), is_late=True)
            answer = self.follow_members.answers(joined).get(role)
        if answer is None:
            self._taken(timer, at)
        elif isinstance(answer, Held | Retry):
            raise DiscordUnreachable("not all roles could be given back yet")

    def _taken(self, timer: Timer, at: datetime) -> None:
        key: TimerKey = timer.key
        entry: RequestId = entry_at(at)
        if self.catch_up.follow([RoleTaken(key, NOBODY, entry, at)]):
            raise DiscordUnreachable("not all roles could be given back yet")
        _log.info("a role was taken unheard", extra={"timer": key})


def _returned(found: _Counted) -> Iterable[RoleId]:
    """The roles that one of those may have again who did not have them."""
    return (role for role in found.of(Drift.MORE) if (known := found.tallies[role].baseline) and known.absent)
