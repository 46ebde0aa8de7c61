"""Hears from a guild's audit log who gave or took which role, and who made whom leave, without a privileged intent.

nextcord's own event has neither the actor nor the member where they are not cached, which they never are here.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import nextcord

from boostmon.domain.ids import NOBODY, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.member_events import MemberLeft
from boostmon.domain.role_events import AuditEntry, RoleEvent, RoleGiven, RoleTaken, moment_of

_log = logging.getLogger(__name__)

MEMBER_ROLE_UPDATE = 25
"""The type of an entry about a member's roles, by Discord's reference of audit log events."""
MEMBER_KICK, MEMBER_BAN_ADD = 20, 22
"""Those about members who are made to leave. Who goes by themselves is in no log, and a prune (21) names nobody."""
_HEARD = frozenset({MEMBER_ROLE_UPDATE, MEMBER_KICK, MEMBER_BAN_ADD})
_EVENT = "GUILD_AUDIT_LOG_ENTRY_CREATE"
_KINDS: Mapping[str, type[RoleGiven] | type[RoleTaken]] = {"$add": RoleGiven, "$remove": RoleTaken}


class OddEntry(ValueError):
    """An entry that has not the form that Discord documents."""


def entry_from(payload: Any, guild: GuildId, *, me: int, at: datetime | None = None) -> AuditEntry:
    """An entry as Discord sends it. `at`: when it was heard; None: it is old, and its id says when it was made.

    What the bot itself did, whose id is `me`, is no event, whether it was written down here or not; neither is what was
    done to it.

    Raises:
        OddEntry: it cannot be read.
    """
    try:
        number = int(payload["id"])
        by = NOBODY if payload.get("user_id") is None else UserId(int(payload["user_id"]))
        kind_of_entry, when = int(payload["action_type"]), at or moment_of(number)
        if kind_of_entry not in _HEARD or (by == me and kind_of_entry == MEMBER_ROLE_UPDATE):
            return AuditEntry(guild, RequestId(number))
        member = UserId(int(payload["target_id"]))
        if member == me:
            return AuditEntry(guild, RequestId(number))
        if kind_of_entry != MEMBER_ROLE_UPDATE:
            return AuditEntry(guild, RequestId(number), left=MemberLeft(guild, member, when, by, RequestId(number)))
        events = tuple(
            kind(TimerKey(guild, member, role), by, RequestId(number), when) for kind, role in _changes(payload)
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise OddEntry(f"{type(error).__name__}: {error}") from error
    return AuditEntry(guild, RequestId(number), events)


def _changes(payload: Mapping[str, Any]) -> Iterator[tuple[Callable[..., RoleEvent], RoleId]]:
    for change in payload.get("changes") or ():
        kind = _KINDS.get(change["key"])
        if kind is not None:
            for role in change["new_value"]:
                yield kind, RoleId(int(role["id"]))


class AuditEar:
    """Tells `hear` of each entry of a client's guilds; `now` tells when. Odd entries are counted in the log.

    nextcord does not read them any more: nobody listens to what it makes of them, and it raises where one has
    `"options": null`.
    """

    def __init__(
        self, client: nextcord.Client, hear: Callable[[AuditEntry], None], now: Callable[[], datetime]
    ) -> None:
        self.odd = 0
        self._client = client
        self._hear = hear
        self._now = now
        client._connection.parsers[_EVENT] = self._read  # noqa: SLF001 - as in `events`

    def _read(self, payload: Any) -> None:
        try:
            self._listen(payload)
        except OddEntry as error:
            self.odd += 1
            _log.warning("an entry of an audit log could not be read", extra={"error": str(error), "so_far": self.odd})
        except Exception:  # noqa: BLE001 - whatever it is, the next one is worth hearing
            _log.exception("an entry of an audit log was not dealt with")

    def _listen(self, payload: Any) -> None:
        try:
            guild = GuildId(int(payload["guild_id"]))
        except (KeyError, TypeError, ValueError) as error:
            raise OddEntry(f"{type(error).__name__}: {error}") from error
        me = self._client.user
        self._hear(entry_from(payload, guild, me=0 if me is None else me.id, at=self._now()))
