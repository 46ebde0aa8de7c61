"""Members who pause their own timers, for some days of a year."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.ports import ENTRIES_READ, Asked, Basis, LedgerReader
from boostmon.domain.durations import Wanted, moment_of
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.selection import choose
from boostmon.domain.self_pausing import (
    YEAR,
    OwnPauses,
    ensure_members_may_pause,
    left_to_pause,
    own_pauses,
    self_pause,
    self_resume,
)
from boostmon.domain.timers import Paused


@dataclass(frozen=True, slots=True)
class SelfPaused:
    """What was changed; for how many days of a year members may pause, and what of that is left after this pause."""

    changed: Changed
    days: int
    left: timedelta


@dataclass(frozen=True, slots=True)
class PausesOf:
    """Counts the pauses of a timer by the ledger.

    It is to be asked after the timers were read. Then whatever it cannot know yet makes the commit lose its race.
    """

    ledger: LedgerReader

    def __call__(self, key: TimerKey, *, now: datetime) -> OwnPauses:
        """Those of the last year. Most members fill no page in that time, so that it is one round trip."""
        entries: list[LedgerEntry] = []
        page = self.ledger.of_member(key.guild, key.user, limit=ENTRIES_READ)
        while page:
            entries += [one.entry for one in page if one.entry.key == key]
            if len(page) < ENTRIES_READ or page[-1].entry.at <= now - YEAR:
                break
            page = self.ledger.of_member(key.guild, key.user, before=page[-1].id, limit=ENTRIES_READ)
        return own_pauses(reversed(entries), now=now)


@dataclass(frozen=True, slots=True)
class SelfPause:
    """Freezes what remains of the asker's own timer. The pause ends by itself."""

    committer: Committer
    pauses: PausesOf

    def __call__(
        self, guild: GuildId, *, asked: Asked, role: RoleId | None = None, duration: Wanted | None = None
    ) -> SelfPaused:
        """Pauses for an amount of time, or until a moment, but no longer than the guild lets members; None: so long.

        Raises:
            MayNotPause, NothingToPause, PausesUsedUp: it cannot be paused by its member (now).
            BoostMonError: no timer is meant, the moment is not ahead, what remains would not be used up by the date on
                which all timers of the role end, or the database does not answer. In every case nothing has changed.
        """
        left = timedelta()

        def plan(basis: Basis) -> Plan:
            nonlocal left
            policy, now = basis.policy, asked.at
            ensure_members_may_pause(policy)
            before = choose(basis.timers, asked.by, role)
            until = None if duration is None else moment_of(duration, now=now, calendar=policy.calendar)
            pauses = self.pauses(before.key, now=now)
            after = self_pause(before, pauses, now=now, until=until, policy=policy)
            left = left_to_pause(pauses, policy)
            if isinstance(after.state, Paused) and after.state.until is not None:
                left -= after.state.until - now
            return Plan(before.key, before, after, policy)

        done = self.committer.change(Target(guild, asked.by, role), Action.SELF_PAUSE, plan, asked=asked)
        return SelfPaused(Changed.by(Action.SELF_PAUSE, done, asked), done.policy.self_pause_days, left)


@dataclass(frozen=True, slots=True)
class SelfResume:
    """Lets the asker's own timer go on, if they paused it themselves."""

    committer: Committer
    pauses: PausesOf

    def __call__(self, guild: GuildId, *, asked: Asked, role: RoleId | None = None) -> SelfPaused:
        """Ends the pause now; only what it lasted counts.

        Raises:
            NotTheirPause: it is not paused by them.
            BoostMonError: no timer is meant, or the database does not answer; nothing changed.
        """
        left = timedelta()

        def plan(basis: Basis) -> Plan:
            nonlocal left
            before = choose(basis.timers, asked.by, role)
            pauses = self.pauses(before.key, now=asked.at)
            left = left_to_pause(pauses, basis.policy)
            after = self_resume(before, pauses, now=asked.at, policy=basis.policy)
            return Plan(before.key, before, after, basis.policy)

        done = self.committer.change(Target(guild, asked.by, role), Action.SELF_RESUME, plan, asked=asked)
        return SelfPaused(Changed.by(Action.SELF_RESUME, done, asked), done.policy.self_pause_days, left)
