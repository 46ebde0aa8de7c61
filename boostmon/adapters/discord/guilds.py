"""`GuildDirectory` on Discord's REST API."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import override
from weakref import WeakValueDictionary

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.faults import fault_of
from boostmon.adapters.discord.payloads import roles_of
from boostmon.adapters.discord.recent import Recent
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.ports import GuildDirectory
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RoleId

_log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds. Somebody waits for the answer, and a thread with them."""
REMEMBERED = 3.0
"""Seconds for which an answer, or that there was none, serves everybody who asks of the same guild: whoever is refused
again and again costs no more of the budget than this allows."""
_MOST_GUILDS = 64
"""Whose roles are kept at once, some fifty kilobytes for a large guild."""

type Roles = Mapping[RoleId, RoleFacts]


class _Lock:
    """A lock that a `WeakValueDictionary` can hold."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


class DiscordGuilds(GuildDirectory):
    """Asks Discord, one request at a time for each guild. To be called from any thread but the client's own."""

    def __init__(
        self,
        rest: DiscordRest,
        bridge: LoopBridge,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rest = rest
        self._bridge = bridge
        self._patience = patience
        self._guard = threading.Lock()
        self._asking: WeakValueDictionary[GuildId, _Lock] = WeakValueDictionary()
        self._asked: Recent[GuildId, tuple[Roles | None]] = Recent(_MOST_GUILDS, REMEMBERED, clock)

    @override
    def roles(self, guild: GuildId) -> Roles | None:
        with self._guard:
            mine = self._asking.setdefault(guild, _Lock())
        if not mine.lock.acquire(timeout=self._patience):
            return None
        try:
            return self._remembered_or_asked(guild)
        finally:
            mine.lock.release()

    def _remembered_or_asked(self, guild: GuildId) -> Roles | None:
        with self._guard:
            known = self._asked.get(guild)
        if known is not None:
            return known[0]
        found = self._ask(guild)
        with self._guard:
            self._asked.put(guild, (found,))
        return found

    def _ask(self, guild: GuildId) -> Roles | None:
        try:
            return roles_of(self._bridge.call(lambda: self._rest.guild(guild), self._patience))
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("an odd answer about a guild", extra={"guild": guild, "error": repr(error)})
        except Exception as error:  # noqa: BLE001 - whatever it is, what was known before decides then
            fault = fault_of(error)
            _log.log(
                logging.ERROR if fault is None else logging.INFO,
                "the roles of a guild could not be asked for",
                extra={"guild": guild, "error": repr(error) if fault is None else fault.error},
                exc_info=error if fault is None else None,
            )
        return None
