"""Which roles are worth hearing of, kept in memory, so that all others cost nothing."""

import threading
from collections.abc import Callable, Collection, Mapping

from boostmon.app.ports import Hearing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.role_events import RoleEvent, RoleGiven


class WatchedRoles:
    """The roles that have timers, and those whose rule starts them. To be used from any thread.

    A role stays for as long as nobody looks in the repository again: too many do no harm. Whoever stores a timer or a
    rule says so here.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._timed, self._starting = _Roles(), _Roles()
        self._is_known = False
        self.on_first: Callable[[GuildId], object] = _do_nothing
        """Hears, on any thread, of a guild that had none of them until now."""
        self._lock, self._refreshing = threading.Lock(), threading.Lock()

    def add(self, guild: GuildId, role: RoleId) -> None:
        """A timer on the role is about to be stored."""
        self._add(self._timed, guild, role)

    def add_starting(self, guild: GuildId, role: RoleId) -> None:
        """The role has a rule by which timers start."""
        self._add(self._starting, guild, role)

    def _add(self, to: "_Roles", guild: GuildId, role: RoleId) -> None:
        with self._lock:
            is_first = self._is_known and not self._any_in(guild)
            to.add(guild, role)
        if is_first:
            self.on_first(guild)

    def matters(self, event: RoleEvent) -> bool:
        """Whether it is worth a look; all are before anybody has looked in the repository."""
        with self._lock:
            # What is taken may have its timer of an event just before it.
            watched = (self._starting,) if isinstance(event, RoleGiven) else (self._timed, self._starting)
            return not self._is_known or any(of.has(event.key.guild, event.key.role) for of in watched)

    def may_matter_in(self, guild: GuildId) -> bool:
        """Whether any member of the guild may have a timer; everywhere before anybody has looked in the repository."""
        with self._lock:
            return not self._is_known or self._any_in(guild)

    def any_in(self, guild: GuildId) -> bool:
        """Whether the guild has any of them."""
        with self._lock:
            return self._any_in(guild)

    def _any_in(self, guild: GuildId) -> bool:
        return self._timed.any_in(guild) or self._starting.any_in(guild)

    def refresh(self) -> None:
        """Looks in the repository, where other processes store timers and rules, too.

        Raises:
            StorageUnavailable: it did not answer; all is as before.
        """
        with self._refreshing:
            with self._lock:
                self._timed.begin()
                self._starting.begin()
            found = self._hearing.watched()
            with self._lock:
                self._timed.end(found.timed)
                self._starting.end(found.starting)
                self._is_known = True


def _do_nothing(_guild: GuildId) -> None:
    """Nobody wants to know."""


class _Roles:
    """Roles by guild. What is added between `begin` and `end` of a look is kept, as the answer may lack it."""

    def __init__(self) -> None:
        self._all: dict[GuildId, set[RoleId]] = {}
        self._added: set[tuple[GuildId, RoleId]] = set()

    def add(self, guild: GuildId, role: RoleId) -> None:
        self._added.add((guild, role))
        self._all.setdefault(guild, set()).add(role)

    def has(self, guild: GuildId, role: RoleId) -> bool:
        return role in self._all.get(guild, ())

    def any_in(self, guild: GuildId) -> bool:
        return bool(self._all.get(guild))

    def begin(self) -> None:
        self._added = set()

    def end(self, found: Mapping[GuildId, Collection[RoleId]]) -> None:
        self._all = {guild: set(roles) for guild, roles in found.items()}
        for guild, role in self._added:
            self._all.setdefault(guild, set()).add(role)
