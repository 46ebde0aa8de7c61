"""Which roles are worth hearing of, kept in memory, so that all others cost nothing."""

import threading
from collections.abc import Collection, Mapping

from boostmon.app.ports import Hearing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.role_events import RoleEvent

type Roles = Mapping[GuildId, Collection[RoleId]]


class WatchedRoles:
    """The roles that have timers. To be used from any thread.

    A role stays for as long as nobody looks in the repository again: too many do no harm. Whoever makes a timer says so
    here before it is stored.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._roles: dict[GuildId, set[RoleId]] = {}
        self._made: set[tuple[GuildId, RoleId]] = set()
        self._is_known = False
        self._lock, self._refreshing = threading.Lock(), threading.Lock()

    def add(self, guild: GuildId, role: RoleId) -> None:
        """A timer on the role is about to be stored."""
        with self._lock:
            self._made.add((guild, role))
            self._roles.setdefault(guild, set()).add(role)

    def matters(self, event: RoleEvent) -> bool:
        """Whether it is worth a look; all are before anybody has looked in the repository."""
        with self._lock:
            return not self._is_known or event.key.role in self._roles.get(event.key.guild, ())

    def any_in(self, guild: GuildId) -> bool:
        """Whether the guild has any of them."""
        with self._lock:
            return bool(self._roles.get(guild))

    def refresh(self) -> None:
        """Looks in the repository, where other processes make timers, too.

        Raises:
            StorageUnavailable: it did not answer; all is as before.
        """
        with self._refreshing:
            with self._lock:
                self._made = set()
            found = {guild: set(roles) for guild, roles in self._hearing.watched().items()}
            with self._lock:
                for guild, role in self._made:  # in the meantime, so that the answer may lack it
                    found.setdefault(guild, set()).add(role)
                self._roles, self._is_known = found, True
